// The keys that sign links: how they lie in the store, and how one takes over from another.
#include <algorithm>
#include <utility>

#include "base/crypto.hpp"
#include "engine/impl.hpp"

namespace calinvite {
namespace {

/// What another process has rotated or withdrawn holds here soon, too.
constexpr std::chrono::seconds ring_kept{10};

constexpr std::uint16_t most_keys = UINT16_MAX;

/// What a sealed key is bound to, so that none can be moved to another domain.
std::string key_context(std::string_view domain, std::uint16_t id) {
  return "calinvite token key " + std::string(domain) + ' ' + std::to_string(id);
}

/// Above those of all domains, so that it tells whose token it is; once these are used up, above
/// those of the domain: what several domains have is tried with each.
Result<std::uint16_t> next_key_id(Store& store, const std::vector<SealedKey>& own) {
  const auto highest = store.highest_key_id();
  if (!highest) return tl::unexpected(highest.error());
  if (*highest < most_keys) return static_cast<std::uint16_t>(*highest + 1);
  std::uint16_t last = 0;
  for (const SealedKey& key : own) last = std::max(last, key.id);
  if (last < most_keys) return static_cast<std::uint16_t>(last + 1);
  return fail(Code::conflict, "no id is left for a signing key");
}

}  // namespace

Result<SigningKey> Engine::Impl::add_signing_key(const std::string& domain) {
  const auto scope = Scope::domain(domain);
  SealedKey key;
  const auto added = store->atomically([&]() -> Result<void> {
    const auto own = store->list_keys(scope);
    if (!own) return tl::unexpected(own.error());
    const auto id = next_key_id(*store, *own);
    if (!id) return tl::unexpected(id.error());
    key.id = *id;
    // The newest signs, also under a clock that was set back.
    key.created = own->empty() ? clock() : std::max(clock(), own->back().created);
    std::array<std::uint8_t, 32> secret{};
    std::array<std::uint8_t, 12> nonce{};
    random(secret);
    random(nonce);
    key.sealed = crypto::seal(master_key, nonce, secret, key_context(domain, key.id));
    return store->add_key(scope, key);
  });
  if (!added) return tl::unexpected(added.error());
  forget_ring(domain);
  return SigningKey{key.id, key.created, true};
}

void Engine::Impl::forget_ring(const std::string& domain) {
  if (const auto known = rings.find(domain); known != rings.end()) known->second.read = {};
}

Result<const KeyRing*> Engine::Impl::key_ring(const std::string& domain) {
  const auto now = clock();
  const auto known = rings.find(domain);
  if (known != rings.end() && known->second.read <= now && now - known->second.read < ring_kept) {
    return &known->second.ring;
  }
  const auto sealed = store->list_keys(Scope::domain(domain));
  if (!sealed) return tl::unexpected(sealed.error());
  KeyRing ring;
  for (const SealedKey& key : *sealed) {
    const auto secret = crypto::unseal(master_key, key.sealed, key_context(domain, key.id));
    if (!secret || secret->size() != 32) {
      return fail(Code::unauthenticated,
                  "the master key does not open the signing keys of " + domain);
    }
    TokenKey opened;
    opened.id = key.id;
    std::copy(secret->begin(), secret->end(), opened.secret.begin());
    ring.add(opened);
  }
  if (ring.empty()) return fail(Code::not_found, "domain " + domain + " has no signing key");
  ReadRing& kept = rings[domain];
  kept = {std::move(ring), now};
  return &kept.ring;
}

Result<SigningKey> Engine::rotate_key(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  if (auto whole = require_whole_domain(scope); !whole) return tl::unexpected(whole.error());
  return impl_->add_signing_key(scope.domain_name());
}

Result<std::vector<SigningKey>> Engine::list_keys(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  if (auto whole = require_whole_domain(scope); !whole) return tl::unexpected(whole.error());
  const auto sealed = impl_->store->list_keys(scope);
  if (!sealed) return tl::unexpected(sealed.error());
  std::vector<SigningKey> keys;
  for (const SealedKey& key : *sealed) keys.push_back({key.id, key.created, false});
  if (!keys.empty()) keys.back().signs = true;
  return keys;
}

Result<void> Engine::withdraw_key(const Scope& scope, std::uint16_t id) {
  const std::lock_guard lock(impl_->mutex);
  if (auto whole = require_whole_domain(scope); !whole) return whole;
  const auto withdrawn = impl_->store->atomically([&]() -> Result<void> {
    const auto keys = impl_->store->list_keys(scope);
    if (!keys) return tl::unexpected(keys.error());
    if (!keys->empty() && keys->back().id == id) {
      return fail(Code::conflict,
                  "signing key " + std::to_string(id) + " is the one that signs; rotate first");
    }
    return impl_->store->remove_key(scope, id);
  });
  if (withdrawn) impl_->forget_ring(scope.domain_name());
  return withdrawn;
}

}  // namespace calinvite
