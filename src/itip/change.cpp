#include <algorithm>

#include "base/text.hpp"
#include "calinvite/itip.hpp"
#include "itip/instant.hpp"

namespace calinvite {
namespace {

using itip::instant_of;

/// The parts of a rule without order and without those that only repeat the default: clients
/// write the same rule differently each time (RFC 5545 3.3.10).
std::vector<std::string> rule_parts(std::string_view rule) {
  std::vector<std::string> parts;
  for (const auto part : text::split(rule, ';')) {
    const std::string lower = text::lower(text::trim(part));
    if (lower.empty() || lower == "interval=1" || lower == "wkst=mo") continue;
    const auto equals = std::min(lower.find('='), lower.size());
    auto values = text::split(std::string_view(lower).substr(equals), ',');
    if (!values.empty() && !values[0].empty()) values[0].remove_prefix(1);
    std::sort(values.begin(), values.end());
    std::string& sorted = parts.emplace_back(lower.substr(0, equals));
    for (const auto value : values) sorted.append(",").append(value);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

/// What a calendar shows of a series, apart from its instances.
bool same_pattern(const Event& a, const Event& b) {
  return a.start == b.start && a.end == b.end && a.all_day == b.all_day &&
         a.timezone == b.timezone && rule_parts(a.rrule) == rule_parts(b.rrule) &&
         a.exdates == b.exdates && a.status == b.status;
}

/// What else a calendar shows or does; none of it is a reason to reconsider.
bool same_words(const Event& a, const Event& b) {
  return a.summary == b.summary && a.description == b.description && a.location == b.location &&
         a.conference == b.conference && a.url == b.url && a.reminder == b.reminder &&
         a.transparent == b.transparent && a.wants_answers == b.wants_answers &&
         a.counters_allowed == b.counters_allowed;
}

const Override* find_override(const Event& event, OccurrenceId occurrence) {
  const auto found = std::lower_bound(
      event.overrides.begin(), event.overrides.end(), occurrence,
      [](const Override& changed, OccurrenceId wanted) { return changed.occurrence < wanted; });
  const bool there = found != event.overrides.end() && found->occurrence == occurrence;
  return there ? &*found : nullptr;
}

/// Whether a calendar shows the same of a date, apart from its link; what its source counts is not
/// shown.
bool same_date(const Override& a, Override b) {
  b.source_sequence = a.source_sequence;
  b.source_dtstamp = a.source_dtstamp;
  b.conference = a.conference;
  return a == b;
}

/// Whether people join a date by the same link; that of the series is compared with the series.
bool same_link(const Event& before, const Override& a, const Event& after, const Override& b) {
  return a.conference == b.conference || conference_of(before, a) == conference_of(after, b);
}

bool same_dates(const Event& a, const Event& b) {
  return std::equal(a.overrides.begin(), a.overrides.end(), b.overrides.begin(), b.overrides.end(),
                    same_date);
}

// An override that is gone counts too: its instance goes back to the pattern.
std::vector<OccurrenceId> changed_occurrences(const Event& before, const Event& after) {
  std::vector<OccurrenceId> changed;
  for (const Override& now : after.overrides) {
    const Override* old = find_override(before, now.occurrence);
    const bool same = old != nullptr && same_date(*old, now) && same_link(before, *old, after, now);
    if (!same) changed.push_back(now.occurrence);
  }
  for (const Override& old : before.overrides) {
    if (find_override(after, old.occurrence) == nullptr) changed.push_back(old.occurrence);
  }
  std::sort(changed.begin(), changed.end());
  return changed;
}

Result<void> check_revisions(const Event* before, const Event& after) {
  if (after.organizer.empty()) {
    return fail(Code::invalid_argument, "event " + after.uid + " has no organizer",
                Place{{}, 0, 0, "organizer"});
  }
  if (before == nullptr) return {};
  if (before->uid != after.uid) {
    return fail(Code::invalid_argument,
                "revisions of two events: " + before->uid + " and " + after.uid,
                Place{{}, 0, 0, "uid"});
  }
  if (!text::iequals(before->organizer, after.organizer)) {
    return fail(Code::conflict,
                "event " + after.uid + " has another organizer; cancel it and create a new one",
                Place{{}, 0, 0, "organizer"});
  }
  if (after.sequence < before->sequence) {
    return fail(Code::conflict,
                "event " + after.uid + " is at SEQUENCE " + std::to_string(before->sequence) +
                    ", not " + std::to_string(after.sequence) + "; read it again",
                Place{{}, 0, 0, "sequence"});
  }
  return {};
}

Mailing mail_occurrence(const Event& event, OccurrenceId occurrence, Method method,
                        const ZoneTable& zones) {
  const Override* changed = find_override(event, occurrence);
  const bool cancelled = changed != nullptr && changed->cancelled;
  const auto end = changed != nullptr && !cancelled
                       ? changed->end
                       : occurrence.original_start + (event.end - event.start);
  return Mailing{cancelled ? Method::cancel : method, occurrence, instant_of(event, end, zones)};
}

/// The date that the former series made, as the present one would write it.
OccurrenceId carry_over(const Event& before, const Event& event, OccurrenceId occurrence,
                        const ZoneTable& zones) {
  auto& wall = occurrence.original_start;
  if (event.all_day) return {std::chrono::floor<std::chrono::days>(wall)};
  if (before.all_day || before.timezone == event.timezone) return occurrence;
  const auto then = zones.find(before.timezone);
  const auto now = zones.find(event.timezone);
  if (then && now) wall = now->to_local(then->to_instant(wall));
  return occurrence;
}

/// What becomes of the changed dates that a new revision of the series has no more (R75): a date
/// that it still makes is as the series again, any other is gone.
struct FormerDates {
  std::vector<Mailing> cancelled;
  std::vector<Mailing> restored;
};

FormerDates plan_former_dates(const Event& before, const Event& event, const ZoneTable& zones,
                              std::chrono::sys_seconds now) {
  FormerDates former;
  for (const Override& old : before.overrides) {
    const OccurrenceId occurrence = carry_over(before, event, old.occurrence, zones);
    if (find_override(event, occurrence) != nullptr) continue;
    const bool excluded =
        std::binary_search(event.exdates.begin(), event.exdates.end(), occurrence.original_start);
    Mailing mailing{Method::request, occurrence, std::nullopt};
    if (!excluded && makes_occurrence(event, occurrence)) {
      mailing.expires =
          instant_of(event, occurrence.original_start + (event.end - event.start), zones);
    } else {
      if (old.cancelled) continue;
      mailing = {Method::cancel, occurrence, instant_of(before, old.end, zones)};
    }
    if (mailing.expires && *mailing.expires <= now) continue;
    (mailing.method == Method::cancel ? former.cancelled : former.restored).push_back(mailing);
  }
  return former;
}

}  // namespace

Result<std::optional<Change>> plan_change(const Event* before, const Event& after) {
  if (auto sound = check_revisions(before, after); !sound) {
    return tl::unexpected<Error>(sound.error());
  }
  Change change;
  change.method = after.status == EventStatus::cancelled ? Method::cancel : Method::request;
  change.sequence = after.sequence;
  change.key_change = true;
  if (before == nullptr) return std::optional<Change>(change);

  const bool still_cancelled =
      before->status == EventStatus::cancelled && after.status == EventStatus::cancelled;
  const bool pattern = same_pattern(*before, after);
  const bool words = same_words(*before, after);
  auto occurrences = changed_occurrences(*before, after);
  if (still_cancelled || (pattern && words && occurrences.empty())) return std::optional<Change>();
  change.sequence = std::max(after.sequence, before->sequence + 1);
  change.key_change = !pattern || !same_dates(*before, after);
  if (pattern && words) change.occurrences = std::move(occurrences);
  return std::optional<Change>(std::move(change));
}

std::vector<Mailing> plan_mailings(const Event& event, const Change& change, const ZoneTable& zones,
                                   std::chrono::sys_seconds now, const Event* before) {
  std::vector<Mailing> mailings;
  const auto add = [&](OccurrenceId occurrence) {
    const Mailing mailing = mail_occurrence(event, occurrence, change.method, zones);
    if (!mailing.expires || *mailing.expires > now) mailings.push_back(mailing);
  };
  std::for_each(change.occurrences.begin(), change.occurrences.end(), add);
  if (!change.occurrences.empty()) return mailings;

  FormerDates former;
  if (before != nullptr && change.method == Method::request) {
    former = plan_former_dates(*before, event, zones, now);
  }
  mailings = std::move(former.cancelled);
  Mailing series{change.method, std::nullopt, std::nullopt};
  series.expires = over_at(event, zones);
  mailings.push_back(series);
  // A cancelled instance needs no message of its own here: the series carries it as EXDATE (R86).
  for (const Override& changed : event.overrides) {
    if (!changed.cancelled) add(changed.occurrence);
  }
  mailings.insert(mailings.end(), former.restored.begin(), former.restored.end());
  return mailings;
}

SourceOrder compare_source(const SourceRevision& known, const SourceRevision& seen) {
  const bool undated = seen.dtstamp == std::chrono::sys_seconds();
  if (seen == known || (undated && seen.sequence == known.sequence)) return SourceOrder::same;
  return seen > known ? SourceOrder::newer : SourceOrder::older;
}

}  // namespace calinvite
