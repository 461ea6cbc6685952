#include "outbox/link_end.hpp"

#include <algorithm>

namespace calinvite::outbox {
namespace {

using std::chrono::days;
using std::chrono::sys_seconds;

// Links show a closed page for a while before they show nothing (R124).
constexpr days after_event{30};
constexpr days open_series{3650};

/// An event that moves a little, or a mail sent again, keeps its links, and calendars see no new
/// description.
sys_seconds rounded(sys_seconds end) {
  using Month =
      std::chrono::duration<std::int64_t, std::ratio_multiply<days::period, std::ratio<30>>>;
  return sys_seconds(std::chrono::ceil<Month>(end.time_since_epoch()));
}

}  // namespace

sys_seconds end_of(const Event& event, const ZoneTable& zones) {
  if (!event.rrule.empty()) return {};
  const auto zone = zones.find(event.all_day ? "UTC" : event.timezone);
  return zone ? zone->to_instant(event.end) : sys_seconds();
}

bool is_over(const Event& event, const ZoneTable& zones, sys_seconds now) {
  const sys_seconds end = end_of(event, zones);
  return end != sys_seconds() && end <= now;
}

sys_seconds link_end(sys_seconds over, sys_seconds now) {
  return rounded(over == sys_seconds() ? now + open_series : std::max(over, now) + after_event);
}

}  // namespace calinvite::outbox
