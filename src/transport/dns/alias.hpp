/// Reads aliases out of answers of DNS, which c-ares has no reader for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "calinvite/result.hpp"

namespace calinvite::dns {

/// What the first CNAME record of an answer names, lower case, without a final dot (RFC 1035 4.1).
/// @error invalid_input  the answer ends too early, or a name in it is none
Result<std::optional<std::string>> read_alias(std::span<const std::uint8_t> answer);

}  // namespace calinvite::dns
