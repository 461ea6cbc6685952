#include <algorithm>

#include "calinvite/time.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void rrule(std::string_view input) {
  using namespace std::chrono;
  constexpr local_seconds start = local_days(year(2027) / 3 / 26) + hours(19) + minutes(30);
  for (const bool all_day : {false, true}) {
    const auto checked = check_rrule(input, start, all_day);
    if (!checked) check_error(checked.error());
    const auto instances = expand_rrule(input, start, {}, 200);
    if (!instances) {
      check_error(instances.error());
      promise(!checked, "a rule that may be sent can be expanded");
      continue;
    }
    promise(instances->size() <= 200, "no more instances than asked for");
    promise(std::is_sorted(instances->begin(), instances->end()), "instances are in order");
    promise(std::adjacent_find(instances->begin(), instances->end()) == instances->end(),
            "no instance stands twice");
    promise(!checked || (!instances->empty() && instances->front() == start),
            "a rule that may be sent begins with its start");
  }
}

}  // namespace calinvite::fuzz
