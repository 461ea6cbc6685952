// Breaches of rules about the times, zones and rules; rules_test.cpp runs them.
#include "lint/breaches.hpp"

namespace calinvite::testing {

// clang-format off
const std::vector<Breach>& time_breaches() {
  static const std::vector<Breach> all = {
    {"an end before the start", "R39", error, single, {{In::calendar, "171500", "141500"}}, In::calendar, "DTEND",
     "DTEND"},
    {"DURATION", "R39", warning, single, {{In::calendar, "DTEND;TZID=Europe/Berlin:20270328T171500",
     "DURATION:PT1H45M"}}, In::calendar, "DURATION", "DURATION"},
    {"a day without length", "R40", warning, Sample::all_day, {{In::calendar, "20270503", "20270501"}},
     In::calendar, "DTEND", "DTEND"},
    {"an unmarked day", "R40", hint, Sample::all_day, {{In::calendar, day_mark, ""}}, In::calendar, "DTSTART",
     "DTSTART"},
    {"floating times", "R41", error, single, {{In::calendar, berlin, ""}, {In::calendar, ";TZID=Europe/Berlin",
     ""}}, In::calendar, "DTSTART", "DTSTART"},
    {"Z and TZID", "R41", warning, single, {comment("RECURRENCE-ID;TZID=Europe/Berlin:20270328T153000Z")},
     In::calendar, "RECURRENCE-ID", "RECURRENCE-ID", {"R74"}},
    {"a zone by reference", "R42", error, single, {{In::calendar, berlin, ""}}, In::calendar, "DTSTART", "DTSTART"},
    {"a zone after the event", "R42", warning, single, {{In::calendar, berlin, ""}, {In::calendar, "END:VEVENT\n",
     "END:VEVENT\n" + berlin}}, In::calendar, "BEGIN:VTIMEZONE", "VTIMEZONE"},
    {"a zone for nothing", "R42", hint, Sample::all_day, {{In::calendar, "BEGIN:VEVENT\n", berlin +
     "BEGIN:VEVENT\n"}}, In::calendar, "BEGIN:VTIMEZONE", "VTIMEZONE"},
    {"other offsets", "R43", error, single, {{In::calendar, "+0200", "+0300"}}, In::calendar, "DTSTART;TZID",
     "DTSTART", {}},
    {"two Sundays", "R43", warning, single, {{In::calendar, "3;BYDAY=-1SU", "3;BYDAY=-1SU,1SU"}}, In::calendar,
     "RRULE:FREQ=YEARLY;BYMONTH=3", "RRULE"},
    {"a rule and dates", "R44", error, single, {{In::calendar, "\nEND:STANDARD",
     "\nRDATE:19711031T030000\nEND:STANDARD"}}, In::calendar, "RDATE", "RDATE"},
    {"an invented summer", "R45", warning, Sample::all_day, {{In::calendar, "BEGIN:VEVENT\n",
     replaced(replaced(berlin, "Europe/Berlin", "Africa/Lagos"), "+0200", "+0100") + "BEGIN:VEVENT\n"}},
     In::calendar, "BEGIN:DAYLIGHT", "DAYLIGHT", {"R42"}},
    {"a Windows zone", "R47", warning, single, {{In::calendar, "Europe/Berlin", "W. Europe Standard Time"}},
     In::calendar, "DTSTART;TZID", "DTSTART"},
    {"a quoted zone", "R47", warning, single, {{In::calendar, "TZID=Europe/Berlin", "TZID=\"Europe/Berlin\""}},
     In::calendar, "DTSTART;TZID", "DTSTART"},
    {"several weekdays of the month", "R61", error, Sample::series, {{In::calendar, "FREQ=WEEKLY;BYDAY=SU",
     "FREQ=MONTHLY;BYDAY=-2SU,-1SU"}}, In::calendar, "RRULE:FREQ=MONTHLY", "RRULE"},
    {"RDATE alone", "R62", error, single, {comment("RDATE;TZID=Europe/Berlin:20270404T153000")}, In::calendar,
     "RDATE", "RDATE"},
    {"a start beside the rule", "R63", warning, Sample::series, {{In::calendar, "WEEKLY;BYDAY=SU",
     "WEEKLY;BYDAY=MO"}, {In::calendar, "EXDATE;TZID=Europe/Berlin:20270425",
     "EXDATE;TZID=Europe/Berlin:20270426"}}, In::calendar, "RRULE:FREQ=WEEKLY", "RRULE"},
    {"an exception that is none", "R63", warning, Sample::series, {{In::calendar, "0425T153000", "0425T163000"}},
     In::calendar, "EXDATE", "EXDATE"},
    {"UNTIL in local time", "R63", warning, Sample::series, {{In::calendar, "133000Z", "133000"}}, In::calendar,
     "RRULE:FREQ=WEEKLY", "RRULE"},
    {"a rule for one date", "R73", error, Sample::instance, {{In::calendar, "SUMMARY",
     "RRULE:FREQ=DAILY;COUNT=2\nSUMMARY"}}, In::calendar, "RRULE:FREQ=DAILY", "RRULE"},
    {"a date to be changed", "R74", warning, Sample::instance, {{In::calendar,
     "RECURRENCE-ID;TZID=Europe/Berlin:20270327T153000", "RECURRENCE-ID;VALUE=DATE:20270327"}}, In::calendar,
     "RECURRENCE-ID", "RECURRENCE-ID"},
  };
  return all;
}
// clang-format on

}  // namespace calinvite::testing
