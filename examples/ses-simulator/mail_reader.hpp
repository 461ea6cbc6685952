/// Reads a mail as far as a receiving server and a calendar client need: headers, parts, text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire.hpp"

namespace ses_simulator {

struct Mail {
  std::vector<Header> headers;  ///< unfolded, in order
  std::string calendar;         ///< decoded text of the first text/calendar part; empty: none
};

/// The mail, or what is wrong with it in one line.
std::variant<Mail, std::string> read_mail(std::string_view raw);

/// The text/plain and text/html parts of a mail that read_mail() takes, decoded.
std::string readable_text(std::string_view raw);

/// Absent unless the header occurs; the first one when it occurs more than once.
std::optional<std::string> find_header(const std::vector<Header>& headers, std::string_view name);

/// The address in `Name <local@domain>` or `local@domain`; absent when there is not exactly one
/// mailbox, or it is not plain ASCII as SES wants it.
std::optional<std::string> address_of(std::string_view mailbox);

}  // namespace ses_simulator
