#include "counts.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "wire.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;

std::array<std::uint64_t, 2> hash_of(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::array<std::uint64_t, 2> hash;
  std::memcpy(hash.data(), digest, sizeof hash);
  if (hash[0] == 0) hash[0] = 1;  // zero marks a free slot
  return hash;
}

/// The slot of `hash`, or the free one where it belongs; `slots` is a power of two and never full.
template <typename Slots>
auto& find(Slots& slots, const std::array<std::uint64_t, 2>& hash) {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = hash[0] & mask;
  while (slots[at].hash[0] != 0 && slots[at].hash != hash) at = (at + 1) & mask;
  return slots[at];
}

json by_copies(const CopyTable& table) {
  json result = json::object();
  for (const auto& [copies, count] : table.histogram()) result[std::to_string(copies)] = count;
  return result;
}

}  // namespace

void CopyTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (const Slot& old : slots_) {
    if (old.hash[0] != 0) find(larger, old.hash) = old;
  }
  slots_ = std::move(larger);
}

CopyTable::Slot& CopyTable::slot(const std::string& text) {
  if (used_ * 4 >= slots_.size() * 3) grow();
  const auto hash = hash_of(text);
  Slot& found = find(slots_, hash);
  if (found.hash[0] == 0) {
    found.hash = hash;
    ++used_;
  }
  return found;
}

std::uint32_t CopyTable::add_try(const std::string& text) { return ++slot(text).tries; }

void CopyTable::add_copy(const std::string& text) {
  const std::uint32_t copies = ++slot(text).copies;
  if (copies == 1) ++seen_;
  if (copies == 2) ++repeated_;
  if (copies > 1 && --histogram_[copies - 1] == 0) histogram_.erase(copies - 1);
  ++histogram_[copies];
}

std::uint32_t CopyTable::copies(const std::string& text) const {
  return find(slots_, hash_of(text)).copies;
}

std::string key_text(const std::string& to, const std::string& uid,
                     const std::string& recurrence_id, std::int64_t sequence,
                     const std::string& method) {
  return lower(to) + " " + uid + " " + recurrence_id + " " + method + " " +
         std::to_string(sequence);
}

std::string identity_of(const Entry& entry) {
  if (entry.uid.empty()) return lower(entry.to) + " " + entry.attempt_id;
  return key_text(entry.to, entry.uid, entry.recurrence_id, entry.sequence, entry.method);
}

std::uint32_t Counts::next_try(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  return keys_.add_try(identity_of(entry));
}

void Counts::accepted(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  ++accepted_;
  ++methods_[entry.method.empty() ? "none" : entry.method];
  ++outcomes_[entry.outcome];
  if (entry.dropped) ++unanswered_;
  if (!entry.uid.empty()) keys_.add_copy(identity_of(entry));
  if (entry.attempt_id.empty()) ++without_attempt_;
  if (!entry.attempt_id.empty()) attempts_.add_copy(entry.attempt_id);
}

void Counts::refused(const std::string& error_type) {
  const std::lock_guard lock(mutex_);
  ++refused_[error_type];
}

void Counts::account_asked() {
  const std::lock_guard lock(mutex_);
  ++account_;
}

void Counts::fault(const std::string& name) {
  const std::lock_guard lock(mutex_);
  ++faults_[name];
}

json Counts::totals() const {
  const std::lock_guard lock(mutex_);
  return {{"accepted", accepted_},
          {"accepted_without_answer", unanswered_},
          {"refused", refused_},
          {"account_requests", account_},
          {"faults", faults_},
          {"methods", methods_},
          {"outcomes", outcomes_},
          {"without_attempt_id", without_attempt_},
          {"attempts", attempts_.size()},
          {"attempts_accepted_more_than_once", attempts_.repeated()},
          {"attempts_by_copies", by_copies(attempts_)},
          {"message_keys", keys_.size()},
          {"message_keys_accepted_more_than_once", keys_.repeated()},
          {"message_keys_by_copies", by_copies(keys_)}};
}

std::uint32_t Counts::copies_of_attempt(const std::string& attempt_id) const {
  const std::lock_guard lock(mutex_);
  return attempts_.copies(attempt_id);
}

std::uint32_t Counts::copies_of_key(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return keys_.copies(key);
}

}  // namespace ses_simulator
