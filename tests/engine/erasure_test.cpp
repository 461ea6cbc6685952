// After an erasure the bytes of the store's files do not hold the person any more.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "mails.hpp"
#include "store/mentions.hpp"

using namespace league;

namespace {

const std::string person = "ana.lind@example.com";

/// Files of the store in which the text occurs as it is, whatever its case.
std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& text) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::transform(bytes.begin(), bytes.end(), bytes.begin(), [](unsigned char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    if (bytes.find(text) != std::string::npos) found.push_back(entry.path().filename().string());
  }
  return found;
}

std::string base64_mail(const std::string& body) {
  std::string encoded;
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < body.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (i + k < body.size() ? static_cast<unsigned char>(body[i + k]) : 0);
    }
    for (int k = 3; k >= 0; --k) encoded += digits[word >> (6 * k) & 63];
  }
  return "From: <somebody@else.example>\r\nTo: <create@reply.league.example>\r\nSubject: x\r\n"
         "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         encoded + "\r\n";
}

/// A store that knows the person in every way that it can.
struct Known : League {
  Known() {
    uid = event().uid;
    const ConsentGiven consent{"form of " + person, now, "I am " + person};
    REQUIRE(engine->invite(
        kScope, uid,
        std::vector<InviteRequest>{{person, "Ana Lind", "sv", consent}, {"b@example.com", "B", {}}},
        "api"));
    REQUIRE(engine->set_delegate(kScope, kOrganizer, person));
    dispatch();
    first = sent_to(person);
    ingest(reply(first, "ACCEPTED"), "answer.eml", person);
    for (const auto& message : sent) {
      if (message.to != person)
        ingest(reply(message, "ACCEPTED", "20270101T120000Z", person), "f.eml", person);
    }
    bounce(sent_to("b@example.com").attempt_id, "b@example.com");
    bounce("of-nobody", person);
    // What was not acted on names them plainly, folded, and inside an encoding.
    ingest(mail("stranger@else.example",
                request("s", 0, "20270601T193000", "20270601T213000", "stranger@else.example",
                        "REQUEST", "ATTENDEE:mailto:Ana.Lind@\r\n example.com\r\n")),
           "stranger.eml", "");
    ingest(base64_mail("please call Ana.Lind@example.com about it"), "note.eml", "");
    ingest(base64_mail("please call xana.lind@example.com about it"), "other.eml", "");
    REQUIRE(engine->add_suppression(
        Scope::system(), {.domain = {}, .organizer = {}, .address = person, .reason = "court"}));
    // A store that was upgraded has a copy of before, and what died of another.
    for (const std::string name : {"league.db.v3", "league.db.v3.2", "league.db.v4.a1B2c3"}) {
      std::ofstream(folder_ / name) << "INSERT " << person;
    }
    std::ofstream(folder_ / "league.db.very-own") << "mine";
  }
  void bounce(const std::string& attempt, const std::string& address) {
    ingest(
        R"({"eventType":"Bounce","mail":{"messageId":"m-)" + attempt +
            R"(","timestamp":"2027-01-01T12:00:00.000Z","destination":[")" + address +
            R"("],"tags":{"attempt_id":[")" + attempt +
            R"("]}},"bounce":{"bounceType":"Transient","bounceSubType":"General","feedbackId":"f-)" +
            attempt +
            R"(","timestamp":"2027-01-01T12:00:01.000Z","bouncedRecipients":[{"emailAddress":")" +
            address + R"(","diagnosticCode":"smtp; 452 )" + person + R"( is full"}]}})",
        "bounce.json", "");
  }
  std::string uid;
  OutgoingMessage first;
};

}  // namespace

TEST_CASE("a grep of the store's files finds nothing of who was erased", "[engine]") {
  Known known;
  REQUIRE(known.engine->list_quarantine(kScope, {})->items.size() == 4);
  REQUIRE(files_with(known.folder_, person).size() >= 4);
  const auto totals = *known.engine->totals(kScope);

  const auto done = known.engine->erase(Scope::system(), "Ana.Lind@example.com");

  REQUIRE(done);
  CHECK(done->attendees == 1);
  CHECK(done->consents == 1);
  CHECK(done->quarantined == 3);
  for (const auto& text : {person, std::string("ana lind"), std::string("ana.lind")}) {
    INFO(text);
    const auto files = files_with(known.folder_, text);
    CHECK(files == std::vector<std::string>(files.size(), "?"));
  }
  CHECK(std::filesystem::exists(known.folder_ / "league.db.very-own"));
  CHECK(known.engine->totals(kScope)->planned == totals.planned);
  CHECK(known.engine->totals(kScope)->accepted == totals.accepted);
  CHECK(known.engine->list_quarantine(kScope, {})->items.size() == 1);
}

TEST_CASE("an erased person is not invited again, and their old mails lead nowhere", "[engine]") {
  Known known;
  const auto rsvp = *known.engine->rsvp_token(kScope, known.uid, person);
  REQUIRE(known.engine->erase(kScope, person));

  CHECK(known.invite(known.event("next").uid, {person}).skip.at("suppressed") == 1);
  CHECK(known.engine->rsvp(rsvp, Partstat::declined).error().code == Code::unauthenticated);
  const auto unsubscribed =
      known.engine->unsubscribe(unsubscribe_token(known.first), SuppressionScope::domain);
  CHECK(unsubscribed.error().code == Code::unauthenticated);
  auto event = *known.engine->get_event(kScope, known.uid);
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  CHECK(known.engine->update_event(kScope, event)->skip.at("suppressed") == 1);
  known.dispatch();
  for (const auto& message : known.sent) CHECK(message.to == "b@example.com");
  // The same again finds nothing and changes nothing.
  const auto again = known.engine->erase(kScope, person);
  REQUIRE(again);
  CHECK(again->attendees + again->receipts + again->consents == 0);
}

TEST_CASE("an organizer is erased once they are suspended", "[engine]") {
  Known known;
  REQUIRE(known.engine->add_organizer({.domain = "league", .address = person}));
  const auto organizer = known.engine->erase(kScope, person);
  REQUIRE_FALSE(organizer);
  CHECK(organizer.error().code == Code::conflict);
  CHECK(organizer.error().message.find("suspend them first") != std::string::npos);
  CHECK(known.engine->list_quarantine(kScope, {})->items.size() == 4);

  REQUIRE(known.engine->suspend_organizer(kScope, person));
  REQUIRE(known.engine->erase(Scope::system(), person));
  CHECK(files_with(known.folder_, person).empty());
}

TEST_CASE("an address is told from longer ones that hold it", "[engine]") {
  CHECK(mentions("ana@example.com", "ana@example.com"));
  CHECK(mentions("<mailto:ANA@Example.com>.", "ana@example.com"));
  CHECK(mentions("x=ana@example.com&y", "ana@example.com"));
  CHECK(mentions("diana@example.com, ana@example.com", "ana@example.com"));
  CHECK(mentions("Write to ana@example.com. Soon", "ana@example.com"));
  for (const auto* text : {"diana@example.com", "ana@example.community", "ana@example.com.au",
                           "x.ana@example.com", "+ana@example.com", "ana@example.co", "@", ""}) {
    INFO(text);
    CHECK_FALSE(mentions(text, "ana@example.com"));
  }
  CHECK(without_mentions("Ana@example.com, diana@example.com; ana@example.com!", "ana@example.com",
                         "X") == "X, diana@example.com; X!");
}
