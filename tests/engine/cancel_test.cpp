/// What takes an invitation back (interop.md 4), from the call to bytes.
#include "mails.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

const std::string kFan = "a@example.com";

/// Types of all parts of a mail, in their order.
std::vector<std::string> parts_of(const OutgoingMessage& message) {
  const auto mail = parse_mail(message.bytes);
  REQUIRE(mail);
  std::vector<std::string> types{mail->parts.empty() ? "" : header(message, "Content-Type")};
  types[0] = types[0].substr(0, types[0].find(';'));
  for (const auto& part : mail->parts) types.push_back(part.content_type);
  return types;
}

struct Cancelled : League {
  explicit Cancelled(const std::string& rrule = {}) {
    Event match = League::event();
    match.rrule = rrule;
    match.location = "Harbour Ground";
    if (!rrule.empty()) match.source_uid.clear();
    match = rrule.empty() ? match : *engine->create_event(kScope, match);
    uid = match.uid;
    invite(uid, {kFan});
    dispatch();
    first = sent_to(kFan);
  }
  Event event() { return *engine->get_event(kScope, uid); }
  void change(const std::function<void(Event&)>& edit) {
    Event after = event();
    edit(after);
    REQUIRE(engine->update_event(kScope, after));
    dispatch();
  }
  void cancel() {
    REQUIRE(engine->cancel_event(kScope, uid));
    dispatch();
  }

  std::string uid;
  OutgoingMessage first;
};

std::string about(const OutgoingMessage& message) {
  const auto date = League::property(message, "RECURRENCE-ID");
  return League::property(message, "METHOD") + (date.empty() ? "" : " " + date);
}

const std::string weekly = "FREQ=WEEKLY;COUNT=5";

Override moved(const Event& event, int week) {
  Override changed;
  changed.occurrence = {event.start + week * 7 * 24h};
  changed.start = changed.occurrence.original_start + 1h;
  changed.end = changed.start + 2h;
  return changed;
}

}  // namespace

TEST_CASE("R76: ADD is never sent: one more date is a REQUEST with all of the series", "[engine]") {
  Cancelled league(weekly);
  league.change([](Event& e) { e.rrule = "FREQ=WEEKLY;COUNT=6"; });

  REQUIRE(league.sent.size() == 1);
  CHECK(about(league.sent[0]) == "REQUEST");
  CHECK(line_of(league.sent[0], "RRULE") == "RRULE:FREQ=WEEKLY;COUNT=6");
}

TEST_CASE("R82: a cancellation is the copy once more, cancelled, under the next SEQUENCE",
          "[engine]") {
  Cancelled league;
  league.change([](Event& e) { e.start += 1h, e.end += 1h; });
  const auto last = league.sent_to(kFan);
  league.now += 5s;
  league.cancel();
  const auto& cancel = league.sent_to(kFan);

  CHECK(about(cancel) == "CANCEL");
  CHECK(identity_of(cancel) == identity_of(league.first));
  CHECK(parts_of(cancel) == parts_of(league.first));
  CHECK(parts_of(cancel) == std::vector<std::string>{"multipart/mixed", "text/plain", "text/html",
                                                     "text/calendar", "application/ics"});
  std::string unfolded = cancel.bytes;
  for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ")) {
    unfolded.erase(at, 2);
  }
  CHECK(unfolded.find("method=CANCEL") != std::string::npos);
  CHECK(line_of(cancel, "STATUS") == "STATUS:CANCELLED");
  for (const char* name : {"SUMMARY", "DTSTART", "DTEND"}) {
    CHECK_FALSE(line_of(cancel, name).empty());
    CHECK(line_of(cancel, name) == line_of(last, name));
  }
  const auto lines = lines_of(cancel);
  CHECK(std::count(lines.begin(), lines.end(), "BEGIN:VTIMEZONE") == 1);
  CHECK(League::property(cancel, "SEQUENCE") == "2");
  CHECK(League::property(cancel, "DTSTAMP") > League::property(last, "DTSTAMP"));
}

TEST_CASE("R82, R83: whoever is uninvited alone gets the same, and nobody else a mail",
          "[engine]") {
  Cancelled league;
  league.invite(league.uid, {"b@example.com"});
  league.dispatch();
  REQUIRE(league.engine->uninvite(kScope, league.uid, kFan));
  league.dispatch();

  REQUIRE(league.sent.size() == 1);
  const auto& cancel = league.sent[0];
  CHECK(about(cancel) == "CANCEL");
  CHECK(identity_of(cancel) == identity_of(league.first));
  CHECK(line_of(cancel, "STATUS") == "STATUS:CANCELLED");
  CHECK(order_of(cancel) > order_of(league.first));
  CHECK(League::property(cancel, "SEQUENCE") == "1");
}

