// The mails of clients.hpp, shaped as each program writes them. What differs between programs is
// what a receiver must cope with: nesting, transfer encodings, line ends, which properties come
// back.
#include <cstdio>

#include "clients.hpp"
#include "encoding.hpp"
#include "time_text.hpp"

namespace ses_simulator {
namespace {

constexpr std::string_view crlf = "\r\n";

/// What every shape writes.
struct Facts {
  const Reply& reply;
  const Entry& entry;
  const Appointment& event;
  const Seed& seed;
  std::string attendee;  ///< who answers
  std::string name;      ///< of that person
  std::string verb;      ///< Accepted, Declined, Tentative
  std::string boundary;
};

std::string hex_number(const Facts& facts, std::string_view word) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llX",
                static_cast<unsigned long long>(facts.seed.number({word, facts.entry.message_id})));
  return text;
}

/// Content lines to folded text; empty lines are left out.
std::string calendar_text(const std::vector<std::string>& lines, std::string_view line_break) {
  std::string text;
  for (const std::string& line : lines) {
    if (!line.empty()) text += fold(line, line_break);
  }
  return text;
}

/// TEXT escaping (RFC 5545 3.3.11).
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

/// A CN that cannot end its own quotes.
std::string common_name(const std::string& name) {
  std::string out = ";CN=\"";
  for (const char c : name) out += c == '"' ? '\'' : c;
  return out + "\"";
}

std::string sequence_line(const Facts& facts, const char* property) {
  return property + std::to_string(facts.event.sequence);
}

std::string organizer_line(const Facts& facts) {
  const std::string& name = facts.event.organizer_name;
  return "ORGANIZER" + (name.empty() ? "" : common_name(name)) + ":mailto:" + facts.event.organizer;
}

