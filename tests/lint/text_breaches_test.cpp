// Breaches of rules about the lines and texts of the calendar; rules_test.cpp runs them.
#include "lint/breaches.hpp"

namespace calinvite::testing {

namespace {

std::string folded_text(std::size_t rows) {
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) text += "\n " + letters(70);
  return text;
}

}  // namespace

// clang-format off
const std::vector<Breach>& text_breaches() {
  static const std::vector<Breach> all = {
    {"text at the end", "R48", warning, single, {{In::calendar, "END:VCALENDAR\n", "END:VCALENDAR\nX-MORE:1\n"}},
     In::calendar, "X-MORE", ""},
    {"a long line", "R48", warning, single, {comment("X-LONG:" + letters(75))}, In::calendar, "X-LONG", ""},
    {"half a letter", "R48", warning, single, {comment("COMMENT:caf\xc3\n \xa9")}, In::calendar, " \xa9", ""},
    {"a fold without its blank", "R48", warning, single, {comment("COMMENT:a\nb c")}, In::calendar, "b c", ""},
    {"a tab", "R48", hint, single, {comment("COMMENT:a\n\tb")}, In::calendar, "\tb", ""},
    {"a control character", "R49", error, single, {comment("COMMENT:a\x01")}, In::calendar, "COMMENT", ""},
    {"a byte order mark", "R49", error, single, {{In::calendar, "BEGIN:VCALENDAR", "\xef\xbb\xbf"
     "BEGIN:VCALENDAR"}}, In::calendar, "", ""},
    {"an escaped colon", "R49", warning, single, {comment("COMMENT:a\\:b")}, In::calendar, "COMMENT", "COMMENT"},
    {"a comma", "R49", warning, single, {comment("COMMENT:a,b")}, In::calendar, "COMMENT", "COMMENT"},
    {"a comma in a name", "R50", warning, single, {{In::calendar, "CN=Fan", "CN=Fan, One"}}, In::calendar,
     "ATTENDEE", "ATTENDEE"},
    {"a colon in a name", "R50", warning, single, {{In::calendar, "CN=Fan;X-NUM-GUESTS=0",
     "X-NUM-GUESTS=0;CN=Fan: One"}}, In::calendar, "ATTENDEE", "ATTENDEE", {"R34"}},
    {"a caret", "R50", hint, single, {{In::calendar, "CN=Fan", "CN=Fan^'s"}}, In::calendar, "ATTENDEE", "ATTENDEE"},
    {"no scheme", "R51", warning, single, {comment("URL:league.example")}, In::calendar, "URL", "URL"},
    {"a sound", "R54", warning, single, {{In::calendar, "END:VEVENT",
     "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT"}}, In::calendar, "BEGIN:VALARM",
     "VALARM"},
    {"a file within", "R55", warning, single, {comment("ATTACH:cid:plan@example.com")}, In::calendar, "ATTACH",
     "ATTACH"},
    {"no FMTTYPE", "R55", hint, single, {comment("ATTACH:https://league.example/plan")}, In::calendar, "ATTACH",
     "ATTACH"},
    {"a conference alone", "R56", warning, single, {comment("CONFERENCE;VALUE=URI:https://meet.example/1")},
     In::calendar, "CONFERENCE", "CONFERENCE"},
    {"no place", "R57", hint, single, {{In::calendar, "Harbour Ground", "Online"}, {In::plain, "Harbour Ground", "Online"}, {In::html, "Harbour Ground", "Online"}}, In::calendar, "LOCATION",
     "LOCATION"},
    {"tags", "R58", warning, single, {{In::calendar, "en:Answer", "en:<b>Answer</b>"}}, In::calendar, "DESCRIPTION",
     "DESCRIPTION"},
    {"no link", "R58", hint, single, {{In::calendar, "https://invite.example.com/r/t", "yes"}}, In::calendar,
     "DESCRIPTION", "DESCRIPTION"},
    {"rich text of no type", "R59", hint, single, {comment("X-ALT-DESC:<b>Match</b>")}, In::calendar, "X-ALT-DESC",
     "X-ALT-DESC"},
    {"a long text", "R60", hint, single, {{In::calendar, "/r/t\n", "/r/t" + folded_text(72) + "\n"}}, In::calendar,
     "DESCRIPTION", "DESCRIPTION"},
    {"a title of no language", "R64", hint, single, {{In::calendar, "SUMMARY;LANGUAGE=en", "SUMMARY"}},
     In::calendar, "SUMMARY", "SUMMARY"},
    {"an override", "R150", warning, single, {{In::calendar, "CN=Fan", "CN=F\u202e"}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
    {"what hides in a name", "R150", warning, single, {{In::calendar, "CN=Fan", "CN=F\u206fan"}}, In::calendar, "ATTENDEE",
     "ATTENDEE"},
  };
  return all;
}
// clang-format on

}  // namespace calinvite::testing
