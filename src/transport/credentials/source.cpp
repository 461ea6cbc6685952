#include "calinvite/credentials.hpp"

namespace calinvite {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr minutes try_before{15};
constexpr seconds calm_pause{60};
constexpr seconds short_pause{10};

bool same(const AwsCredentials& a, const AwsCredentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key == b.secret_access_key &&
         a.session_token == b.session_token;
}

}  // namespace

CredentialsSource::CredentialsSource(Fetch fetch, ExpiredKeys expired)
    : fetch_(std::move(fetch)), expired_(expired) {}

Result<CredentialsSource::Keys> CredentialsSource::get(sys_seconds now) {
  if (!keys_) {
    if (may_fetch(now, short_pause)) static_cast<void>(refresh(now));
    if (!keys_) return tl::unexpected<Error>(failure_);
    return keys_;
  }
  if (!keys_->expires || now < *keys_->expires - try_before) return keys_;
  const bool expired = now >= *keys_->expires;
  const bool failing = !failure_.message.empty();
  // While the keys hold, whoever sends should seldom wait for a fetch that fails.
  const auto pause = expired ? short_pause : calm_pause;
  // Keys that live for seconds only are fetched as they end.
  const bool ended_since = expired && !failing && fetched_ && *fetched_ < *keys_->expires;
  if (ended_since || may_fetch(now, pause)) static_cast<void>(refresh(now));

  const bool still_expired = now >= keys_->expires.value_or(sys_seconds::max());
  const bool usable = !still_expired || failure_.message.empty() || expired_ == ExpiredKeys::extend;
  if (usable) return keys_;
  return fail(failure_.code,
              "the keys have expired, and there are no new ones: " + failure_.message,
              failure_.place);
}

Result<CredentialsSource::Keys> CredentialsSource::replace(const Keys& refused, sys_seconds now) {
  const auto differ = [&] { return keys_ && !same(keys_->credentials, refused->credentials); };
  if (differ()) return keys_;
  // Many requests are refused together: one fetch is enough for all of them.
  if (may_fetch(now, short_pause) || failure_.message.empty()) {
    if (auto fetched = refresh(now); !fetched) return tl::unexpected<Error>(fetched.error());
    if (differ()) return keys_;
    failure_ = {Code::unauthenticated, "AWS refused the keys, and there are no others", {}};
  }
  return tl::unexpected<Error>(failure_);
}

bool CredentialsSource::may_fetch(sys_seconds now, seconds pause) const {
  // A clock that was set back has learnt better.
  return !fetched_ || now < *fetched_ || now >= *fetched_ + pause;
}

Result<void> CredentialsSource::refresh(sys_seconds now) {
  const auto begun = std::chrono::steady_clock::now();
  auto fetched = fetch_();
  // A fetch that took as long as the pause must still be followed by one. Rounded down, so that it
  // never ends after the caller's next `now`.
  fetched_ = now + std::chrono::floor<seconds>(std::chrono::steady_clock::now() - begun);
  if (!fetched) {
    failure_ = std::move(fetched.error());
    if (failure_.message.empty()) failure_.message = "no reason given";
    return tl::unexpected<Error>(failure_);
  }
  failure_ = {};
  keys_ = std::make_shared<const TimedCredentials>(std::move(*fetched));
  return {};
}

}  // namespace calinvite
