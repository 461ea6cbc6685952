/// What an organizer may say besides: join link, reminder, free time, answers, counter-proposals,
/// places and long descriptions (R36, R53 to R60, R83).
#include "compose/objects.hpp"
#include "counting.hpp"

using namespace objects;
using namespace std::chrono_literals;
using calinvite::testing::count;

namespace {

const std::string room = "https://meet.example.com/j/42?pwd=a,b;c";

Object cancelled(Revision revision) {
  revision.method = Method::cancel;
  CopyFields copy = fan();
  copy.rsvp_token.clear();
  return object_of(revision, copy);
}

}  // namespace

TEST_CASE("R36: RSVP=FALSE and nothing to answer by, only where no answers are wanted",
          "[compose]") {
  Revision revision = invitation();
  CHECK_FALSE(has(object_of(revision).calendar, "RSVP=FALSE"));
  revision.event.wants_answers = false;
  CopyFields silent = fan();
  silent.rsvp_token.clear();
  for (const CopyFields& copy : {fan(), silent}) {
    const Object object = object_of(revision, copy);
    CHECK(has(object.parameters("ATTENDEE"), ";PARTSTAT=NEEDS-ACTION;RSVP=FALSE;"));
    CHECK_FALSE(has(object.value("DESCRIPTION"), "/r/"));
    for (const auto& text : {object.plain, object.html}) {
      CHECK_FALSE(has(text, "answer="));
      CHECK_FALSE(has(text, "Will you take part?"));
      CHECK_FALSE(has(text, "choose Yes"));
    }
    CHECK(has(object.plain, "/invite.ics") == !copy.rsvp_token.empty());
  }
  CHECK_FALSE(has(cancelled(revision).calendar, "RSVP"));
}

TEST_CASE("R53: Microsoft's hints say how the time shows and whether others may be proposed",
          "[compose]") {
  Revision revision = invitation();
  const Object busy = object_of(revision);
  revision.event.transparent = true;
  revision.event.counters_allowed = false;
  const Object free = object_of(revision);

  CHECK(busy.value("TRANSP") == "OPAQUE");
  CHECK(busy.value("X-MICROSOFT-CDO-INTENDEDSTATUS") == "BUSY");
  CHECK(busy.of_event("X-MICROSOFT-DISALLOW-COUNTER").empty());
  CHECK(free.value("TRANSP") == "TRANSPARENT");
  CHECK(free.value("X-MICROSOFT-CDO-INTENDEDSTATUS") == "FREE");
  CHECK(free.value("X-MICROSOFT-DISALLOW-COUNTER") == "TRUE");
  for (const Object& object : {busy, free}) {
    CHECK(object.value("X-MICROSOFT-CDO-BUSYSTATUS") == "TENTATIVE");
    CHECK(object.value("X-MICROSOFT-CDO-IMPORTANCE") == "1");
  }
}

TEST_CASE("R54: a reminder is one DISPLAY alarm before the start, in no cancellation",
          "[compose]") {
  Revision revision = invitation();
  CHECK_FALSE(has(object_of(revision).calendar, "VALARM"));
  for (const auto& [lead, trigger] : {std::pair(0min, "-PT0M"), {90min, "-PT90M"}}) {
    revision.event.reminder = lead;
    const Object object = object_of(revision);
    CHECK(has(object.calendar, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:" + std::string(trigger) +
                                   "\r\nDESCRIPTION:Round 1\r\nEND:VALARM\r\nEND:VEVENT\r\n"));
    CHECK(count(object.calendar, "BEGIN:VALARM") == 1);
    CHECK_FALSE(has(cancelled(revision).calendar, "VALARM"));
  }
}

TEST_CASE("R54: an alarm that we wrote reads as the same reminder", "[compose]") {
  Revision revision = invitation();
  revision.event.reminder = 45min;
  revision.event.transparent = true;
  revision.event.counters_allowed = false;
  revision.event.conference = room;
  const auto read = parse_calendar(object_of(revision).calendar, zones());
  REQUIRE((read && read->events.size() == 1));
  const Event& event = read->events[0].event;
  CHECK(event.reminder == 45min);
  CHECK(event.transparent);
  CHECK_FALSE(event.counters_allowed);
  CHECK(event.conference == room);
}

