/// A mail of text and HTML with a file beside them.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/mime.hpp"

namespace calinvite::mime {

/// Borrowed for the call.
struct AttachedFile {
  std::string_view name;  ///< of letters, digits, '-' and '.'
  std::string_view type;  ///< such as text/csv; charset=UTF-8
  std::string_view bytes;
};

/// As write_mail: multipart/mixed > alternative(plain, html) + the file in base64.
/// @param mail  without a calendar
Result<std::string> write_mail_with(const OutgoingMail& mail, const AttachedFile& file);

}  // namespace calinvite::mime
