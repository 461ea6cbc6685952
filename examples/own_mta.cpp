// Composes 10,000 invitations for an MTA of your own, which takes each as finished bytes: no store,
// no network, no thread. An answer leads back to the row of the person in your own database.
#include <calinvite/compose.hpp>
#include <calinvite/mime.hpp>
#include <calinvite/token.hpp>
#include <cstring>
#include <functional>

#include "check.hpp"

using namespace calinvite;
using Deliver =
    std::function<void(const std::string& from, const std::string& to, const std::string& message)>;

static void invite(const Event& match, std::uint32_t fans, const KeyRing& keys,
                   std::chrono::sys_seconds now, const Deliver& deliver) {
  const ZoneTable zones;
  const auto composer = check(Composer::prepare(
      {.event = match, .organizer_name = "League Office", .base_url = "https://cal.league.example"},
      zones));
  LinkToken link{.purpose = TokenPurpose::rsvp,
                 .expires = check(zones.find(match.timezone)).to_instant(match.end)};
  std::string message;  // keeps its memory from one to the next
  for (std::uint32_t fan = 1; fan <= fans; ++fan) {
    std::memcpy(link.row.data(), &fan, sizeof fan);
    // Keep UID and organizer address with the person: every update of the event repeats them.
    CopyFields copy{.uid = mint_uid(system_random, now)};
    copy.organizer_address =
        check(token_address("cal", mint_address_token(system_random), "re.league.example"));
    copy.address = "fan" + std::to_string(fan) + "@example.com";
    copy.rsvp_token = mint_link_token(link, keys);
    copy.dtstamp = now;
    copy.attempt_id = "match1-" + std::to_string(fan);
    check(composer.compose(copy, message));
    deliver(copy.organizer_address, copy.address, message);
  }
}

int main() {
  KeyRing keys;
  keys.add({.id = 1, .secret = {1, 2, 3}});  // in earnest random, and kept secret
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Event match{.uid = "match1"};
  match.summary = "Harbour v Hill";
  match.start = parse_iso("2037-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "Europe/London";

  int delivered = 0;
  std::string last;
  // Where your MTA takes over. Bounces come back to `from`, which names the person, too.
  const auto deliver = [&](const std::string&, const std::string&, const std::string& message) {
    ++delivered;
    last = message;
  };
  invite(match, 10'000, keys, now, deliver);

  const auto mail = check(parse_mail(last));
  std::printf("%d delivered, the last is to %s: %s\n", delivered, mail.recipients[0].c_str(),
              mail.subject.c_str());
  // Somebody opens the link to answer: whoever serves that page asks whose it is.
  const auto text = reply_text(mail);
  const auto token = text.substr(text.find("/r/") + 3, 54);
  const auto link = check(verify_link_token(token, TokenPurpose::rsvp, keys, now));
  std::uint32_t row = 0;
  std::memcpy(&row, link.row.data(), sizeof row);
  std::printf("its link names row %u\n", row);
  return 0;
}
