/// What every calendar object that we mail is made of: R31 to R52, R58, R63 to R65.
#include <set>

#include "compose/objects.hpp"

using namespace objects;

namespace {

bool is_utc(const std::string& value) {
  return value.size() == 16 && value[8] == 'T' && value[15] == 'Z';
}

/// The lines of each VTIMEZONE with its TZID in front.
std::vector<std::vector<Line>> zones_in(const Object& object) {
  std::vector<std::vector<Line>> found;
  bool inside = false;
  for (const Line& line : object.lines) {
    if (line.name == "BEGIN" && line.value == "VTIMEZONE") {
      inside = true;
      found.emplace_back();
      continue;
    }
    if (line.name == "END" && line.value == "VTIMEZONE") inside = false;
    if (inside) found.back().push_back(line);
  }
  return found;
}

std::size_t count(const std::vector<Line>& lines, std::string_view name, std::string_view value) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const Line& l) {
    return l.name == name && (value.empty() || l.value == value);
  }));
}

const std::vector<std::string> times = {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE"};

Revision series(const std::string& rule) {
  Revision revision = invitation();
  revision.event.rrule = rule;
  return revision;
}

}  // namespace

TEST_CASE("R31: the calendar begins with its version, maker, scale and one METHOD", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    REQUIRE(object.lines.size() > 5);
    CHECK((object.lines[0].name == "BEGIN" && object.lines[0].value == "VCALENDAR"));
    CHECK((object.lines[1].name == "VERSION" && object.lines[1].value == "2.0"));
    CHECK((object.lines[2].name == "PRODID" && has(object.lines[2].value, "calinvite")));
    CHECK((object.lines[3].name == "CALSCALE" && object.lines[3].value == "GREGORIAN"));
    CHECK(
        (object.lines[4].name == "METHOD" && object.lines[4].value == to_string(revision.method)));
    CHECK(object.all("METHOD").size() == 1);
    CHECK(count(object.lines, "BEGIN", "VCALENDAR") == 1);
  }
}

TEST_CASE("R32: a mailed object is REQUEST or CANCEL, never PUBLISH", "[compose]") {
  std::set<std::string> methods;
  for (const auto& sample : samples()) methods.insert(sample.object.all("METHOD").at(0).value);
  CHECK(methods == std::set<std::string>{"CANCEL", "REQUEST"});
  Revision revision = invitation();
  revision.method = Method::publish;
  CHECK_FALSE(Composer::prepare(revision, zones()));
}

TEST_CASE("R33: an event has its nine facts once each", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    CHECK(object.value("UID") == copy.uid);
    CHECK(object.value("SEQUENCE") == std::to_string(revision.sequence));
    CHECK_FALSE(text::trim(object.value("SUMMARY")).empty());
    CHECK(object.value("STATUS") ==
          (revision.method == Method::cancel ? "CANCELLED" : "CONFIRMED"));
    for (const auto name : {"DTSTAMP", "DTSTART", "DTEND", "ORGANIZER"}) {
      CHECK_FALSE(object.value(name).empty());
    }
    CHECK(object.of_event("ATTENDEE").size() >= 1);
  }
}

TEST_CASE("R34: the one ATTENDEE is who the mail is to, in the shape that draws buttons",
          "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    const auto attendees = object.all("ATTENDEE");
    REQUIRE(attendees.size() == 1);
    const auto mail = parse_mail(object.mail);
    REQUIRE(mail->recipients == std::vector<std::string>{copy.address});
    CHECK(text::percent_decode(attendees[0].value) == "mailto:" + copy.address);
    const auto& parameters = attendees[0].parameters;
    for (const auto part :
         {";CUTYPE=INDIVIDUAL", ";ROLE=REQ-PARTICIPANT", ";CN=", ";X-NUM-GUESTS=0"}) {
      CHECK(has(parameters, part));
    }
    CHECK(has(parameters, ";PARTSTAT=" + std::string(to_string(copy.partstat))));
    const bool asks = revision.method == Method::request && revision.event.wants_answers &&
                      copy.partstat == Partstat::needs_action;
    CHECK(has(parameters, ";RSVP=TRUE") == asks);
  }
}

TEST_CASE("R35: nothing of anybody else stands in a copy", "[compose]") {
  dice::Invitations dice(35);
  for (int n = 0; n < 40; ++n) {
    const Revision revision = dice.revision();
    const auto composer = Composer::prepare(revision, zones());
    REQUIRE(composer);
    const CopyFields first = dice.copy(revision);
    CopyFields second = dice.copy(revision);
    second.address = "somebody.else@other.example";
    std::string bytes;
    REQUIRE(composer->compose(second, bytes));
    REQUIRE(composer->compose(first, bytes));
    const Object object = take_apart(bytes);
    const std::string all = object.mail + object.plain + object.html + object.calendar;
    for (const auto& foreign : {second.address, second.uid, second.organizer_address,
                                second.rsvp_token, second.unsubscribe_token}) {
      CHECK((foreign.empty() || foreign == first.rsvp_token || !has(all, foreign)));
    }
  }
}

