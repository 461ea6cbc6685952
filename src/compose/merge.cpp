#include "compose/merge.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "compose/words.hpp"

namespace calinvite::compose {
namespace {

struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view name;
  std::string_view fallback;
};

/// The first merge field at or behind `from`.
std::optional<Found> find_field(std::string_view text, std::size_t from) {
  for (auto open = text.find("{{", from); open != std::string_view::npos;
       open = text.find("{{", open + 1)) {
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) break;
    const auto inside = text.substr(open + 2, close - open - 2);
    const auto bar = std::min(inside.find('|'), inside.size());
    const auto name = text::trim(inside.substr(0, bar));
    if (name == "name" || name == "address" || name == "organizer") {
      return Found{open, close + 2, name, inside.substr(std::min(bar + 1, inside.size()))};
    }
  }
  return std::nullopt;
}

}  // namespace

bool has_merge_fields(std::string_view text) { return find_field(text, 0).has_value(); }

std::string merge(std::string_view text, const MergeValues& values) {
  std::string out;
  std::size_t at = 0;
  for (auto found = find_field(text, 0); found; found = find_field(text, at)) {
    auto value = found->name == "name"      ? values.name
                 : found->name == "address" ? values.address
                                            : values.organizer;
    if (value.empty()) value = found->fallback;
    // No title may come out empty for want of a name.
    if (value.empty()) value = values.address;
    out.append(text.substr(at, found->begin - at)).append(value);
    at = found->end;
  }
  out += text.substr(at);
  return out;
}

bool has_merge_fields(const Event& event) {
  const auto has = [](const auto& part) {
    return has_merge_fields(part.summary) || has_merge_fields(part.description) ||
           (!is_link(part.location) && has_merge_fields(part.location));
  };
  return has(event) || std::any_of(event.overrides.begin(), event.overrides.end(), has);
}

Event merge(Event event, const MergeValues& values) {
  const auto merged = [&](auto& part) {
    part.summary = merge(part.summary, values);
    part.description = merge(part.description, values);
    if (!is_link(part.location)) part.location = merge(part.location, values);
  };
  merged(event);
  for (auto& override : event.overrides) merged(override);
  return event;
}

}  // namespace calinvite::compose
