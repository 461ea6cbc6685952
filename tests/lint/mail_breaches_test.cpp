// Breaches of rules about the mail around the calendar; rules_test.cpp runs them.
#include "lint/breaches.hpp"

namespace calinvite::testing {

namespace {

const std::string type_of_calendar = "Content-Type: text/calendar; charset=UTF-8; method=REQUEST";
const std::string html_answer = "<a href=\"https://invite.example.com/r/t\" ses:no-track>";

Change html_link(const std::string& url) {
  return {In::html, "</body>", "<a href=\"" + url + "\" ses:no-track>Add</a></body>"};
}

}  // namespace

// clang-format off
const std::vector<Breach>& mail_breaches() {
  static const std::vector<Breach> all = {
    {"no calendar", "R1", error, single, {{In::mail, "text/calendar", "text/x-other"}, {In::mail, "application/ics",
     "application/x-other"}, {In::mail, "invite.ics", "invite.bin"}}, In::mail, "", ""},
    {"not mixed", "R1", warning, single, {{In::mail, "multipart/mixed", "multipart/related"}}, In::mail,
     "Content-Type: multipart/related", "Content-Type"},
    {"no HTML", "R2", warning, single, {{In::mail, "text/html", "text/enriched"}}, In::mail,
     "Content-Type: multipart/alternative", "Content-Type"},
    {"no method", "R3", error, single, {{In::mail, "; method=REQUEST", ""}}, In::mail,
     "Content-Type: text/calendar", "Content-Type"},
    {"another method", "R3", error, single, {{In::mail, "method=REQUEST", "method=PUBLISH"}}, In::mail,
     "Content-Type: text/calendar", "Content-Type"},
    {"another charset", "R3", warning, single, {{In::mail, "UTF-8; method", "us-ascii; method"}}, In::mail,
     "Content-Type: text/calendar", "Content-Type"},
    {"quoted method", "R3", hint, single, {{In::mail, "method=REQUEST", "method=\"REQUEST\""}}, In::mail,
     "Content-Type: text/calendar", "Content-Type"},
    {"disposition and id", "R5", error, single, {{In::mail, type_of_calendar, type_of_calendar +
     "\nContent-Disposition: inline\nContent-ID: <c@example.com>"}}, In::mail, "Content-Disposition: inline",
     "Content-Disposition"},
    {"disposition", "R5", warning, single, {{In::mail, type_of_calendar, type_of_calendar +
     "\nContent-Disposition: inline"}}, In::mail, "Content-Disposition: inline", "Content-Disposition"},
    {"attachment with method", "R6", error, single, {{In::mail, "application/ics;",
     "application/ics; method=REQUEST;"}}, In::mail, "Content-Type: application/ics", "Content-Type"},
    {"attachment of another type", "R6", warning, single, {{In::mail, "application/ics",
     "application/octet-stream"}}, In::mail, "Content-Type: application/octet-stream", "Content-Type"},
    {"another UID attached", "R7", error, single, {{In::attached, "UID:sample", "UID:simple"}}, In::mail,
     "Content-Type: application/ics", "Content-Type"},
    {"another title attached", "R7", warning, single, {{In::attached, "Harbour v Hill", "Hill v Harbour"}},
     In::mail, "Content-Type: application/ics", "Content-Type"},
    {"8bit", "R8", warning, single, {{In::mail, "base64\n\n{CALENDAR}", "8bit\n\n{RAW}"}}, In::mail,
     "Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding"},
    {"7bit", "R8", hint, single, {{In::mail, "base64\n\n{CALENDAR}", "7bit\n\n{RAW}"}}, In::mail,
     "Content-Transfer-Encoding: 7bit", "Content-Transfer-Encoding"},
    {"another class", "R9", hint, single, {{In::mail, "classes:calendarmessage", "classes:message"}}, In::mail,
     "Content-class", "Content-class"},
    {"text without the title", "R10", warning, single, {{In::plain, "Harbour v Hill", "A match"}}, In::plain, "",
     ""},
    {"HTML without the place", "R10", warning, single, {{In::html, "Harbour Ground", ""}}, In::html, "", ""},
    {"HTML without a link", "R10", warning, single, {{In::html, html_answer + "Answer</a>", "Answer"}}, In::html,
     "", ""},
    {"Cc", "R11", warning, single, {{In::mail, "Subject", "Cc: Ann <ann@example.org>\nSubject"}}, In::mail,
     "Cc: Ann", "Cc"},
    {"two subjects", "R12", error, single, {{In::mail, "Date: ", "SUBJECT: Again\nDate: "}}, In::mail,
     "SUBJECT: Again", "SUBJECT"},
    {"raw letters", "R14", error, single, {{In::mail, "Subject: Inv", "Subject: \xc3\xa9nv"}}, In::mail, "Subject",
     "Subject"},
    {"a line of 1000", "R14", error, single, {{In::mail, "Date: ", "X-Long: " + letters(1000) + "\nDate: "}},
     In::mail, "X-Long", ""},
    {"a lone LF", "R14", warning, single, {{In::raw, "auto-generated\r\n", "auto-generated\n"}}, In::mail,
     "Auto-Submitted", ""},
    {"a long subject", "R14", hint, single, {{In::mail, "Subject: ", "Subject: A " + letters(70) + ' '}}, In::mail,
     "Subject", "Subject"},
    {"LF everywhere", "R14", hint, single, {{In::raw, "\r\n", "\n"}}, In::mail, "", ""},
    {"no Auto-Submitted", "R16", hint, single, {{In::mail, "Auto-Submitted: auto-generated\n", ""}}, In::mail, "",
     "Auto-Submitted"},
    {"letters in an address", "R17", error, single, {{In::mail, "<fan1@", "<f\xc3\xa4n@"}}, In::mail, "To: ", "To",
     {"R14", "R34"}},
    {"AMP", "R18", warning, single, {{In::mail, "--inner\nContent-Type: text/html",
     "--inner\nContent-Type: text/x-amp-html\n\nx\n--inner\nContent-Type: text/html"}}, In::mail,
     "Content-Type: text/x-amp-html", "Content-Type", {"R2"}},
    {"an action", "R18", hint, single, {{In::html, "<h1>",
     "<i itemtype=\"http://schema.org/RsvpAction\"></i><h1>"}}, In::html, "RsvpAction", ""},
    {"long HTML", "R19", warning, single, {{In::html, "</body>", letters(95'000) + "</body>"}}, In::html, "", ""},
    {"another From", "R20", error, single, {{In::mail, "From: League <fixtures", "From: League <Fixtures"}},
     In::mail, "From: ", "From"},
    {"another Reply-To", "R27", warning, single, {{In::mail, "Reply-To: League <fixtures",
     "Reply-To: League <others"}}, In::mail, "Reply-To", "Reply-To"},
    {"a Sender", "R28", warning, single, {{In::mail, "Subject: ", "Sender: bulk@example.com\nSubject: "}}, In::mail,
     "Sender", "Sender"},
    {"plain http", "R121", warning, single, {{In::plain, "https://", "http://"}}, In::plain, "http://", ""},
    {"a tracked link", "R128", hint, single, {{In::html, " ses:no-track", ""}}, In::html, "<a ", "a"},
    {"a Google link without dates", "R131", warning, single,
     {html_link("https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=Match")}, In::html,
     "action=TEMPLATE", "a"},
    {"an Outlook link without a form", "R132", warning, single, {html_link(
     "https://outlook.live.com/calendar/deeplink/compose?path=x&amp;rru=addevent"
     "&amp;startdt=2027-03-28T13:30&amp;enddt=2027-03-28T15:15:00Z&amp;subject=Match")}, In::html, "deeplink", "a"},
    {"a Yahoo link without an end", "R133", warning, single,
     {html_link("https://calendar.yahoo.com/?v=60&amp;TITLE=Match&amp;ST=20270328T133000Z")}, In::html, "yahoo",
     "a"},
    {"a plus for a blank", "R134", warning, single,
     {html_link("https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=The+match"
     "&amp;dates=20270328T133000Z/20270328T151500Z")}, In::html, "action=TEMPLATE", "a"},
    {"an add-to-calendar link first", "R135", hint, single, {{In::plain, "Answer:",
     "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Match" "&dates=20270328/20270329\nAnswer:"}},
     In::plain, "action=TEMPLATE", ""},
    {"no one-click value", "R137", warning, single, {{In::mail, "List-Unsubscribe=One-Click", "yes"}}, In::mail,
     "List-Unsubscribe-Post", "List-Unsubscribe-Post"},
    {"no List-Unsubscribe", "R137", hint, single, {{In::mail,
     "List-Unsubscribe: <https://invite.example.com/u/t>\n", ""}}, In::mail, "", "List-Unsubscribe"},
    {"another language in the HTML", "R149", hint, single, {{In::html, "lang=\"en\"", "lang=\"de\""}}, In::html,
     "<html", "html"},
    {"no Content-Language", "R149", hint, single, {{In::mail, "Content-Language: en\n", ""}}, In::mail, "",
     "Content-Language"},
    {"Arabic without direction", "R150", warning, single, {{In::html, " dir=\"ltr\"", ""}, {In::html, "Answer<",
     "\xd8\xb1\xd8\xaf<"}}, In::html, "", ""},
    {"a script", "R151", warning, single, {{In::html, "<h1>", "<script>1</script><h1>"}}, In::html, "<script", ""},
  };
  return all;
}
// clang-format on

}  // namespace calinvite::testing
