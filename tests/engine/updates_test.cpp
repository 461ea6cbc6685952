/// What the messages after the first one say (interop.md 3), from change to bytes.
#include "mails.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

const std::string kFan = "a@example.com";

/// A match or a season that the fan holds a copy of.
struct Season : League {
  explicit Season(const std::string& rrule = {}, const std::string& timezone = "Europe/London") {
    Event match{.organizer = kOrganizer, .summary = "Training"};
    match.description = "Bring boots.";
    match.location = "Harbour Ground";
    match.url = "https://league.example/training";
    match.start = parse_iso("2027-05-08T15:00")->wall;
    match.end = match.start + 2h;
    match.timezone = timezone;
    match.rrule = rrule;
    if (timezone.empty()) {
      match.all_day = true;
      match.start = std::chrono::floor<std::chrono::days>(match.start);
      match.end = match.start + 24h;
    }
    const auto created = engine->create_event(kScope, match);
    if (!created) FAIL(to_string(created.error()));
    uid = created->uid;
    first = take_in(kFan);
  }

  OutgoingMessage take_in(const std::string& address) {
    League::invite(uid, {address});
    dispatch();
    return sent_to(address);
  }
  Event event() { return *engine->get_event(kScope, uid); }

  /// The mails of a change, in their order.
  std::vector<OutgoingMessage> change(const std::function<void(Event&)>& edit) {
    Event after = event();
    edit(after);
    const auto plan = engine->update_event(kScope, after);
    if (!plan) FAIL(to_string(plan.error()));
    dispatch();
    return sent;
  }
  std::vector<OutgoingMessage> resend() {
    const auto plan = engine->resend(kScope, uid, kFan);
    if (!plan) FAIL(to_string(plan.error()));
    REQUIRE(plan->update == 1);
    dispatch();
    return sent;
  }
  void answer(const OutgoingMessage& to, const std::string& partstat,
              const std::string& more = {}) {
    now += 60s;
    auto raw = League::reply(to, partstat, utc_now());
    if (!more.empty()) raw.insert(raw.find("ORGANIZER:"), more);
    CHECK(ingest(raw, "answer.eml", "").at(0).outcome == IngestOutcome::replied);
  }
  std::string utc_now() const {
    std::string text = format_iso(now);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
  }

  std::string uid;
  OutgoingMessage first;
};

Override moved(const Event& event, int week, std::chrono::hours by) {
  Override changed;
  changed.occurrence = {event.start + week * 7 * 24h};
  changed.start = changed.occurrence.original_start + by;
  changed.end = changed.start + (event.end - event.start);
  return changed;
}

const std::string weekly = "FREQ=WEEKLY;COUNT=5";

/// "REQUEST", or with the date it is about: "CANCEL 20270515T150000".
std::string about(const OutgoingMessage& message) {
  const auto date = League::property(message, "RECURRENCE-ID");
  return League::property(message, "METHOD") + (date.empty() ? "" : " " + date);
}
std::vector<std::string> about(const std::vector<OutgoingMessage>& messages) {
  std::vector<std::string> all;
  for (const auto& message : messages) all.push_back(about(message));
  return all;
}
using Mails = std::vector<std::string>;

}  // namespace

TEST_CASE("R66: every message of a copy names the same people and repeats everything", "[engine]") {
  Season season;
  std::vector<OutgoingMessage> all;
  const auto keep = [&](const std::vector<OutgoingMessage>& some) {
    REQUIRE(some.size() == 1);
    all.push_back(some[0]);
  };
  keep(season.change([](Event& e) { e.location = "Hill Ground"; }));
  keep(season.change([](Event& e) { e.start += 1h, e.end += 1h; }));
  keep(season.resend());
  for (const auto& message : all) {
    CHECK(identity_of(message) == identity_of(season.first));
    CHECK(about(message) == "REQUEST");
    CHECK(League::property(message, "SUMMARY") == "Training");
    CHECK(League::property(message, "LOCATION") == "Hill Ground");
    CHECK(League::property(message, "URL") == "https://league.example/training");
    CHECK(League::property(message, "DESCRIPTION").starts_with("Bring boots."));
    CHECK(League::property(message, "CREATED") == League::property(season.first, "CREATED"));
    for (const char* name : {"DTSTART", "DTEND", "STATUS", "CLASS", "TRANSP"}) {
      CHECK(line_of(message, name).empty() == line_of(season.first, name).empty());
    }
  }
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  CHECK(identity_of(season.sent_to(kFan)) == identity_of(season.first));
}

