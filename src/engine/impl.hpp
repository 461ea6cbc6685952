/// What an engine owns, and the lock around it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "calinvite/engine.hpp"
#include "calinvite/time.hpp"
#include "ingest/context.hpp"
#include "outbox/dispatch.hpp"

namespace calinvite {

/// What the token of a link in a mail names.
struct LinkedCopy {
  Domain domain;
  Attendee attendee;
  Event event;
};

/// @error not_found  the scope is an organizer's
Result<void> require_whole_domain(const Scope& scope);

/// What a change cost, or would.
Plan to_plan(std::string_view event, const ChangeCounts& counts);

struct Engine::Impl {
  std::mutex mutex;  ///< one call at a time
  std::unique_ptr<Store> store;
  ZoneTable zones;
  Clock clock;
  Random random;
  Verifier verifier;
  FineClock fine_clock;
  Sleep sleep;
  std::array<std::uint8_t, 32> master_key{};
  std::map<const Transport*, outbox::Pace> paces;  ///< of what was dispatched to
  struct ReadRing {
    KeyRing ring;
    std::chrono::sys_seconds read{};
  };
  std::map<std::string, ReadRing> rings;  ///< by domain, as last read
  /// MessageIds of what SNS posted and was taken in, for as long as it could be replayed.
  std::set<std::string, std::less<>> seen_sns;
  std::deque<std::pair<std::chrono::sys_seconds, std::string>> seen_sns_order;  ///< oldest first

  ingest::Context context(Domain domain) {
    const auto scope = Scope::domain(domain.name);
    return {*store,
            zones,
            clock,
            random,
            std::move(domain),
            nullptr,
            [this, scope](const std::string& event) {
              return button(scope, event, ButtonPreset::generic, {});
            },
            [this, scope](const LinkToken& token) -> Result<std::string> {
              const auto ring = key_ring(scope.domain_name());
              if (!ring) return tl::unexpected(ring.error());
              return mint_link_token(token, **ring);
            }};
  }
  outbox::Surroundings surroundings(Transport& transport) {
    return {*store,     transport, zones,
            clock,      random,    [this](const std::string& domain) { return key_ring(domain); },
            fine_clock, sleep};
  }
  /// @error not_found  no such domain
  Result<Domain> get_domain(std::string_view name);
  /// The named domain, else the only one.
  /// @error not_found  none, or several and no name
  Result<Domain> choose_domain(std::string_view name);
  /// The unsealed ring of a domain, as it was at most some seconds ago; the pointer lives until the
  /// engine is closed.
  /// @error unauthenticated  the master key is not the one that sealed it
  Result<const KeyRing*> key_ring(const std::string& domain);
  /// Seals a fresh signing key into the store, which signs from now on.
  Result<SigningKey> add_signing_key(const std::string& domain);
  void forget_ring(const std::string& domain);
  /// Who minted a link token, and what it says.
  struct Link {
    Domain domain;
    const KeyRing* ring = nullptr;
    LinkToken token;
  };
  /// @error unauthenticated  nobody, or it is not valid
  Result<Link> find_link(std::string_view token, TokenPurpose purpose);
  /// A page with what does not depend on the link.
  Result<EventPage> event_page(const Domain& domain, Event event);
  Result<std::string> button(const Scope& scope, std::string_view event, ButtonPreset preset,
                             std::string_view landing);
  Result<ingest::Context> context_of(const Scope& scope);
  /// @error unauthenticated  bad, unknown and expired tokens, all alike
  Result<LinkedCopy> find_linked_copy(std::string_view token, TokenPurpose purpose);
  /// Who becomes an organizer by a link, and where.
  struct Registering {
    Domain domain;
    PendingRegistration person;
  };
  /// @error as Engine::find_registration
  Result<Registering> find_registering(std::string_view token);
  /// What waits behind a link, and where.
  struct Approving {
    Domain domain;
    HeldChange change;
  };
  /// @error as Engine::find_approval
  Result<Approving> find_approving(std::string_view token);
  /// What was set aside, as it came in. Borrows `item`.
  static IngestInput kept_input(const Quarantined& item, Authentication sender);
  /// @return whether everything in it landed: nothing was refused or quarantined
  Result<bool> ingest(const IngestInput& input, const IngestHandler& on_item);
  Result<std::vector<std::optional<Error>>> ingest_notifications(
      std::span<const std::string_view> texts, const std::string& source, bool number,
      const IngestHandler& on_item);
  /// Does what a confirmation of SNS asks for.
  Result<void> take_confirmation(const SnsMessage& message, const SnsOptions& options,
                                 const std::string& source, const IngestHandler& on_item);
};

}  // namespace calinvite