TEST_CASE("R37: stamps are UTC, and CREATED stays through every revision", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    const auto stamp = parse_basic(object.value("DTSTAMP"));
    REQUIRE(stamp);
    CHECK(stamp->utc);
    CHECK(stamp->wall.time_since_epoch() == copy.dtstamp.time_since_epoch());
    CHECK(is_utc(object.value("CREATED")));
    CHECK(is_utc(object.value("LAST-MODIFIED")));
  }
  Revision revision = invitation();
  revision.event.created = std::chrono::sys_days{std::chrono::year{2027} / 1 / 2};
  revision.event.changed = revision.event.created;
  const Object first = object_of(revision);
  revision.sequence = 1;
  revision.event.changed += std::chrono::hours(5);
  const Object second = object_of(revision);
  CHECK(first.value("CREATED") == "20270102T000000Z");
  CHECK(second.value("CREATED") == first.value("CREATED"));
  CHECK(second.value("LAST-MODIFIED") == "20270102T050000Z");
}

TEST_CASE("R38: an object holds one appointment, a series or one date", "[compose]") {
  std::size_t dates = 0;
  for (const auto& [revision, copy, object] : samples()) {
    CHECK(count(object.lines, "BEGIN", "VEVENT") == 1);
    CHECK(object.of_event("RECURRENCE-ID").size() == (revision.occurrence ? 1 : 0));
    if (!revision.occurrence) continue;
    CHECK(object.of_event("RRULE").empty());
    CHECK(object.of_event("EXDATE").empty());
    ++dates;
  }
  CHECK(dates > 5);
}

TEST_CASE("R39: DTEND is later than DTSTART and written like it", "[compose]") {
  for (const auto& sample : samples()) {
    const Object& object = sample.object;
    CHECK(object.parameters("DTEND") == object.parameters("DTSTART"));
    CHECK(object.value("DTEND").size() == object.value("DTSTART").size());
    CHECK(object.value("DTEND") > object.value("DTSTART"));
    CHECK(object.of_event("DURATION").empty());
  }
}

TEST_CASE("R39: what ends in the hour that clocks leave out before it starts is refused",
          "[compose]") {
  Revision revision = invitation();
  revision.event.start = wall("2027-03-28T02:30");
  revision.event.end = wall("2027-03-28T03:15");  // 02:30 is 03:30 that day
  const auto refused = Composer::prepare(revision, zones());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().place.field == "end");
  revision.event.end = wall("2027-03-28T03:45");
  CHECK(Composer::prepare(revision, zones()));
  // What is stored already can still be called off.
  revision.event.end = wall("2027-03-28T03:15");
  revision.method = Method::cancel;
  CHECK(Composer::prepare(revision, zones()));
}

TEST_CASE("R40: an all-day event has dates, the end exclusive, and the hint of Microsoft",
          "[compose]") {
  std::size_t seen = 0;
  for (const auto& [revision, copy, object] : samples()) {
    CHECK(object.of_event("X-MICROSOFT-CDO-ALLDAYEVENT").size() ==
          (revision.event.all_day ? 1 : 0));
    if (!revision.event.all_day) continue;
    ++seen;
    for (const auto& name : times) {
      for (const Line& line : object.of_event(name)) CHECK(line.parameters == ";VALUE=DATE");
    }
    CHECK(object.value("X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE");
    CHECK_FALSE(has(object.calendar, "TZID"));
  }
  CHECK(seen > 10);
  Revision revision = invitation();
  revision.event.all_day = true;
  revision.event.timezone.clear();
  revision.event.start = wall("2027-05-01");
  revision.event.end = wall("2027-05-03");
  CHECK(object_of(revision).value("DTEND") == "20270503");
}

TEST_CASE("R41: no time floats", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    if (revision.event.all_day) continue;
    for (const auto& name : times) {
      for (const Line& line : object.of_event(name)) {
        CHECK(is_utc(line.value) != has(line.parameters, ";TZID="));
      }
    }
  }
}

