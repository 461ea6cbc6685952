/// Transports: whatever takes a finished message and answers for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// One message for one recipient, whose intent is already durable.
struct OutgoingMessage {
  std::string attempt_id;         ///< [A-Za-z0-9_-], unique for ever
  std::string from;               ///< bare address
  std::string to;                 ///< bare address
  std::string bytes;              ///< RFC 5322
  std::string configuration_set;  ///< SES; empty: none
  std::vector<MessageTag> tags;   ///< SES; attempt_id is added by the transport
};

/// What became of one attempt; exactly one per submitted message.
struct SendOutcome {
  std::string attempt_id;
  SendVerdict verdict = SendVerdict::in_doubt;
  std::string message_id;  ///< of accepted
  std::string detail;      ///< one line: the peer's words or what went wrong
};

/// One thread at a time; starts no threads.
class Transport {
 public:
  virtual ~Transport() = default;
  /// How many messages may be between submit and their outcome.
  virtual std::size_t max_in_flight() const = 0;
  /// Names the account whose limits count, the same for all who send through it; empty: none, and
  /// its pace is shared with nobody.
  virtual std::string account_key() const { return {}; }
  /// Asks the account what it allows; absent: it can't be asked. May take as long as a send.
  /// @error unavailable  no answer
  /// @error forbidden    who may send need not be allowed to ask
  virtual Result<std::optional<SesAccount>> account() { return std::optional<SesAccount>(); }
  /// What stands behind the '@' of the Message-ID that recipients see, when `message_id` is what
  /// stands before it; empty: `message_id` is all of it, or nobody sees it (R13).
  virtual std::string message_id_host() const { return {}; }
  /// Takes a message; its outcome comes from poll. At most max_in_flight at once.
  /// @error any error means that no byte left and no outcome will come
  virtual Result<void> submit(OutgoingMessage message) = 0;
  /// Outcomes so far; waits up to `wait` while there are none and messages are in flight.
  virtual std::vector<SendOutcome> poll(std::chrono::milliseconds wait) = 0;
};

struct SesOptions {
  std::string region;  ///< such as eu-central-1
  AwsCredentials credentials;
  std::string endpoint;  ///< empty: https://email.REGION.amazonaws.com
  std::string ca_file;   ///< PEM bundle; empty: the system's
  std::size_t max_connections = 32;
  std::chrono::seconds answer_timeout{60};  ///< after that the attempt is in doubt
  Clock clock;                              ///< signs by it, corrected by the server's Date
};
/// SES API v2 over TLS on libcurl: keep-alive, one message a request, never sent twice by
/// itself (M1): a request whose body was begun and not answered is in doubt.
/// @error invalid_argument  no region or keys, an endpoint that is not http(s)
Result<std::unique_ptr<Transport>> open_ses_transport(SesOptions options);

/// Writes each message as DIR/new/ATTEMPT.eml, Maildir-style: complete and synced in DIR/tmp, then
/// renamed; what stands in `new` is accepted.
/// @error unavailable  the folder can't be made
Result<std::unique_ptr<Transport>> open_spool_transport(const std::filesystem::path& folder);

/// Hands each message to the host's own sender, which answers at once.
std::unique_ptr<Transport> make_callback_transport(
    std::function<SendOutcome(const OutgoingMessage&)> send);

}  // namespace calinvite
