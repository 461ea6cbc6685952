/// Header fields of outgoing mail: encoding, mailboxes, folding. All append to what the caller
/// keeps, so that a mail after the first costs no memory.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/mime.hpp"

namespace calinvite::mime {

/// As encode_header_text and write_mailbox.
void append_header_text(std::string& out, std::string_view text);
void append_mailbox(std::string& out, const Mailbox& mailbox);

/// Appends `name: value` and CRLF, folded at spaces; lines stay below 78 octets as far as single
/// words allow (RFC 5322 2.1.1).
void append_header(std::string& out, std::string_view name, std::string_view value);

}  // namespace calinvite::mime