TEST_CASE("R42, R47: every TZID is the plain IANA name and has its VTIMEZONE in front",
          "[compose]") {
  std::set<std::string> names;
  for (const auto& [revision, copy, object] : samples()) {
    std::set<std::string> used;
    for (const auto& name : times) {
      for (const Line& line : object.of_event(name)) {
        const auto at = line.parameters.find(";TZID=");
        if (at != std::string::npos) used.insert(line.parameters.substr(at + 6));
      }
    }
    std::set<std::string> defined;
    for (const auto& zone : zones_in(object)) defined.insert(zone.at(0).value);
    CHECK(used == defined);
    if (!used.empty()) CHECK(used == std::set<std::string>{revision.event.timezone});
    CHECK(zones_in(object).size() == used.size());
    if (!used.empty()) {
      CHECK(object.calendar.find("BEGIN:VTIMEZONE") < object.calendar.find("BEGIN:VEVENT"));
    }
    names.insert(used.begin(), used.end());
  }
  CHECK(names.size() >= 6);
}

TEST_CASE("R43, R44: a VTIMEZONE is one yearly pair at most, without RDATE", "[compose]") {
  for (const auto& sample : samples()) {
    for (const auto& zone : zones_in(sample.object)) {
      const auto standard = count(zone, "BEGIN", "STANDARD");
      const auto daylight = count(zone, "BEGIN", "DAYLIGHT");
      CHECK(standard == 1);
      CHECK(daylight <= 1);
      for (const auto name : {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}) {
        CHECK(count(zone, name, "") == standard + daylight);
      }
      CHECK(count(zone, "RDATE", "") == 0);
      CHECK(count(zone, "RRULE", "") == (daylight == 0 ? 0 : 2));
      for (const Line& line : zone) {
        if (line.name != "RRULE") continue;
        const auto parts = text::split(line.value, ';');
        REQUIRE(parts.size() == 3);
        CHECK(parts[0] == "FREQ=YEARLY");
        CHECK(parts[1].starts_with("BYMONTH="));
        CHECK((parts[2].starts_with("BYDAY=") || parts[2].starts_with("BYMONTHDAY=")));
        CHECK_FALSE(has(line.value, ","));
      }
    }
  }
}

TEST_CASE("R45: a zone of one offset is one STANDARD without a rule", "[compose]") {
  Revision revision = invitation();
  revision.event.timezone = "Asia/Kolkata";
  const auto zone = zones_in(object_of(revision));
  REQUIRE(zone.size() == 1);
  CHECK(count(zone[0], "BEGIN", "STANDARD") == 1);
  CHECK(count(zone[0], "BEGIN", "DAYLIGHT") == 0);
  CHECK(count(zone[0], "RRULE", "") == 0);
  CHECK(count(zone[0], "TZOFFSETFROM", "+0530") == 1);
  CHECK(count(zone[0], "TZOFFSETTO", "+0530") == 1);
}

TEST_CASE("R46: where no yearly pair is right, one event goes out in UTC, a series not at all",
          "[compose]") {
  Revision revision = invitation();
  revision.event.timezone = "Africa/Casablanca";
  revision.event.start = wall("2029-12-28T18:30");
  revision.event.end = wall("2030-01-03T20:30");
  const Object object = object_of(revision);
  CHECK(is_utc(object.value("DTSTART")));
  CHECK(zones_in(object).empty());
  revision.event.rrule = "FREQ=MONTHLY;COUNT=60";
  const auto refused = Composer::prepare(revision, zones());
  REQUIRE_FALSE(refused);
  CHECK(has(refused.error().message, "Africa/Casablanca"));
}

