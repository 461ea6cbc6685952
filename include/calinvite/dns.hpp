/// What a check before sending asks of DNS, and the resolver that asks the system's servers.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite {

/// A mail exchanger (RFC 5321 5.1).
struct MailExchanger {
  std::uint16_t preference = 0;  ///< the lowest is tried first
  std::string host;              ///< lower case, without a final dot; empty: no mail (RFC 7505)
  friend bool operator==(const MailExchanger&, const MailExchanger&) = default;
};

/// Answers questions about DNS names, which are A-labels without a final dot. That a name does not
/// exist, or has no such record, is an answer: an empty one. Aliases are followed, but for `cname`.
/// One thread at a time.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// A text for each TXT record, its strings joined without spaces (RFC 7208 3.3).
  /// @error unavailable  no answer in time, or the servers failed
  virtual Result<std::vector<std::string>> txt(const std::string& name) = 0;
  /// By preference.
  /// @error as txt
  virtual Result<std::vector<MailExchanger>> mx(const std::string& name) = 0;
  /// What the name itself is an alias of, lower case, without a final dot; absent: none.
  /// @error as txt
  virtual Result<std::optional<std::string>> cname(const std::string& name) = 0;
};

struct ResolverOptions {
  std::string servers;                       ///< 192.0.2.1,[2001:db8::1]:5353; empty: the system's
  std::chrono::milliseconds timeout{2'000};  ///< of the first try with each server; then longer
  int tries = 2;                             ///< with each server
};
/// Asks recursive servers over UDP, and over TCP what does not fit; keeps no answer, so that what
/// was mended is seen as soon as the servers see it. Built on c-ares, which also obeys RES_OPTIONS.
/// @error invalid_argument  servers that are no addresses, no time or no try
/// @error unavailable       c-ares can't start
/// @error unsupported       the library was built with CALINVITE_WITH_CARES=OFF
Result<std::unique_ptr<Resolver>> open_resolver(const ResolverOptions& options = {});

}  // namespace calinvite
