#include "ingest/source.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "calinvite/itip.hpp"
#include "calinvite/time.hpp"

namespace calinvite::ingest {
namespace {

/// Of an event that was sent without an end (R97): what goes out must end later than it starts.
constexpr std::chrono::hours assumed_length{1};

bool is_series(const ParsedEvent* part) { return !part->occurrence.has_value(); }

/// nullptr when there are changed dates only; the series stands first.
const ParsedEvent* series_of(const std::vector<const ParsedEvent*>& parts) {
  return !parts.empty() && is_series(parts.front()) ? parts.front() : nullptr;
}

// ---- revisions ----

SourceRevision revision_of(const Event& event) {
  return {event.source_sequence, event.source_dtstamp};
}

SourceRevision revision_of(const ParsedEvent& part) { return revision_of(part.event); }

SourceRevision revision_of(const Override& date) {
  return {date.source_sequence, date.source_dtstamp};
}

/// Of a date of which the source said nothing of its own, that of its series.
SourceRevision revision_of(const Event& event, const Override& date) {
  const SourceRevision own = revision_of(date);
  return own == SourceRevision{} ? revision_of(event) : own;
}

/// `wall` as the series' zone has it, whatever zone the changed date was written in.
std::chrono::local_seconds in_zone_of(const Event& series, const Event& changed,
                                      std::chrono::local_seconds wall, const ZoneTable& zones) {
  if (changed.all_day || series.all_day || changed.timezone == series.timezone) return wall;
  const auto from = zones.find(changed.timezone);
  const auto to = zones.find(series.timezone);
  return from && to ? to->to_local(from->to_instant(wall)) : wall;
}

/// RECURRENCE-ID of `part` as the series counts it.
OccurrenceId occurrence_in(const Event& series, const ParsedEvent& part, const ZoneTable& zones) {
  if (part.recurrence_instant && !series.all_day) {
    if (const auto zone = zones.find(series.timezone)) {
      return {zone->to_local(*part.recurrence_instant)};
    }
  }
  return *part.occurrence;
}

std::vector<Override>::const_iterator place_of(const Event& event, OccurrenceId occurrence) {
  return std::lower_bound(
      event.overrides.begin(), event.overrides.end(), occurrence,
      [](const Override& changed, OccurrenceId wanted) { return changed.occurrence < wanted; });
}

const Override* find_override(const Event& event, OccurrenceId occurrence) {
  const auto at = place_of(event, occurrence);
  return at != event.overrides.end() && at->occurrence == occurrence ? &*at : nullptr;
}

/// What was last applied of the part's subject; absent for a date of which nothing is known but its
/// series.
std::optional<SourceRevision> known_revision(const Event& stored, const ParsedEvent& part,
                                             const ZoneTable& zones) {
  if (is_series(&part)) return revision_of(stored);
  const Override* changed = find_override(stored, occurrence_in(stored, part, zones));
  if (changed == nullptr) return std::nullopt;
  const SourceRevision own = revision_of(*changed);
  return own == SourceRevision{} ? std::nullopt : std::optional(own);
}

SourceOrder compare_part(const SourceRevision& known, const ParsedEvent& part) {
  SourceRevision seen = revision_of(part);
  const bool counts = part.has_sequence || seen.dtstamp != std::chrono::sys_seconds();
  if (!counts) seen.sequence = known.sequence;
  return compare_source(known, seen);
}

bool is_older(const Event& stored, const ParsedEvent& part, bool with_series,
              const ZoneTable& zones) {
  auto known = known_revision(stored, part, zones);
  if (!known) {
    // Beside its series a date is as new as that, whatever it counts.
    if (with_series) return false;
    known = revision_of(stored);
  }
  return compare_part(*known, part) == SourceOrder::older;
}

/// The newest of each, of equals the last, in the order of their dates.
std::vector<const ParsedEvent*> newest_of_each(const std::vector<const ParsedEvent*>& parts) {
  std::map<std::optional<std::chrono::sys_seconds>, const ParsedEvent*> newest;
  for (const ParsedEvent* part : parts) {
    std::optional<std::chrono::sys_seconds> about;
    if (part->occurrence) {
      about = part->recurrence_instant.value_or(
          std::chrono::sys_seconds(part->occurrence->original_start.time_since_epoch()));
    }
    const ParsedEvent*& best = newest.try_emplace(about, part).first->second;
    if (compare_source(revision_of(*best), revision_of(*part)) != SourceOrder::older) best = part;
  }
  std::vector<const ParsedEvent*> each;
  for (const auto& [about, part] : newest) each.push_back(part);
  return each;
}

// ---- changed dates ----

Override to_override(const Event& series, const ParsedEvent& part, Method method,
                     const ZoneTable& zones) {
  Override changed;
  changed.occurrence = occurrence_in(series, part, zones);
  changed.source_sequence = part.event.source_sequence;
  changed.source_dtstamp = part.event.source_dtstamp;
  changed.cancelled = method == Method::cancel || part.event.status == EventStatus::cancelled;
  if (changed.cancelled) return changed;
  changed.start = in_zone_of(series, part.event, part.event.start, zones);
  changed.end = in_zone_of(series, part.event, part.event.end, zones);
  changed.summary = part.event.summary;
  changed.description = part.event.description;
  changed.location = part.event.location;
  changed.conference = part.event.conference;
  return changed;
}

/// @error not_found  the series has no such date
Result<void> put_override(Event& event, Override changed, const ParsedEvent& part) {
  const auto at = place_of(event, changed.occurrence);
  if (at != event.overrides.end() && at->occurrence == changed.occurrence) {
    Override& known = event.overrides[static_cast<std::size_t>(at - event.overrides.begin())];
    const SourceRevision after = std::max(revision_of(known), revision_of(changed));
    known = std::move(changed);
    known.source_sequence = after.sequence;
    known.source_dtstamp = after.dtstamp;
    return {};
  }
  const auto date = changed.occurrence.original_start;
  if (!makes_occurrence(event, changed.occurrence)) {
    return fail(Code::not_found,
                "RECURRENCE-ID " + format_iso(date, event.all_day) +
                    " is no date of this event; expected one that its start and RRULE make",
                {.source = {}, .line = part.line, .column = 0, .field = "RECURRENCE-ID"});
  }
  const bool gone = std::binary_search(event.exdates.begin(), event.exdates.end(), date);
  if (!gone || !changed.cancelled) event.overrides.insert(at, std::move(changed));
  return {};
}

/// Which changed dates outlive a new word about the series, which has those that it names itself.
void keep_overrides(const Event& stored, const SourceParts& said, Event& event,
                    const ZoneTable& zones) {
  std::vector<OccurrenceId> named_older;
  for (const ParsedEvent* part : said.older) {
    named_older.push_back(occurrence_in(event, *part, zones));
  }
  std::sort(named_older.begin(), named_older.end());
  std::chrono::sys_seconds written{};
  for (const ParsedEvent* part : said.fresh) {
    written = std::max(written, part->event.source_dtstamp);
  }
  const bool unmoved = same_pattern(stored, event);
  const bool names_dates = said.fresh.size() > 1 || !said.older.empty();
  // A client that sends the series alone keeps its changed dates; one that sends the others too
  // has given up those that it leaves out.
  const SourceRevision known = revision_of(stored);
  const bool all = !said.complete || !names_dates ||
                   compare_part(known, *said.fresh.front()) != SourceOrder::newer;
  for (const Override& changed : stored.overrides) {
    const bool newer_here =
        std::binary_search(named_older.begin(), named_older.end(), changed.occurrence) &&
        makes_occurrence(event, changed.occurrence);
    if (newer_here || (unmoved && (all || changed.source_dtstamp > written))) {
      event.overrides.push_back(changed);
    }
  }
}

void take_revision(const Event* stored, const ParsedEvent& series, Event& event) {
  SourceRevision revision = revision_of(series);
  if (stored != nullptr) revision = std::max(revision, revision_of(*stored));
  event.source_sequence = revision.sequence;
  event.source_dtstamp = revision.dtstamp;
}

}  // namespace

SourceParts select_parts(const Event* stored, const std::vector<const ParsedEvent*>& parts,
                         bool complete, const ZoneTable& zones) {
  SourceParts said;
  said.complete = complete;
  for (const ParsedEvent* part : newest_of_each(parts)) {
    const bool with_series = series_of(said.fresh) != nullptr;
    const bool older = stored != nullptr && is_older(*stored, *part, with_series, zones);
    (older ? said.older : said.fresh).push_back(part);
  }
  return said;
}

bool cancels_all(const SourceParts& said, Method method) {
  const ParsedEvent* series = series_of(said.fresh);
  return series != nullptr &&
         (method == Method::cancel || series->event.status == EventStatus::cancelled);
}

Result<Event> describe(const Event* stored, const SourceParts& said, Method method,
                       const ZoneTable& zones) {
  const ParsedEvent* series = series_of(said.fresh);
  if (series == nullptr && stored == nullptr) {
    return fail(Code::not_found,
                "a changed instance of an event that is not here; send the whole series first");
  }
  Event event = stored != nullptr ? *stored : series->event;
  const bool off = cancels_all(said, method);
  if (off) {
    event.status = EventStatus::cancelled;
  } else if (stored != nullptr && series != nullptr) {
    event = keep_identity(*stored, series->event);
    if (event.landing.empty()) event.landing = stored->landing;
    if (event.language.empty()) event.language = stored->language;
    event.wants_answers = stored->wants_answers;  // these no calendar says
    event.listed = stored->listed;
    event.invite_limit = stored->invite_limit;
  }
  if (!event.all_day && event.end == event.start) event.end += assumed_length;
  if (series != nullptr) take_revision(stored, *series, event);
  if (off) return event;
  if (stored != nullptr && series != nullptr) keep_overrides(*stored, said, event, zones);
  for (const ParsedEvent* part : said.fresh) {
    if (is_series(part)) continue;
    auto put = put_override(event, to_override(event, *part, method, zones), *part);
    if (!put) return tl::unexpected(put.error());
  }
  return event;
}

bool same_pattern(const Event& a, const Event& b) {
  return a.start == b.start && a.end == b.end && a.timezone == b.timezone &&
         a.all_day == b.all_day && a.rrule == b.rrule;
}

bool shows_the_same(const Event& stored, const Event& described) {
  return same_pattern(stored, described) && stored.summary == described.summary &&
         stored.description == described.description && stored.location == described.location &&
         stored.conference == described.conference && stored.url == described.url;
}

namespace {

/// The link itself, not the front of a longer one.
bool holds(std::string_view text, std::string_view link) {
  for (auto at = text.find(link); at != text.npos; at = text.find(link, at + 1)) {
    const auto rest = text.substr(at + link.size());
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n<>\"'()[]"));
    if (word.find_first_not_of(".,;:!?") == word.npos) return true;
  }
  return false;
}