TEST_CASE("R55: what an organizer attached never passes through", "[compose]") {
  const auto read = parse_calendar(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a-1\r\n"
      "DTSTAMP:20270101T000000Z\r\nDTSTART:20270328T150000Z\r\nDTEND:20270328T160000Z\r\n"
      "SUMMARY:Round 1\r\nATTACH;VALUE=BINARY;ENCODING=BASE64:aGlkZGVu\r\nATTACH:cid:part3@x\r\n"
      "ATTACH;FMTTYPE=text/plain:https://files.example/plan.txt\r\n"
      "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nATTACH:cid:sound@x\r\nEND:VALARM\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n",
      zones());
  REQUIRE((read && read->events.size() == 1));
  Revision revision = invitation();
  revision.event = read->events[0].event;
  revision.event.uid = "ev-1";
  const Object object = object_of(revision);

  CHECK(object.value("SUMMARY") == "Round 1");
  for (const auto part : {"ATTACH", "aGlkZGVu", "cid:", "plan.txt"}) {
    CHECK_FALSE(has(object.calendar, part));
    CHECK_FALSE(has(object.plain + object.html, part));
  }
}

TEST_CASE("R56: a join link stands in CONFERENCE, DESCRIPTION, both texts, and as place of none",
          "[compose]") {
  Revision revision = invitation();
  revision.event.conference = room;
  const Object both = object_of(revision);
  revision.event.location.clear();
  const Object online = object_of(revision);

  for (const Object& object : {both, online}) {
    CHECK(object.value("CONFERENCE") == room);
    CHECK(object.parameters("CONFERENCE") == ";VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Join online");
    CHECK(has(object.value("DESCRIPTION"),
              "Join online\\nhttps://meet.example.com/j/42?pwd=a\\,b\\;c\\n"));
    CHECK(has(object.plain, "Join online: " + room + "\r\n"));
    CHECK(has(object.html, "<a href=\"" + room + "\" ses:no-track>"));
  }
  CHECK(both.value("LOCATION") == "Harbour Ground");
  CHECK(has(both.plain, "Where: Harbour Ground\r\n"));
  CHECK(online.value("LOCATION") == "https://meet.example.com/j/42?pwd=a\\,b\\;c");
  CHECK_FALSE(has(online.plain, "Where:"));
  const Object off = cancelled(revision);
  CHECK_FALSE(has(off.calendar + off.plain + off.html, "meet.example.com"));
}

TEST_CASE("R56: one date of a series is joined by its own link, or none, or the series'",
          "[compose]") {
  Revision revision = invitation();
  revision.event.rrule = "FREQ=WEEKLY;COUNT=4";
  revision.event.conference = room;
  Override moved;
  moved.occurrence = {revision.event.start + std::chrono::days(7)};
  moved.start = moved.occurrence.original_start + 2h;
  moved.end = moved.start + 1h;
  revision.occurrence = moved.occurrence;
  const auto object_with = [&](const std::optional<std::string>& link) {
    moved.conference = link;
    revision.event.overrides = {moved};
    return object_of(revision);
  };
  const Object own = object_with("https://meet.example.com/own");
  const Object none = object_with("");
  const Object series = object_with(std::nullopt);

  CHECK(own.value("CONFERENCE") == "https://meet.example.com/own");
  CHECK(own.value("LOCATION") == "https://meet.example.com/own");
  CHECK(has(own.value("DESCRIPTION"), "https://meet.example.com/own"));
  CHECK(has(own.plain, "Join online: https://meet.example.com/own\r\n"));
  CHECK(has(own.html, "<a href=\"https://meet.example.com/own\" ses:no-track>"));
  CHECK_FALSE(has(own.calendar + own.plain + own.html, "/j/42"));
  CHECK_FALSE(has(none.calendar + none.plain + none.html, "meet.example.com"));
  CHECK(series.value("CONFERENCE") == room);
  CHECK(has(series.plain, "Join online: " + room + "\r\n"));
}

TEST_CASE("R56: a link that the description has already is not said twice", "[compose]") {
  Revision revision = invitation();
  revision.event.conference = room;
  revision.event.description = "Join at " + room;
  CHECK(count(object_of(revision).value("DESCRIPTION"), "meet.example.com") == 1);
}

TEST_CASE("R10, R56: an update tells of another join link", "[compose]") {
  Revision revision = invitation();
  revision.before = revision.event;
  revision.event.conference = room;
  CopyFields copy = fan();
  copy.first = false;
  CHECK(has(object_of(revision, copy).plain, "* Join online: – → " + room));
}

