/// What every caller of SES needs before its first request.
#pragma once

#include "aws/endpoint.hpp"
#include "calinvite/transport.hpp"

namespace calinvite::ses {

/// @error as open_ses_transport
Result<aws::Endpoint> endpoint_of(const SesOptions& options);
/// Keys that stay become a source too; its first answer tells whether there are any.
/// @error as open_ses_transport
Result<void> prepare_source(SesOptions& options);

}  // namespace calinvite::ses
