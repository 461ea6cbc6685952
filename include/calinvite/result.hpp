/// What every fallible call of calinvite returns: a value, or an Error that says where and why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace calinvite {

/// Why a call failed. Numbers are stable: codes get added, never renumbered (CALINVITE_* in C).
enum class Code : std::int32_t {
  invalid_argument = 1,  ///< the caller broke a stated rule of the call; calling again cannot help
  invalid_input = 2,     ///< bytes from outside are not what they claim to be; `place` says where
  too_large = 3,         ///< input exceeds a documented limit (count, size, depth)
  unsupported = 4,  ///< well formed, but outside what calinvite does; the message names the part
  not_found = 5,    ///< no such domain, organizer, event, attendee, key or entry in this scope
  conflict = 6,     ///< contradicts what is stored: a lower SEQUENCE, a taken name
  forbidden = 7,    ///< known, and not allowed: not the owner, suspended, limit of the domain
  unauthenticated = 8,  ///< nobody vouches for the sender, or a token does not verify
  unavailable = 9,      ///< store, network or peer away; call again later
  busy = 10,            ///< another writer holds the store longer than the bounded wait
  store_full = 11,      ///< the disk is full or refuses writes
  store_corrupt = 12,   ///< the store's file is damaged or written by a newer version
  in_doubt = 13,        ///< the outcome of a send is not known; evidence will settle it
  throttled = 14,       ///< the account's sending rate or quota is exhausted for now
  stopped = 15,         ///< the caller's own callback ended the work
  internal = 16,        ///< a defect of calinvite, please report it
};

/// The name of a code as documented in docs/errors.md, such as "invalid_input".
std::string_view code_name(Code code) noexcept;

/// Where in an input something stands. Parts that are not known are empty or 0.
struct Place {
  std::string source;        ///< file name, part name or other name the caller gave the input
  std::uint32_t line = 0;    ///< 1-based physical line; 0: not known
  std::uint32_t column = 0;  ///< 1-based byte in that line, for CSV 1-based cell; 0: not known
  std::string field;         ///< property, header, CSV column or argument name
  friend bool operator==(const Place&, const Place&) = default;
};

/// A failure. `message` is one line without a full stop: where, what was found, what would do;
/// never a credential, a token or a body.
struct Error {
  Code code = Code::internal;
  std::string message;
  Place place;
  /// True when the same call may succeed later without any change by the caller.
  bool retryable() const noexcept {
    return code == Code::unavailable || code == Code::busy || code == Code::throttled ||
           code == Code::store_full;
  }
};

/// `source:line: message`, as much of it as is known; one line for a person or a log.
std::string to_string(const Error& error);

/// A flaw in an input that was tolerated; reading went on.
struct Diagnostic {
  std::string message;
  Place place;
};

/// A value or an Error (on tl::expected). Never throws.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(tl::expected<T, Error>&& other) : tl::expected<T, Error>(std::move(other)) {}
  Result(const tl::expected<T, Error>& other) : tl::expected<T, Error>(other) {}
};

/// Shorthand for returning a failure: `return fail(Code::not_found, "no event X")`.
inline tl::unexpected<Error> fail(Code code, std::string message, Place place = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(place)});
}

}  // namespace calinvite
