// What mail systems send back, and what asks for a copy again: R115, R119, R120.
#include "base/text.hpp"
#include "ingest/answers.hpp"

using namespace answers;
using Catch::Contains;

namespace {

const std::string a = "a@example.com";

/// A delivery report about an invitation. What it returns is chosen per test.
struct Report {
  explicit Report(const OutgoingMessage& invitation)
      : to(invitation.from),
        recipient(invitation.to),
        message_id("ses-" + invitation.attempt_id + "@eu-west-1.amazonses.com"),
        from(invitation.from) {}

  std::string raw() const {
    return "From: MAILER-DAEMON@mx.example.com\r\nTo: <" + to +
           ">\r\nReturn-Path: <>\r\nMessage-ID: <" + id +
           "@mx.example.com>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: "
           "multipart/report; report-type=" +
           type + "; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\n" +
           told() + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" +
           (message_id.empty() ? "" : "Message-ID: <" + message_id + ">\r\n") + "From: <" + from +
           ">\r\nTo: <" + recipient +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n" +
           calendar + "\r\n--b--\r\n";
  }
  std::string told() const {
    if (type == "feedback-report") {
      return "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: " + action +
             "\r\nUser-Agent: x/1\r\nVersion: 1\r\n";
    }
    return "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
           "mx.example.com\r\n\r\nFinal-Recipient: rfc822; " +
           recipient + "\r\nAction: " + action + "\r\nStatus: " + status +
           "\r\nDiagnostic-Code: smtp; 550 no such user\r\n";
  }

  std::string to, recipient, message_id, from;
  std::string type = "delivery-status";
  std::string action = "failed";
  std::string status = "5.1.1";
  std::string id = "report-1";
  std::string calendar = "none";
};

std::string number(std::uint32_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string attribute(std::uint32_t id, const std::string& data) {
  std::uint32_t sum = 0;
  for (const char byte : data) sum += static_cast<unsigned char>(byte);
  return '\1' + number(id, 4) + number(static_cast<std::uint32_t>(data.size()), 4) + data +
         number(sum, 2);
}

/// A winmail.dat of that class; with the UID in its GlobalObjectId unless that is empty.
std::string winmail(const std::string& message_class, const std::string& uid) {
  std::string bytes = number(0x223e9f78, 4) + number(1, 2) +
                      attribute(0x00069007, number(1252, 4)) +
                      attribute(0x00078008, message_class + '\0');
  if (uid.empty()) return bytes;
  const std::string data = std::string("vCal-Uid\x01\0\0\0", 12) + uid + '\0';
  const std::string id = std::string("\x04\0\0\0\x82\0\xE0\0\x74\xC5\xB7\x10\x1A\x82\xE0\x08", 16) +
                         std::string(20, '\0') +
                         number(static_cast<std::uint32_t>(data.size()), 4) + data;
  std::string padded = id;
  while (padded.size() % 4 != 0) padded += '\0';
  const std::string meeting_set("\x90\xda\xd8\x6e\x0b\x45\x1b\x10\x98\xda\x00\xaa\x00\x3f\x13\x05",
                                16);
  return bytes +
         attribute(0x00069003, number(1, 4) + number(0x0102, 2) + number(0x8001, 2) + meeting_set +
                                   number(0, 4) + number(3, 4) + number(1, 4) +
                                   number(static_cast<std::uint32_t>(id.size()), 4) + padded);
}

std::string winmail_mail(const std::string& to, const std::string& bytes) {
  return "From: <" + a + ">\r\nTo: <" + to +
         ">\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; "
         "name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         text::base64(bytes) + "\r\n";
}

bool is_suppressed(Match& match) {
  return match.engine->statistics(kScope, match.uid)->attendees == 0;
}

}  // namespace

TEST_CASE("R115: REFRESH sends the current copy again under the same SEQUENCE", "[ingest]") {
  Match match;
  match.take(Letter(match.invitation()).raw());
  Letter letter(match.invitation());
  letter.method = "REFRESH";
  letter.attendees = "ATTENDEE:mailto:" + a + "\r\n";
  match.now += std::chrono::hours(2);
  const auto item = match.take(letter.raw());
  match.dispatch();

  CHECK(item.outcome == IngestOutcome::recorded);
  CHECK(item.reason == "REFRESH: sent again");
  REQUIRE(match.sent.size() == 1);
  const auto& again = match.sent[0];
  CHECK(again.from == match.invitation().from);
  CHECK(League::property(again, "UID") == League::property(match.invitation(), "UID"));
  CHECK(League::property(again, "SEQUENCE") == "0");
  CHECK(League::property(again, "DTSTAMP") > League::property(match.invitation(), "DTSTAMP"));
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R115: a copy is refreshed once an hour at most", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "REFRESH";
  match.now += std::chrono::hours(2);

  CHECK(match.take(letter.raw()).reason == "REFRESH: sent again");
  CHECK(match.take(letter.raw()).reason == "REFRESH: not sent again: on_its_way");
  match.dispatch();
  match.now += std::chrono::minutes(59);
  CHECK(match.take(letter.raw()).reason == "REFRESH: not sent again: too_soon");
  match.now += std::chrono::minutes(2);
  CHECK(match.take(letter.raw()).reason == "REFRESH: sent again");
}

TEST_CASE("R120c: a stranger's REFRESH sends nothing to anybody", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "REFRESH";
  letter.to = letter.organizer = "cal@reply.league.example";
  match.now += std::chrono::hours(2);

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::quarantined);
  CHECK(match.take(letter.raw() + " ", "stranger@example.org").outcome ==
        IngestOutcome::quarantined);
  match.dispatch();
  CHECK(match.sent.empty());
}

