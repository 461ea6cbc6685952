#include "calinvite/c/calendar.h"

#include <set>

#include "calinvite/csv.hpp"
#include "calinvite/ical.hpp"
#include "calinvite/itip.hpp"
#include "values.hpp"

namespace calinvite::capi {

static void fill(calinvite_parsed_attendee& to, const ParsedAttendee& from, Arena& arena) {
  LEND(address);
  LEND(name);
  LEND(partstat);
  LEND(partstat_raw);
  LEND(sent_by);
  LEND(role);
  LEND(type);
  arena.lend(to.delegated_to, to.delegated_to_count, from.delegated_to);
  arena.lend(to.delegated_from, to.delegated_from_count, from.delegated_from);
}

/// Wall clocks are written as those of its event.
struct DatedDate {
  const ParsedDate& date;
  bool all_day;
};

static void fill(calinvite_parsed_date& to, const DatedDate& from, Arena& arena) {
  to.start = arena.copy(format_iso(from.date.start, from.all_day));
  to.end = from.date.end ? arena.copy(format_iso(*from.date.end, from.all_day)) : "";
}

static void fill(calinvite_parsed_conference& to, const ParsedConference& from, Arena& arena) {
  LEND(uri);
  LEND(label);
  LEND_LIST(features, feature);
}

static void fill(calinvite_parsed_event& to, const ParsedEvent& from, Arena& arena) {
  arena.lend(to.event, SourceEvent{from.event});
  to.occurrence = from.occurrence
                      ? arena.copy(format_iso(from.occurrence->original_start, from.event.all_day))
                      : "";
  LEND(organizer_name);
  LEND_LIST(attendees, attendee);
  LEND(comment);
  LEND(description_html);
  arena.lend(to.categories, to.category_count, from.categories);
  LEND(timezone_raw);
  LEND(remark);
  LEND(line);
  LEND(has_sequence);
  LEND(has_start);
  LEND(floating);
  LEND(this_and_future);
  std::vector<DatedDate> rdates;
  for (const ParsedDate& date : from.rdates) rdates.push_back({date, from.event.all_day});
  arena.lend(to.rdates, to.rdate_count, rdates);
  LEND(recurrence_instant);
  LEND_LIST(conferences, conference);
  LEND_LIST(images, image);
  LEND(color);
}

static void fill(calinvite_diagnostic& to, const Diagnostic& from, Arena& arena) {
  LEND(message);
  arena.lend(to.source, from.place.source);
  arena.lend(to.field, from.place.field);
  to.line = from.place.line;
  to.column = from.place.column;
}

static void fill(calinvite_calendar& to, const ParsedCalendar& from, Arena& arena) {
  LEND(method);
  LEND(prodid);
  LEND_LIST(events, event);
  arena.lend(to.refused, to.refused_count, from.refused);
  LEND_LIST(diagnostics, diagnostic);
}

/// A date of a text's event, written as its series writes them.
static void fill(calinvite_occurrence& to, const Occurrence& from, Arena& arena) {
  to.id = arena.copy(format_iso(from.id.original_start, from.event->event.all_day));
  arena.lend(to.summary, from.event->event.summary);
  arena.lend(to.location, from.event->event.location);
  LEND(start);
  LEND(end);
}
CALINVITE_FILL_LIST(calinvite_occurrence, Occurrence)

static void fill(calinvite_change& to, const Change& from, Arena& arena) {
  LEND(method);
  std::vector<std::string> occurrences;
  for (const auto& id : from.occurrences) occurrences.push_back(format_iso(id.original_start));
  arena.lend(to.occurrences, to.occurrence_count, occurrences);
  LEND(sequence);
  LEND(key_change);
}

static void fill(calinvite_reply_effect& to, const ReplyEffect& from, Arena& arena) {
  LEND(verdict);
  LEND(partstat);
  LEND(reason);
  LEND(flagged);
}

static void fill(calinvite_event_row& to, const EventRow& from, Arena& arena) {
  arena.lend(to.event, SourceEvent{from.event});
  LEND(command);
  LEND_LIST(absent, absent);
  LEND(line);
}

static void fill(calinvite_invite_request& to, const InviteRequest& from, Arena& arena) {
  LEND(address);
  LEND(name);
  LEND(language);
  if (!from.consent) return;
  arena.lend(to.consent_source, from.consent->source);
  arena.lend(to.consent_text, from.consent->text);
  arena.lend(to.consent_time, from.consent->time);
}

static void fill(calinvite_address_row& to, const AddressRow& from, Arena& arena) {
  LEND(request);
  LEND(event);
  LEND(line);
}

namespace {

/// Hands rows to a callback that may stop.
template <class Struct, class Row, class Callback>
auto hand_to(Callback on_row, void* user_data, const char* source) {
  return [=](Row&& row) -> Result<void> {
    const Block<Struct> block;
    fill(*block.result(), row, block.arena());
    if (on_row(block.result(), user_data) == 0) return {};
    return fail(Code::stopped, "the caller stopped at this row",
                {std::string(text_or(source)), row.line, 0, {}});
  };
}

std::vector<ParsedEvent> parts_of(ParsedCalendar calendar, const char* uid) {
  std::set<std::string> uids;
  std::vector<ParsedEvent> parts;
  for (auto& event : calendar.events) {
    if (uid != nullptr && event.event.source_uid != uid) continue;
    uids.insert(event.event.source_uid);
    parts.push_back(std::move(event));
  }
  if (uids.size() > 1) refuse("the text has events of several UIDs; say which", "uid");
  if (parts.empty()) {
    throw Failure{{Code::not_found, "the text has no event of that UID", {{}, 0, 0, "uid"}}};
  }
  return parts;
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;
using calinvite::ZoneTable;

calinvite_status calinvite_check_event(const calinvite_event* event,
                                       calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::event_of(event, "event");
    capi::value(calinvite::check_event(given));
    capi::value(calinvite::check_recurrence(given, ZoneTable()));
  });
}

calinvite_status calinvite_parse_calendar(const char* bytes, size_t size, const char* source,
                                          const calinvite_calendar** calendar_out,
                                          calinvite_error** error_out) noexcept {
  return capi::giving(calendar_out, error_out, [&] {
    return calinvite::parse_calendar(capi::bytes_of(bytes, size, "bytes"), ZoneTable(),
                                     capi::text_or(source));
  });
}

calinvite_status calinvite_list_occurrences(const char* bytes, size_t size, const char* uid,
                                            int64_t from, int64_t to, size_t limit,
                                            const calinvite_occurrence_list** occurrences_out,
                                            calinvite_error** error_out) noexcept {
  capi::clear(occurrences_out);
  return capi::guard(error_out, [&] {
    capi::needed(occurrences_out, "occurrences_out");
    const ZoneTable zones;
    const auto parts = capi::parts_of(
        capi::value(calinvite::parse_calendar(capi::bytes_of(bytes, size, "bytes"), zones)), uid);
    calinvite::OccurrenceWindow window{capi::time_of(from), capi::time_of(to)};
    if (limit != 0) window.limit = limit;
    const auto occurrences = capi::value(calinvite::list_occurrences(parts, zones, window));
    *occurrences_out = capi::make_block<calinvite_occurrence_list>(occurrences);
  });
}

calinvite_status calinvite_write_calendar(const calinvite_calendar_copy* copy,
                                          const calinvite_text** calendar_out,
                                          calinvite_error** error_out) noexcept {
  return capi::giving(calendar_out, error_out, [&] {
    const auto given = capi::read(capi::needed(copy, "copy"), "copy");
    const auto event = capi::event_of(given.event, "copy.event");
    calinvite::CalendarCopy wanted;
    wanted.event = &event;
    wanted.method = capi::choice_of(given.method, "copy.method", wanted.method);
    wanted.sequence = given.sequence;
    wanted.occurrence = capi::occurrence_if_any(given.occurrence, "copy.occurrence");
    wanted.uid = capi::needed_text(given.uid, "copy.uid");
    wanted.organizer_address = capi::needed_text(given.organizer_address, "copy.organizer_address");
    wanted.organizer_name = capi::text_or(given.organizer_name);
    wanted.attendee_address = capi::text_or(given.attendee_address);
    wanted.attendee_name = capi::text_or(given.attendee_name);
    wanted.partstat = capi::choice_of(given.partstat, "copy.partstat", wanted.partstat);
    wanted.description = capi::text_or(given.description, event.description);
    wanted.dtstamp = capi::time_of(given.dtstamp);
    wanted.language = capi::text_or(given.language);
    wanted.conference_label = capi::text_or(given.conference_label);
    wanted.status_on_uninvite = given.no_uninvite_status == 0;
    return calinvite::write_calendar(wanted, ZoneTable());
  });
}

calinvite_status calinvite_plan_change(const calinvite_event* before, const calinvite_event* after,
                                       const calinvite_change** change_out,
                                       calinvite_error** error_out) noexcept {
  capi::clear(change_out);
  return capi::guard(error_out, [&] {
    capi::needed(change_out, "change_out");
    std::optional<calinvite::Event> known;
    if (before != nullptr) known = capi::event_of(before, "before");
    const auto change = capi::value(
        calinvite::plan_change(known ? &*known : nullptr, capi::event_of(after, "after")));
    if (change) *change_out = capi::make_block<calinvite_change>(*change);
  });
}

calinvite_status calinvite_apply_reply(const calinvite_event* event,
                                       const calinvite_attendee* attendee,
                                       const calinvite_reply* reply,
                                       const calinvite_reply_effect** effect_out,
                                       calinvite_error** error_out) noexcept {
  return capi::giving(effect_out, error_out, [&] {
    const auto given = capi::read(capi::needed(reply, "reply"), "reply");
    calinvite::Reply answer;
    answer.partstat = capi::needed_choice<calinvite::Partstat>(given.partstat, "reply.partstat");
    if (given.has_sequence != 0) answer.sequence = given.sequence;
    answer.dtstamp = capi::time_of(given.dtstamp);
    answer.occurrence = capi::occurrence_if_any(given.occurrence, "reply.occurrence");
    answer.channel = capi::text_or(given.channel);
    answer.prodid = capi::text_or(given.prodid);
    answer.comment = capi::text_or(given.comment);
    answer.proposal = capi::text_or(given.proposal);
    return calinvite::apply_reply(capi::event_of(event, "event"),
                                  capi::attendee_of(attendee, "attendee"), answer);
  });
}

calinvite_status calinvite_read_event_list(const char* bytes, size_t size, const char* source,
                                           const char* timezone, const char* date_order,
                                           calinvite_event_row_fn on_row,
                                           calinvite_row_error_fn on_error, void* user_data,
                                           calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    capi::needed(on_row, "on_row");
    const ZoneTable zones;
    calinvite::EventListReader reader(
        std::string(capi::text_or(source)), std::string(capi::text_or(timezone)), zones,
        capi::hand_to<calinvite_event_row, calinvite::EventRow>(on_row, user_data, source),
        capi::errors_to(on_error, user_data),
        capi::choice_of(date_order, "date_order", calinvite::DateOrder::usual));
    capi::value(reader.feed(capi::bytes_of(bytes, size, "bytes"), true));
  });
}

