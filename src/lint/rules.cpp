// The one table of what lint looks for: rule, severity, what it wants, why, and who suffers.
#include <array>

#include "lint/findings.hpp"

namespace calinvite {
namespace {

using enum Severity;
using lint::Check;

constexpr std::string_view all_clients = "all";
constexpr std::string_view parsers = "strict parsers";

struct Row {
  Check check;
  LintRule rule;
};

// clang-format off
constexpr std::array<Row, static_cast<std::size_t>(Check::count)> rows = {{
  {Check::has_calendar, {"R1", error, "a mail holds a calendar part", "without one it is a letter, not an invitation", all_clients}},
  {Check::mixed, {"R1", warning, "the body is multipart/mixed: a multipart/alternative, then one .ics file", "some clients look at the inline part only, others at the attachment only", "Gmail, Outlook, webmailers"}},
  {Check::alternative, {"R2", warning, "the alternative holds text/plain, text/html, text/calendar, in this order", "a client shows the last form it understands; Exchange writes just this", "Outlook, Apple Mail, Thunderbird"}},
  {Check::method, {"R3", error, "the inline part's `method` equals the METHOD inside", "Outlook shows an unsupported calendar message without it, Exchange bounces a mismatch", "Outlook, Exchange"}},
  {Check::charset, {"R3", warning, "the inline part says charset=UTF-8", "without it letters beyond ASCII may be read in another charset", "Outlook, Apple Mail"}},
  {Check::method_form, {"R3", hint, "`method` is upper case and not quoted", "the plain form is the one that every reader has met", parsers}},
  {Check::one_calendar, {"R4", error, "a calendar part holds exactly one VCALENDAR", "Exchange reads no further ones", "Outlook, Exchange"}},
  {Check::inline_both, {"R5", error, "the inline part does not have both Content-Disposition and Content-ID", "Thunderbird showed no invitation bar", "Thunderbird"}},
  {Check::inline_bare, {"R5", warning, "the inline part has neither Content-Disposition nor Content-ID", "a part that calls itself a file may be shown as one", "Thunderbird"}},
  {Check::attachment_method, {"R6", error, "the attached calendar has no `method` parameter", "two parts that ask to be processed may be booked twice", "Gmail, Nextcloud"}},
  {Check::attachment, {"R6", warning, "the attachment is application/ics with an ASCII name ending in .ics, marked as attachment", "clients driven by file types need type and extension", "Apple Mail, webmailers"}},
  {Check::same_uid, {"R7", error, "inline and attached calendar have the same UID", "Gmail takes either of them and books a second event", "Gmail"}},
  {Check::same_bytes, {"R7", warning, "inline and attached calendar are the same bytes", "clients that read different ones book different events", "Gmail"}},
  {Check::double_return, {"R8", error, "no CR CR LF in a calendar", "left by an encoder that took CR for text; crashed Zimbra and hid the invitation in Outlook", "Zimbra, Outlook"}},
  {Check::part_encoding, {"R8", warning, "calendar parts are base64 in lines of at most 76 characters", "8bit is damaged on the way, quoted-printable is where line ends get lost", "Zimbra, Outlook, SES"}},
  {Check::part_7bit, {"R8", hint, "calendar parts are base64", "text as it is gets changed by relays that touch line ends or blanks", "relays"}},
  {Check::content_class, {"R9", hint, "Content-class, if any, is urn:content-classes:calendarmessage", "another class tells Exchange that this is something else", "Exchange"}},
  {Check::texts_tell, {"R10", warning, "text/plain and text/html each name event and place, and a request a link to answer by", "some clients show nothing else", "Yahoo, simple clients"}},
  {Check::one_recipient, {"R11", warning, "To names one recipient; no Cc, no Bcc", "everybody sees the others, and clients look for themselves in To", "Thunderbird; the people invited"}},
  {Check::header_once, {"R12", error, "headers that belong once are there once", "SES refuses duplicates", "SES"}},
  {Check::header_bytes, {"R14", error, "headers are ASCII without NUL and other controls", "raw bytes are refused or read in another charset", "SES, all clients"}},
  {Check::header_998, {"R14", error, "no line is longer than 998 octets", "SES refuses lines over 1000", "SES, relays"}},
  {Check::mixed_line_ends, {"R14", warning, "every line ends in CRLF, with no CR or LF alone", "a lone CR or LF may end a header for one reader and not for another", "relays, all clients"}},
  {Check::header_78, {"R14", hint, "headers are folded below 78 octets", "long lines are allowed but folded again on the way", "relays"}},
  {Check::line_feeds, {"R14", hint, "lines end in CRLF, not LF", "what is mailed has CRLF; a file may have been stored otherwise", "relays"}},
  {Check::mail_size, {"R15", error, "the mail is at most 40 MB", "SES refuses larger ones", "SES"}},
  {Check::auto_submitted, {"R16", hint, "Auto-Submitted: auto-generated and X-Auto-Response-Suppress are there", "vacation answers go to the organizer's mailbox without them", "Exchange, autoresponders"}},
  {Check::ascii_address, {"R17", error, "addresses in From and To are ASCII", "SES has no SMTPUTF8", "SES"}},
  {Check::amp, {"R18", warning, "no text/x-amp-html part", "needs registration and stands between HTML and calendar", "Gmail"}},
  {Check::markup_action, {"R18", hint, "no schema.org action in the HTML", "works for registered senders only and is gone when forwarded", "Gmail"}},
  {Check::html_size, {"R19", warning, "the HTML part is at most 90 KB", "long bodies are cut, answer links and footer first", "Gmail"}},
  {Check::from_organizer, {"R20", error, "From and ORGANIZER are the same address, byte for byte", "some services refuse an event that somebody else sent", "calendar services"}},
  {Check::organizer_uri, {"R21", error, "ORGANIZER is mailto: and one bare address", "a name or query in the URI broke updates in Gmail", "Gmail, Outlook"}},
  {Check::organizer_name, {"R21", hint, "ORGANIZER has the name in CN", "Outlook makes the organizer of address and CN", "Outlook"}},
  {Check::consumer_domain, {"R24", warning, "ORGANIZER is at no mailbox provider's domain", "Google sends no answer by mail between its own calendars", "Gmail"}},
  {Check::address_length, {"R25", error, "ORGANIZER's local part has at most 64 octets, the address 254", "longer ones are refused by mail servers", "SES, all answers"}},
  {Check::address_case, {"R26", hint, "a token in ORGANIZER's address is lower-case letters and digits", "mail systems change letter case", "answers by mail"}},
  {Check::reply_to, {"R27", warning, "Reply-To, if any, is the ORGANIZER address", "some clients answer there instead", "simple clients"}},
  {Check::sender, {"R28", warning, "no Sender other than From, no SENT-BY", "shown as 'on behalf of', and Outlook ignores SENT-BY", "Outlook"}},
  {Check::self_invitation, {"R29", error, "the attendee is not the ORGANIZER address", "Outlook moves such mail to Deleted Items", "Outlook"}},
  {Check::uid_prefix, {"R30", error, "UID does not begin like Exchange's own", "Exchange takes it apart as an id of its own", "Exchange"}},
  {Check::uid_form, {"R30", warning, "UID is 16 to 200 printable ASCII characters without blanks", "receivers need keep only 255 octets, and blanks get lost", "Outlook, CalDAV servers"}},
  {Check::uid_person, {"R30", hint, "UID holds nobody's address", "a UID is seen by everybody it is forwarded to", "the people invited"}},
  {Check::calendar_method, {"R31", error, "the VCALENDAR has one METHOD, before its components", "without it the text is a file to import", all_clients}},
  {Check::calendar_head, {"R31", warning, "VERSION:2.0 and PRODID are there once", "both are required", parsers}},
  {Check::calscale, {"R31", hint, "CALSCALE:GREGORIAN is there", "the default, said aloud", parsers}},
  {Check::publish, {"R32", error, "METHOD:PUBLISH is not mailed as an invitation", "Outlook books a plain appointment that nobody can answer", "Outlook, Gmail"}},
  {Check::event_identity, {"R33", error, "UID, DTSTAMP, DTSTART and ORGANIZER are there once, ATTENDEE at least once", "required of a request or cancellation", all_clients}},
  {Check::event_facts, {"R33", warning, "DTEND, SUMMARY, SEQUENCE and STATUS:CONFIRMED are there once", "untitled, endless or doubled entries are read differently", "Outlook, Apple Calendar"}},
  {Check::event_tentative, {"R33", hint, "STATUS of a request is CONFIRMED", "TENTATIVE is shown as if the meeting were in doubt", "Apple Calendar, Thunderbird"}},
  {Check::attendee_is_to, {"R34", error, "an ATTENDEE is the address in To", "without one there is only 'add to calendar', no Yes and No", "Gmail, Outlook, Thunderbird"}},
  {Check::attendee_asks, {"R34", warning, "ATTENDEE has ROLE, PARTSTAT and, until answered, RSVP=TRUE", "they decide about the buttons", "Thunderbird, Apple Mail"}},
  {Check::attendee_hints, {"R34", hint, "ATTENDEE has CUTYPE=INDIVIDUAL, CN and X-NUM-GUESTS=0", "the shape of Google's own invitations", "Gmail"}},
  {Check::other_people, {"R35", warning, "there is one ATTENDEE", "everybody invited sees everybody else's address", "the people invited"}},
  {Check::no_rsvp, {"R36", hint, "RSVP=FALSE only when no answer is wanted", "Gmail shows its buttons all the same", "Gmail"}},
  {Check::stamps, {"R37", warning, "DTSTAMP, CREATED and LAST-MODIFIED are UTC", "they order revisions", "Outlook, Thunderbird"}},
  {Check::one_event, {"R38", error, "a request or cancellation holds one VEVENT", "Exchange wants exactly one; changes of single dates were lost beside the series", "Outlook, Exchange"}},
  {Check::end_before, {"R39", error, "DTEND is not before DTSTART and of the same value type", "there is no such event", "Outlook, Exchange"}},
  {Check::end_form, {"R39", warning, "DTEND is later than DTSTART, in the same zone form; no DURATION", "an end said otherwise is read differently", "Outlook"}},
  {Check::all_day, {"R40", warning, "an all-day event has dates, without TZID, its end the day after", "midnights shift with the zone, and a same-day end is no length", "Outlook, all others abroad"}},
  {Check::all_day_hint, {"R40", hint, "an all-day event has X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "what readers built on CDO look at", "Exchange"}},
  {Check::floating, {"R41", error, "times are UTC or have a TZID", "a floating time is another hour for everybody abroad", all_clients}},
  {Check::utc_and_tzid, {"R41", warning, "a time has Z or a TZID, not both", "readers believe one or the other", parsers}},
  {Check::zone_missing, {"R42", error, "every TZID has its VTIMEZONE", "a reader that does not know the name guesses", "Outlook, Apple Calendar"}},
  {Check::zone_late, {"R42", warning, "VTIMEZONE comes before the first VEVENT", "readers in one pass miss it", parsers}},
  {Check::zone_unused, {"R42", hint, "no VTIMEZONE that nothing uses", "a message says what it is about", parsers}},
  {Check::zone_wrong, {"R43", error, "VTIMEZONE has the offsets of its zone on the event's dates", "the meeting is booked an hour off", "all that trust the VTIMEZONE"}},
  {Check::zone_shape, {"R43", warning, "VTIMEZONE is one yearly pair: DTSTART, offsets, BYMONTH and one weekday or day", "Outlook approximates the rest or drops the zone", "Outlook, Exchange"}},
  {Check::zone_rule_and_date, {"R44", error, "no observance has both RRULE and RDATE", "Exchange 2016 turned it into an unsupported calendar message", "Exchange, Outlook"}},
  {Check::zone_invented, {"R45", warning, "a zone of one offset is one STANDARD without rules", "an invented summer time broke the invitation", "Outlook"}},
  {Check::zone_name, {"R47", warning, "TZID is an IANA name as it is", "prefixes, Windows names and display names are unknown elsewhere", "Apple Calendar, Google Calendar"}},
  {Check::after_end, {"R48", warning, "nothing follows END:VCALENDAR, no line is empty", "updates were ignored for a trailing empty line", "Google Calendar"}},
  {Check::line_75, {"R48", warning, "lines are at most 75 octets and end in CRLF", "long lines are dropped", parsers}},
  {Check::fold, {"R48", warning, "every line is a property, and a fold never inside a character", "half a character on each line is read as two bad ones", parsers}},
  {Check::fold_tab, {"R48", hint, "a fold is one space", "a tab is allowed, but some readers keep it", parsers}},
  {Check::text_bytes, {"R49", error, "the calendar is UTF-8 without BOM and control characters", "readers stop at them", parsers}},
  {Check::text_escapes, {"R49", warning, "texts escape backslash, semicolon, comma and line end, nothing else", "what follows is cut off or shown with its backslash", "Outlook, Apple Calendar"}},
  {Check::parameter_quotes, {"R50", warning, "parameter values with : ; , are quoted, and hold no quote", "the value ends early and takes the address with it", all_clients}},
  {Check::parameter_carets, {"R50", hint, "no ^ escapes of RFC 6868", "most readers show them as they are", "Outlook, Apple Calendar"}},
  {Check::uri, {"R51", warning, "URIs have a scheme and no blanks or backslashes", "the link is cut or goes elsewhere", all_clients}},
  {Check::published_names, {"R52", hint, "no property of published calendars", "describes a feed, not a message", "Outlook, Apple Calendar"}},
  {Check::microsoft_hints, {"R53", hint, "a request has BUSYSTATUS, INTENDEDSTATUS and IMPORTANCE of Microsoft", "show as busy once accepted", "Outlook, Exchange"}},
  {Check::alarm, {"R54", warning, "at most one VALARM: DISPLAY, before or after the start, with DESCRIPTION", "other kinds are abused and filtered", "Exchange, Google Calendar"}},
  {Check::attach, {"R55", warning, "ATTACH is an https URI", "inline files and cid: are dropped", "Google Calendar, Outlook"}},
  {Check::attach_type, {"R55", hint, "ATTACH has FMTTYPE", "tells what opens it", "Apple Calendar"}},
  {Check::conference, {"R56", warning, "a CONFERENCE link is in DESCRIPTION or LOCATION, too", "few clients read CONFERENCE", "Outlook, Gmail"}},
  {Check::place, {"R57", hint, "LOCATION is a place or link, else left out", "'Online' opens a map", "Apple Calendar, Google Calendar"}},
  {Check::description, {"R58", warning, "there is one DESCRIPTION, of plain text", "tags are shown as they are, second ones not at all", "Apple Calendar, Thunderbird, GNOME, Exchange"}},
  {Check::description_link, {"R58", hint, "DESCRIPTION of a request has a link to answer by", "calendars that send no answers show nothing else", "iCloud"}},
  {Check::rich_text, {"R59", hint, "rich text is X-ALT-DESC;FMTTYPE=text/html beside DESCRIPTION", "Exchange reads just this form", "Exchange, Outlook"}},
  {Check::description_size, {"R60", hint, "DESCRIPTION is about 4,000 characters, at most 5,000 with its links", "keeps the object small everywhere", all_clients}},
  {Check::rrule, {"R61", error, "there is at most one RRULE, of a form that every calendar has", "Outlook shows an unsupported calendar message", "Outlook, Exchange"}},
  {Check::rdate_alone, {"R62", error, "no RDATE without RRULE", "Outlook can't show such a series", "Outlook"}},
  {Check::rule_start, {"R63", warning, "DTSTART is the first date of the rule", "calendars differ about whether it counts", "Outlook, Google Calendar"}},
  {Check::rule_times, {"R63", warning, "UNTIL is UTC or a date as DTSTART is, EXDATE has its form and is a date of the rule", "exceptions that match nothing leave the date in place", "Outlook, Apple Calendar"}},
  {Check::machine_words, {"R64", warning, "words for machines are those of the standard", "translated ones mean nothing", all_clients}},
  {Check::language, {"R64", hint, "SUMMARY, DESCRIPTION and LOCATION agree in having LANGUAGE", "some carry the language, some do not", "Outlook"}},
  {Check::vendor_names, {"R65", hint, "no X-GOOGLE-, X-APPLE-, X-MS-OLK- properties", "another product's own state", "Google Calendar, Apple Calendar, Outlook"}},
  {Check::sequence, {"R69", error, "SEQUENCE is a number from 0 to 2147483647", "revisions are ordered by it", "Outlook, all others"}},
  {Check::sequence_small, {"R69", warning, "SEQUENCE is small, no timestamp", "seen in messages that Outlook failed on", "Outlook"}},
  {Check::asked_again, {"R72", warning, "who has answered is not asked by RSVP=TRUE", "the buttons come up again", "Thunderbird, Apple Calendar"}},
  {Check::instance_rule, {"R73", error, "one date of a series has no RRULE, EXDATE or RDATE", "it would begin a series of its own", "Outlook, Exchange"}},
  {Check::instance_time, {"R74", warning, "RECURRENCE-ID has the value type and zone of DTSTART", "the date to be changed is not found", "Outlook, Google Calendar"}},
  {Check::add, {"R76", error, "METHOD:ADD is not sent", "a request with everything is understood by all, ADD is not", "Gmail, Outlook"}},
  {Check::cancel_status, {"R82", error, "METHOD:CANCEL and STATUS:CANCELLED go together", "one alone removes nothing", "Outlook, Gmail"}},
  {Check::cancel_unstated, {"R83", warning, "a cancellation says STATUS:CANCELLED, even when one person is uninvited", "clients look for both", "Outlook, Gmail"}},
  {Check::cancel_sequence, {"R82", error, "a cancellation has a SEQUENCE above the first copy's 0", "it counts as older than what it cancels", "Outlook, Thunderbird"}},
  {Check::cancel_facts, {"R82", warning, "a cancellation repeats SUMMARY, DTSTART and DTEND", "people are told what is cancelled", "Gmail, Outlook"}},
  {Check::cancel_asks, {"R84", warning, "a cancellation has no VALARM, RSVP=TRUE or link to answer", "nothing is left to be answered", "Outlook, Apple Calendar"}},
  {Check::https, {"R121", warning, "links are https", "plain http can be read and changed on the way", all_clients}},
  {Check::no_track, {"R128", hint, "anchors have ses:no-track, unless click events are off in SES", "SES sends people through a tracking host", "SES"}},
  {Check::google_link, {"R131", warning, "a Google link has action=TEMPLATE, text and dates of the form …/…", "the form stays empty", "Google Calendar"}},
  {Check::outlook_link, {"R132", warning, "an Outlook link has path, rru=addevent, startdt, enddt and subject, in ISO 8601", "the form stays empty", "Outlook on the web"}},
  {Check::yahoo_link, {"R133", warning, "a Yahoo link has v=60, TITLE, ST and ET", "the form stays empty", "Yahoo"}},
  {Check::link_form, {"R134", warning, "add-to-calendar links use %20, are ASCII and under 2,000 characters", "a plus is shown as a plus, long links are cut", "Outlook on the web, Yahoo"}},
  {Check::link_order, {"R135", hint, "add-to-calendar links come after the link to answer by", "what they add is never updated", "the people invited"}},
  {Check::unsubscribe_form, {"R137", warning, "List-Unsubscribe has an https link and List-Unsubscribe-Post its one value", "one click works in this form only", "Gmail, Yahoo"}},
  {Check::unsubscribe, {"R137", hint, "List-Unsubscribe is there", "required of mail that people did not ask for", "Gmail, Yahoo"}},
  {Check::content_language, {"R149", hint, "Content-Language is there and agrees with the HTML's", "readers and screen readers pick words and voice by it", all_clients}},
  {Check::bidi_controls, {"R150", warning, "SUMMARY, CN and Subject hold no bidirectional or zero-width controls", "they turn around what stands beside them", all_clients}},
  {Check::bidi_isolation, {"R150", warning, "HTML with right-to-left text has dir or bdi", "times and places change their order", "all in Arabic and Hebrew"}},
  {Check::active_html, {"R151", warning, "the HTML holds no script, form, frame or javascript: link", "filtered, and a sign of text that was not escaped", all_clients}},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (static_cast<std::size_t>(rows[at].check) != at) return false;
  }
  return true;
}
static_assert(in_order(), "the rows stand in the order of Check");

constexpr auto rules = [] {
  std::array<LintRule, rows.size()> all{};
  for (std::size_t at = 0; at < rows.size(); ++at) all[at] = rows[at].rule;
  return all;
}();

}  // namespace

std::span<const LintRule> lint_rules() noexcept { return rules; }

}  // namespace calinvite
