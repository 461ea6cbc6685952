/// Events that Lambda functions are handed, taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calinvite::aws {

/// The texts that the records of an event stand for, in their order: what SNS or SQS delivered, and
/// of other services an event of that record alone. Empty when `json` is no such event.
std::vector<std::string> split_records(std::string_view json);

}  // namespace calinvite::aws
