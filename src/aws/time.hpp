/// Times as SES's records write them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace calinvite::aws {

/// 2026-01-15T09:30:02.100Z, or with an offset in place of Z.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text);

}  // namespace calinvite::aws