TEST_CASE("R115: a cancelled event is not sent again", "[ingest]") {
  Match match;
  REQUIRE(match.engine->cancel_event(kScope, match.uid));
  match.dispatch();
  Letter letter(match.invitation());
  letter.method = "REFRESH";
  match.now += std::chrono::hours(2);

  CHECK_THAT(match.take(letter.raw()).reason, Contains("is cancelled"));
  match.dispatch();
  CHECK(match.sent.empty());
  CHECK(match.engine->resend(kScope, match.uid, a).error().code == Code::conflict);
}

TEST_CASE("R79: an operator may send a copy again at once", "[ingest]") {
  Match match;
  const auto plan = match.engine->resend(kScope, match.uid, a);
  REQUIRE(plan);
  CHECK(plan->update == 1);
  CHECK(match.engine->resend(kScope, match.uid, a)->skip.at("on_its_way") == 1);
  match.dispatch();
  CHECK(match.sent.size() == 1);
  CHECK(match.engine->resend(kScope, match.uid, "z@example.com").error().code == Code::not_found);
}

TEST_CASE("R89: what another process cancels meanwhile is not sent again", "[ingest]") {
  Match match;
  Engine another = match.open();
  int asked = 0;
  match.on_clock = [&] {
    // Asked again, we are inside of the transaction, and the other one would wait.
    if (++asked == 1) REQUIRE(another.cancel_event(kScope, match.uid));
  };
  const auto plan = match.engine->resend(kScope, match.uid, a);
  match.on_clock = nullptr;

  REQUIRE(asked >= 1);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().code == Code::conflict);
}

TEST_CASE("methods that attendees do not send are set aside by name", "[ingest]") {
  for (const std::string method : {"ADD", "DECLINECOUNTER", "REQUEST", "CANCEL"}) {
    INFO(method);
    Match match;
    Letter letter(match.invitation());
    letter.method = method;
    letter.more = "SUMMARY:x\r\n";
    const auto item = match.take(letter.raw());

    CHECK(item.outcome == IngestOutcome::quarantined);
    CHECK_THAT(item.reason, Contains("METHOD:" + method));
  }
}

TEST_CASE("R119: a hard bounce that returns our message ends all mail to the address", "[ingest]") {
  Match match;
  const Report report(match.invitation());
  const auto item = match.take(report.raw());

  CHECK(item.outcome == IngestOutcome::recorded);
  CHECK(item.event == match.uid);
  CHECK(match.attendee().delivery == "bounced");
  CHECK(match.last_receipt().detail == "5.1.1 550 no such user");
  CHECK(is_suppressed(match));
  CHECK(match.take(report.raw()).outcome == IngestOutcome::already_seen);
}