/// The source says what it had said before: nothing new of its own, whatever we read of it then.
bool says_again(const SourceRevision& before, const SourceRevision& now) {
  return before == now && now.dtstamp != std::chrono::sys_seconds();
}

bool texts_hold(const Event& event, std::string_view link) {
  return holds(event.description, link) || holds(event.location, link);
}

/// Whether a first link to join by tells people nothing that they were not told: the texts hold it
/// already, or the source says the same revision again, of which we had not read the link.
bool is_no_news(const Event& stored, const Event& described) {
  const std::string& link = described.conference;
  if (!stored.conference.empty() || link.empty()) return false;
  return says_again(revision_of(stored), revision_of(described)) || texts_hold(stored, link);
}

/// The same of a changed date, which showed the series' link until now.
bool is_no_news(const Event& stored, const Override& before, const Event& described,
                const Override& now) {
  if (before.conference || !now.conference) return false;
  const std::string& link = *now.conference;
  if (link == stored.conference) return true;
  if (says_again(revision_of(stored, before), revision_of(described, now))) return true;
  return !link.empty() && (holds(before.description, link) || holds(before.location, link) ||
                           texts_hold(stored, link));
}

}  // namespace

Event with_untold(const Event& stored, const Event& described) {
  Event told = stored;
  told.reminder = described.reminder;
  told.transparent = described.transparent;
  told.counters_allowed = described.counters_allowed;
  if (is_no_news(stored, described)) told.conference = described.conference;
  for (Override& changed : told.overrides) {
    const Override* now = find_override(described, changed.occurrence);
    if (now != nullptr && is_no_news(stored, changed, described, *now)) {
      changed.conference = now->conference;
    }
  }
  return told;
}

Event keep_identity(const Event& stored, Event said) {
  said.uid = stored.uid;
  said.source_uid = stored.source_uid;
  said.organizer = stored.organizer;
  said.source_organizer = stored.source_organizer;
  said.key_sequence = stored.key_sequence;
  said.created = stored.created;
  said.changed = stored.changed;
  said.sequence = stored.sequence;
  return said;
}

}  // namespace calinvite::ingest
