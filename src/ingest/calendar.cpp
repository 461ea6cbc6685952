#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "ingest/events.hpp"
#include "ingest/ingest.hpp"
#include "ingest/owner.hpp"

namespace calinvite::ingest {

namespace {

constexpr std::size_t sources_per_step = 500;  // one durable step each: a sync costs as much

/// Applies UIDs in durable steps; items are told once their step is durable.
class SourceBatch {
 public:
  SourceBatch(const Context& context, const Sender& sender, const IngestInput& input,
              const IngestHandler& on_item, bool complete)
      : context_(context), sender_(sender), input_(input), on_item_(on_item), complete_(complete) {}

  /// All parts of one UID that stand together.
  Result<void> add(std::vector<ParsedEvent>&& parts, Method method) {
    for (ParsedEvent& part : parts) {
      if (!part.floating || input_.timezone.empty()) continue;
      part.event.timezone = input_.timezone;
      part.floating = false;
    }
    sources_.push_back({std::move(parts), method});
    return sources_.size() < sources_per_step ? Result<void>() : flush();
  }

  Result<void> flush() {
    std::vector<IngestItem> items;
    const auto stored = context_.store.atomically([&]() -> Result<void> {
      for (const Source& source : sources_) {
        auto item = apply(source);
        if (!item) return tl::unexpected(item.error());
        const bool taken =
            item->outcome == IngestOutcome::created || item->outcome == IngestOutcome::updated;
        for (const ParsedEvent& part : source.parts) {
          if (!taken || part.remark.empty()) continue;
          item->reason += (item->reason.empty() ? "" : "; ") + part.remark;
          break;  // the others say the same
        }
        items.push_back(*std::move(item));
      }
      return {};
    });
    sources_.clear();
    if (!stored) return stored;
    for (const IngestItem& item : items) on_item_(item);
    return {};
  }

 private:
  struct Source {
    std::vector<ParsedEvent> parts;
    Method method;
  };

  Result<IngestItem> apply(const Source& source) {
    const auto owner = find_owner(context_, sender_, source.parts);
    if (!owner) {
      if (is_store_error(owner.error().code)) return tl::unexpected(owner.error());
      Error why = owner.error();
      why.place.source = input_.source;
      why.place.line = source.parts.front().line;
      return refused(input_.source, source.parts.front().event.source_uid, why);
    }
    std::vector<const ParsedEvent*> borrowed;
    for (const ParsedEvent& part : source.parts) borrowed.push_back(&part);
    return apply_source(context_, *owner, borrowed, source.method, input_.source, complete_);
  }

  const Context& context_;
  const Sender& sender_;
  const IngestInput& input_;
  const IngestHandler& on_item_;
  bool complete_;  ///< each call of add brings all of a UID
  std::vector<Source> sources_;
};

void tell_empty(const IngestInput& input, const IngestHandler& on_item) {
  on_item(refused(input.source, "VCALENDAR",
                  {Code::invalid_input,
                   "no VEVENT in this calendar",
                   {.source = input.source, .line = 0, .column = 0, .field = {}}}));
}

/// The parts of a UID that follow each other are applied as one, others as a change of their own.
Result<void> apply_as_it_comes(const Context& context, const Sender& sender,
                               const IngestInput& input, const IngestHandler& on_item) {
  SourceBatch batch(context, sender, input, on_item, false);
  std::vector<ParsedEvent> parts;
  bool any = false;
  Method method = Method::publish;
  const auto close = [&]() -> Result<void> {
    return parts.empty() ? Result<void>() : batch.add(std::exchange(parts, {}), method);
  };
  CalendarReader* reading = nullptr;
  CalendarReader reader(
      input.source, context.zones,
      [&](ParsedEvent&& event) -> Result<void> {
        any = true;
        method = reading->method().value_or(Method::publish);
        if (method != Method::publish && method != Method::request && method != Method::cancel) {
          return fail(Code::unsupported, "METHOD:" + std::string(to_string(method)) +
                                             " in a file of over 1 MiB; expected one mail each");
        }
        if (!parts.empty() && parts.front().event.source_uid != event.event.source_uid) {
          if (auto closed = close(); !closed) return closed;
        }
        parts.push_back(std::move(event));
        return {};
      },
      [&](const Error& error) {
        any = true;
        on_item(refused(input.source, "VEVENT", error));
      });
  reading = &reader;
  const auto read = feed_pieces(
      input, [&](std::string_view bytes, bool last) { return reader.feed(bytes, last); });
  // What was read before a fault stays good, as with the rows of a list.
  if (!read && is_store_error(read.error().code)) return read;
  if (auto closed = close(); !closed) return closed;
  if (auto flushed = batch.flush(); !flushed) return flushed;
  if (!read) on_item(refused(input.source, "VCALENDAR", read.error()));
  if (read && !any) tell_empty(input, on_item);
  return {};
}

/// Reads until the first event that can be read.
bool method_stands_first(const Context& context, const IngestInput& begin) {
  CalendarReader reader(
      begin.source, context.zones, [](ParsedEvent&&) { return fail(Code::stopped, "an event"); },
      [](const Error&) {});
  // A fault in it is told when the calendar is applied.
  [[maybe_unused]] const auto fed = reader.feed(begin.bytes, false);
  return reader.method().has_value();
}

/// @error as CalendarReader, such as of a METHOD behind the events
Result<void> check_to_end(const Context& context, const IngestInput& whole) {
  CalendarReader reader(
      whole.source, context.zones, [](ParsedEvent&&) { return Result<void>(); },
      [](const Error&) {});
  return reader.feed(whole.bytes, true);
}

Result<void> apply_long_calendar(const Context& context, const Sender& sender,
                                 const IngestInput& input, const IngestHandler& on_item) {
  if (method_stands_first(context, input)) {
    return apply_as_it_comes(context, sender, input, on_item);
  }
  // Its end may say that all of it is cancelled: nothing is applied before that is read.
  std::string storage;
  const auto whole = gather(input, storage);
  const auto sound = whole ? check_to_end(context, *whole) : Result<void>();
  if (whole && sound) return apply_as_it_comes(context, sender, *whole, on_item);
  if (!whole && whole.error().code != Code::too_large) return tl::unexpected(whole.error());
  const Error too_long{Code::too_large,
                       "over 64 MiB and no METHOD in front; expected METHOD:PUBLISH before the "
                       "events",
                       {input.source, 0, 0, "METHOD"}};
  on_item(refused(input.source, "VCALENDAR", whole ? sound.error() : too_long));
  return {};
}

Result<void> ingest_long_calendar(const Context& context, const IngestInput& input,
                                  const IngestHandler& on_item) {
  const auto sender = require_sender(context, input);
  if (sender) return apply_long_calendar(context, *sender, input, on_item);
  std::string storage;
  const auto whole = gather(input, storage);
  if (!whole) return tl::unexpected(whole.error());
  return keep_aside(context, *whole, "VCALENDAR", sender.error(), on_item);
}

/// The input with its first `size` bytes or more in hand; without `read` once that is all of it.
Result<IngestInput> gather_up_to(const IngestInput& input, std::size_t size, std::string& storage) {
  IngestInput begun = input;
  if (!input.read) return begun;
  storage = input.bytes;
  while (begun.read && storage.size() <= size) {
    const auto piece = input.read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) begun.read = {};
    storage += *piece;
  }
  begun.bytes = storage;
  return begun;
}

}  // namespace

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