TEST_CASE("R67, R68: what is mailed raises SEQUENCE by one, be it a key change or a minor one",
          "[engine]") {
  Season season;
  const auto sequence_after = [&](const std::function<void(Event&)>& edit) {
    const auto mails = season.change(edit);
    REQUIRE(mails.size() == 1);
    return League::property(mails[0], "SEQUENCE");
  };

  CHECK(sequence_after([](Event& e) { e.end += 1h; }) == "1");
  CHECK(sequence_after([](Event& e) { e.summary = "Match"; }) == "2");
  CHECK(sequence_after([](Event& e) { e.rrule = weekly; }) == "3");
}

TEST_CASE("R69: SEQUENCE is the event's, starts at 0 and is no number of the source's",
          "[engine]") {
  League league;
  const auto uid =
      league.ingest(request("huge", 7, "20270601T193000", "20270601T213000"), "a.ics").at(0).event;
  league.invite(uid, {"a@example.com", "b@example.com"});
  league.dispatch();
  for (const auto& message : league.sent) CHECK(League::property(message, "SEQUENCE") == "0");

  auto update = request("huge", 8, "20270601T200000", "20270601T213000");
  update.replace(update.find("SEQUENCE:8"), 10, "SEQUENCE:1893456000");
  update.replace(update.find("DTSTAMP:20270118"), 16, "DTSTAMP:20270128");
  REQUIRE(league.ingest(update, "b.ics").at(0).outcome == IngestOutcome::updated);
  league.dispatch();
  REQUIRE(league.sent.size() == 2);
  for (const auto& message : league.sent) CHECK(League::property(message, "SEQUENCE") == "1");
}

TEST_CASE("R70: each message of a copy is later than the one before, though the clock stands still",
          "[engine]") {
  Season season;
  std::vector<std::pair<int, std::string>> order{order_of(season.first)};
  const auto note = [&](const std::vector<OutgoingMessage>& mails) {
    REQUIRE(mails.size() == 1);
    order.push_back(order_of(mails[0]));
  };
  note(season.resend());
  note(season.resend());
  note(season.change([](Event& e) { e.location = "Hill Ground"; }));
  note(season.resend());
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  note(season.sent);

  REQUIRE(order.size() == 6);
  for (std::size_t i = 1; i < order.size(); ++i) {
    INFO(i << ": " << order[i].first << " " << order[i].second);
    CHECK(order[i - 1] < order[i]);
  }
}

TEST_CASE("R70: so is each message about one date", "[engine]") {
  Season season(weekly);
  std::vector<std::pair<int, std::string>> order;
  const auto note = [&](const std::vector<OutgoingMessage>& mails) {
    for (const auto& message : mails) {
      if (about(message) != "REQUEST") order.push_back(order_of(message));
    }
  };
  note(season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; }));
  note(season.resend());
  note(season.resend());
  note(season.change([](Event& e) { e.overrides[0].cancelled = true; }));

  REQUIRE(order.size() == 4);
  for (std::size_t i = 1; i < order.size(); ++i) CHECK(order[i - 1] < order[i]);
}

TEST_CASE("R72: a key change asks anew, a minor one tells the stored answer", "[engine]") {
  Season season;
  const auto attendee = [](const OutgoingMessage& message) { return line_of(message, "ATTENDEE"); };
  const auto asks = [&](const OutgoingMessage& message) {
    return attendee(message).find(";RSVP=TRUE") != std::string::npos;
  };
  const auto says = [&](const OutgoingMessage& message, const std::string& partstat) {
    return attendee(message).find(";PARTSTAT=" + partstat + ";") != std::string::npos;
  };
  const auto unanswered = season.change([](Event& e) { e.location = "Hill Ground"; }).at(0);
  CHECK(says(unanswered, "NEEDS-ACTION"));
  CHECK(asks(unanswered));
  season.answer(unanswered, "ACCEPTED");

  const auto minor = season.change([](Event& e) { e.location = "Harbour Ground"; }).at(0);
  CHECK(says(minor, "ACCEPTED"));
  CHECK_FALSE(asks(minor));
  const auto again = season.resend().at(0);
  CHECK(says(again, "ACCEPTED"));
  CHECK_FALSE(asks(again));
  const auto key = season.change([](Event& e) { e.start -= 1h; }).at(0);
  CHECK(says(key, "NEEDS-ACTION"));
  CHECK(asks(key));
}

