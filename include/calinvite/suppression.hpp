/// Whom not to mail and why, what people agreed to, and what is left of somebody who was erased.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// An address that must not be mailed: by one organizer, by a domain, or at all.
struct Suppression {
  std::string domain;     ///< empty: everything
  std::string organizer;  ///< empty: all of the domain
  std::string address;    ///< of somebody erased: a keyed hash below `erased_host`
  std::string reason;     ///< one line; the words below, or whoever added it chose their own
  std::chrono::sys_seconds time{};
};
/// Reasons that calinvite gives and heeds. One that weighs more takes the place of another: erased,
/// complained, bounced, then all else, of which the first stays.
namespace suppression_reason {
inline constexpr std::string_view manual = "manual";
inline constexpr std::string_view unsubscribed = "unsubscribed";
inline constexpr std::string_view bounced = "bounced";
inline constexpr std::string_view complained = "complained";
inline constexpr std::string_view erased = "erased";
}  // namespace suppression_reason
/// Whether only the domain's super user or the operator may lift it: what the person said, or what
/// their mailbox did, is no organizer's to undo.
bool is_binding(std::string_view reason) noexcept;

/// DNS name of the addresses that take the place of erased ones; nothing is ever mailed there.
inline constexpr std::string_view erased_host = "@erased.invalid";

/// What a person unsubscribes from.
enum class SuppressionScope { organizer, domain };

/// What an unsubscribe link is about, for a page that asks. It shows no address.
struct UnsubscribeView {
  std::string domain;                   ///< name of the tenant
  std::string event;                    ///< Event::uid of the copy whose mail had the link
  std::string summary;                  ///< of that event
  std::string organizer_name;           ///< display name; the sender address when they have none
  std::string language;                 ///< BCP 47 of the copy, else of the event; empty: not known
  bool organizer_unsubscribed = false;  ///< of this organizer, by the person
  bool domain_unsubscribed = false;     ///< of the whole domain, by the person
};

/// What somebody agreed to, and whether it still holds.
struct Consent {
  std::string domain;
  std::string organizer;  ///< whom it was given to; empty: all of the domain
  std::string address;
  std::string source;  ///< as ConsentGiven; empty: nothing is known but that it was withdrawn
  std::chrono::sys_seconds time{};
  std::string text;
  std::optional<std::chrono::sys_seconds> withdrawn = {};  ///< absent: it holds
};

/// What an import of suppressions did.
struct SuppressionImport {
  std::uint64_t added = 0;
  std::uint64_t known = 0;  ///< were there already
  std::uint64_t bad = 0;    ///< rows that were reported
};

/// What was replaced or removed of a person.
struct Erasure {
  std::uint64_t attendees = 0;     ///< rows that now name nobody; so do their receipts
  std::uint64_t receipts = 0;      ///< of theirs, and of others that named them
  std::uint64_t suppressed = 0;    ///< messages that were not sent any more
  std::uint64_t consents = 0;      ///< removed
  std::uint64_t quarantined = 0;   ///< raw inputs in which they occurred, removed
  std::uint64_t notices = 0;       ///< mails to organizers whose words were taken out
  std::vector<std::string> named;  ///< uids of events whose own texts name the address: these are
                                   ///< the organizer's words, and stay
};

}  // namespace calinvite
