// Breaches of rules about the calendar object and its people; rules_test.cpp runs them.
#include "lint/breaches.hpp"

namespace calinvite::testing {

namespace {

const std::string organizer = "fixtures+abcdefgh23456777@reply.example.com";

}  // namespace

// clang-format off
const std::vector<Breach>& object_breaches() {
  static const std::vector<Breach> all = {
    {"two calendars", "R4", error, single, {{In::calendar, "END:VCALENDAR\n",
     "END:VCALENDAR\nBEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x\nCALSCALE:GREGORIAN\n"
     "METHOD:REPLY\nEND:VCALENDAR\n"}}, In::calendar, "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x", "VCALENDAR"},
    {"CR CR LF", "R8", error, single, {{In::calendar, "SEQUENCE:1\n", "SEQUENCE:1\r\n"}}, In::calendar, "SEQUENCE",
     ""},
    {"a query in ORGANIZER", "R21", error, single, {{In::calendar, "reply.example.com\n",
     "reply.example.com?x=1\n"}}, In::calendar, "ORGANIZER", "ORGANIZER", {"R20", "R27"}},
    {"a nameless organizer", "R21", hint, single, {{In::calendar, ";CN=League", ""}}, In::calendar, "ORGANIZER",
     "ORGANIZER"},
    {"a consumer domain", "R24", warning, single, {{In::calendar, "@reply.example.com", "@gmail.com"}, {In::mail,
     "@reply.example.com", "@gmail.com"}}, In::calendar, "ORGANIZER", "ORGANIZER"},
    {"a long local part", "R25", error, single, {{In::calendar, "fixtures+abcdefgh23456777", "\n " + letters(65) +
     "\n "}, {In::mail, "League <fixtures+abcdefgh23456777", "\n <" + letters(65)}}, In::calendar, "ORGANIZER",
     "ORGANIZER"},
    {"upper case in a token", "R26", hint, single, {{In::calendar, "+abcdefgh", "+ABCDEFGH"}, {In::mail,
     "+abcdefgh", "+ABCDEFGH"}}, In::calendar, "ORGANIZER", "ORGANIZER"},
    {"SENT-BY", "R28", warning, single, {{In::calendar, "ORGANIZER;",
     "ORGANIZER;SENT-BY=\"mailto:b@example.com\"\n ;"}}, In::calendar, "ORGANIZER", "ORGANIZER"},
    {"invited by oneself", "R29", error, single, {{In::calendar, "fan1@example.org", "\n " + organizer}, {In::mail,
     "fan1@example.org", organizer}}, In::calendar, "ATTENDEE", "ATTENDEE"},
    {"an Exchange UID", "R30", error, single, {{In::calendar, "UID:sample",
     "UID:040000008200E00074C5B7101A82E008"}}, In::calendar, "UID", "UID"},
    {"a short UID", "R30", warning, single, {{In::calendar, "UID:sample-0123456789abcdef", "UID:1"}}, In::calendar,
     "UID", "UID"},
    {"an address in UID", "R30", hint, single, {{In::calendar, "UID:sample", "UID:fan1@example.org"}}, In::calendar,
     "UID", "UID"},
    {"no METHOD", "R31", error, single, {{In::calendar, "METHOD:REQUEST\n", ""}}, In::calendar, "BEGIN:VCALENDAR",
     "METHOD"},
    {"METHOD in VEVENT", "R31", error, single, {{In::calendar, "METHOD:REQUEST\n", ""}, comment("METHOD:REQUEST")},
     In::calendar, "METHOD", "METHOD"},
    {"no VERSION", "R31", warning, single, {{In::calendar, "VERSION:2.0\n", ""}}, In::calendar, "BEGIN:VCALENDAR",
     "VERSION"},
    {"no CALSCALE", "R31", hint, single, {{In::calendar, "CALSCALE:GREGORIAN\n", ""}}, In::calendar,
     "BEGIN:VCALENDAR", "CALSCALE"},
    {"PUBLISH", "R32", error, single, {{In::calendar, "METHOD:REQUEST", "METHOD:PUBLISH"}, {In::mail, "=REQUEST",
     "=PUBLISH"}}, In::calendar, "METHOD", "METHOD"},
    {"no DTSTAMP", "R33", error, single, {{In::calendar, "DTSTAMP:20270101T120000Z\n", ""}}, In::calendar,
     "BEGIN:VEVENT", "DTSTAMP"},
    {"two titles", "R33", warning, single, {comment("SUMMARY;LANGUAGE=en:Harbour v Hill")}, In::calendar,
     "SUMMARY;LANGUAGE=en:Harbour v Hill\nDESCRIPTION", "SUMMARY"},
    {"TENTATIVE", "R33", hint, single, {{In::calendar, "STATUS:CONF", "STATUS:TENTATIVE\nX-A:"}}, In::calendar,
     "STATUS:", "STATUS"},
    {"somebody else's copy", "R34", error, single, {{In::mail, "fan1@", "fan2@"}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"no ROLE", "R34", warning, single, {{In::calendar, "ROLE=REQ-PARTICIPANT;", ""}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"no X-NUM-GUESTS", "R34", hint, single, {{In::calendar, ";X-NUM-GUESTS=0", ""}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"two people", "R35", warning, single, {comment("ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:ann@example.org")},
     In::calendar, "ATTENDEE;CUTYPE", "ATTENDEE"},
    {"RSVP=FALSE", "R36", hint, single, {{In::calendar, "RSVP=TRUE", "RSVP=FALSE"}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"a local DTSTAMP", "R37", warning, single, {{In::calendar, "0101T120000Z", "0101T120000"}}, In::calendar,
     "DTSTAMP", "DTSTAMP"},
    {"two events", "R38", error, single, {{In::calendar, "BEGIN:VEVENT\n",
     "BEGIN:VEVENT\nUID:another-0123456789abc\nDTSTAMP:20270101T120000Z\nSEQUENCE:1\n"
     "STATUS:CONFIRMED\nDTSTART:20270101T120000Z\nDTEND:20270101T130000Z\nSUMMARY:Harbour v " "Hill\n"
     "DESCRIPTION:https://invite.example.com\n"
     "ORGANIZER;CN=League:mailto:fixtures+abcdefgh23456777@reply.example.com\n"
     "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;\n"
     " RSVP=TRUE;CN=Fan;X-NUM-GUESTS=0:mailto:fan1@example.org\n" + asking + "END:VEVENT\nBEGIN:VEVENT\n"}},
     In::calendar, "BEGIN:VEVENT\nUID:sample", "VEVENT"},
    {"no place of its own", "R52", hint, single, {{In::calendar, "METHOD:REQUEST\n",
     "METHOD:REQUEST\nX-WR-CALNAME:Fixtures\n"}}, In::calendar, "X-WR-CALNAME", "X-WR-CALNAME"},
    {"no BUSYSTATUS", "R53", hint, single, {{In::calendar, "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\n", ""}},
     In::calendar, "BEGIN:VEVENT", "X-MICROSOFT-CDO"},
    {"a translated word", "R64", warning, single, {{In::calendar, "OPAQUE", "OPAK"}}, In::calendar, "TRANSP",
     "TRANSP"},
    {"Google's state", "R65", hint, single, {comment("X-GOOGLE-CONFERENCE:https://x.example")}, In::calendar,
     "X-GOOGLE-CONFERENCE", "X-GOOGLE-CONFERENCE"},
    {"a negative SEQUENCE", "R69", error, single, {{In::calendar, "SEQUENCE:1", "SEQUENCE:-1"}}, In::calendar,
     "SEQUENCE", "SEQUENCE"},
    {"a timestamp as SEQUENCE", "R69", warning, single, {{In::calendar, "SEQUENCE:1", "SEQUENCE:1798761600"}},
     In::calendar, "SEQUENCE", "SEQUENCE"},
    {"asked again", "R72", warning, single, {{In::calendar, "NEEDS-ACTION", "ACCEPTED"}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"ADD", "R76", error, single, {{In::calendar, "METHOD:REQUEST", "METHOD:ADD"}, {In::mail, "=REQUEST", "=ADD"}},
     In::calendar, "METHOD", "METHOD"},
    {"a cancellation that is confirmed", "R82", error, Sample::cancel, {{In::calendar, "STATUS:CANCELLED",
     "STATUS:CONFIRMED"}}, In::calendar, "STATUS", "STATUS"},
    {"a cancellation without a word of it", "R83", warning, Sample::cancel, {{In::calendar, "STATUS:CANCELLED\n", ""}}, In::calendar,
     "BEGIN:VEVENT", "STATUS"},
    {"a cancelled request", "R82", error, single, {{In::calendar, "STATUS:CONFIRMED", "STATUS:CANCELLED"}},
     In::calendar, "STATUS", "STATUS"},
    {"SEQUENCE 0", "R82", error, Sample::cancel, {{In::calendar, "SEQUENCE:1", "SEQUENCE:0"}}, In::calendar,
     "SEQUENCE", "SEQUENCE"},
    {"a nameless cancellation", "R82", warning, Sample::cancel, {{In::calendar,
     "SUMMARY;LANGUAGE=en:Harbour v Hill\n", ""}}, In::calendar, "BEGIN:VEVENT", "SUMMARY"},
    {"a cancellation that asks", "R84", warning, Sample::cancel, {{In::calendar, " CN=Fan", " RSVP=TRUE;CN=Fan"}},
     In::calendar, "ATTENDEE", "ATTENDEE"},
    {"a cancellation with an answer link", "R84", warning, Sample::cancel, {{In::plain, "/r/t",
     "/r/t?answer=accepted"}}, In::plain, "", ""},
  };
  return all;
}
// clang-format on

}  // namespace calinvite::testing