TEST_CASE("R72, R75: after a minor change a changed date is told with the answer to it",
          "[engine]") {
  Season season(weekly);
  season.answer(season.first, "ACCEPTED");
  const auto date = season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; });
  REQUIRE(about(date) == Mails{"REQUEST 20270515T150000"});
  CHECK(line_of(date[0], "ATTENDEE").find("PARTSTAT=NEEDS-ACTION;RSVP=TRUE") != std::string::npos);

  const auto before = season.change([](Event& e) { e.location = "Hill Ground"; });
  REQUIRE(about(before) == Mails{"REQUEST", "REQUEST 20270515T150000"});
  CHECK(line_of(before[0], "ATTENDEE").find("PARTSTAT=ACCEPTED;CN") != std::string::npos);
  CHECK(line_of(before[1], "ATTENDEE").find("NEEDS-ACTION;RSVP=TRUE") != std::string::npos);

  season.answer(before[1], "TENTATIVE", "RECURRENCE-ID;TZID=Europe/London:20270515T150000\r\n");
  const auto after = season.change([](Event& e) { e.location = "Harbour Ground"; });
  REQUIRE(about(after) == Mails{"REQUEST", "REQUEST 20270515T150000"});
  CHECK(line_of(after[0], "ATTENDEE").find("PARTSTAT=ACCEPTED;CN") != std::string::npos);
  CHECK(line_of(after[1], "ATTENDEE").find("PARTSTAT=TENTATIVE;CN") != std::string::npos);
}

TEST_CASE("R73: a changed date travels alone, without the rule of its series", "[engine]") {
  Season season(weekly);
  const auto mails = season.change([](Event& e) {
    e.exdates = {e.start + 4 * 7 * 24h};
    e.overrides = {moved(e, 1, 1h), moved(e, 2, 2h)};
  });

  REQUIRE(about(mails) == Mails{"REQUEST", "REQUEST 20270515T150000", "REQUEST 20270522T150000"});
  for (const auto& message : mails) {
    CHECK(League::property(message, "UID") == League::property(season.first, "UID"));
    const auto lines = lines_of(message);
    CHECK(std::count(lines.begin(), lines.end(), "BEGIN:VEVENT") == 1);
  }
  CHECK(line_of(mails[0], "RRULE") == "RRULE:" + weekly);
  CHECK(line_of(mails[1], "RRULE").empty());
  CHECK(line_of(mails[1], "EXDATE").empty());
}

TEST_CASE("R74: RECURRENCE-ID is the original start in the form of the series' DTSTART",
          "[engine]") {
  SECTION("in a zone") {
    Season season(weekly);
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 3h)}; });
    REQUIRE(mails.size() == 1);
    CHECK(line_of(season.first, "DTSTART") == "DTSTART;TZID=Europe/London:20270508T150000");
    CHECK(line_of(mails[0], "RECURRENCE-ID") == "RECURRENCE-ID;TZID=Europe/London:20270515T150000");
    CHECK(line_of(mails[0], "DTSTART") == "DTSTART;TZID=Europe/London:20270515T180000");
    // Moved once more, it is still named by where the rule put it.
    const auto again = season.change([](Event& e) { e.overrides = {moved(e, 1, 5h)}; });
    CHECK(line_of(again.at(0), "RECURRENCE-ID") == line_of(mails[0], "RECURRENCE-ID"));
  }
  SECTION("in UTC") {
    Season season(weekly, "UTC");
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 3h)}; });
    CHECK(line_of(mails.at(0), "RECURRENCE-ID") == "RECURRENCE-ID:20270515T150000Z");
  }
  SECTION("as a date") {
    Season season(weekly, "");
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 48h)}; });
    CHECK(line_of(mails.at(0), "RECURRENCE-ID") == "RECURRENCE-ID;VALUE=DATE:20270515");
    CHECK(line_of(mails.at(0), "DTSTART") == "DTSTART;VALUE=DATE:20270517");
  }
}

