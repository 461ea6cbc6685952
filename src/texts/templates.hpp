/// Templates as they are rendered and checked.
#pragma once

#include <kainjow/mustache.hpp>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::texts {

/// The text of ours; empty when there is none of that name.
std::string_view embedded_template(std::string_view name);

/// @param name  ends in .html when values are to be escaped
/// @error invalid_input  does not parse
Result<kainjow::mustache::mustache> parse_template(std::string_view name,
                                                   std::string_view contents);

}  // namespace calinvite::texts
