/// How long the links of mails and buttons live (R124): one rule, so that whoever makes a link to
/// an event gets the same one.
#pragma once

#include <chrono>
#include <optional>

namespace calinvite::outbox {

/// When a link made `now` ends: some 30 days after the event, or 10 years from now. The same for
/// all instants of a month or so.
/// @param over  as over_at gives it
std::chrono::sys_seconds link_end(std::optional<std::chrono::sys_seconds> over,
                                  std::chrono::sys_seconds now);

}  // namespace calinvite::outbox
