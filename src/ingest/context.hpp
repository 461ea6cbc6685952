/// What every ingest flow works with, and how it reports.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "calinvite/ingest.hpp"
#include "calinvite/model.hpp"
#include "calinvite/store.hpp"
#include "calinvite/time.hpp"
#include "calinvite/token.hpp"

namespace calinvite::ingest {

/// Borrowed for one call; `domain` is the tenant that the input belongs to.
struct Context {
  ScopedStore& store;
  const ZoneTable& zones;
  const Clock& clock;
  const Random& random;
  Domain domain;
  bool* kept = nullptr;  ///< becomes true when the input goes to quarantine; may be nullptr
  /// HTML of an RSVP button for an event.
  std::function<Result<std::string>(const std::string& event)> button = {};
  /// Signs a link token of the domain.
  std::function<Result<std::string>(const LinkToken& token)> mint = {};

  Scope scope() const { return Scope::domain(domain.name); }
};

/// Errors that say nothing about the input: the whole call fails with them.
inline bool is_store_error(Code code) {
  return code == Code::unavailable || code == Code::busy || code == Code::store_full ||
         code == Code::store_corrupt || code == Code::internal;
}

/// Why what needs a sender who is vouched for was not done.
inline tl::unexpected<Error> nobody_vouches(const Authentication& sender) {
  return fail(Code::unauthenticated, "nobody vouches for the sender" +
                                         (sender.reason.empty() ? "" : ": " + sender.reason));
}

/// An item that was not acted on, saying why.
inline IngestItem refused(std::string source, std::string item, const Error& error) {
  return {std::move(source), std::move(item), IngestOutcome::refused, {}, error.message,
          error.place,       error.code};
}

/// Keeps the raw input with its reason; says "already seen" when the same bytes are there.
/// @error only from the store
Result<IngestItem> quarantine(const Context& context, const IngestInput& input, std::string item,
                              const Error& why);
/// The same for what is merely unreadable.
inline Result<IngestItem> quarantine(const Context& context, const IngestInput& input,
                                     std::string item, std::string reason) {
  return quarantine(context, input, std::move(item),
                    Error{Code::invalid_input, std::move(reason), {}});
}

/// The same, told as an item.
/// @error only from the store, or `why` when it says nothing about the input
Result<void> keep_aside(const Context& context, const IngestInput& input, std::string_view item,
                        const Error& why, const IngestHandler& on_item);

}  // namespace calinvite::ingest
