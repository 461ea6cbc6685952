#include <catch2/catch.hpp>
#include <string>

#include "base/json.hpp"
#include "engine/league.hpp"

using namespace league;
using calinvite::Authentication;
using calinvite::InputKind;
using calinvite::Json;

namespace {

const std::string invitation =
    mail(kOrganizer, request("derby-1", 0, "20270508T150000", "20270508T170000"));

/// SES's notification of a mail to create@, `content` in it when not empty.
std::string notification(const std::string& dmarc, const std::string& content = {}) {
  const auto verdict = [](const std::string& status) { return Json().set("status", status); };
  Json json, sent, receipt, action;
  sent.set("messageId", "o3vrnil0e2ic28trm7df").set("source", kOrganizer);
  action.set("type", content.empty() ? "S3" : "SNS").set("encoding", "UTF-8");
  action.set("bucketName", "inbox").set("objectKey", "in/o3vr");
  receipt.set("recipients", Json::Array{"create@reply.league.example"}).set("action", action);
  receipt.set("spamVerdict", verdict("PASS")).set("dmarcVerdict", verdict(dmarc));
  json.set("notificationType", "Received").set("mail", sent).set("receipt", receipt);
  if (!content.empty()) json.set("content", content);
  return json.write();
}

std::vector<IngestItem> take(Engine& engine, const calinvite::IngestInput& input) {
  std::vector<IngestItem> items;
  const auto done = engine.ingest(input, [&](const IngestItem& item) { items.push_back(item); });
  if (!done) FAIL(to_string(done.error()));
  return items;
}

}  // namespace

TEST_CASE("a mail with SES's receipt acts when DMARC passed, else it waits with the reason",
          "[engine]") {
  League league;
  const auto with = [&](const std::string& receipt) {
    return take(*league.engine, {.bytes = invitation, .source = "a.eml", .receipt = receipt});
  };

  const auto failed = with(notification("FAIL"));
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].outcome == IngestOutcome::quarantined);
  CHECK(failed[0].reason.find("DMARC failed") != std::string::npos);
  const auto broken = with("{");
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].reason.find("receipt is unreadable") != std::string::npos);
  const auto passed = with(notification("PASS"));
  REQUIRE(passed.size() == 1);
  CHECK(passed[0].outcome == IngestOutcome::created);
}

TEST_CASE("a notification that holds its mail is that mail", "[engine]") {
  League league;
  const std::string json = notification("PASS", invitation);

  const auto detected = take(*league.engine, {.bytes = json, .source = "upload"});
  REQUIRE(detected.size() == 1);
  CHECK(detected[0].outcome == IngestOutcome::quarantined);
  const auto told =
      take(*league.engine, {.bytes = json, .source = "queue", .kind = InputKind::notification});
  REQUIRE(told.size() == 1);
  CHECK(told[0].outcome == IngestOutcome::created);
}

TEST_CASE("a notification without its mail says where the mail is", "[engine]") {
  League league;
  const auto items =
      take(*league.engine,
           {.bytes = notification("PASS"), .source = "queue", .kind = InputKind::notification});

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::refused);
  CHECK(items[0].reason.find("s3://inbox/in/o3vr") != std::string::npos);
}

TEST_CASE("mails between delivery facts are taken in their turn", "[engine]") {
  League league;
  const std::string fact =
      R"({"eventType":"Send","mail":{"timestamp":"2027-01-01T12:00:00Z","messageId":"m-1",)"
      R"("destination":["fan0001@example.org"]},"send":{}})";
  const auto items =
      take(*league.engine, {.bytes = fact + "\n" + notification("PASS", invitation) + "\n" +
                                     notification("PASS") + "\n" + fact + "\n",
                            .source = "queue.jsonl",
                            .kind = InputKind::notification});

  REQUIRE(items.size() == 4);
  CHECK(items[0].outcome == IngestOutcome::recorded);
  CHECK(items[1].outcome == IngestOutcome::created);
  CHECK(items[2].outcome == IngestOutcome::refused);
  CHECK(items[3].outcome == IngestOutcome::already_seen);
  CHECK(items[3].place.line == 4);
}

TEST_CASE("a verifier of the host is asked for mails nobody vouched for", "[engine]") {
  League league;
  int asked = 0;
  auto engine = league.open([&](const calinvite::IngestInput& input) {
    ++asked;
    CHECK(input.source == "a.eml");
    return Authentication{true, kOrganizer, "milter", {}};
  });

  const auto items = take(engine, {.bytes = invitation, .source = "a.eml"});
  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::created);
  CHECK(asked == 1);
  take(engine,
       {.bytes = invitation, .source = "a.eml", .authentication = {true, kOrganizer, "host", {}}});
  CHECK(asked == 1);
}

TEST_CASE("R101: the envelope tells the person when the headers don't", "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.invite(uid, {"fan0001@example.org"});
  league.dispatch();
  const auto& invitation = league.sent_to("fan0001@example.org");
  std::string reply = League::reply(invitation, "ACCEPTED");
  reply.replace(reply.find("To: <"), reply.find(">\r\nSubject") - reply.find("To: <"),
                "To: <somebody@example.org");
  const auto organizer = reply.find("ORGANIZER:");
  reply.erase(organizer, reply.find("ATTENDEE") - organizer);

  const auto lost = take(*league.engine, {.bytes = reply, .source = "lost.eml"});
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].outcome == IngestOutcome::quarantined);
  const auto found =
      take(*league.engine,
           {.bytes = reply, .source = "found.eml", .envelope_recipients = {invitation.from}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == IngestOutcome::replied);
}