TEST_CASE("R10, R57: a word for a way to meet that makes room for its link is no other place",
          "[compose]") {
  Revision revision = invitation();
  revision.event.location = "Online";
  revision.before = revision.event;
  revision.event.conference = room;
  CopyFields copy = fan();
  copy.first = false;
  const Object joined = object_of(revision, copy);
  CHECK(has(joined.plain, "* Join online: – → " + room));
  CHECK_FALSE(has(joined.plain + joined.html, "Where"));

  revision.event.location = "Harbour Ground";
  CHECK(has(object_of(revision, copy).plain, "* Where: Online → Harbour Ground"));
  revision.before = revision.event;
  revision.event.location = "Online";
  CHECK(has(object_of(revision, copy).plain, "* Where: Harbour Ground → –"));
}

TEST_CASE("R57: a word for a way to meet is no LOCATION", "[compose]") {
  for (const auto word : {"Online", " virtual ", "ZOOM", "Microsoft Teams Meeting", "TBD"}) {
    INFO(word);
    Revision revision = invitation();
    revision.event.location = word;
    const Object object = object_of(revision);
    CHECK(object.of_event("LOCATION").empty());
    // Nothing else tells readers that there is no place to go to.
    CHECK(has(object.plain, "Where: " + std::string(text::trim(word)) + "\r\n"));
    revision.event.conference = room;
    CHECK(has(object_of(revision).value("LOCATION"), "meet.example.com"));
    CHECK_FALSE(has(object_of(revision).plain, "Where:"));
  }
  Revision revision = invitation();
  revision.event.location = "Online Street 5";
  CHECK(object_of(revision).value("LOCATION") == "Online Street 5");
}

TEST_CASE("R59: texts and DESCRIPTION tell the same, and no rich text stands in the object",
          "[compose]") {
  Revision revision = invitation();
  revision.event.conference = room;
  revision.event.url = "https://league.example/1";
  const Object object = object_of(revision);
  const auto read = parse_calendar(object.calendar, zones());
  REQUIRE((read && read->events.size() == 1));
  for (const auto fact : {"Bring a scarf.", room.c_str(), "https://league.example/1",
                          "https://invite.example.com/r/RSVP-token_1"}) {
    CHECK(has(read->events[0].event.description, fact));
    CHECK(has(object.plain, fact));
    CHECK(has(object.html, fact));
  }
  CHECK(object.all("X-ALT-DESC").empty());
  CHECK(object.all("STYLED-DESCRIPTION").empty());
}

TEST_CASE("R60: a description is cut at the domain's limit, between characters as readers see them",
          "[compose]") {
  Revision revision = invitation();
  revision.description_limit = 10;
  const auto shown = [&](const std::string& description) {
    revision.event.description = description;
    const auto text = object_of(revision).value("DESCRIPTION");
    return text.substr(0, text.find("\\n"));
  };
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
  CHECK(shown("0123456789") == "0123456789");
  CHECK(shown("0123456789a") == "0123456789…");
  CHECK(shown("01234567é" + std::string("éé")) == "01234567éé…");
  CHECK(shown("0123456789\u0301x") == "012345678…");  // the accent belongs to the 9
  CHECK(shown("01234567" + family + "x") == "01234567…");
  CHECK(has(object_of(revision).value("DESCRIPTION"),
            "Full details:\\nhttps://invite.example.com/r/RSVP-token_1"));
  revision.description_limit = Domain().description_limit;
  revision.event.description = std::string(5000, 'x');
  const Object object = object_of(revision);
  CHECK(has(object.value("DESCRIPTION"), std::string(4000, 'x') + "…\\n"));
  CHECK(has(object.plain, std::string(4000, 'x') + "…"));
}

TEST_CASE("R83: STATUS:CANCELLED tells one who is uninvited, unless the domain says otherwise",
          "[compose]") {
  Revision revision = invitation();
  CHECK(cancelled(revision).value("STATUS") == "CANCELLED");
  revision.cancelled_status_on_uninvite = false;
  CHECK(cancelled(revision).of_event("STATUS").empty());
  revision.event.status = EventStatus::cancelled;
  CHECK(cancelled(revision).value("STATUS") == "CANCELLED");
}
