/// What a VEVENT shows, and whom it names.
#pragma once

#include "ical/event_properties.hpp"

namespace calinvite::ical {

/// Texts, addresses of the web and RFC 7986; flaws become diagnostics.
void read_texts(const EventProperties& properties, Diagnostics& diagnostics, ParsedEvent& read);

/// When the first of the event's DISPLAY alarms that can be kept reminds of the start (R54).
void read_reminder(const Component& component, ParsedEvent& read);

/// Organizer and attendees; what is no mail address leaves theirs empty.
void read_people(const EventProperties& properties, Diagnostics& diagnostics, ParsedEvent& read);

}  // namespace calinvite::ical
