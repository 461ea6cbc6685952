#include <algorithm>
#include <map>

#include "calinvite/ical.hpp"
#include "time/expansion.hpp"

namespace calinvite {
namespace {

using namespace std::chrono;

/// What a rule is asked for beyond the window: a hostile length or shift must not cost more.
constexpr seconds farthest = days(3653);
/// A rule with COUNT is walked from its start, but not through more than these 400 years, after
/// which the calendar repeats itself.
constexpr days longest_count(146097);

bool is_newer(const ParsedEvent& a, const ParsedEvent& b) {
  return a.event.source_sequence != b.event.source_sequence
             ? a.event.source_sequence > b.event.source_sequence
             : a.event.source_dtstamp > b.event.source_dtstamp;
}

/// An event with its zone and length.
struct Part {
  const ParsedEvent* parsed = nullptr;
  std::optional<Zone> zone;  ///< absent for dates and floating times
  sys_seconds start{}, end{};

  sys_seconds instant(local_seconds wall) const {
    return zone ? zone->to_instant(wall) : sys_seconds(wall.time_since_epoch());
  }
  local_seconds wall(sys_seconds instant) const {
    return zone ? zone->to_local(instant) : local_seconds(instant.time_since_epoch());
  }
};

Result<Part> make_part(const ParsedEvent& parsed, const ZoneTable& zones) {
  Part part{&parsed, {}, {}, {}};
  if (!parsed.event.timezone.empty()) {
    auto zone = zones.find(parsed.event.timezone);
    if (!zone) return tl::unexpected(zone.error());
    part.zone = std::move(*zone);
  }
  part.start = part.instant(parsed.event.start);
  part.end = part.instant(parsed.event.end);
  return part;
}

/// RANGE=THISANDFUTURE: from `begin` on, what the rule says is `shift` later and as `part` shows.
struct Future {
  sys_seconds begin{};
  seconds shift{0};
  Part part;
};

class Series {
 public:
  explicit Series(OccurrenceWindow window) : window_(window) {
    window_.from = std::max(window_.from, sys_seconds(sys_days(year(0) / January / 1)));
    window_.to = std::min(window_.to, sys_seconds(sys_days(year(10000) / January / 1)));
  }

  Result<void> take(std::span<const ParsedEvent> parts, const ZoneTable& zones);
  Result<std::vector<Occurrence>> list();

 private:
  void list_overrides();
  Result<void> list_rule();
  void list_dates();
  void add_instance(local_seconds wall, std::optional<seconds> length = {});
  void add(const Occurrence& occurrence);
  bool is_excluded(local_seconds wall) const {
    const auto& exdates = master_->parsed->event.exdates;
    return std::binary_search(exdates.begin(), exdates.end(), wall);
  }

