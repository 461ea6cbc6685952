/// The body of SendEmail with Content.Raw, held to the rules that SES holds it to.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mail_reader.hpp"
#include "wire.hpp"

namespace ses_simulator {

struct SendEmail {
  std::string source;  ///< FromEmailAddress as given
  std::string to;      ///< the one envelope recipient, without a name
  std::string raw;     ///< the message, decoded
  Mail mail;           ///< the same, read
  std::vector<std::pair<std::string, std::string>> tags;
  std::string configuration_set;
};

std::variant<SendEmail, Refusal> read_send_email(std::string_view body);

}  // namespace ses_simulator
