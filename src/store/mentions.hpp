/// Finding a mail address in text that was written by anybody.
#pragma once

#include <string>
#include <string_view>

namespace calinvite {

/// Whether `text` names the address, in whatever ASCII case, and not as a part of a longer one.
bool mentions(std::string_view text, std::string_view address);
/// `text` with `other` wherever it names the address.
std::string without_mentions(std::string_view text, std::string_view address,
                             std::string_view other);

}  // namespace calinvite
