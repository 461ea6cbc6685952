/// Envelopes: events that Lambda functions are handed, taken apart; SNS's, stripped of what it did
/// not sign.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "calinvite/sns.hpp"

namespace calinvite::aws {

/// The texts that the records of an event stand for, in their order: what SNS or SQS delivered, and
/// of other services an event of that record alone. Empty when `json` is no such event.
std::vector<std::string> split_records(std::string_view json);

/// The envelope with what its signature is over and nothing else: whoever holds a genuine one can
/// add members to it that name other events.
std::string write_signed(const SnsMessage& message);

}  // namespace calinvite::aws
