/// The shape of a mail, headers, parts and boundaries, by our own linear scan with limits, so that
/// GMime, whose structures grow and recurse with the input (M3, M12), sees single values only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/mime.hpp"
#include "mime/decode.hpp"

namespace calinvite::mime {

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< name, value unfolded

/// A message or body part, split at its first empty line.
struct Entity {
  Headers headers;
  std::string_view body;  ///< view into what was read
  bool mbox = false;      ///< the envelope line of an mbox file stood before the headers
};
/// A line that is no header field ends the headers and begins the body, as Python's reader has it.
/// @error too_large  a header or the block exceeds its limit
Result<Entity> read_entity(std::string_view text, const MailLimits& limits);

/// Whether a part is one of R90's.
bool is_calendar(const MailPart& part);

/// Value of the first header of this name, any case; nullptr when absent.
const std::string* find_header(const Headers& headers, std::string_view name);

/// One part that holds no further parts.
struct Leaf {
  const Headers& headers;
  const ContentType& type;
  std::string_view body;  ///< still transfer encoded
  std::uint32_t depth;
  const Headers* embedded;  ///< headers of the embedded message it is in; nullptr: in none
};

/// Walks multiparts and embedded messages, leaves in document order.
/// @error too_large  more levels, parts or header bytes than the limits allow
Result<void> walk(const Entity& message, const MailLimits& limits,
                  const std::function<void(const Leaf&)>& on_leaf);

}  // namespace calinvite::mime
