#include <algorithm>

#include "calinvite/itip.hpp"
#include "itip/instant.hpp"
#include "time/expansion.hpp"

namespace calinvite {
namespace {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

// The last place on earth to end a date is twelve hours behind UTC.
constexpr std::chrono::hours westmost{12};

/// Who plans further ahead than that has a series that goes on.
constexpr std::chrono::days longest_series{3653};

/// The end of the last date that the rule itself makes and nobody has changed; the start of time:
/// there is none. Absent: the series goes on.
std::optional<local_seconds> last_end_of_rule(const Event& event) {
  const auto rule = parse_rule(event.rrule);
  const local_seconds horizon = event.start + longest_series;
  if (!rule || !(rule->count || rule->until)) return std::nullopt;
  if (rule->until && rule->until->wall > horizon) return std::nullopt;
  const auto length = event.end - event.start;
  local_seconds last = local_seconds::min();
  int made = 0;
  expand_rule(*rule, event.start, {event.start, horizon}, [&](local_seconds wall) {
    ++made;
    const bool gone =
        std::binary_search(event.exdates.begin(), event.exdates.end(), wall) ||
        std::any_of(event.overrides.begin(), event.overrides.end(), [&](const Override& changed) {
          return changed.occurrence.original_start == wall;
        });
    if (!gone) last = wall + length;
    return true;
  });
  if (rule->count && made < *rule->count) return std::nullopt;
  return last;
}

}  // namespace

std::optional<sys_seconds> itip::instant_of(const Event& event, local_seconds wall,
                                            const ZoneTable& zones) {
  if (event.all_day) return sys_seconds(wall.time_since_epoch()) + westmost;
  const auto zone = zones.find(event.timezone);
  if (!zone) return std::nullopt;
  return zone->to_instant(wall);
}

std::optional<sys_seconds> over_at(const Event& event, const ZoneTable& zones) {
  if (event.rrule.empty()) return itip::instant_of(event, event.end, zones);
  auto last = last_end_of_rule(event);
  if (!last) return std::nullopt;
  for (const Override& changed : event.overrides) {
    if (!changed.cancelled) *last = std::max(*last, changed.end);
  }
  return itip::instant_of(event, *last == local_seconds::min() ? event.end : *last, zones);
}

bool is_over(const Event& event, const ZoneTable& zones, sys_seconds now) {
  const auto over = over_at(event, zones);
  return over && *over <= now;
}

}  // namespace calinvite
