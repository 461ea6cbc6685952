#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "ingest/events.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {

Result<Organizer> require_organizer(const Context& context, const IngestInput& input) {
  const Authentication& sender = input.authentication;
  if (!sender.passed) return nobody_vouches(sender);
  auto organizer = context.store.find_organizer(context.scope(), sender.address);
  if (!organizer) return tl::unexpected(organizer.error());
  if (!*organizer) {
    return fail(Code::forbidden, sender.address + " is not an organizer of " + context.domain.name);
  }
  if ((*organizer)->state == OrganizerState::suspended) {
    return fail(Code::forbidden, sender.address + " is suspended");
  }
  return **std::move(organizer);
}

Result<void> apply_calendar(const Context& context, const Organizer& organizer,
                            const ParsedCalendar& calendar, Method method, const IngestInput& input,
                            const IngestHandler& on_item) {
  for (const Error& error : calendar.refused) on_item(refused(input.source, "VEVENT", error));
  std::vector<std::vector<const ParsedEvent*>> groups;
  std::map<std::string_view, std::size_t> group_of;
  for (const ParsedEvent& event : calendar.events) {
    const auto [at, added] = group_of.try_emplace(event.event.source_uid, groups.size());
    if (added) groups.emplace_back();
    groups[at->second].push_back(&event);
  }
  for (const auto& parts : groups) {
    const auto item = apply_source(context, organizer, parts, method, input.source);
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
  }
  return {};
}

Result<void> ingest_calendar(const Context& context, const IngestInput& input,
                             const IngestHandler& on_item) {
  CalendarLimits limits;
  limits.max_bytes = 0;  // an event list file is as long as it is
  limits.max_components = 0;
  const auto calendar = parse_calendar(input.bytes, context.zones, input.source, limits);
  if (!calendar) {
    on_item(refused(input.source, "VCALENDAR", calendar.error()));
    return {};
  }
  const Method method = calendar->method.value_or(Method::publish);
  if (method == Method::reply || method == Method::counter) {
    return apply_replies(context, input, ParsedMail{}, *calendar, on_item);
  }
  const auto organizer = require_organizer(context, input);
  if (!organizer) {
    if (is_store_error(organizer.error().code)) return tl::unexpected(organizer.error());
    const auto item = quarantine(context, input, "VCALENDAR", organizer.error());
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
    return {};
  }
  if (calendar->events.empty() && calendar->refused.empty()) {
    on_item(refused(input.source, "VCALENDAR",
                    {Code::invalid_input,
                     "no VEVENT in this calendar",
                     {.source = input.source, .field = {}}}));
  }
  return apply_calendar(context, *organizer, *calendar, method, input, on_item);
}

}  // namespace calinvite::ingest
