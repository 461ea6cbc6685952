/// One AWS service asked by signed requests, several at a time; what it refuses for keys or time
/// goes once more.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aws/endpoint.hpp"
#include "calinvite/queue.hpp"
#include "transport/http/client.hpp"

namespace calinvite::transport {

class AwsService {
 public:
  /// @param name  of the service, in its host name and in what is signed: sqs, sns
  /// @error as open_sqs_queue
  static Result<AwsService> open(AwsServiceOptions options, const std::string& name,
                                 const http::ClientOptions& client);

  const std::string& host() const noexcept { return endpoint_.host; }
  /// Bodies of the answers of status 200, or their errors, in the order of the requests. When
  /// `stopped` says so, those that have not ended are left and answered `stopped`.
  std::vector<Result<std::string>> ask(const std::vector<AwsRequest>& requests,
                                       const std::function<bool()>& stopped);

 private:
  AwsService(AwsServiceOptions options, std::string name, const http::ClientOptions& client_options,
             aws::Endpoint endpoint, http::Client client)
      : options_(std::move(options)),
        name_(std::move(name)),
        client_options_(client_options),
        endpoint_(std::move(endpoint)),
        client_(std::move(client)) {}

  Result<CredentialsSource::Keys> submit(std::uint64_t id, AwsRequest request);
  /// Asks those of `requests` that have no answer yet. @return whether all have ended
  bool ask_once(const std::vector<AwsRequest>& requests,
                std::vector<std::optional<Result<std::string>>>& answers, bool again,
                const std::function<bool()>& stopped);
  Result<std::string> read(const http::Exchange& exchange, const CredentialsSource::Keys& keys,
                           bool again, bool& retry);
  void learn_skew(const http::Exchange& exchange);

  AwsServiceOptions options_;
  std::string name_;
  http::ClientOptions client_options_;
  aws::Endpoint endpoint_;
  http::Client client_;
  std::chrono::seconds skew_{0};  ///< the server's clock less ours
};

}  // namespace calinvite::transport
