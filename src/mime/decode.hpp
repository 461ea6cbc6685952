/// What GMime does for us: one header value or one body at a time, never a whole mail.
/// Callers have bounded the sizes and checked address headers (structure.hpp, check_addresses).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/mime.hpp"

namespace calinvite::mime {

/// Starts GMime once per process; every function here needs it.
void start_gmime();

/// A Content-Type value, RFC 2231 and 2047 forms decoded.
struct ContentType {
  std::string type;  ///< lower case
  std::string boundary;
  std::string charset;
  std::string method;
  std::string name;
};
/// Unreadable values count as text/plain (RFC 2045 5.2).
ContentType read_content_type(const std::string& value);
/// The filename of a Content-Disposition value; empty when absent.
std::string read_filename(const std::string& value);

/// Undoes a Content-Transfer-Encoding; unknown ones are taken as none.
std::string decode_transfer(std::string_view body, std::string_view encoding);
/// As UTF-8; what the charset can't explain becomes U+FFFD.
std::string decode_charset(std::string_view bytes, std::string_view charset);
/// Encoded-words of an unstructured value (RFC 2047), as valid UTF-8.
std::string decode_text(const std::string& value);

/// A date as RFC 5322 3.3 and earlier mails write it.
std::optional<std::chrono::sys_seconds> decode_date(const std::string& value);

/// One entry of an address header.
struct Address {
  std::string name;
  std::string address;  ///< as written
  bool in_group = false;
};
/// The mailboxes of an address header in order; a group without members gives one without address.
std::vector<Address> read_addresses(const std::string& value);

}  // namespace calinvite::mime