calinvite_status calinvite_read_address_list(const char* bytes, size_t size, const char* source,
                                             calinvite_address_row_fn on_row,
                                             calinvite_row_error_fn on_error, void* user_data,
                                             calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    capi::needed(on_row, "on_row");
    calinvite::AddressListReader reader(
        std::string(capi::text_or(source)),
        capi::hand_to<calinvite_address_row, calinvite::AddressRow>(on_row, user_data, source),
        capi::errors_to(on_error, user_data));
    capi::value(reader.feed(capi::bytes_of(bytes, size, "bytes"), true));
  });
}

calinvite_status calinvite_normalize_address(const char* address,
                                             const calinvite_text** address_out,
                                             calinvite_error** error_out) noexcept {
  return capi::giving(address_out, error_out, [&] {
    return calinvite::normalize_address(capi::needed_text(address, "address"));
  });
}

calinvite_status calinvite_to_instant(const char* timezone, const char* wall, int64_t* instant_out,
                                      calinvite_error** error_out) noexcept {
  capi::clear(instant_out);
  return capi::guard(error_out, [&] {
    capi::needed(instant_out, "instant_out");
    const auto zone = capi::value(ZoneTable().find(capi::needed_text(timezone, "timezone")));
    *instant_out = zone.to_instant(capi::wall_of(wall, "wall")).time_since_epoch().count();
  });
}

calinvite_status calinvite_to_local(const char* timezone, int64_t instant,
                                    const calinvite_text** wall_out,
                                    calinvite_error** error_out) noexcept {
  return capi::giving(wall_out, error_out, [&] {
    const auto zone = capi::value(ZoneTable().find(capi::needed_text(timezone, "timezone")));
    return calinvite::format_iso(zone.to_local(capi::time_of(instant)));
  });
}

calinvite_status calinvite_check_rrule(const char* rule, const char* start,
                                       calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto first = capi::value(calinvite::parse_iso(capi::needed_text(start, "start")));
    capi::value(
        calinvite::check_rrule(capi::needed_text(rule, "rule"), first.wall, first.date_only));
  });
}
