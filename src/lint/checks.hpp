/// The parts of lint: each looks at one side of a message and adds what it finds.
#pragma once

#include "lint/calendar.hpp"
#include "lint/findings.hpp"
#include "lint/message.hpp"

namespace calinvite::lint {

/// What the mail around a calendar says that the calendar must agree with.
struct Envelope {
  bool mail = false;   ///< false: a calendar file alone
  std::string method;  ///< upper case, of Content-Type; empty: none
  std::string from;    ///< as written; empty: not exactly one address
  std::string to;      ///< likewise
};

/// What the mail must agree with in its turn.
struct Facts {
  std::string method;     ///< upper case, that of Content-Type when the calendar has none
  std::string uid;        ///< of the first VEVENT, as are the next three
  std::string organizer;  ///< bare address
  std::string summary;
  std::string location;
  std::string prodid;
  /// Of a series: a link would answer for all of it, so none is asked for (R113).
  bool one_date = false;

  bool request() const { return method == "REQUEST"; }
  bool cancel() const { return method == "CANCEL"; }
  bool scheduling() const { return request() || cancel(); }
};

/// One VEVENT under examination.
struct EventView {
  const Calendar& calendar;
  const Component& head;   ///< its VCALENDAR
  const Component& event;  ///< itself
  const Facts& facts;
  const Envelope& envelope;
};

/// Everything about a calendar object but its bytes, which read_raw_calendar judges.
Facts check_calendar(const Calendar& calendar, const Envelope& envelope, const ZoneTable& zones,
                     Findings& findings);
void check_people(const EventView& view, Findings& findings);
void check_event_texts(const EventView& view, Findings& findings);
void check_alarms(const EventView& view, Findings& findings);
/// @param zone  of DTSTART; nullptr: dates, floating, or unknown
void check_times(const EventView& view, const Zone* zone, Findings& findings);
/// The VTIMEZONEs of a VCALENDAR and what its events make of them.
/// @return the zone of each TZID of the events that is known, in no order
using ZonesByName = std::vector<std::pair<std::string, Zone>>;
ZonesByName check_zones(const Calendar& calendar, const Component& head, const ZoneTable& zones,
                        Findings& findings);

/// From and To, as far as each is one address.
Envelope read_envelope(const Part& mail);
/// Headers against each other, and against the calendar.
/// @param facts  nullptr: the mail has no calendar
void check_headers(const Part& mail, const Facts* facts, Findings& findings);
/// Lines and bytes of the whole mail.
LineFeeds check_raw_mail(std::string_view bytes, Findings& findings);
/// A decoded text/plain or text/html part.
void check_text_part(const Part& part, std::string_view content_language, const Facts* facts,
                     Findings& findings);
/// Links of a text: https, and the forms of add-to-calendar links.
struct Link {
  std::string target;
  std::size_t at = 0;  ///< byte in the text
};
std::vector<Link> links_in(std::string_view text);
void check_links(const std::vector<Link>& links, std::string_view text, std::string_view field,
                 std::uint32_t line, Findings& findings);
/// What R150 wants out of names and titles; empty when there is none, else its name.
std::string bidi_control(std::string_view text);

/// Lines and columns of bytes of a text, asked for in their order.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}
  struct Place {
    std::uint32_t line, column;  ///< 1-based
  };
  Place of(std::size_t at);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  ///< of the line
  std::uint32_t line_ = 1;
};

}  // namespace calinvite::lint
