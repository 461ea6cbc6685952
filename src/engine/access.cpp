// API keys: what a program shows to act in a scope.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/impl.hpp"

namespace calinvite {
namespace {

// A key reads calinvite_ID_SECRET: the first word lets scanners of leaked secrets know it, the id
// finds its row, the secret is what nobody can guess.
constexpr std::string_view mark = "calinvite_";
constexpr std::size_t id_size = 16;      // of 80 bits, base32
constexpr std::size_t secret_size = 43;  // of 256 bits, base64url
constexpr std::size_t key_size = mark.size() + id_size + 1 + secret_size;

/// A request a second must not be a write a second.
constexpr std::chrono::minutes use_noted_every{1};

std::string mint_key(const Random& random) {
  std::array<std::uint8_t, 10> id{};
  std::array<std::uint8_t, 32> secret{};
  random(id);
  random(secret);
  return std::string(mark) + text::base32_lower(id) + '_' + text::base64url(secret);
}

/// The id in a key; of what has not the form of one, an id that no key has.
std::string_view id_in(std::string_view key) {
  if (key.size() != key_size || !key.starts_with(mark)) return {};
  return key.substr(mark.size(), id_size);
}

Result<void> check_label(std::string_view label) {
  constexpr std::size_t longest = 100;
  if (label.empty() || label.size() > longest) {
    return fail(Code::invalid_input, "label: expected 1 to 100 bytes that say what the key is for",
                {{}, 0, 0, "label"});
  }
  return text::check_single_line(label, "label");
}

/// Keys open nothing for those whose mail opens nothing either.
Result<bool> is_suspended(ScopedStore& store, const Scope& scope) {
  if (scope.organizer_address().empty()) return false;
  const auto organizer = store.find_organizer(scope, scope.organizer_address());
  if (!organizer) return tl::unexpected(organizer.error());
  return !*organizer || (*organizer)->state == OrganizerState::suspended;
}

}  // namespace

Result<NewApiKey> Engine::add_api_key(const Scope& scope, std::string_view label, const Scope& of) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = check_label(label); !sound) return tl::unexpected(sound.error());
  NewApiKey made;
  made.key = mint_key(impl_->random);
  made.entry.id = id_in(made.key);
  made.entry.label = label;
  made.entry.scope = of;
  made.entry.created = impl_->clock();
  const auto added = impl_->store->add_api_key(scope, made.entry, crypto::sha256(made.key));
  if (!added) return tl::unexpected(added.error());
  return made;
}

Result<std::vector<ApiKey>> Engine::list_api_keys(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_api_keys(scope);
}

Result<void> Engine::revoke_api_key(const Scope& scope, std::string_view id) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->revoke_api_key(scope, id, impl_->clock());
}

Result<Scope> Engine::authenticate_key(std::string_view key) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->store->find_api_key(id_in(key));
  if (!found) return tl::unexpected(found.error());
  // What is not known is compared as well: how long a refusal takes must not tell which ids are.
  static const ApiKeyProof nobody;
  const ApiKeyProof& proof = *found ? **found : nobody;
  const bool genuine = crypto::equal(crypto::sha256(key), proof.digest) && found->has_value();
  const auto suspended =
      genuine ? is_suspended(*impl_->store, proof.entry.scope) : Result<bool>(false);
  if (!suspended) return tl::unexpected(suspended.error());
  if (!genuine || proof.entry.revoked || *suspended) {
    return fail(Code::unauthenticated, "the API key is not valid");
  }
  const auto now = impl_->clock();
  if (!proof.entry.last_used || now - *proof.entry.last_used >= use_noted_every) {
    // The key is good whether this can be written now or not.
    static_cast<void>(impl_->store->note_api_key(proof.entry.id, now));
  }
  return proof.entry.scope;
}

}  // namespace calinvite
