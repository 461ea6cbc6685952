/// Composing: one revision of one event becomes one message per attendee (RFC 6047).
#pragma once

#include <chrono>
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
};

/// What one attendee's message differs in.
struct CopyFields {
  std::string uid;                ///< of the copy
  std::string organizer_address;  ///< local+token@reply-domain
  std::string address;
  std::string name;
  std::string language;  ///< empty: the event's
  Partstat partstat = Partstat::needs_action;
  std::string rsvp_token;         ///< link token; empty on CANCEL and for one instance
  std::string unsubscribe_token;  ///< link token; empty: no List-Unsubscribe
  bool first = true;              ///< false: the subject says "Updated" (R81)
  std::string first_message_id;   ///< of the first copy, for References; empty: none
  std::chrono::sys_seconds dtstamp{};
  std::string attempt_id;  ///< makes Message-ID and boundaries
};

/// A revision made ready to be written for any number of attendees. One thread at a time.
class Composer {
 public:
  /// @param zones  must outlive the composer
  /// @error invalid_input  the event can't be written (check_event, write_calendar)
  static Result<Composer> prepare(Revision revision, const ZoneTable& zones);
  ~Composer();
  Composer(Composer&&) noexcept;
  Composer& operator=(Composer&&) noexcept;

  /// Writes one attendee's message over `out`, keeping its capacity.
  /// @error invalid_input  a field of the copy would break the message (M4, M5)
  /// @error too_large      the HTML part is over 90 KB (R19)
  Result<void> compose(const CopyFields& copy, std::string& out) const;

 private:
  struct Impl;
  explicit Composer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// RSVP, unsubscribe and button links as mails and pages carry them.
std::string rsvp_link(std::string_view base_url, std::string_view token);
std::string unsubscribe_link(std::string_view base_url, std::string_view token);
std::string button_link(std::string_view base_url, std::string_view event_uid,
                        std::string_view token);

}  // namespace calinvite
