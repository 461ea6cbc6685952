#include "values.hpp"

#include <limits>

namespace calinvite::capi {

namespace {

/// Wall clocks are written as those of its series.
struct DatedOverride {
  const Override& change;
  bool all_day;
};

constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

/// Wall clocks are written as the event's own are.
std::vector<std::string> walls(const std::vector<std::chrono::local_seconds>& times, bool all_day) {
  std::vector<std::string> texts;
  for (const auto& time : times) texts.push_back(format_iso(time, all_day));
  return texts;
}

std::string text_of(const char* text) { return std::string(text_or(text)); }

Override override_of(const calinvite_override* pointed) {
  const auto given = read(needed(pointed, "event.overrides"), "event.overrides");
  Override change;
  change.occurrence = occurrence_of(given.occurrence, "override.occurrence");
  change.cancelled = given.cancelled != 0;
  change.source_sequence = given.source_sequence;
  change.source_dtstamp = time_of(given.source_dtstamp);
  if (change.cancelled) return change;
  change.start = wall_of(given.start, "override.start");
  change.end = wall_of(given.end, "override.end");
  change.summary = text_of(given.summary);
  change.description = text_of(given.description);
  change.location = text_of(given.location);
  if (given.has_conference != 0) change.conference = text_of(given.conference);
  return change;
}

void fill(calinvite_override& to, const DatedOverride& dated, Arena& arena) {
  const Override& from = dated.change;
  to.occurrence = arena.copy(format_iso(from.occurrence.original_start, dated.all_day));
  to.start = arena.copy(format_iso(from.start, dated.all_day));
  to.end = arena.copy(format_iso(from.end, dated.all_day));
  LEND(summary);
  LEND(description);
  LEND(location);
  LEND(conference);
  to.has_conference = from.conference ? 1 : 0;
  LEND(cancelled);
  LEND(source_dtstamp);
  LEND(source_sequence);
}

void fill_event(calinvite_event& to, const Event& from, std::int32_t sequence, Arena& arena) {
  LEND(uid);
  LEND(source_uid);
  LEND(organizer);
  LEND(source_organizer);
  LEND(summary);
  LEND(description);
  LEND(location);
  LEND(conference);
  LEND(url);
  LEND(landing);
  LEND(language);
  to.start = arena.copy(format_iso(from.start, from.all_day));
  to.end = arena.copy(format_iso(from.end, from.all_day));
  LEND(timezone);
  LEND(rrule);
  LEND(status);
  arena.lend(to.exdates, to.exdate_count, walls(from.exdates, from.all_day));
  std::vector<DatedOverride> overrides;
  for (const Override& change : from.overrides) overrides.push_back({change, from.all_day});
  arena.lend(to.overrides, to.override_count, overrides);
  LEND(all_day);
  to.has_reminder = from.reminder ? 1 : 0;
  to.reminder_minutes = from.reminder ? static_cast<std::int32_t>(from.reminder->count()) : 0;
  LEND(transparent);
  to.asks_nobody = from.wants_answers ? 0 : 1;
  to.refuses_counters = from.counters_allowed ? 0 : 1;
  LEND(listed);
  to.invite_limit = from.invite_limit == 0 ? any_number : from.invite_limit;
  to.sequence = sequence;
  LEND(key_sequence);
  LEND(source_dtstamp);
  LEND(created);
  LEND(changed);
  LEND(source_sequence);
}

}  // namespace

void fill(calinvite_text& to, const std::string& from, Arena& arena) {
  to.bytes = arena.copy(from);
  to.size = from.size();
}

void fill(calinvite_event& to, const Event& from, Arena& arena) {
  fill_event(to, from, from.sequence, arena);
}

void fill(calinvite_event& to, const SourceEvent& from, Arena& arena) {
  fill_event(to, from.event, from.event.source_sequence, arena);
}

void fill(calinvite_attendee& to, const Attendee& from, Arena& arena) {
  LEND(event);
  LEND(address);
  LEND(name);
  LEND(language);
  LEND(origin);
  LEND(uid);
  LEND(partstat);
  LEND(channel);
  LEND(prodid);
  LEND(comment);
  LEND(proposal);
  LEND(delivery);
  LEND(answer_dtstamp);
  to.has_answer = from.answer_sequence >= 0 ? 1 : 0;
  to.answer_sequence = std::max(from.answer_sequence, 0);
  to.holds_copy = from.held_sequence >= 0 ? 1 : 0;
  to.held_sequence = std::max(from.held_sequence, 0);
  LEND(uninvited);
  std::copy(from.id.begin(), from.id.end(), to.id);
}

void fill(calinvite_receipt& to, const Receipt& from, Arena& arena) {
  LEND(kind);
  LEND(event);
  LEND(address);
  LEND(method);
  LEND(attempt_id);
  LEND(message_id);
  LEND(detail);
  LEND(channel);
  LEND(prodid);
  LEND(comment);
  LEND(proposal);
  LEND(time);
  to.has_sequence = from.sequence >= 0 ? 1 : 0;
  to.sequence = std::max(from.sequence, 0);
}

void fill(calinvite_outgoing_message& to, const OutgoingMessage& from, Arena& arena) {
  LEND(attempt_id);
  LEND(from);
  LEND(to);
  LEND(bytes);
  to.size = from.bytes.size();
  LEND(configuration_set);
  std::vector<std::pair<std::string_view, std::string_view>> tags;
  for (const MessageTag& tag : from.tags) tags.emplace_back(tag.name, tag.value);
  arena.lend(to.tags, to.tag_count, tags);
}

void fill(calinvite_outbox_totals& to, const OutboxTotals& from, Arena& arena) {
  LEND(planned);
  LEND(accepted);
  LEND(refused);
  LEND(suppressed);
  LEND(superseded);
  LEND(expired);
  LEND(in_doubt);
  LEND(pending);
  LEND(claimed);
  LEND(held);
  LEND(notices);
}

void fill(calinvite_ingest_item& to, const IngestItem& from, Arena& arena) {
  LEND(source);
  LEND(item);
  LEND(outcome);
  LEND(event);
  LEND(reason);
  arena.lend(to.field, from.place.field);
  to.line = from.place.line;
  to.column = from.place.column;
  to.status = from.code ? static_cast<calinvite_status>(*from.code) : CALINVITE_OK;
  LEND(told);
}

void fill(calinvite_scope& to, const Scope& from, Arena& arena) {
  // NULL rather than empty, so that the struct can be passed on as it is.
  to.all_domains = from.domain_name().empty() ? 1 : 0;
  if (!from.domain_name().empty()) to.domain = arena.copy(from.domain_name());
  if (!from.organizer_address().empty()) to.organizer = arena.copy(from.organizer_address());
}

Event event_of(const calinvite_event* given, const char* name, const Event& known) {
  needed(given, name);
  // What the caller's struct does not reach to is as it was.
  Block<calinvite_event> block;
  fill(*block.result(), known, block.arena());
  calinvite_event& from = *block.result();
  if (given->struct_size < sizeof given->struct_size) {
    refuse(std::string(name) + ".struct_size is not set; begin with the _INIT value", name);
  }
  std::memcpy(&from, given, std::min(given->struct_size, sizeof from));
  Event event = known;
  if (known.uid.empty()) event.uid = text_of(from.uid);
  event.source_uid = text_of(from.source_uid);
  event.organizer = text_of(from.organizer);
  event.summary = text_of(from.summary);
  event.description = text_of(from.description);
  event.location = text_of(from.location);
  event.conference = text_of(from.conference);
  event.url = text_of(from.url);
  event.landing = text_of(from.landing);
  event.language = text_of(from.language);
  event.start = wall_of(from.start, "event.start");
  event.end = wall_of(from.end, "event.end");
  event.timezone = text_of(from.timezone);
  event.all_day = from.all_day != 0;
  event.rrule = text_of(from.rrule);
  event.exdates.clear();
  for (const auto& wall : texts_of(from.exdates, from.exdate_count, "event.exdates")) {
    event.exdates.push_back(wall_of(wall.c_str(), "event.exdates"));
  }
  event.overrides.clear();
  for (std::size_t i = 0; i < from.override_count; ++i) {
    event.overrides.push_back(override_of(needed(from.overrides, "event.overrides")[i]));
  }
  event.status = choice_of(from.status, "event.status", EventStatus::confirmed);
  event.reminder = std::nullopt;
  if (from.has_reminder != 0) event.reminder = std::chrono::minutes(from.reminder_minutes);
  event.transparent = from.transparent != 0;
  event.wants_answers = from.asks_nobody == 0;
  event.counters_allowed = from.refuses_counters == 0;
  event.listed = from.listed != 0;
  event.invite_limit = from.invite_limit == 0            ? known.invite_limit
                       : from.invite_limit == any_number ? 0
                                                         : from.invite_limit;
  event.sequence = from.sequence;
  return event;
}

Attendee attendee_of(const calinvite_attendee* pointed, const char* name) {
  const auto given = read(needed(pointed, name), name);
  Attendee attendee;
  attendee.event = text_of(given.event);
  attendee.address = value(normalize_address(needed_text(given.address, "attendee.address")));
  attendee.name = text_of(given.name);
  attendee.language = text_of(given.language);
  attendee.origin = text_of(given.origin);
  attendee.uid = text_of(given.uid);
  attendee.partstat = choice_of(given.partstat, "attendee.partstat", Partstat::needs_action);
  attendee.channel = text_of(given.channel);
  attendee.prodid = text_of(given.prodid);
  attendee.comment = text_of(given.comment);
  attendee.proposal = text_of(given.proposal);
  attendee.answer_dtstamp = time_of(given.answer_dtstamp);
  if (given.has_answer != 0) attendee.answer_sequence = given.answer_sequence;
  if (given.holds_copy != 0) attendee.held_sequence = given.held_sequence;
  attendee.uninvited = given.uninvited != 0;
  attendee.delivery = text_of(given.delivery);
  std::copy_n(given.id, attendee.id.size(), attendee.id.begin());
  return attendee;
}

InviteRequest request_of(const calinvite_invite_request& given) {
  InviteRequest request;
  // Addresses are compared as normalize_address gives them.
  request.address = value(normalize_address(needed_text(given.address, "requests.address")));
  request.name = text_of(given.name);
  request.language = text_of(given.language);
  if (given.consent_source != nullptr) {
    request.consent = ConsentGiven{given.consent_source, time_of(given.consent_time),
                                   text_of(given.consent_text)};
    value(check_consent(*request.consent));
  }
  return request;
}

std::vector<InviteRequest> requests_of(const calinvite_invite_request* given, std::size_t count) {
  std::vector<InviteRequest> requests;
  for (const auto& row : rows_of(given, count, "requests")) requests.push_back(request_of(row));
  return requests;
}

Scope scope_of(const calinvite_scope* pointed, const char* name) {
  const auto given = read(needed(pointed, name), name);
  const std::string domain = text_of(given.domain);
  const std::string organizer = text_of(given.organizer);
  // A name that somebody forgot must never open the whole store, nor the whole domain.
  if (given.all_domains != 0) {
    if (!domain.empty() || !organizer.empty()) {
      refuse("all_domains goes with neither a domain nor an organizer", name);
    }
    return Scope::system();
  }
  if (domain.empty()) refuse("the scope names no domain", name);
  if (given.organizer != nullptr && organizer.empty()) refuse("the organizer is empty", name);
  return organizer.empty() ? Scope::domain(domain) : Scope::organizer(domain, organizer);
}

Page page_of(const calinvite_page* pointed) {
  const auto given = read(pointed, "page");
  Page page;
  if (given.limit != 0) page.limit = given.limit;
  page.after = text_of(given.after);
  return page;
}

OccurrenceId occurrence_of(const char* wall, const char* name) { return {wall_of(wall, name)}; }

std::optional<OccurrenceId> occurrence_if_any(const char* wall, const char* name) {
  if (text_or(wall).empty()) return std::nullopt;
  return occurrence_of(wall, name);
}

std::vector<std::pair<std::string, std::string>> headers_of(const calinvite_header* given,
                                                            std::size_t count, const char* name) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (std::size_t i = 0; i < count; ++i) {
    const calinvite_header& header = needed(given, name)[i];
    headers.emplace_back(needed_text(header.name, name), needed_text(header.value, name));
  }
  return headers;
}

std::function<void(const Error&)> errors_to(calinvite_row_error_fn on_error, void* user_data) {
  return [=](const Error& error) {
    if (on_error == nullptr) return;
    const Block<calinvite_error> lent;
    fill(*lent.result(), error, lent.arena());
    on_error(lent.result(), user_data);
  };
}

}  // namespace calinvite::capi
