/// Transports: whatever takes a finished message and answers for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/credentials.hpp"
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
  /// Nothing more will be submitted: what has not begun to leave ends as unavailable, told by poll.
  virtual void withdraw() {}
};

struct SesOptions {
  std::string region;          ///< such as eu-central-1
  AwsCredentials credentials;  ///< keys that stay, when there is no `source`
  std::shared_ptr<CredentialsSource> source =
      {};                   ///< keys that change; used by one thread at a time
  std::string endpoint;     ///< empty: https://email.REGION.amazonaws.com, or as the region demands
  bool fips = false;        ///< the address with validated cryptography, without `endpoint` only
  bool dual_stack = false;  ///< the address with IPv6, without `endpoint` only
  std::string ca_file;      ///< PEM bundle; empty: the system's
  std::size_t max_connections = 32;
  std::chrono::seconds answer_timeout{60};  ///< after that the attempt is in doubt
  Clock clock;                              ///< signs by it, corrected by the server's Date
};
/// SES API v2 over TLS on libcurl: keep-alive, one message a request, never sent twice by
/// itself (M1): a request whose body was begun and not answered is in doubt. What SES refused
/// unread for its keys or its time goes once more, with other keys or the right time.
/// @error invalid_argument  no region or keys, an endpoint that is not http(s) or that stands
///                          beside `fips` or `dual_stack`
/// @error unsupported       `dual_stack` where its address is not known
/// @error of `source`, which is asked at once: a fault of its set-up is told before a send
Result<std::unique_ptr<Transport>> open_ses_transport(SesOptions options);

/// Options as every AWS program finds them in environment and shared files: region, endpoint,
/// fips, dual_stack, ca_file, and in `source` the chain of credentials; the clock is left open.
/// Region: the argument, AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's.
/// Endpoint: AWS_ENDPOINT_URL_SESV2, AWS_ENDPOINT_URL, the profile's services, the profile's.
/// @error invalid_argument  no region, or a variable with a value that it can't have
/// @error of open_credentials_chain
Result<SesOptions> find_ses_options(const AwsEnvironment& environment, std::string region = {});

/// Asks SES how an account is set up; changes nothing. Each call waits for its answer, and asks up
/// to three times where SES wants to be asked slower. One thread at a time.
class SesAccountReader {
 public:
  virtual ~SesAccountReader() = default;
  /// @error unavailable      no answer, or none of SES's
  /// @error throttled        asked too often, three times in a row
  /// @error not_found        SES knows no such thing (not of `account`)
  /// @error unauthenticated  SES does not accept the keys
  /// @error forbidden        the keys may not ask this
  virtual Result<SesAccount> account() = 0;
  /// @param name  DNS name or address
  /// @error as account
  virtual Result<SesIdentity> identity(std::string_view name) = 0;
  /// @error as account
  virtual Result<SesConfigurationSet> configuration_set(std::string_view name) = 0;
  /// SES's clock less ours, by the last answer; absent before it.
  virtual std::optional<std::chrono::seconds> clock_skew() const = 0;
  /// Such as eu-central-1.
  virtual std::string_view region() const = 0;
};
/// @error as open_ses_transport
Result<std::unique_ptr<SesAccountReader>> open_ses_account_reader(SesOptions options);

/// How the bytes to an SMTP server are protected.
enum class SmtpTls {
  starttls,  ///< demanded after EHLO (RFC 3207); without it nothing is sent
  implicit,  ///< from the first byte (RFC 8314), as port 465 has it
  none,      ///< in the clear; with a password only to this machine
};

struct SmtpOptions {
  std::string host;  ///< name or address, IPv6 without brackets
  std::uint16_t port = 587;
  SmtpTls tls = SmtpTls::starttls;
  std::string user;        ///< empty: no AUTH
  std::string password;    ///< prints nowhere, not even in errors
  std::string helo;        ///< our name in EHLO; empty: this machine's
  std::string ca_file;     ///< PEM bundle; empty: the system's
  std::string ses_region;  ///< when the server is SES's: what recipients see of a message id
  std::size_t max_connections = 8;
  std::chrono::seconds command_timeout{60};  ///< to connect, and for each reply before the message
  std::chrono::seconds answer_timeout{
      600};  ///< to the final dot (RFC 5321 4.5.3.2.6); then in doubt
};
/// Reads smtp[s]://[user@]host[:port][/helo][?tls=starttls|implicit|none]. smtps, and port 465 or
/// 2465, is implicit TLS (port 465); smtp demands STARTTLS (port 587), but for a server on this
/// machine that asks for no user: that one is spoken to in the clear (port 25). Fills `ses_region`.
/// @error invalid_argument  anything else, and a URL that holds a password; never quotes the URL
Result<SmtpOptions> parse_smtp_url(std::string_view url);

/// SMTP over TLS on libcurl: connections are kept and serve several messages, commands go in one
/// packet where the server allows it (RFC 2920), one recipient a message. The peer is verified and
/// TLS never given up. A message is in doubt from the moment its final dot may have left until the
/// answer to it; one whose connection is lost before that was not accepted (RFC 5321 4.1.1.4).
/// Messages must have lines of at most 998 bytes that end in CRLF; 8-bit ones and addresses beyond
/// ASCII are refused by servers that don't offer to take them (RFC 6152, RFC 6531).
/// message_id is SES's, else the Message-ID of the message, which servers keep; the server's own
/// words with its queue id are the detail.
/// @error invalid_argument  no host, a user without password, a password in the clear
Result<std::unique_ptr<Transport>> open_smtp_transport(SmtpOptions options);

/// Writes each message as DIR/new/ATTEMPT.eml, Maildir-style: complete and synced in DIR/tmp, then
/// renamed; what stands in `new` is accepted.
/// @error unavailable  the folder can't be made
Result<std::unique_ptr<Transport>> open_spool_transport(const std::filesystem::path& folder);

/// Hands each message to the host's own sender, which answers at once.
std::unique_ptr<Transport> make_callback_transport(
    std::function<SendOutcome(const OutgoingMessage&)> send);

}  // namespace calinvite
