/// The alphabet of SES's message tags.
#pragma once

#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"

namespace calinvite {

/// 1 to `longest` of A-Z a-z 0-9 - _.
bool is_ses_word(std::string_view word, std::size_t longest) noexcept;
/// @error invalid_argument  a name or value is not 1 to 256 of A-Z a-z 0-9 - _
Result<void> check_tags(const std::vector<MessageTag>& tags);

}  // namespace calinvite
