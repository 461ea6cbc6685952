/// Reads header values of inbound mail: addresses behind a check that keeps groups from GMime (M3),
/// and message ids.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/mime.hpp"
#include "mime/structure.hpp"

namespace calinvite::mime {

/// Calls `use` with the value of every header of that name, checked for read_addresses.
/// @error too_large      too many addresses
/// @error invalid_input  groups that nest
Result<void> each_address_header(const Headers& headers, std::string_view name,
                                 const MailLimits& limits,
                                 const std::function<void(const std::string&)>& use);

/// The sound addresses of every header of that name, normalised.
/// @error as each_address_header
Result<std::vector<std::string>> read_address_headers(const Headers& headers, std::string_view name,
                                                      const MailLimits& limits);

/// Ids in angle brackets, or the bare value when there are none.
std::vector<std::string> read_ids(std::string_view value);

}  // namespace calinvite::mime