TEST_CASE("R119: a forged bounce sets the delivery state and suppresses nobody", "[ingest]") {
  Match match;
  Report report(match.invitation());
  report.message_id = "made-up@example.org";

  CHECK(match.take(report.raw()).outcome == IngestOutcome::recorded);
  CHECK(match.attendee().delivery == "bounced");
  CHECK(match.attendee().partstat == Partstat::needs_action);
  CHECK_FALSE(is_suppressed(match));
}

TEST_CASE("R119: a bounce that only returns the calendar is known by its UID", "[ingest]") {
  Match match;
  Report report(match.invitation());
  report.message_id.clear();
  report.to = report.from = "cal@reply.league.example";
  report.calendar = Letter(match.invitation()).calendar();

  CHECK(match.take(report.raw()).outcome == IngestOutcome::recorded);
  CHECK(match.attendee().delivery == "bounced");
  CHECK_FALSE(is_suppressed(match));
}

TEST_CASE("R119: who gave up, refused the message or waits does not end mail", "[ingest]") {
  struct Row {
    std::string action, status, delivery;
  };
  for (const Row& row :
       {Row{"failed", "4.4.7", "bounced"}, Row{"failed", "5.7.1", "bounced"},
        Row{"delayed", "4.4.1", "accepted"}, Row{"delivered", "2.0.0", "delivered"},
        Row{"relayed", "2.1.9", "delivered"}}) {
    INFO(row.action << " " << row.status);
    Match match;
    Report report(match.invitation());
    report.action = row.action;
    report.status = row.status;

    CHECK(match.take(report.raw()).outcome == IngestOutcome::recorded);
    CHECK(match.attendee().delivery == row.delivery);
    CHECK_FALSE(is_suppressed(match));
  }
}

TEST_CASE("R119: a report about nobody of ours, or somebody else, is set aside", "[ingest]") {
  Match match({a, "b@example.com"});
  Report unknown(match.invitation());
  unknown.message_id.clear();
  unknown.to = unknown.from = "cal@reply.league.example";
  Report other(match.invitation());
  other.recipient = "c@example.com";
  other.message_id.clear();
  Report mixed(match.invitation(a));
  mixed.to = match.invitation("b@example.com").from;

  CHECK(match.take(unknown.raw()).outcome == IngestOutcome::quarantined);
  CHECK_THAT(match.take(other.raw()).reason, Contains("a report about c@example.com"));
  CHECK_THAT(match.take(mixed.raw()).reason, Contains("ambiguous"));
  CHECK(match.attendee().delivery == "accepted");
}

TEST_CASE("R119: what fails where an attendee forwards mail to is no fault of their address",
          "[ingest]") {
  Match match;
  Report report(match.invitation());
  report.recipient = "elsewhere@example.net";

  CHECK(match.take(report.raw()).outcome == IngestOutcome::recorded);
  CHECK(match.attendee().delivery == "bounced");
  CHECK_FALSE(is_suppressed(match));
}

TEST_CASE("R119: reports of other kinds are noise when known, else kept", "[ingest]") {
  Match match;
  const auto report = [&](const std::string& type, const std::string& part) {
    return "From: <" + a + ">\r\nTo: <" + match.invitation().from +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" + type +
           "; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: " +
           part + "\r\n\r\nX: y\r\n--b--\r\n";
  };

  CHECK(
      match.take(report("disposition-notification", "message/disposition-notification")).outcome ==
      IngestOutcome::recorded);
  CHECK(match.take(report("other", "message/other")).outcome == IngestOutcome::quarantined);
}

TEST_CASE("R119: a complaint that returns our message ends mail, other feedback does not",
          "[ingest]") {
  Match match;
  Report report(match.invitation());
  report.type = "feedback-report";
  report.action = "not-spam";
  CHECK(match.take(report.raw()).reason == "automatic mail that says nothing about a delivery");
  CHECK_FALSE(is_suppressed(match));
  report.action = "abuse";

  CHECK(match.take(report.raw()).outcome == IngestOutcome::recorded);
  CHECK(match.attendee().delivery == "complained");
  CHECK(is_suppressed(match));
}

