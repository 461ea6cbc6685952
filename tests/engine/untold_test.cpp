// What a source may change without a mail to everybody who holds the event.
#include <catch2/catch.hpp>

#include "league.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

struct Source {
  std::string stamp = "20270101T000000Z";
  std::string lines;          ///< of the series
  std::string lines_of_date;  ///< of a changed date
};

std::string file_of(const Source& source) {
  const std::string begin =
      "BEGIN:VEVENT\r\nUID:weekly\r\nSUMMARY:Match\r\nSEQUENCE:1\r\nDTSTAMP:" + source.stamp +
      "\r\n";
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\n" + begin +
         "DTSTART;TZID=Europe/London:20270601T193000\r\nDTEND;TZID=Europe/"
         "London:20270601T213000\r\n"
         "RRULE:FREQ=WEEKLY;COUNT=4\r\n" +
         source.lines + "END:VEVENT\r\n" + begin +
         "RECURRENCE-ID;TZID=Europe/London:20270608T193000\r\n"
         "DTSTART;TZID=Europe/London:20270608T203000\r\nDTEND;TZID=Europe/"
         "London:20270608T213000\r\n" +
         source.lines_of_date + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

const std::string kLater = "20270102T000000Z";
const std::string kLink = "CONFERENCE:https://meet.example/1\r\n";
const std::string kHints =
    "TRANSP:TRANSPARENT\r\nX-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n";

/// What a source made of an event before links, alarms and the like were read.
Event stored_by_an_older_version(const Source& source) {
  League reader;
  Event event =
      *reader.engine->get_event(kScope, reader.ingest(file_of(source), "first.ics").at(0).event);
  event.conference.clear();
  event.reminder.reset();
  event.transparent = false;
  event.counters_allowed = true;
  event.overrides.at(0).conference.reset();
  return event;
}

/// An event that one person holds.
struct Held : League {
  explicit Held(const Source& source) {
    uid = ingest(file_of(source), "first.ics").at(0).event;
    mail_it();
  }
  explicit Held(const Event& event) {
    uid = engine->create_event(kScope, event).value().uid;
    mail_it();
  }
  void mail_it() {
    invite(uid, {"fan@example.com"});
    CHECK(mails() == 2);  // the series and its changed date
  }
  IngestOutcome take(const Source& source) {
    return ingest(file_of(source), "again.ics").at(0).outcome;
  }
  Event stored() { return *engine->get_event(kScope, uid); }
  std::size_t mails() { return dispatch(), sent.size(); }

  std::string uid;
};

}  // namespace

TEST_CASE("a source that changes its alarm, free time or counter-proposals alone mails nobody",
          "[engine]") {
  Held held{Source()};
  CHECK(held.take({kLater, kHints, ""}) == IngestOutcome::already_seen);
  CHECK(held.mails() == 0);
  CHECK(held.stored().reminder == 15min);
  CHECK(held.stored().transparent);
  CHECK_FALSE(held.stored().counters_allowed);
  CHECK(held.stored().sequence == 0);

  // What is told tells these too.
  CHECK(held.take({kLater, "LOCATION:Hall\r\n", ""}) == IngestOutcome::updated);
  CHECK(held.mails() == 2);
  CHECK_FALSE(held.stored().reminder);
  CHECK_FALSE(held.stored().transparent);

  // A program that changes them wants them told.
  Event event = held.stored();
  event.reminder = 30min;
  REQUIRE(held.engine->update_event(kScope, event));
  CHECK(held.mails() == 2);
}

TEST_CASE("a cancelled event whose source differs in its alarm alone is an event already seen",
          "[engine]") {
  Held held{Source()};
  REQUIRE(held.engine->cancel_event(kScope, held.uid));
  CHECK(held.take({kLater, "TRANSP:TRANSPARENT\r\n", ""}) == IngestOutcome::already_seen);
  CHECK(held.take({kLater, "LOCATION:Hall\r\n", ""}) == IngestOutcome::refused);
}

TEST_CASE("a source read again after an upgrade mails nobody what people were told by its texts",
          "[engine]") {
  const std::string text = "DESCRIPTION:Join at https://meet.example/1 in time\r\n";
  const Source same{Source().stamp, kHints + kLink, kLink};
  const Source exported_anew{kLater, kHints + kLink + text, kLink};
  for (const Source& source : {same, exported_anew}) {
    Source before = source;
    before.stamp = Source().stamp;
    Held held(stored_by_an_older_version(before));
    CHECK(held.take(source) == IngestOutcome::already_seen);
    CHECK(held.mails() == 0);
    CHECK(held.stored().conference == "https://meet.example/1");
    CHECK(held.stored().overrides.at(0).conference == "https://meet.example/1");
    CHECK(held.stored().reminder == 15min);
    CHECK(held.take({"20270103T000000Z", source.lines, ""}) == IngestOutcome::updated);
    CHECK(held.mails() == 1);
    CHECK_FALSE(League::property(held.sent.at(0), "RECURRENCE-ID").empty());
  }
}

TEST_CASE("a link that is news to people is told", "[engine]") {
  Held held{Source()};
  CHECK(held.take({kLater, kLink, kLink}) == IngestOutcome::updated);
  CHECK(held.mails() == 2);
  CHECK(held.take({kLater, "CONFERENCE:https://meet.example/2\r\n", kLink}) ==
        IngestOutcome::updated);
  CHECK(held.mails() == 2);
  CHECK(held.take({kLater, "", ""}) == IngestOutcome::updated);
  CHECK(held.mails() == 2);
}

TEST_CASE("another link of a date is told, also where no link of that date was known", "[engine]") {
  const std::string text = "DESCRIPTION:Join at https://meet.example/1 in time\r\n";
  const Source first{Source().stamp, kLink + text, kLink};
  Held held(stored_by_an_older_version(first));
  CHECK(held.take({kLater, kLink + text, "CONFERENCE:https://meet.example/other\r\n"}) ==
        IngestOutcome::updated);
  CHECK(held.mails() == 1);
  CHECK_FALSE(League::property(held.sent.at(0), "RECURRENCE-ID").empty());
}

TEST_CASE("a link that is the front of one in the texts is news", "[engine]") {
  const std::string text = "DESCRIPTION:Join at https://meet.example/12.\r\n";
  const Source first{Source().stamp, text, ""};
  Held held(stored_by_an_older_version(first));
  CHECK(held.take({kLater, kLink + text, ""}) == IngestOutcome::updated);
  CHECK(held.mails() > 0);
  Held same(stored_by_an_older_version(first));
  CHECK(same.take({kLater, "CONFERENCE:https://meet.example/12\r\n" + text, ""}) ==
        IngestOutcome::already_seen);
}
