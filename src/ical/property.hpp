/// One content line taken apart: parameters, and the value as its type wants it (RFC 5545 3.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ical/prescan.hpp"

namespace calinvite::ical {

/// One value with the parameters of its line. What a date means is asked elsewhere.
struct Property {
  std::string value;            ///< TEXT with its escapes undone, anything else without outer space
  std::string_view raw;         ///< the whole value as written
  std::string_view parameters;  ///< from the first ';' on, as written
  std::uint32_t line = 0;

  /// Without quotes and with the escapes of RFC 6868 undone; empty when absent.
  std::string parameter(std::string_view name) const;
  /// The values of a list such as DELEGATED-TO="mailto:a","mailto:b".
  std::vector<std::string> parameter_list(std::string_view name) const;
};

/// How the value of a property is written.
enum class ValueType { plain, text, list, text_list };

/// Appends what `line` says: one property, or one for each value of a list.
void read_line(const ContentLine& line, ValueType type, std::vector<Property>& into);

/// A value of TEXT with its escapes undone (RFC 5545 3.3.11).
std::string unescape_text(std::string_view value);

}  // namespace calinvite::ical