Result<void> apply_calendar(const Context& context, const Sender& sender,
                            const ParsedCalendar& calendar, Method method, const IngestInput& input,
                            const IngestHandler& on_item) {
  for (const Error& error : calendar.refused) on_item(refused(input.source, "VEVENT", error));
  std::vector<std::vector<ParsedEvent>> groups;
  std::map<std::string_view, std::size_t> group_of;
  for (const ParsedEvent& event : calendar.events) {
    const auto [at, added] = group_of.try_emplace(event.event.source_uid, groups.size());
    if (added) groups.emplace_back();
    groups[at->second].push_back(event);
  }
  SourceBatch batch(context, sender, input, on_item, true);
  for (auto& parts : groups) {
    if (auto added = batch.add(std::move(parts), method); !added) return added;
  }
  return batch.flush();
}

namespace {

/// Events of others, whom the sender may not act for, put the whole file in quarantine (R99); the
/// sender's own land all the same.
Result<void> apply_or_keep(const Context& context, const Sender& sender,
                           const ParsedCalendar& calendar, Method method, const IngestInput& whole,
                           const IngestHandler& on_item) {
  Result<void> written;
  std::optional<IngestOutcome> kept;
  const auto applied =
      apply_calendar(context, sender, calendar, method, whole, [&](const IngestItem& item) {
        if (item.outcome != IngestOutcome::refused || item.code != Code::forbidden) {
          return on_item(item);
        }
        if (!kept) {
          const auto aside =
              quarantine(context, whole, item.item, {Code::forbidden, item.reason, item.place});
          if (!aside) written = tl::unexpected(aside.error());
          kept = aside ? aside->outcome : IngestOutcome::refused;
        }
        IngestItem told = item;
        told.outcome = *kept;
        on_item(told);
      });
  return applied ? written : applied;
}

}  // namespace

Result<void> ingest_calendar(const Context& context, const IngestInput& input,
                             const IngestHandler& on_item) {
  // A whole text is read with all leniency; only what is longer is read as it comes.
  const std::size_t longest = CalendarLimits{}.max_bytes;
  std::string storage;
  const auto begin = gather_up_to(input, longest, storage);
  if (!begin) return tl::unexpected(begin.error());
  if (begin->read || begin->bytes.size() > longest) {
    return ingest_long_calendar(context, *begin, on_item);
  }
  const auto calendar =
      parse_calendar(begin->bytes, context.zones, input.source, {.max_components = 0});
  if (!calendar) {
    on_item(refused(input.source, "VCALENDAR", calendar.error()));
    return {};
  }
  const Method method = calendar->method.value_or(Method::publish);
  if (method == Method::reply || method == Method::counter) {
    return apply_replies(context, *begin, ParsedMail{}, *calendar, on_item);
  }
  const auto sender = require_sender(context, input);
  if (!sender) return keep_aside(context, *begin, "VCALENDAR", sender.error(), on_item);
  if (calendar->events.empty() && calendar->refused.empty()) tell_empty(input, on_item);
  return apply_or_keep(context, *sender, *calendar, method, *begin, on_item);
}

}  // namespace calinvite::ingest
