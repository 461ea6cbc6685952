/// A mail as it was written: the tree of its parts, and headers with lines and order, which the
/// reader of inbound mail (mime/structure.hpp) throws away. Linear, within MailLimits.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/mime.hpp"

namespace calinvite::lint {

struct Header {
  std::string name;
  std::string value;     ///< unfolded, trimmed
  std::string_view raw;  ///< all its lines, as written
  std::uint32_t line = 0;
};

/// `type; name=value` of Content-Type or Content-Disposition.
struct Parameterized {
  std::string value;                                        ///< lower case
  std::vector<std::pair<std::string, std::string>> params;  ///< lower-case name, unquoted value
  /// nullptr when absent.
  const std::string* find(std::string_view name) const;
};
Parameterized read_parameters(std::string_view value);

struct Part {
  std::vector<Header> headers;
  Parameterized type;       ///< text/plain when there is no Content-Type
  std::string encoding;     ///< lower case; empty: none
  std::string_view body;    ///< as written
  std::uint32_t line = 1;   ///< of its first header
  std::vector<Part> parts;  ///< of a multipart

  const Header* header(std::string_view name) const;
  Parameterized disposition() const;
  /// Transfer encoding undone.
  std::string decoded() const;
};

/// @error invalid_input  no header at all
/// @error too_large      deeper, or more parts or header bytes, than the limits allow
Result<Part> read_message(std::string_view bytes, const MailLimits& limits);

}  // namespace calinvite::lint
