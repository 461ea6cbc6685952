/// A message as it goes on the wire of SMTP.
#pragma once

#include <string>

#include "calinvite/result.hpp"
#include "calinvite/transport.hpp"

namespace calinvite::smtp {

struct Delivery {
  std::string attempt_id;
  std::string from;
  std::string to;
  std::string message_id;      ///< that the message itself has, without brackets; may be empty
  std::string wire;            ///< dots doubled, the final dot behind it (RFC 5321 4.5.2)
  bool eight_bit = false;      ///< needs 8BITMIME (RFC 6152)
  bool international = false;  ///< needs SMTPUTF8 (RFC 6531)
};

/// @error invalid_argument  an address or tag that would break out of its line, bytes that SMTP
///                          can't carry unchanged
Result<Delivery> make_delivery(OutgoingMessage message);

}  // namespace calinvite::smtp
