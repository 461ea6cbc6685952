/// Composing: one revision of one event becomes one message per attendee (RFC 6047).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/time.hpp"

namespace calinvite {

/// What all copies of one revision share.
struct Revision {
  Event event;                             ///< as of this revision
  Method method = Method::request;         ///< request or cancel
  std::int32_t sequence = 0;               ///< of the revision; a CANCEL of one copy: the next
  std::optional<OccurrenceId> occurrence;  ///< one instance (R73, R86)
  std::string organizer_name;              ///< display name of the sender identity
  std::string base_url;                    ///< of links, without a trailing slash
  std::optional<Event> before;  ///< as its holders know it: an update tells what has changed
  std::map<std::string, std::string> templates;  ///< a domain's own, by name
  std::size_t description_limit = 4000;          ///< characters (R60); see Domain
  bool cancelled_status_on_uninvite = true;      ///< R83; see Domain
};

/// What one attendee's message differs in.
struct CopyFields {
  std::string uid;                ///< of the copy
  std::string organizer_address;  ///< local+token@reply-domain
  std::string address;
  std::string name;
  std::string language;  ///< empty: the event's
  Partstat partstat = Partstat::needs_action;
  std::string rsvp_token;  ///< link token; empty on CANCEL, for one instance, and where no answers
                           ///< are wanted and no calendar file
  std::string unsubscribe_token;  ///< link token; empty: no List-Unsubscribe
  bool first = true;              ///< false: the subject says "Updated" (R81)
  std::string first_message_id;   ///< of the first copy, for References; empty: none
  std::chrono::sys_seconds dtstamp{};
  std::string attempt_id;  ///< makes Message-ID and boundaries
};

/// Judges messages: each that is composed whole, and of those that are written from what their kind
/// shares the first ones, until one is sound. A kind are the copies that say the same, but for the
/// fields of CopyFields. Its error refuses the message, and the whole kind when a sample that is
/// nobody's copy gets one too.
using CopyCheck = std::function<Result<void>(std::string_view message)>;

/// A revision made ready to be written for any number of attendees. The first copy in a language
/// is composed, checked and encoded whole; of those after it only what is their own is written.
/// One thread at a time.
///
/// The event's summary, description and location may hold merge fields: {{name}}, {{address}} and
/// {{organizer}}, each with what stands in for an empty one, as in {{name|friend}}.
class Composer {
 public:
  /// @param zones  must outlive the composer
  /// @error invalid_input  the event can't be written (check_event, write_calendar), or one of its
  ///                       templates does not parse
  static Result<Composer> prepare(Revision revision, const ZoneTable& zones, CopyCheck check = {});
  ~Composer();
  Composer(Composer&&) noexcept;
  Composer& operator=(Composer&&) noexcept;

  /// Writes one attendee's message over `out`, keeping its capacity.
  /// @error invalid_input  a field of the copy would break the message (M4, M5)
  /// @error too_large      the HTML part is over 90 KB (R19)
  /// @error any            the check's, of this copy or of all of its kind
  Result<void> compose(const CopyFields& copy, std::string& out) const;

 private:
  struct Impl;
  explicit Composer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// RSVP, calendar file (R130), unsubscribe and button links as mails and pages carry them.
std::string rsvp_link(std::string_view base_url, std::string_view token);
std::string calendar_file_link(std::string_view base_url, std::string_view token);
std::string unsubscribe_link(std::string_view base_url, std::string_view token);
std::string button_link(std::string_view base_url, std::string_view event_uid,
                        std::string_view token);

/// Links that add an event by hand to a calendar on the web (R131 to R135). No answer comes of
/// them, and no update reaches what they added.
struct CalendarLinks {
  std::string google;
  std::string outlook;    ///< Outlook.com
  std::string office365;  ///< Microsoft 365
  std::string yahoo;
};
/// @param details  what the entry says besides; cut so that no link exceeds 2,000 characters
/// @error not_found  no such zone
Result<CalendarLinks> calendar_links(const Event& event, std::string_view details,
                                     const ZoneTable& zones);

}  // namespace calinvite
