// After an erasure nothing in the store's files leads back to the person: no address or name, and
// no id that stood in their mails, links or what was counted of them.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/mails.hpp"

using namespace league;

namespace {

const std::string person = "ana.lind@example.com";

std::string bytes_of(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

/// The ids of a copy as the store may hold them: as they are, and in the two ways to write hex.
std::vector<std::string> traces_of(const Attendee& attendee, const std::string& token) {
  std::string hex = text::hex(attendee.id);
  std::string upper = hex;
  std::transform(hex.begin(), hex.end(), upper.begin(), ::toupper);
  return {person,       "Ana Lind",
          attendee.uid, hex,
          upper,        std::string(attendee.id.begin(), attendee.id.end()),
          token,        crypto::sha256_hex(token)};
}

}  // namespace

TEST_CASE("a grep of the store's files finds no id of who was erased", "[engine]") {
  League league;
  const std::string uid = league.event().uid;
  REQUIRE(league.engine->invite(kScope, uid, std::vector<InviteRequest>{{person, "Ana Lind", {}}},
                                "api"));
  league.invite(uid, {"b@example.com"});
  league.dispatch();
  const auto token = *league.engine->rsvp_token(kScope, uid, person);
  const auto unsubscribe = unsubscribe_token(league.sent_to(person));
  const auto of_the_address = league.sent_to(person).from;
  // What leaves keys behind: visits and their count, answers by web and mail, unsubscribing.
  REQUIRE(league.engine->record_visit(token, TokenPurpose::rsvp, {.link = "accepted"}));
  REQUIRE(league.engine->rsvp(token, Partstat::accepted));
  league.ingest(league.reply(league.sent_to(person), "TENTATIVE"), "answer.eml", person);
  REQUIRE(league.engine->unsubscribe(unsubscribe, SuppressionScope::organizer));
  REQUIRE(league.engine->mail_report(kScope, uid));
  const auto people = league.engine->list_attendees(kScope, uid, {})->items;
  const auto found = std::find_if(people.begin(), people.end(),
                                  [](const Attendee& one) { return one.address == person; });
  REQUIRE(found != people.end());
  auto traces = traces_of(*found, token);
  traces.push_back(of_the_address.substr(4, 16));  // the token of the organizer address
  const std::string before = bytes_of(league.folder_);
  for (const std::size_t known : {0, 1, 2, 3, 5}) {
    INFO(traces[known]);
    REQUIRE(before.find(traces[known]) != std::string::npos);
  }

  REQUIRE(league.engine->erase(kScope, person));

  const std::string after = bytes_of(league.folder_);
  for (const std::string& trace : traces) {
    INFO(trace);
    CHECK(after.find(trace) == std::string::npos);
  }
}

TEST_CASE("what comes late about an erased person is counted once all the same", "[engine]") {
  League league;
  const std::string uid = league.event().uid;
  league.invite(uid, {person});
  league.dispatch();
  const std::string attempt = league.sent_to(person).attempt_id;
  const auto delivered = [&] {
    return league
        .ingest(R"({"eventType":"Delivery","mail":{"messageId":"ses-)" + attempt +
                    R"(","timestamp":"2027-01-01T12:00:00.000Z","destination":[")" + person +
                    R"("],"tags":{"attempt_id":[")" + attempt +
                    R"("]}},"delivery":{"timestamp":"2027-01-01T12:00:01.000Z","recipients":[")" +
                    person + R"("]}})",
                "delivery.json", "")
        .at(0)
        .outcome;
  };
  CHECK(delivered() == IngestOutcome::recorded);
  REQUIRE(league.engine->erase(kScope, person));
  CHECK(delivered() == IngestOutcome::already_seen);
}

TEST_CASE("several people are erased and the files rewritten once", "[engine]") {
  League league;
  const std::string uid = league.event().uid;
  league.invite(uid, {person, "b@example.com"});
  REQUIRE(league.engine->erase(kScope, person, false));
  REQUIRE(league.engine->erase(kScope, "b@example.com", false));

  REQUIRE(league.engine->compact());

  const std::string bytes = bytes_of(league.folder_);
  CHECK(bytes.find(person) == std::string::npos);
  CHECK(bytes.find("b@example.com") == std::string::npos);
}