TEST_CASE("R84: a cancellation asks nothing: no alarm, no links to answer, no RSVP", "[engine]") {
  Cancelled league;
  league.cancel();
  const auto& cancel = league.sent_to(kFan);
  const auto lines = lines_of(cancel);

  CHECK(std::count(lines.begin(), lines.end(), "BEGIN:VALARM") == 0);
  CHECK(line_of(cancel, "ATTENDEE").find("RSVP") == std::string::npos);
  const auto mail = parse_mail(cancel.bytes);
  REQUIRE(mail);
  for (const auto& part : mail->parts) {
    CHECK(part.content.find("/r/") == std::string::npos);
    CHECK(part.content.find("answer=") == std::string::npos);
  }
}

TEST_CASE("R85: a series is cancelled first, then each changed date that is to come", "[engine]") {
  Cancelled league(weekly);
  league.change([](Event& e) { e.overrides = {moved(e, 0), moved(e, 1), moved(e, 2)}; });
  league.now = std::chrono::sys_days{std::chrono::year{2027} / 5 / 10};
  league.cancel();

  REQUIRE(league.sent.size() == 3);
  CHECK(about(league.sent[0]) == "CANCEL");
  CHECK(about(league.sent[1]) == "CANCEL 20270515T150000");
  CHECK(about(league.sent[2]) == "CANCEL 20270522T150000");
}

TEST_CASE("R86: one cancelled date is one CANCEL, and an EXDATE of the series from then on",
          "[engine]") {
  Cancelled league(weekly);
  league.change([](Event& e) {
    e.overrides = {moved(e, 1)};
    e.overrides[0].cancelled = true;
  });
  REQUIRE(league.sent.size() == 1);
  const auto cancel = league.sent[0];
  CHECK(about(cancel) == "CANCEL 20270515T150000");
  CHECK(line_of(cancel, "RECURRENCE-ID") == "RECURRENCE-ID;TZID=Europe/London:20270515T150000");
  CHECK(line_of(cancel, "RRULE").empty());
  CHECK(line_of(cancel, "STATUS") == "STATUS:CANCELLED");

  league.change([](Event& e) { e.location = "Hill Ground"; });
  REQUIRE(league.sent.size() == 1);
  CHECK(about(league.sent[0]) == "REQUEST");
  CHECK(line_of(league.sent[0], "EXDATE") == "EXDATE;TZID=Europe/London:20270515T150000");
}

TEST_CASE("R87: who was refused the copy gets no CANCEL, who may have it in doubt does",
          "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.verdict = SendVerdict::refused;
  league.invite(uid, {"refused@example.com"});
  league.dispatch();
  league.verdict = SendVerdict::in_doubt;
  league.invite(uid, {"doubt@example.com"});
  league.dispatch();
  league.verdict = SendVerdict::accepted;
  const auto plan = league.engine->cancel_event(kScope, uid);
  league.dispatch();

  REQUIRE(plan);
  CHECK(plan->cancel == 1);
  CHECK(plan->skip.at("never_sent") == 1);
  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].to == "doubt@example.com");
}

TEST_CASE("R88: whoever is invited again after a cancel gets another UID and a first copy",
          "[engine]") {
  Cancelled league;
  REQUIRE(league.engine->uninvite(kScope, league.uid, kFan));
  league.dispatch();
  league.invite(league.uid, {kFan});
  league.dispatch();

  const auto& anew = league.sent_to(kFan);
  CHECK(about(anew) == "REQUEST");
  CHECK(League::property(anew, "UID") != League::property(league.first, "UID"));
  CHECK(header(anew, "References").empty());
  CHECK(header(anew, "Subject") == header(league.first, "Subject"));
  CHECK(anew.from == league.first.from);
}

TEST_CASE("R89: an answer to a cancelled copy is kept as history and changes nothing", "[engine]") {
  Cancelled league;
  const bool whole_event = GENERATE(true, false);
  if (whole_event) {
    league.cancel();
  } else {
    REQUIRE(league.engine->uninvite(kScope, league.uid, kFan));
    league.dispatch();
  }
  league.now += 60s;

  const auto item =
      league.ingest(League::reply(league.first, "ACCEPTED", "20270101T120100Z"), "a.eml", "").at(0);

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(league.engine->list_attendees(kScope, league.uid, {})->items.at(0).partstat ==
        Partstat::needs_action);
  const auto receipts = league.engine->list_receipts(kScope, league.uid, {});
  REQUIRE(receipts);
  CHECK(receipts->items.back().kind == ReceiptKind::replied);
  CHECK(league.engine->totals(kScope)->pending == 0);
}
