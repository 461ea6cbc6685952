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

sys_seconds link_end(std::optional<sys_seconds> over, sys_seconds now) {
  return rounded(over ? std::max(*over, now) + after_event : now + open_series);
}

}  // namespace calinvite::outbox