TEST_CASE("R75: a new pattern cancels the changed dates that are to come, and forgets them",
          "[engine]") {
  Season season(weekly);
  season.change([](Event& e) {
    e.overrides = {moved(e, 0, 1h), moved(e, 1, 1h), moved(e, 2, 1h)};
    e.overrides[2].cancelled = true;
  });
  season.now = std::chrono::sys_days{std::chrono::year{2027} / 5 / 10};

  const auto mails = season.change([](Event& e) { e.start += 1h, e.end += 1h; });

  CHECK(about(mails) == Mails{"CANCEL 20270515T150000", "REQUEST"});
  CHECK(season.event().overrides.empty());
  CHECK(order_of(mails.at(0)).first == order_of(mails.at(1)).first);
  const auto later = season.change([](Event& e) { e.location = "Hill Ground"; });
  CHECK(about(later) == Mails{"REQUEST"});
}

TEST_CASE("R75: so it does when the organizer's calendar sends the series alone", "[engine]") {
  League league;
  const std::string rule = "RRULE:FREQ=WEEKLY;COUNT=5\r\n";
  const auto uid = league
                       .ingest(request("w", 0, "20270601T193000", "20270601T213000", kOrganizer,
                                       "REQUEST", rule),
                               "a.ics")
                       .at(0)
                       .event;
  league.invite(uid, {kFan});
  league.dispatch();
  league.ingest(request("w", 1, "20270609T193000", "20270609T213000", kOrganizer, "REQUEST",
                        "RECURRENCE-ID;TZID=Europe/Berlin:20270608T193000\r\n"),
                "b.ics");
  league.dispatch();
  league.ingest(request("w", 2, "20270603T193000", "20270603T213000", kOrganizer, "REQUEST", rule),
                "c.ics");
  league.dispatch();

  CHECK(about(league.sent) == Mails{"CANCEL 20270608T193000", "REQUEST"});
  CHECK(line_of(league.sent.at(0), "RECURRENCE-ID") ==
        "RECURRENCE-ID;TZID=Europe/Berlin:20270608T193000");
  CHECK(line_of(league.sent.at(1), "DTSTART") == "DTSTART;TZID=Europe/Berlin:20270603T193000");
}

TEST_CASE("R75: a changed date that the series makes again goes back to it in a mail of its own",
          "[engine]") {
  Season season(weekly);
  season.change([](Event& e) { e.overrides = {moved(e, 1, 1h), moved(e, 2, 1h)}; });

  const auto mails = season.change([](Event& e) {
    e.location = "Hill Ground";
    e.overrides = {moved(e, 2, 1h)};
  });

  REQUIRE(about(mails) == Mails{"REQUEST", "REQUEST 20270522T150000", "REQUEST 20270515T150000"});
  CHECK(line_of(mails[2], "DTSTART") == "DTSTART;TZID=Europe/London:20270515T150000");
}

TEST_CASE("R77: whoever is invited later gets the current state as a first copy", "[engine]") {
  Season season;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.change([](Event& e) { e.summary = "Match"; });

  const auto late = season.take_in("late@example.com");

  CHECK(League::property(late, "SEQUENCE") == "2");
  CHECK(League::property(late, "UID") != League::property(season.first, "UID"));
  CHECK(League::property(late, "LOCATION") == "Hill Ground");
  CHECK(header(late, "References").empty());
  CHECK(header(late, "Subject") == "Invitation: Match");
}

TEST_CASE("R78: an event keeps its organizer", "[engine]") {
  Season season;
  REQUIRE(season.engine->add_organizer({.domain = "league", .address = "cup@league.example"}));
  Event event = season.event();
  event.organizer = "cup@league.example";
  event.location = "Hill Ground";

  REQUIRE(season.engine->update_event(kScope, event));
  season.dispatch();

  CHECK(season.event().organizer == kOrganizer);
  CHECK(season.sent_to(kFan).from == season.first.from);
}

TEST_CASE("R79: a resend repeats SEQUENCE and content under a fresh DTSTAMP", "[engine]") {
  Season season;
  const auto again = season.resend().at(0);
  const auto without_stamp = [](const OutgoingMessage& message) {
    auto lines = lines_of(message);
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("DTSTAMP:"); });
    return lines;
  };

  CHECK(League::property(again, "DTSTAMP") > League::property(season.first, "DTSTAMP"));
  CHECK(without_stamp(again) == without_stamp(season.first));
}

