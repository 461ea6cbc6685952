/// Clean messages for the tests of this folder, in pieces that a test can break.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"

namespace calinvite::testing {

enum class Sample { single, all_day, series, instance, cancel };

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  if (at == std::string::npos) FAIL("the sample has no " << from);
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

inline const std::string berlin =
    "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
    "BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

inline const std::string day_mark = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\n";
inline const std::string asking =
    "TRANSP:OPAQUE\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\n"
    "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\nX-MICROSOFT-CDO-IMPORTANCE:1\n";

/// With LF line ends; write() makes them CRLF.
inline std::string sample_calendar(Sample sample) {
  std::string text =
      "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Samples 1//EN\nCALSCALE:GREGORIAN\n"
      "METHOD:REQUEST\n" +
      berlin +
      "BEGIN:VEVENT\nUID:sample-0123456789abcdef\nDTSTAMP:20270101T120000Z\nSEQUENCE:1\n"
      "STATUS:CONFIRMED\nDTSTART;TZID=Europe/Berlin:20270328T153000\n"
      "DTEND;TZID=Europe/Berlin:20270328T171500\nSUMMARY;LANGUAGE=en:Harbour v Hill\n"
      "DESCRIPTION;LANGUAGE=en:Answer: https://invite.example.com/r/t\n"
      "LOCATION;LANGUAGE=en:Harbour Ground\n"
      "ORGANIZER;CN=League:mailto:fixtures+abcdefgh23456777@reply.example.com\n"
      "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;\n"
      " RSVP=TRUE;CN=Fan;X-NUM-GUESTS=0:mailto:fan1@example.org\n" +
      asking + "END:VEVENT\nEND:VCALENDAR\n";
  switch (sample) {
    case Sample::single:
      return text;
    case Sample::all_day:
      text = replaced(text, berlin, "");
      text = replaced(text, ";TZID=Europe/Berlin:20270328T153000", ";VALUE=DATE:20270501");
      text = replaced(text, ";TZID=Europe/Berlin:20270328T171500", ";VALUE=DATE:20270503");
      return replaced(text, "TRANSP:OPAQUE\n", day_mark + "TRANSP:OPAQUE\n");
    case Sample::series:
      return replaced(text, "SUMMARY",
                      "RRULE:FREQ=WEEKLY;BYDAY=SU;UNTIL=20270630T133000Z\n"
                      "EXDATE;TZID=Europe/Berlin:20270425T153000\nSUMMARY");
    case Sample::instance:
      return replaced(text, "DTSTART;TZID=Europe/Berlin:2",
                      "RECURRENCE-ID;TZID=Europe/Berlin:20270327T153000\n"
                      "DTSTART;TZID=Europe/Berlin:2");
    case Sample::cancel:
      text = replaced(text, asking, "");
      text = replaced(text, "METHOD:REQUEST", "METHOD:CANCEL");
      text = replaced(text, "STATUS:CONFIRMED", "STATUS:CANCELLED");
      return replaced(text, " RSVP=TRUE;CN", " CN");
  }
  return text;
}

/// What a mail is written from.
struct Pieces {
  std::string mail =
      "From: League <fixtures+abcdefgh23456777@reply.example.com>\n"
      "To: Fan <fan1@example.org>\n"
      "Reply-To: League <fixtures+abcdefgh23456777@reply.example.com>\n"
      "Subject: Invitation\n"
      "Date: Fri, 01 Jan 2027 12:00:00 +0000\n"
      "Message-ID: <a1@reply.example.com>\n"
      "Content-Language: en\n"
      "Auto-Submitted: auto-generated\n"
      "X-Auto-Response-Suppress: OOF, AutoReply\n"
      "Content-class: urn:content-classes:calendarmessage\n"
      "List-Unsubscribe: <https://invite.example.com/u/t>\n"
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
      "MIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=\"outer\"\n\n"
      "--outer\nContent-Type: multipart/alternative; boundary=\"inner\"\n\n"
      "--inner\nContent-Type: text/plain; charset=UTF-8\n"
      "Content-Transfer-Encoding: base64\n\n{PLAIN}\n"
      "--inner\nContent-Type: text/html; charset=UTF-8\n"
      "Content-Transfer-Encoding: base64\n\n{HTML}\n"
      "--inner\nContent-Type: text/calendar; charset=UTF-8; method=REQUEST\n"
      "Content-Transfer-Encoding: base64\n\n{CALENDAR}\n"
      "--inner--\n"
      "--outer\nContent-Type: application/ics; name=\"invite.ics\"\n"
      "Content-Disposition: attachment; filename=\"invite.ics\"\n"
      "Content-Transfer-Encoding: base64\n\n{ATTACHED}\n"
      "--outer--\n";
  std::string plain = "Harbour v Hill\nHarbour Ground\n\nAnswer: https://invite.example.com/r/t\n";
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<body>\n<h1>Harbour v Hill</h1>Harbour "
      "Ground\n"
      "<a href=\"https://invite.example.com/r/t\" ses:no-track>Answer</a>\n</body>\n</html>\n";
  std::string calendar;
  std::string attached;  ///< empty: as `calendar`

  explicit Pieces(Sample sample = Sample::single) : calendar(sample_calendar(sample)) {
    if (sample == Sample::cancel) mail = replaced(mail, "method=REQUEST", "method=CANCEL");
  }

  static std::string crlf(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
  }

  std::string write() const {
    std::string out = mail;
    const auto fill = [&](const std::string& name, const std::string& content) {
      std::string encoded;
      text::append_base64(encoded, crlf(content), 76);
      const auto at = out.find(name);
      if (at != std::string::npos)
        out.replace(at, name.size() + 1, replaced(encoded, "\r\n", "\n"));
    };
    fill("{PLAIN}", plain);
    fill("{HTML}", html);
    fill("{CALENDAR}", calendar);
    fill("{ATTACHED}", attached.empty() ? calendar : attached);
    const auto raw = out.find("{RAW}");
    if (raw != std::string::npos) out.replace(raw, 5, calendar);
    return crlf(out);
  }
};

}  // namespace calinvite::testing
