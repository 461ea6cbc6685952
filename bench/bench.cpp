// What one core does with the steps that every invite pays for, beside the SHA-256 that Signature
// Version 4 needs at least. Ratios of one run are what counts; absolute times differ from machine
// to machine.
#include <calinvite/aws.hpp>
#include <calinvite/compose.hpp>
#include <calinvite/ical.hpp>
#include <calinvite/token.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "base/crypto.hpp"

namespace {

using namespace calinvite;

/// Microseconds a call takes: the best of five rounds of 200 ms.
double microseconds(const std::function<void()>& work) {
  using clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto begin = clock::now();
    int calls = 0;
    for (; clock::now() - begin < std::chrono::milliseconds(200); ++calls) work();
    best = std::min(
        best, std::chrono::duration<double, std::micro>(clock::now() - begin).count() / calls);
  }
  return best;
}

void print(const char* what, double time, double beside, const char* unit) {
  std::printf("%-34s %9.2f us %11.0f/s %8.2f x %s\n", what, time, 1e6 / time, time / beside, unit);
}

Revision revision() {
  Event event{
      .uid = "ci-bench", .organizer = "fixtures@league.example", .summary = "Harbour v Hill"};
  event.description = "The derby. Gates open two hours before.";
  event.location = "Harbour Ground, Quay Road";
  event.start = parse_iso("2037-05-08T15:00")->wall;
  event.end = event.start + std::chrono::hours(2);
  event.timezone = "Europe/London";
  return {event, Method::request, 0, {}, "League Office", "https://cal.league.example"};
}

}  // namespace

int main() {
  const ZoneTable zones;
  const KeyRing ring({TokenKey{1, {7}}});
  const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000));
  const auto composer = Composer::prepare(revision(), zones);
  if (!composer) return 1;
  CopyFields copy{.uid = mint_uid(system_random, std::chrono::sys_seconds()),
                  .address = "fan@example.com",
                  .name = "Fan",
                  .language = "en"};
  copy.organizer_address = "cal+abcdefghijklmnop@reply.league.example";
  copy.dtstamp = now;
  copy.attempt_id = "0123456789abcdef0123456789abcdef";
  const auto mint = [&] {
    return mint_link_token({TokenPurpose::rsvp, {}, now + std::chrono::hours(1)}, ring);
  };
  copy.rsvp_token = copy.unsubscribe_token = mint();

  std::string message;
  const auto compose = [&] { (void)composer->compose(copy, message); };
  compose();
  const AwsSigner signer({"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}});
  std::string body;
  const auto sign = [&] {
    const SesSend send{copy.organizer_address,
                       copy.address,
                       message,
                       "invites",
                       {{"attempt_id", copy.attempt_id}}};
    auto request = ses_send_request(send, "email.eu-central-1.amazonaws.com");
    (void)signer.sign(*request, {.region = "eu-central-1", .time = now});
    body = std::move(request->body);
  };
  sign();
  std::printf("message %zu bytes, request body %zu bytes\n", message.size(), body.size());
  const double sha = microseconds([&] { (void)crypto::sha256(body); });
  print("SHA-256 of the request body", sha, sha, "itself");
  print("compose one more copy", microseconds(compose), sha, "SHA-256");
  print("build and sign its request", microseconds(sign), sha, "SHA-256");
  const std::string token = mint();
  print("mint a link token", microseconds([&] { (void)mint(); }), sha, "SHA-256");
  print("verify a link token",
        microseconds([&] { (void)verify_link_token(token, TokenPurpose::rsvp, ring, now); }), sha,
        "SHA-256");
  std::string calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
  for (int i = 0; i < 1000; ++i) {
    calendar +=
        "BEGIN:VEVENT\r\nUID:event-" + std::to_string(i) +
        "\r\nDTSTAMP:20270101T000000Z\r\n"
        "DTSTART;TZID=Europe/Berlin:20370508T150000\r\nDTEND;TZID=Europe/Berlin:20370508T170000\r\n"
        "SUMMARY:Match\r\nEND:VEVENT\r\n";
  }
  calendar += "END:VCALENDAR\r\n";
  print("read one event of a file of 1000",
        microseconds([&] { (void)parse_calendar(calendar, zones); }) / 1000, sha, "SHA-256");
}
