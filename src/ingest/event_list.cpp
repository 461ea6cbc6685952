#include <algorithm>
#include <vector>

#include "calinvite/csv.hpp"
#include "ingest/events.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t kRowsPerStep = 500;  // one durable step each: a sync costs as much as rows

bool lacks(const EventRow& row, std::string_view label) {
  return std::find(row.absent.begin(), row.absent.end(), label) != row.absent.end();
}

/// Walls of a row in UTC, or of no zone, as the zone of `known` has them.
Result<void> keep_zone(const Event& known, const ZoneTable& zones, Event& event) {
  if (event.timezone.empty()) {
    event.timezone = known.timezone;
    return {};
  }
  const auto zone = zones.find(known.timezone);
  if (!zone) return tl::unexpected(zone.error());
  for (auto* wall : {&event.start, &event.end}) {
    *wall = zone->to_local(std::chrono::sys_seconds(wall->time_since_epoch()));
  }
  event.timezone = known.timezone;
  return {};
}

/// @error invalid_input  the row can't be understood beside `known`
Result<void> keep_times(const EventRow& row, const Event& known, const ZoneTable& zones,
                        Event& event) {
  if (lacks(row, "start")) {
    event.start = known.start;
    event.end = known.end;
    event.timezone = known.timezone;
    event.all_day = known.all_day;
    return {};
  }
  if (lacks(row, "timezone") && !event.all_day && !known.all_day) {
    if (auto kept = keep_zone(known, zones, event); !kept) return kept;
  }
  if (!lacks(row, "end")) return {};
  if (event.all_day == known.all_day) {
    event.end = event.start + (known.end - known.start);
  } else if (!event.all_day) {
    return fail(Code::invalid_input,
                "end: the list has no such column and the event was all-day; expected one",
                {{}, 0, 0, "end"});
  }
  return {};
}

/// What the list has no column for stays as it is.
Result<void> keep_absent(const EventRow& row, const Event& known, const ZoneTable& zones,
                         Event& event) {
  for (const std::string& label : row.absent) {
    if (label == "summary") event.summary = known.summary;
    if (label == "description") event.description = known.description;
    if (label == "location") event.location = known.location;
    if (label == "url") event.url = known.url;
    if (label == "landing") event.landing = known.landing;
    if (label == "language") event.language = known.language;
  }
  event.conference = known.conference;
  event.reminder = known.reminder;
  event.transparent = known.transparent;
  event.wants_answers = known.wants_answers;
  event.counters_allowed = known.counters_allowed;
  if (auto kept = keep_times(row, known, zones, event); !kept) return kept;
  // No list has a column for these; at other times the rule might not fit.
  if (event.start == known.start && event.end == known.end && event.timezone == known.timezone &&
      event.all_day == known.all_day) {
    event.rrule = known.rrule;
    event.exdates = known.exdates;
  }
  return {};
}

/// Applies rows in durable steps; items are told once their step is durable.
class RowBatch {
 public:
  RowBatch(const Context& context, const Organizer& organizer, const IngestInput& input,
           const IngestHandler& on_item)
      : context_(context), organizer_(organizer), input_(input), on_item_(on_item) {}

  Result<void> add(EventRow&& row) {
    rows_.push_back(std::move(row));
    return rows_.size() < kRowsPerStep ? Result<void>() : flush();
  }

  Result<void> flush() {
    std::vector<IngestItem> items;
    const auto stored = context_.store.atomically([&]() -> Result<void> {
      for (const EventRow& row : rows_) {
        auto item = apply(row);
        if (!item) return tl::unexpected(item.error());
        items.push_back(*std::move(item));
      }
      return {};
    });
    rows_.clear();
    if (!stored) return stored;
    for (IngestItem& item : items) tell(std::move(item));
    return {};
  }

  /// Hands an item on, with what was to be remarked.
  void tell(IngestItem item) {
    if (!remark_.empty()) item.reason += (item.reason.empty() ? "" : "; ") + remark_;
    remark_.clear();
    on_item_(item);
  }

  /// Of the whole list: the next item carries it.
  void remark(const Diagnostic& found) {
    remark_ = "line " + std::to_string(found.place.line) + ": the list was " + found.message;
  }

 private:
  Result<IngestItem> apply(const EventRow& row) {
    IngestItem refusal;
    refusal.source = input_.source;
    refusal.item = "row " + row.event.source_uid;
    refusal.place = {.source = input_.source, .line = row.line, .column = 0, .field = "command"};
    const auto known = context_.store.find_event_by_source(context_.scope(), organizer_.address,
                                                           row.event.source_uid);
    if (!known) return tl::unexpected(known.error());
    if (!*known && row.command != EventCommand::create) {
      const bool update = row.command == EventCommand::update;
      refusal.reason = update
                           ? "update of an event that is not here; expected a known uid, or create"
                           : "cancel of an event that is not here; expected a known uid";
      refusal.code = Code::not_found;
      refusal.place.field = "uid";
      return refusal;
    }
    ParsedEvent parsed;
    parsed.event = row.event;
    // Rows count no SEQUENCE; only the time of writing tells an older list (R98).
    parsed.event.source_dtstamp = input_.written;
    if (*known) {
      if (auto kept = keep_absent(row, **known, context_.zones, parsed.event); !kept) {
        refusal.reason = kept.error().message;
        refusal.code = kept.error().code;
        refusal.place.field = kept.error().place.field;
        return refusal;
      }
      parsed.event.source_sequence = (*known)->source_sequence;
      if (input_.written == std::chrono::sys_seconds{}) {
        parsed.event.source_dtstamp = (*known)->source_dtstamp;
      }
    }
    parsed.line = row.line;
    const Method method = row.command == EventCommand::cancel ? Method::cancel : Method::request;
    auto item = apply_source(context_, organizer_, {&parsed}, method, input_.source);
    if (item) item->item = refusal.item;
    return item;
  }

  const Context& context_;
  const Organizer& organizer_;
  const IngestInput& input_;
  const IngestHandler& on_item_;
  std::vector<EventRow> rows_;
  std::string remark_;
};

}  // namespace

Result<void> apply_event_list(const Context& context, const Organizer& organizer,
                              const IngestInput& input, const IngestHandler& on_item) {
  if (is_address_list(input.bytes)) return apply_address_list(context, organizer, input, on_item);
  RowBatch batch(context, organizer, input, on_item);
  EventListReader reader(
      input.source, input.timezone, context.zones,
      [&](EventRow&& row) { return batch.add(std::move(row)); },
      [&](const Error& error) { batch.tell(refused(input.source, "row", error)); },
      input.date_order, [&](const Diagnostic& found) { batch.remark(found); });
  const auto read = feed_pieces(
      input, [&](std::string_view bytes, bool last) { return reader.feed(bytes, last); });
  if (!read) {
    if (is_store_error(read.error().code)) return read;
    batch.tell(refused(input.source, "list", read.error()));
    return {};
  }
  return batch.flush();
}

Result<void> ingest_event_list(const Context& context, const IngestInput& input,
                               const IngestHandler& on_item) {
  const auto organizer = require_organizer(context, input);
  if (organizer) return apply_event_list(context, *organizer, input, on_item);
  if (is_store_error(organizer.error().code)) return tl::unexpected(organizer.error());
  std::string storage;
  const auto whole = gather(input, storage);
  if (!whole) return tl::unexpected(whole.error());
  return keep_aside(context, *whole, "list", organizer.error(), on_item);
}

}  // namespace calinvite::ingest
