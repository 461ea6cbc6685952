/// Where AWS keys come from, and how they stay fresh: the host's own keys, a function of the host,
/// or the chain of places that every AWS program looks at.
///
/// The library reads no environment by itself: the host hands in what it may look at.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "calinvite/aws.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// Keys, and until when AWS takes them.
struct TimedCredentials {
  AwsCredentials credentials;
  std::optional<std::chrono::sys_seconds> expires;  ///< absent: until AWS refuses them
};

/// What keys do when they have expired and no new ones can be had.
enum class ExpiredKeys {
  refuse,  ///< signing stops
  extend,  ///< they sign on and AWS judges, as for the metadata service of an instance
};

/// Fetches keys when they are needed, and again before they expire: from 15 minutes before the end
/// it tries once a minute, and every 10 seconds once they have expired; the old keys stay in use
/// before. One thread at a time; `get` and `replace` block as long as `fetch` does, and each pause
/// begins when it has ended.
class CredentialsSource {
 public:
  using Fetch = std::function<Result<TimedCredentials>()>;
  /// The same object until keys change, so that a pointer tells which keys signed a request.
  using Keys = std::shared_ptr<const TimedCredentials>;

  explicit CredentialsSource(Fetch fetch, ExpiredKeys expired = ExpiredKeys::refuse);

  /// Keys to sign with.
  /// @param now  as AWS's clock shows it
  /// @error of `fetch`; the same one for the next 10 seconds, without asking again
  Result<Keys> get(std::chrono::sys_seconds now);
  /// Other keys than those that AWS has just refused; fetches unless that has happened since.
  /// @error unauthenticated  there are no others
  /// @error of `fetch`
  Result<Keys> replace(const Keys& refused, std::chrono::sys_seconds now);

 private:
  Result<void> refresh(std::chrono::sys_seconds now);
  bool may_fetch(std::chrono::sys_seconds now, std::chrono::seconds pause) const;

  Fetch fetch_;
  ExpiredKeys expired_;
  Keys keys_;
  Error failure_;                                    ///< of the last fetch; without a message: none
  std::optional<std::chrono::sys_seconds> fetched_;  ///< when the last fetch ended; absent: never
};

/// What the chain may look at.
struct AwsEnvironment {
  /// Value of a variable, empty when it is unset: getenv of the host, or a table.
  std::function<std::string(const std::string& name)> variable;
  std::filesystem::path home;  ///< holds .aws/config and .aws/credentials; empty: no such files
};

/// The first of these that is set up, whose failures are then the chain's: AWS_ACCESS_KEY_ID and
/// AWS_SECRET_ACCESS_KEY; the profile (AWS_PROFILE, else "default") of the shared files; a web
/// identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN); the container's
/// (AWS_CONTAINER_CREDENTIALS_…_URI); the instance's metadata service, version 2 only, unless
/// AWS_EC2_METADATA_DISABLED. Files are read again at each fetch. docs/credentials.md tells more.
/// @param region  of STS; empty: as find_ses_options finds it, but for the instance's
/// @error invalid_argument  half a pair of keys, a place outside what is allowed, nothing set up
/// @error unsupported       a profile with sso_*, credential_process or a chain of roles
/// @error invalid_input     a shared file that can't be read as one
/// @error not_found         AWS_PROFILE names no profile
Result<std::shared_ptr<CredentialsSource>> open_credentials_chain(const AwsEnvironment& environment,
                                                                  const std::string& region = {});

}  // namespace calinvite
