/// One content line as libical reads it. The only place that calls libical's parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ical/prescan.hpp"

namespace calinvite::ical {

/// One value with the parameters of its line. Dates stay text: libical is never asked what time a
/// TZID means, for to it that is the path of a file.
struct Property {
  std::string value;     ///< TEXT with its escapes undone, anything else in libical's normal form
  std::string_view raw;  ///< the whole value as written
  std::vector<std::pair<std::string_view, std::string>> parameters;  ///< those we know, upper case
  std::uint32_t line = 0;

  /// Empty when absent.
  std::string_view parameter(std::string_view name) const;
};

/// What libical made of one line.
struct Reading {
  std::vector<Property> properties;  ///< several for a list of values, none when all are bad
  std::string flaw;                  ///< what libical did not understand; empty: nothing
};

Reading read_line(const ContentLine& line);

}  // namespace calinvite::ical
