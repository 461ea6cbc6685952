#include <algorithm>

#include "time/zone_data.hpp"

namespace calinvite {
namespace {

/// `time` moved back by whole cycles until it lies before `end`.
template <class Time>
Time within_cycle(Time time, Time end) {
  if (time < end) return time;
  return time - calendar_cycle * ((time - end) / calendar_cycle + 1);
}

}  // namespace

const Zone::Data::Type& Zone::Data::type_at(std::chrono::sys_seconds instant) const {
  const auto next =
      std::upper_bound(switches.begin(), switches.end(), within_cycle(instant, cycle_end),
                       [](auto time, const Switch& s) { return time < s.instant; });
  return next == switches.begin() ? types.front() : types[std::prev(next)->type];
}

Zone::Zone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

const std::string& Zone::name() const noexcept { return data_->name; }

std::chrono::seconds Zone::offset_at(std::chrono::sys_seconds instant) const {
  return data_->type_at(instant).offset;
}

std::chrono::local_seconds Zone::to_local(std::chrono::sys_seconds instant) const {
  return std::chrono::local_seconds(instant.time_since_epoch() + offset_at(instant));
}

std::chrono::sys_seconds Zone::to_instant(std::chrono::local_seconds wall) const {
  const auto& switches = data_->switches;
  const std::chrono::local_seconds end(data_->cycle_end.time_since_epoch());
  const auto next =
      std::upper_bound(switches.begin(), switches.end(), within_cycle(wall, end),
                       [](auto time, const Data::Switch& s) { return time < s.wall; });
  const std::size_t type = next == switches.begin() ? 0 : std::prev(next)->type;
  return std::chrono::sys_seconds(wall.time_since_epoch() - data_->types[type].offset);
}

std::vector<std::chrono::sys_seconds> Zone::switches(std::chrono::sys_seconds from,
                                                     std::chrono::sys_seconds to) const {
  std::vector<std::chrono::sys_seconds> found;
  const auto& all = data_->switches;
  auto next = std::upper_bound(all.begin(), all.end(), from,
                               [](auto time, const Data::Switch& s) { return time < s.instant; });
  for (; next != all.end() && next->instant <= to; ++next) found.push_back(next->instant);
  return found;
}

}  // namespace calinvite
