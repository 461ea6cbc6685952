/// Merge fields in an event's summary, description and location: {{name}}, {{address}} and
/// {{organizer}}, each with what stands in for an empty one, as in {{name|friend}}; without it, the
/// address does.
#pragma once

#include <string>
#include <string_view>

namespace calinvite::compose {

struct MergeValues {
  std::string_view name;
  std::string_view address;
  std::string_view organizer;
};

bool has_merge_fields(std::string_view text);
/// Other names in double braces are text like any other. Values are not read again.
std::string merge(std::string_view text, const MergeValues& values);

}  // namespace calinvite::compose
