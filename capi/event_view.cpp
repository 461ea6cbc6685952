#include "event_view.hpp"

#include "calinvite/time.hpp"

namespace calinvite::capi {

EventView::EventView(Event event, bool parsed)
    : event_(std::move(event)),
      start_(format_iso(event_.start, event_.all_day)),
      end_(format_iso(event_.end, event_.all_day)),
      lent_{} {
  lent_.struct_size = sizeof lent_;
  lent_.uid = event_.uid.c_str();
  lent_.source_uid = event_.source_uid.c_str();
  lent_.organizer = event_.organizer.c_str();
  lent_.source_organizer = event_.source_organizer.c_str();
  lent_.summary = event_.summary.c_str();
  lent_.description = event_.description.c_str();
  lent_.location = event_.location.c_str();
  lent_.url = event_.url.c_str();
  lent_.landing = event_.landing.c_str();
  lent_.language = event_.language.c_str();
  lent_.start = start_.c_str();
  lent_.end = end_.c_str();
  lent_.timezone = event_.timezone.c_str();
  lent_.rrule = event_.rrule.c_str();
  lent_.status = to_string(event_.status).data();
  lent_.sequence = parsed ? event_.source_sequence : event_.sequence;
  lent_.all_day = event_.all_day ? 1 : 0;
  lent_.conference = event_.conference.c_str();
  lent_.reminder_minutes =
      event_.reminder ? static_cast<std::int32_t>(event_.reminder->count()) : -1;
  lent_.transparent = event_.transparent ? 1 : 0;
  lent_.wants_answers = event_.wants_answers ? 1 : 0;
  lent_.counters_allowed = event_.counters_allowed ? 1 : 0;
}

}  // namespace calinvite::capi
