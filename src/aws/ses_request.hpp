/// A request to send, written into memory that served another.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/aws.hpp"

namespace calinvite::aws {

/// As ses_send_request.
/// @param buffer  its memory becomes the body's
Result<AwsRequest> ses_send_request(const SesSend& send, std::string_view host, std::string buffer);

}  // namespace calinvite::aws