TEST_CASE("R79: what is sent again in doubt keeps its DTSTAMP", "[engine]") {
  Season season;
  season.verdict = SendVerdict::in_doubt;
  const auto doubted = season.change([](Event& e) { e.location = "Hill Ground"; }).at(0);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;

  const auto again = season.resend().at(0);
  CHECK(order_of(again) == order_of(doubted));
  CHECK(order_of(season.resend().at(0)) > order_of(doubted));
}

TEST_CASE("I6: what is in doubt goes out once more on request, the same to a calendar",
          "[engine]") {
  Season season;
  season.invite(season.uid, {"b@example.com"});
  season.dispatch();
  season.verdict = SendVerdict::in_doubt;
  const auto doubted = season.change([](Event& e) { e.location = "Hill Ground"; });
  REQUIRE(doubted.size() == 2);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;

  const auto plan = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(plan);
  CHECK(plan->update == 2);
  season.dispatch();
  for (const auto& message : doubted) {
    CHECK(order_of(season.sent_to(message.to)) == order_of(message));
  }
  const auto again = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(again);
  CHECK(again->update == 0);
  CHECK(again->skip == std::map<std::string, std::uint64_t>{{"too_soon", 2}});
}

TEST_CASE("I6: a CANCEL in doubt goes out once more on request, an older doubt does not",
          "[engine]") {
  Season season;
  season.verdict = SendVerdict::in_doubt;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.verdict = SendVerdict::accepted;
  season.change([](Event& e) { e.location = "Old Ground"; });
  const auto older = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(older);
  CHECK(older->update == 0);
  CHECK(older->skip == std::map<std::string, std::uint64_t>{{"superseded", 1}});

  season.verdict = SendVerdict::in_doubt;
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  const auto doubted = season.sent_to(kFan);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;
  for (const std::uint64_t times : {1, 0}) {
    const auto plan = season.engine->resend_in_doubt(kScope, season.uid);
    REQUIRE(plan);
    CHECK(plan->cancel == times);
    season.dispatch();
    CHECK(season.sent.size() == times);
    if (times == 1) CHECK(order_of(season.sent[0]) == order_of(doubted));
  }
}

TEST_CASE("those who hold an older revision are sent the event as it is, decliners are not",
          "[engine]") {
  Season season;
  const auto decliner = season.take_in("no@example.com");
  season.answer(decliner, "DECLINED");
  season.verdict = SendVerdict::refused;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.verdict = SendVerdict::accepted;
  const auto current = season.take_in("new@example.com");
  season.now += 60s;

  const auto plan = season.engine->resend_outdated(kScope, season.uid);
  REQUIRE(plan);
  CHECK(plan->update == 1);
  CHECK(plan->skip == std::map<std::string, std::uint64_t>{{"declined", 1}});
  season.dispatch();
  REQUIRE(season.sent.size() == 1);
  CHECK(season.sent[0].to == kFan);
  CHECK(League::property(season.sent[0], "LOCATION") == "Hill Ground");
  CHECK(season.engine->resend_outdated(kScope, season.uid)->update == 0);
}

TEST_CASE("R80: what was refused is told with the next change, whatever that is about",
          "[engine]") {
  Season season(weekly);
  season.verdict = SendVerdict::refused;
  season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; });
  season.verdict = SendVerdict::accepted;

  const auto next = season.change([](Event& e) {
    e.overrides = {moved(e, 1, 1h), moved(e, 2, 1h)};
  });
  CHECK(about(next) == Mails{"REQUEST 20270515T150000", "REQUEST 20270522T150000"});
  const auto last = season.change([](Event& e) { e.overrides.push_back(moved(e, 3, 1h)); });
  CHECK(about(last) == Mails{"REQUEST 20270529T150000"});
}

TEST_CASE("R81: an update says so in the attendee's language and follows the first copy",
          "[engine]") {
  Season season;
  const InviteRequest german[] = {{"d@example.com", {}, "de"}};
  REQUIRE(season.engine->invite(kScope, season.uid, german, "api"));
  season.dispatch();
  const auto first = season.sent_to("d@example.com");

  season.change([](Event& e) { e.location = "Hill Ground"; });
  for (const auto& [address, copy, subject] :
       {std::tuple(kFan, season.first, "Updated: Training"),
        std::tuple(std::string("d@example.com"), first, "Aktualisiert: Training")}) {
    const auto& update = season.sent_to(address);
    CHECK(header(update, "Subject") == subject);
    CHECK(header(update, "References") == "<ses-" + copy.attempt_id + ">");
    CHECK(header(update, "In-Reply-To") == "<ses-" + copy.attempt_id + ">");
  }
  // Still the first one, not the last.
  season.change([](Event& e) { e.location = "Harbour Ground"; });
  CHECK(header(season.sent_to(kFan), "References") == "<ses-" + season.first.attempt_id + ">");
}

