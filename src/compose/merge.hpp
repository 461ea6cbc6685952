/// Merge fields in an event's summary, description and location: {{name}}, {{address}} and
/// {{organizer}}, each with what stands in for an empty one, as in {{name|friend}}; without it, the
/// address does.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/model.hpp"

namespace calinvite::compose {

struct MergeValues {
  std::string_view name;
  std::string_view address;
  std::string_view organizer;
};

bool has_merge_fields(std::string_view text);
/// Other names in double braces are text like any other. Values are not read again.
std::string merge(std::string_view text, const MergeValues& values);

/// Whether any text of the event, or of its changed dates, has some.
bool has_merge_fields(const Event& event);
/// The event with its texts merged. A location that is a link stays: it is no place for words.
Event merge(Event event, const MergeValues& values);

}  // namespace calinvite::compose