void append(std::vector<std::string>& lines, const std::vector<std::string>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

std::string common_headers(const Facts& facts, const std::string& subject,
                           const std::string& message_id) {
  return "From: " + mailbox(facts.name, facts.reply.from) +
         "\r\nTo: " + mailbox(facts.event.organizer_name, facts.event.organizer) +
         "\r\nSubject: " + header_text(subject) + "\r\nDate: " + mail_date(facts.entry.time) +
         "\r\nMessage-ID: <" + message_id + ">\r\nMIME-Version: 1.0\r\n";
}

std::string open_part(const std::string& boundary, const std::string& headers) {
  return "--" + boundary + "\r\n" + headers + "\r\n";
}

std::string close_parts(const std::string& boundary) { return "--" + boundary + "--\r\n"; }

/// Google Calendar: alternative inside mixed, the calendar 7bit or base64 and again as a file.
std::string google(const Facts& facts) {
  std::vector<std::string> lines = {"BEGIN:VCALENDAR", "PRODID:" + facts.reply.prodid,
                                    "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:REPLY"};
  append(lines, facts.event.zone_lines);
  append(
      lines,
      {"BEGIN:VEVENT", facts.event.start_line, facts.event.end_line,
       "DTSTAMP:" + basic_time(facts.entry.time), organizer_line(facts), "UID:" + facts.event.uid,
       "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=" + facts.reply.partstat +
           common_name(facts.name) + ";X-NUM-GUESTS=0:mailto:" + facts.attendee,
       facts.event.recurrence_id_line, "CREATED:" + basic_time(facts.entry.time),
       "DESCRIPTION:", "LAST-MODIFIED:" + basic_time(facts.entry.time), facts.event.location_line,
       sequence_line(facts, "SEQUENCE:"), "STATUS:CONFIRMED",
       "SUMMARY:" + escaped(facts.event.summary), "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR"});
  const std::string calendar = calendar_text(lines, crlf);
  const std::string outer = "0000000000" + facts.boundary;
  const std::string inner = "0000000001" + facts.boundary;
  const std::string sentence =
      facts.name + " has replied to this invitation: " + facts.verb + "\r\n";
  return "Reply-To: " + mailbox(facts.name, facts.reply.from) +
         "\r\nSender: Google Calendar <calendar-notification@calendar.example>\r\n"
         "Auto-Submitted: auto-generated\r\n" +
         common_headers(facts, facts.verb + ": " + facts.event.summary,
                        "calendar-" + hex_number(facts, "id") + "@calendar.example") +
         "Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n" +
         open_part(outer, "Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n") +
         open_part(inner,
                   "Content-Type: text/plain; charset=\"UTF-8\"; format=flowed; delsp=yes\r\n"
                   "Content-Transfer-Encoding: base64\r\n") +
         base64_lines(sentence) + "\r\n" +
         open_part(inner,
                   "Content-Type: text/html; charset=\"UTF-8\"\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n") +
         quoted_printable("<html><body><b>" + facts.verb + "</b></body></html>\r\n") + "\r\n" +
         open_part(inner,
                   "Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n") +
         quoted_printable(calendar) + "\r\n" + close_parts(inner) + "\r\n" +
         open_part(outer,
                   "Content-Type: application/ics; name=\"invite.ics\"\r\n"
                   "Content-Disposition: attachment; filename=\"invite.ics\"\r\n"
                   "Content-Transfer-Encoding: base64\r\n") +
         base64_lines(calendar) + close_parts(outer);
}

/// Outlook and Exchange: no ORGANIZER, a localised prefix in SUMMARY, MAILTO in upper case.
std::string exchange(const Facts& facts) {
  const bool all_day = facts.event.start_line.find("VALUE=DATE:") != std::string::npos;
  std::vector<std::string> lines = {"BEGIN:VCALENDAR", "METHOD:REPLY",
                                    "PRODID:" + facts.reply.prodid, "VERSION:2.0"};
  append(lines, facts.event.zone_lines);
  append(lines, {"BEGIN:VEVENT",
                 "ATTENDEE;PARTSTAT=" + facts.reply.partstat + common_name(facts.name) +
                     ":MAILTO:" + facts.attendee,
                 "COMMENT;LANGUAGE=en-US:\\n",
                 "UID:" + facts.event.uid,
                 facts.event.recurrence_id_line,
                 "SUMMARY;LANGUAGE=en-US:" + facts.verb + ": " + escaped(facts.event.summary),
                 facts.event.start_line,
                 facts.event.end_line,
                 "CLASS:PUBLIC",
                 "PRIORITY:5",
                 "DTSTAMP:" + basic_time(facts.entry.time),
                 "TRANSP:OPAQUE",
                 "STATUS:CONFIRMED",
                 sequence_line(facts, "SEQUENCE:"),
                 facts.event.location_line,
                 sequence_line(facts, "X-MICROSOFT-CDO-APPT-SEQUENCE:"),
                 "X-MICROSOFT-CDO-OWNERAPPTID:0",
                 "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
                 "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
                 std::string("X-MICROSOFT-CDO-ALLDAYEVENT:") + (all_day ? "TRUE" : "FALSE"),
                 "X-MICROSOFT-CDO-IMPORTANCE:1",
                 "X-MICROSOFT-CDO-INSTTYPE:0",
                 "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
                 "END:VEVENT",
                 "END:VCALENDAR"});
  const std::string boundary = "_000_" + facts.boundary + "mailexample_";
  return common_headers(facts, facts.verb + ": " + facts.event.summary,
                        hex_number(facts, "id") + hex_number(facts, "more") + "@mail.example") +
         "Thread-Topic: " + header_text(facts.event.summary) +
         "\r\nThread-Index: " + base64(hex_number(facts, "thread") + "000000") +
         "\r\nAccept-Language: en-US\r\nContent-Language: en-US\r\nX-MS-Has-Attach:\r\n"
         "X-MS-TNEF-Correlator:\r\nContent-Type: multipart/alternative;\r\n\tboundary=\"" +
         boundary + "\"\r\n\r\n" +
         open_part(boundary,
                   "Content-Type: text/plain; charset=\"iso-8859-1\"\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n") +
         "\r\n\r\n" +
         open_part(boundary,
                   "Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\n"
                   "Content-Transfer-Encoding: base64\r\n") +
         base64_lines(calendar_text(lines, crlf)) + "\r\n" + close_parts(boundary);
}

/// Apple Calendar: the calendar is a file inside the alternative, its lines end in LF alone.
std::string apple(const Facts& facts) {
  std::vector<std::string> lines = {"BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "VERSION:2.0",
                                    "METHOD:REPLY", "PRODID:" + facts.reply.prodid};
  append(lines, facts.event.zone_lines);
  append(lines,
         {"BEGIN:VEVENT", "CREATED:" + basic_time(facts.entry.time), "UID:" + facts.event.uid,
          facts.event.end_line,
          "ATTENDEE" + common_name(facts.name) + ";CUTYPE=INDIVIDUAL;EMAIL=" + facts.attendee +
              ";PARTSTAT=" + facts.reply.partstat + ":mailto:" + facts.attendee,
          "SUMMARY:" + escaped(facts.event.summary), facts.event.start_line,
          "DTSTAMP:" + basic_time(facts.entry.time), facts.event.recurrence_id_line,
          organizer_line(facts), sequence_line(facts, "SEQUENCE:"), "END:VEVENT", "END:VCALENDAR"});
  const std::string boundary = "Apple-Mail-" + facts.boundary;
  return common_headers(facts, facts.verb + ": " + facts.event.summary,
                        facts.boundary + "@mail.example") +
         "X-Mailer: Apple Mail (2.3774.600.62)\r\nContent-Type: multipart/alternative;\r\n "
         "boundary=\"" +
         boundary + "\"\r\n\r\n" +
         open_part(boundary,
                   "Content-Transfer-Encoding: quoted-printable\r\n"
                   "Content-Type: text/plain;\r\n charset=utf-8\r\n") +
         quoted_printable(facts.name + ": " + facts.verb + "\r\n") + "\r\n" +
         open_part(boundary,
                   "Content-Type: text/calendar;\r\n charset=utf-8;\r\n method=REPLY;\r\n "
                   "name=iCal-reply.ics\r\nContent-Disposition: attachment;\r\n "
                   "filename=iCal-reply.ics\r\nContent-Transfer-Encoding: base64\r\n") +
         base64_lines(calendar_text(lines, "\n")) + "\r\n" + close_parts(boundary);
}

/// Thunderbird: everything 8bit, the calendar again as event.ics.
std::string thunderbird(const Facts& facts) {
  std::vector<std::string> lines = {"BEGIN:VCALENDAR", "PRODID:" + facts.reply.prodid,
                                    "VERSION:2.0", "METHOD:REPLY"};
  append(lines, facts.event.zone_lines);
  append(lines, {"BEGIN:VEVENT", "CREATED:" + basic_time(facts.entry.time),
                 "LAST-MODIFIED:" + basic_time(facts.entry.time),
                 "DTSTAMP:" + basic_time(facts.entry.time), "UID:" + facts.event.uid,
                 "SUMMARY:" + escaped(facts.event.summary), organizer_line(facts),
                 "ATTENDEE;RSVP=TRUE" + common_name(facts.name) + ";PARTSTAT=" +
                     facts.reply.partstat + ";ROLE=REQ-PARTICIPANT:mailto:" + facts.attendee,
                 facts.event.recurrence_id_line, facts.event.start_line, facts.event.end_line,
                 facts.event.location_line, sequence_line(facts, "SEQUENCE:"), "TRANSP:OPAQUE",
                 "END:VEVENT", "END:VCALENDAR"});
  const std::string calendar = calendar_text(lines, crlf);
  const std::string outer = "Boundary_(ID_" + facts.boundary + ")";
  const std::string inner = "Boundary_(ID_" + facts.boundary + "+)";
  return common_headers(facts,
                        "Event Invitation Reply (" + facts.verb + "): " + facts.event.summary,
                        facts.boundary + "@mail.example") +
         "Content-type: multipart/mixed;\r\n boundary=\"" + outer + "\"\r\n\r\n" +
         open_part(outer,
                   "Content-type: multipart/alternative;\r\n boundary=\"" + inner + "\"\r\n") +
         open_part(inner,
                   "Content-type: text/plain; charset=UTF-8\r\n"
                   "Content-transfer-encoding: 8BIT\r\n") +
         facts.name + ": " + facts.verb + "\r\n\r\n" +
         open_part(inner,
                   "Content-type: text/calendar; method=REPLY; charset=UTF-8\r\n"
                   "Content-transfer-encoding: 8BIT\r\n") +
         calendar + "\r\n" + close_parts(inner) + "\r\n" +
         open_part(outer,
                   "Content-type: application/ics; name=event.ics\r\n"
                   "Content-transfer-encoding: 8BIT\r\n"
                   "Content-disposition: attachment; filename=event.ics\r\n") +
         calendar + "\r\n" + close_parts(outer);
}

/// Yahoo, of which little is published: the plain minimum, one calendar inside an alternative.
std::string yahoo(const Facts& facts) {
  std::vector<std::string> lines = {"BEGIN:VCALENDAR", "PRODID:" + facts.reply.prodid,
                                    "VERSION:2.0", "METHOD:REPLY"};
  append(lines, facts.event.zone_lines);
  append(lines,
         {"BEGIN:VEVENT", "UID:" + facts.event.uid, facts.event.recurrence_id_line,
          "DTSTAMP:" + basic_time(facts.entry.time), facts.event.start_line, facts.event.end_line,
          "SUMMARY:" + escaped(facts.event.summary), organizer_line(facts),
          "ATTENDEE;PARTSTAT=" + facts.reply.partstat + common_name(facts.name) +
              ":mailto:" + facts.attendee,
          sequence_line(facts, "SEQUENCE:"), "END:VEVENT", "END:VCALENDAR"});
  const std::string boundary = "----=_Part_" + facts.boundary;
  return common_headers(facts, facts.verb + ": " + facts.event.summary,
                        hex_number(facts, "id") + "@mail.example") +
         "Content-Type: multipart/alternative; \r\n\tboundary=\"" + boundary + "\"\r\n\r\n" +
         open_part(boundary,
                   "Content-Type: text/plain; charset=UTF-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n") +
         quoted_printable(facts.name + ": " + facts.verb + "\r\n") + "\r\n" +
         open_part(boundary,
                   "Content-Type: text/calendar; charset=UTF-8; method=REPLY\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n") +
         quoted_printable(calendar_text(lines, crlf)) + "\r\n" + close_parts(boundary);
}

}  // namespace

std::string compose_reply(const Reply& reply, const Entry& entry, const Appointment* event,
                          const Mail& mail, const Seed& seed) {
  if (reply.kind == "out-of-office") return out_of_office(reply, entry, mail, seed);
  if (reply.kind == "bounce") return bounce_mail(reply, entry, mail, seed);
  Facts facts{reply, entry, *event, seed, reply.attendee, event->attendee_name, "Declined", ""};
  if (facts.attendee.empty()) facts.attendee = entry.to;
  if (facts.name.empty() || !reply.attendee.empty()) {
    facts.name = facts.attendee.substr(0, facts.attendee.find('@'));
  }
  if (reply.partstat == "ACCEPTED") facts.verb = "Accepted";
  if (reply.partstat == "TENTATIVE") facts.verb = "Tentative";
  facts.boundary = hex_number(facts, "boundary");
  if (reply.prodid.find("Google") != std::string::npos) return google(facts);
  if (reply.prodid.find("Microsoft") != std::string::npos) return exchange(facts);
  if (reply.prodid.find("Apple") != std::string::npos) return apple(facts);
  if (reply.prodid.find("Yahoo") != std::string::npos) return yahoo(facts);
  return thunderbird(facts);
}

}  // namespace ses_simulator
