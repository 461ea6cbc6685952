/// Amazon SQS's JSON protocol: requests and what their answers say.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/queue.hpp"

namespace calinvite::sqs {

/// SQS takes and hands out no more than this in one request.
inline constexpr std::size_t batch = 10;

AwsRequest receive_request(std::string_view host, std::string_view queue_url, std::size_t most,
                           std::chrono::seconds wait, std::chrono::seconds visibility);
/// @param messages  at most batch
AwsRequest delete_request(std::string_view host, std::string_view queue_url,
                          std::span<const QueueMessage> messages);
/// @param messages  at most batch
AwsRequest extend_request(std::string_view host, std::string_view queue_url,
                          std::span<const QueueMessage> messages, std::chrono::seconds visibility);

/// @error invalid_input  not ReceiveMessage's answer
Result<std::vector<QueueMessage>> read_messages(std::string_view body);
/// How many entries of a batch were done.
/// @error invalid_input  not a batch's answer
Result<std::size_t> read_batch(std::string_view body);

}  // namespace calinvite::sqs
