/// The properties of one VEVENT that decide or show something.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "ical/property.hpp"

namespace calinvite::ical {

/// By name in upper case. Flaws of what merely shows something are diagnostics.
class EventProperties {
 public:
  /// @error invalid_input  one that decides when the event is can't be read
  static Result<EventProperties> collect(const Component& component, Diagnostics& diagnostics);

  /// The first of that name; nullptr: none.
  const Property* find(std::string_view name) const;
  const std::vector<Property>& all(std::string_view name) const;

 private:
  std::map<std::string_view, std::vector<Property>> lists_;
};

}  // namespace calinvite::ical
