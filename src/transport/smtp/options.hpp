/// What SMTP options and their URL have in common.
#pragma once

#include <string_view>

#include "calinvite/transport.hpp"

namespace calinvite::smtp {

/// A name or address of this machine itself.
bool is_loopback(std::string_view host) noexcept;
/// @error invalid_argument  no host, or characters that no host or EHLO name has
Result<void> check_names(const SmtpOptions& options);

}  // namespace calinvite::smtp
