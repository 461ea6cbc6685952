/// Verifies Signature Version 4 from the bytes received, as AWS does. Written from the
/// specification alone: it must not share a mistake with the code that signs.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <variant>

#include "time_text.hpp"
#include "wire.hpp"

namespace ses_simulator {

/// Who signed, once the signature is proven.
struct Caller {
  std::string access_key_id;
  std::string region;
};

/// Knows the secrets; safe to share between threads.
class SignatureCheck {
 public:
  /// @param secrets  access key id to secret access key
  explicit SignatureCheck(std::map<std::string, std::string> secrets)
      : secrets_(std::move(secrets)) {}

  /// @param prove  false: all but the signature itself, which costs most of the time
  std::variant<Caller, Refusal> check(const ApiRequest& request, Instant now, bool prove);

 private:
  std::string signing_key(const std::string& access_key_id, const std::string& day,
                          const std::string& region);

  const std::map<std::string, std::string> secrets_;
  std::mutex mutex_;
  std::map<std::string, std::string> keys_;  ///< by scope, those of the last scopes seen
};

}  // namespace ses_simulator