TEST_CASE("R48: lines are at most 75 octets, folded by one space between characters", "[compose]") {
  std::size_t folds = 0;
  for (const auto& sample : samples()) {
    const std::string& calendar = sample.object.calendar;
    CHECK(calendar.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    for (std::size_t at = 0; at < calendar.size();) {
      const auto end = calendar.find("\r\n", at);
      REQUIRE(end != std::string::npos);
      const auto line = std::string_view(calendar).substr(at, end - at);
      CHECK((!line.empty() && line.size() <= 75));
      CHECK(text::is_utf8(line));
      CHECK(line.find_first_of("\r\n\t") == std::string_view::npos);
      folds += line.starts_with(' ') ? 1 : 0;
      at = end + 2;
    }
  }
  CHECK(folds > 1000);
}

TEST_CASE("R49: texts escape backslash, semicolon, comma and line end, and hold no other control",
          "[compose]") {
  Revision revision = invitation();
  revision.event.summary = "a\\b;c,d:\"e\"";
  revision.event.description = "one\r\ntwo\x01\x7f;";
  const Object object = object_of(revision);
  CHECK(object.value("SUMMARY") == "a\\\\b\\;c\\,d:\"e\"");
  CHECK(object.value("DESCRIPTION").starts_with("one\\ntwo\\;\\n\\n"));
  for (const auto& sample : samples()) CHECK(text::is_utf8(sample.object.calendar));
}

TEST_CASE("R50: names are quoted where they must be, and no caret escapes what follows",
          "[compose]") {
  Revision revision = invitation();
  revision.organizer_name = "A; B: C, \"D\"";
  CopyFields copy = fan();
  copy.name = "x^n^^'^\"^a^";
  const Object object = object_of(revision, copy);
  CHECK(object.parameters("ORGANIZER") == ";CN=\"A; B: C, 'D'\"");
  CHECK(has(object.parameters("ATTENDEE"), ";CN=xˆnˆˆ'ˆ'^a^;"));
  const auto read = parse_calendar(object.calendar, zones());
  REQUIRE((read && read->events.size() == 1));
  CHECK(read->events[0].attendees.at(0).name == "xˆnˆˆ'ˆ'^a^");
}

TEST_CASE("R51: links and addresses stand as they are, and free text is no URL", "[compose]") {
  Revision revision = invitation();
  revision.event.url = "https://league.example/f?a=1,2;b";
  revision.event.conference = "https://meet.example.com/j/1,2;3";
  const Object object = object_of(revision);
  CHECK(object.value("URL") == revision.event.url);
  CHECK(object.value("CONFERENCE") == revision.event.conference);
  for (const std::string words : {"see our page", "league.example", "https://a b"}) {
    revision.event.url = words;
    CHECK_FALSE(Composer::prepare(revision, zones()));
  }
}

TEST_CASE("R52, R65: no property of published calendars or of another product's state",
          "[compose]") {
  for (const auto& sample : samples()) {
    for (const Line& line : sample.object.lines) {
      INFO(line.name);
      for (const auto prefix : {"X-WR-", "X-GOOGLE", "X-APPLE", "X-MS-OLK", "X-LIC-"}) {
        CHECK_FALSE(line.name.starts_with(prefix));
      }
      for (const auto name : {"NAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE"}) {
        CHECK(line.name != name);
      }
    }
  }
}

TEST_CASE("R58: there is one DESCRIPTION of plain text, with the link to answer by", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    const std::string description = object.value("DESCRIPTION");
    const bool asks =
        revision.method == Method::request && revision.event.wants_answers && !revision.occurrence;
    CHECK(has(description, revision.base_url + "/r/" + copy.rsvp_token) == asks);
    if (revision.method == Method::request) CHECK((!asks || !description.empty()));
  }
  Revision revision = invitation();
  const std::string description = object_of(revision).value("DESCRIPTION");
  CHECK_FALSE(has(description, "<"));
  CHECK(has(description, "https://invite.example.com/r/RSVP-token_1"));
}

TEST_CASE("R58: the mail about one date has a DESCRIPTION, though no link answers for it",
          "[compose]") {
  Revision revision = series("FREQ=WEEKLY;COUNT=4");
  Override moved;
  moved.occurrence = {wall("2027-04-03T15:30")};
  moved.start = wall("2027-04-04T15:30");
  moved.end = wall("2027-04-04T17:15");
  revision.event.overrides = {moved};
  revision.occurrence = moved.occurrence;
  CopyFields copy = fan();
  copy.rsvp_token.clear();
  const Object object = object_of(revision, copy);
  CHECK(object.value("DESCRIPTION") == "This concerns only this one date of a series.");
  CHECK(has(object.plain, "only this one date"));
}

TEST_CASE("R61, R62: a composed series is one RRULE of a known form, never an RDATE", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    const bool repeats = !revision.event.rrule.empty() && !revision.occurrence;
    CHECK(object.of_event("RRULE").size() == (repeats ? 1 : 0));
    CHECK(object.all("RDATE").empty());
  }
}

TEST_CASE("R63: UNTIL is UTC, EXDATE is written like DTSTART and names a date of the rule",
          "[compose]") {
  Revision revision = series("FREQ=WEEKLY;UNTIL=20270626T153000");
  revision.event.exdates = {wall("2027-04-03T15:30"), wall("2027-04-05T15:30")};
  const Object object = object_of(revision);
  CHECK(object.value("RRULE") == "FREQ=WEEKLY;UNTIL=20270626T133000Z");
  CHECK(object.value("EXDATE") == "20270403T153000");  // the other one is no Saturday
  CHECK(object.parameters("EXDATE") == object.parameters("DTSTART"));
}

TEST_CASE("R64: texts name their language when it is known, and only they do", "[compose]") {
  for (const auto& [revision, copy, object] : samples()) {
    const std::string& language = revision.event.language;
    const std::string wanted = language.empty() ? "" : ";LANGUAGE=" + language;
    for (const Line& line : object.lines) {
      const bool words = line.name == "SUMMARY" || line.name == "LOCATION" ||
                         (line.name == "DESCRIPTION" && !line.parameters.empty());
      CHECK((words ? line.parameters : std::string()) == (words ? wanted : std::string()));
      if (!words) CHECK_FALSE(has(line.parameters, "LANGUAGE="));
    }
    CHECK(object.parameters("DESCRIPTION") == wanted);
  }
}