TEST_CASE("an event that moves a little keeps its links, and so its description", "[engine]") {
  Season season;
  const auto before = season.property(season.first, "DESCRIPTION");
  REQUIRE(before.find("/r/") != std::string::npos);
  season.now += 24h;
  const auto moved = season.change([](Event& event) {
    event.start += 25h;
    event.end += 25h;
  });
  REQUIRE(moved.size() == 1);
  CHECK(season.property(moved[0], "DTSTART;TZID") != season.property(season.first, "DTSTART;TZID"));
  CHECK(season.property(moved[0], "DESCRIPTION") == before);
}

TEST_CASE("R60, R83: a domain says how long descriptions are and what an uninvited one is told",
          "[engine]") {
  League league;
  Domain cup{.name = "cup",
             .from = "cal@reply.cup.example",
             .reply_domain = "reply.cup.example",
             .base_url = "https://cal.cup.example"};
  for (const std::uint32_t bad : {0U, 20'001U}) {
    cup.description_limit = bad;
    const auto refused = league.engine->add_domain(cup);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place.field == "description_limit");
  }
  cup.description_limit = 5;
  cup.cancelled_status_on_uninvite = false;
  REQUIRE(league.engine->add_domain(cup));
  REQUIRE(league.engine->add_organizer({.domain = "cup", .address = kOrganizer}));
  const Scope scope = Scope::domain("cup");
  Event match{.organizer = kOrganizer, .summary = "Final"};
  match.description = "Bring boots.";
  match.start = parse_iso("2027-05-08T15:00")->wall;
  match.end = match.start + 2h;
  match.timezone = "Europe/London";
  const auto event = league.engine->create_event(scope, match);
  REQUIRE(event);
  const InviteRequest fan{kFan, {}, {}};
  REQUIRE(league.engine->invite(scope, event->uid, std::span(&fan, 1), "api"));
  league.dispatch();
  CHECK(league.property(league.sent_to(kFan), "DESCRIPTION").starts_with("Bring…\\n\\n"));
  REQUIRE(league.engine->uninvite(scope, event->uid, kFan));
  league.dispatch();
  CHECK(league.property(league.sent_to(kFan), "METHOD") == "CANCEL");
  CHECK(league.property(league.sent_to(kFan), "STATUS").empty());
}

TEST_CASE("R26: a domain's settings may change later, but not what calendars know organizers by",
          "[engine]") {
  Season season;
  Domain domain = season.engine->list_domains()->at(0);
  domain.base_url = "https://new.example/";
  domain.super_user = "Head@League.example";
  const auto updated = season.engine->update_domain(domain);
  REQUIRE(updated);
  CHECK(updated->base_url == "https://new.example");
  CHECK(season.engine->list_domains()->at(0).super_user == "head@league.example");
  const auto mails = season.change([](Event& event) { event.description = "Bring shin pads."; });
  REQUIRE(mails.size() == 1);
  CHECK(season.property(mails[0], "DESCRIPTION").find("https://new.example/r/") !=
        std::string::npos);
  CHECK(mails[0].from == season.first.from);

  const auto refused = [&](const std::function<void(Domain&)>& edit) {
    Domain changed = domain;
    edit(changed);
    const auto result = season.engine->update_domain(changed);
    return result ? ""
                  : std::string(code_name(result.error().code)) + " " + result.error().place.field;
  };
  CHECK(refused([](Domain& d) { d.separator = '-'; }) == "conflict separator");
  CHECK(refused([](Domain& d) {
          d.reply_domain = "reply.other.example";
          d.from = "cal@reply.other.example";
        }) == "conflict reply_domain");
  CHECK(refused([](Domain& d) { d.base_url = "http://new.example"; }) ==
        "invalid_argument base_url");
  CHECK(refused([](Domain& d) { d.name = "nobody"; }) == "not_found ");
}
