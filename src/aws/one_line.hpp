/// Text of AWS made fit for a receipt or a log.
#pragma once

#include <string>
#include <string_view>

namespace calinvite::aws {

/// Well-formed UTF-8 of at most `max_bytes`, each control character and line end as a space.
std::string one_line(std::string_view text, std::size_t max_bytes);

}  // namespace calinvite::aws