  OccurrenceWindow window_;
  std::optional<Part> master_;
  std::map<sys_seconds, Part> overrides_;  ///< by RECURRENCE-ID
  std::vector<Future> futures_;            ///< ascending
  seconds shift_{0};                       ///< the farthest that THISANDFUTURE moves an occurrence
  seconds length_{0};                      ///< the longest
  std::vector<Occurrence> found_;
};

Result<void> Series::take(std::span<const ParsedEvent> parts, const ZoneTable& zones) {
  for (const ParsedEvent& parsed : parts) {
    if (!parsed.has_start) continue;
    auto part = make_part(parsed, zones);
    if (!part) return tl::unexpected(part.error());
    if (!parsed.recurrence_instant) {
      if (!master_ || !is_newer(*master_->parsed, parsed)) master_ = std::move(*part);
      continue;
    }
    Part& slot = overrides_[*parsed.recurrence_instant];
    if (slot.parsed == nullptr || !is_newer(*slot.parsed, parsed)) slot = std::move(*part);
  }
  if (master_) length_ = master_->end - master_->start;
  for (const auto& [id, part] : overrides_) {
    if (!part.parsed->this_and_future) continue;
    futures_.push_back({id, part.start - id, part});
    shift_ = std::max(shift_, seconds(abs(part.start - id)));
    length_ = std::max(length_, seconds(part.end - part.start));
  }
  shift_ = std::min(shift_, farthest);
  length_ = std::min(length_, farthest);
  return {};
}

Result<std::vector<Occurrence>> Series::list() {
  list_overrides();
  if (master_) {
    if (auto listed = list_rule(); !listed) return tl::unexpected(listed.error());
    list_dates();
  }
  const auto key = [](const Occurrence& o) { return std::pair(o.start, o.id.original_start); };
  std::sort(found_.begin(), found_.end(),
            [&](const Occurrence& a, const Occurrence& b) { return key(a) < key(b); });
  const auto same = [&](const Occurrence& a, const Occurrence& b) {
    return key(a) == key(b) && a.event == b.event;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  if (found_.size() > window_.limit) found_.resize(window_.limit);
  return std::move(found_);
}

void Series::list_overrides() {
  for (const auto& [id, part] : overrides_) {
    if (part.parsed->event.status == EventStatus::cancelled) continue;
    const local_seconds wall = (master_ ? *master_ : part).wall(id);
    if (master_ && is_excluded(wall)) continue;
    add({{wall}, part.start, part.end, part.parsed});
  }
}

Result<void> Series::list_rule() {
  const Event& event = master_->parsed->event;
  if (event.rrule.empty()) {
    add_instance(event.start);
    return {};
  }
  const auto rule = parse_rule(event.rrule);
  if (!rule) return tl::unexpected(rule.error());
  // Wall clocks lie within a day of UTC.
  const local_seconds from(window_.from.time_since_epoch() - shift_ - length_ - days(1));
  local_seconds to(window_.to.time_since_epoch() + shift_ + days(1));
  if (rule->count) to = std::min<local_seconds>(to, event.start + longest_count);
  sys_seconds latest = sys_seconds::min();
  const std::size_t others = found_.size();
  expand_rule(*rule, event.start, {from, to}, [&](local_seconds wall) {
    const bool enough = found_.size() - others >= window_.limit;
    // What begins behind the latest of enough instances is not among the first ones.
    if (enough && master_->instant(wall) > latest + shift_) return false;
    add_instance(wall);
    if (!enough && found_.size() > others) latest = std::max(latest, found_.back().start);
    return true;
  });
  return {};
}

/// Further dates make a series of a start that has no rule, or of the rule's own (3.8.5.2).
void Series::list_dates() {
  for (const ParsedDate& date : master_->parsed->rdates) {
    std::optional<seconds> length;
    if (date.end) length = master_->instant(*date.end) - master_->instant(date.start);
    add_instance(date.start, length);
  }
}

/// What the series says of one date, unless an override or an EXDATE says otherwise.
void Series::add_instance(local_seconds wall, std::optional<seconds> length) {
  const sys_seconds instant = master_->instant(wall);
  if (is_excluded(wall) || overrides_.count(instant) != 0) return;
  const Part* shown = &*master_;
  sys_seconds start = instant;
  for (const Future& future : futures_) {
    if (future.begin > instant) break;
    shown = &future.part;
    start = instant + future.shift;
  }
  if (shown->parsed->event.status == EventStatus::cancelled && shown != &*master_) return;
  add({{wall}, start, start + length.value_or(shown->end - shown->start), shown->parsed});
}

void Series::add(const Occurrence& occurrence) {
  const bool over = occurrence.end <= window_.from && occurrence.start < window_.from;
  if (over || occurrence.start >= window_.to) return;
  found_.push_back(occurrence);
}

}  // namespace

Result<std::vector<Occurrence>> list_occurrences(std::span<const ParsedEvent> parts,
                                                 const ZoneTable& zones,
                                                 const OccurrenceWindow& window) {
  Series series(window);
  if (auto taken = series.take(parts, zones); !taken) return tl::unexpected(taken.error());
  return series.list();
}

}  // namespace calinvite
