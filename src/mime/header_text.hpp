/// Header fields of outgoing mail: folding. Encoded-words and mailboxes are public (mime.hpp).
#pragma once

#include <string>
#include <string_view>

namespace calinvite::mime {

/// Appends `name: value` and CRLF, folded at spaces; lines stay below 78 octets as far as single
/// words allow (RFC 5322 2.1.1).
void append_header(std::string& out, std::string_view name, std::string_view value);

}  // namespace calinvite::mime