TEST_CASE("R119: a copy of our invitation inside a report is no answer", "[ingest]") {
  Match match;
  Report report(match.invitation());
  auto reply = Letter(match.invitation());
  report.calendar = reply.calendar();
  match.take(report.raw());

  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R120: automatic mail is noise and is not kept", "[ingest]") {
  for (const std::string header :
       {"Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply",
        "Precedence: bulk", "Precedence: junk", "Return-Path: <>"}) {
    INFO(header);
    Match match;
    const auto item = match.take("From: <" + a + ">\r\nTo: <" + match.invitation().from + ">\r\n" +
                                 header + "\r\nSubject: Out of office\r\n\r\nBack on Monday.\r\n");

    CHECK(item.outcome == IngestOutcome::recorded);
    CHECK_THAT(item.reason, Contains("automatic mail"));
    CHECK(match.engine->list_quarantine(kScope, {})->items.empty());
    CHECK(match.engine->list_receipts(kScope, match.uid, {})->items.size() == 2);
  }
}

TEST_CASE("R120: a person's mail is kept for a person", "[ingest]") {
  Match match;
  const auto item = match.take("From: <" + a + ">\r\nTo: <" + match.invitation().from +
                               ">\r\nSubject: Question\r\n\r\nIs there parking?\r\n");

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK(item.reason == "mail without a calendar answer");
}

TEST_CASE("R120: a room that answers automatically answers", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.headers = "Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R120a: a winmail.dat that names our UID is an answer", "[ingest]") {
  Match match;
  const auto uid = League::property(match.invitation(), "UID");
  const auto item = match.take(
      winmail_mail(match.invitation().from, winmail("IPM.Microsoft Schedule.MtgRespN", uid)));

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::declined);
  CHECK(match.attendee().prodid == "winmail.dat");
}

TEST_CASE("R120a: any other winmail.dat is set aside with its class, id and sender", "[ingest]") {
  Match match;
  const auto nameless = match.take(
      winmail_mail(match.invitation().from, winmail("IPM.Microsoft Schedule.MtgRespP", "")));
  const auto foreign = match.take(winmail_mail(
      match.invitation().from, winmail("IPM.Microsoft Schedule.MtgRespP", "ci-unknown")));
  const auto note = match.take(winmail_mail(match.invitation().from, winmail("IPM.Note", "")));

  for (const auto& item : {nameless, foreign}) {
    CHECK(item.outcome == IngestOutcome::quarantined);
    CHECK_THAT(item.reason, Contains("undecodable response") && Contains(a) &&
                                Contains("IPM.Schedule.Meeting.Resp.Pos"));
  }
  CHECK_THAT(nameless.reason, Contains("without a GlobalObjectId"));
  CHECK_THAT(foreign.reason, Contains("GlobalObjectId 040000008200E00074C5B7101A82E008"));
  CHECK(note.outcome == IngestOutcome::quarantined);
  CHECK_THAT(note.reason, Contains("IPM."));
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R120a: an organizer's winmail.dat is set aside with its class, id and sender",
          "[ingest]") {
  Match match;
  std::string raw = winmail_mail("create@reply.league.example",
                                 winmail("IPM.Microsoft Schedule.MtgReq", "ci-unknown"));
  raw.replace(raw.find(a), a.size(), kOrganizer);
  const auto item = match.take(raw, kOrganizer);

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK_THAT(item.reason, Contains("IPM.Schedule.Meeting.Request") && Contains(kOrganizer) &&
                              Contains("GlobalObjectId 040000008200E00074C5B7101A82E008"));
}

TEST_CASE("R120a: a broken winmail.dat is an undecodable response, not a person's mail",
          "[ingest]") {
  Match match;
  const auto item = match.take(winmail_mail(match.invitation().from, "no TNEF"));

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK_THAT(item.reason, Contains("undecodable response"));
}
