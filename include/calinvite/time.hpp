/// Calendar time: instants, wall clocks, IANA zones read from system tzdata, recurrence.
///
/// `std::chrono::sys_seconds` is UTC; `std::chrono::local_seconds` is a wall clock whose zone is
/// named beside it. Nothing here reads a clock or an environment variable.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite {

/// One yearly switch of a zone in the shape of R43: an nth weekday of a month (RFC 5545 3.6.5).
struct ZoneSwitch {
  int month = 1;               ///< 1 to 12
  int week = 1;                ///< 1 to 4: the nth such weekday; -1: the last
  int weekday = 0;             ///< 0 Sunday to 6 Saturday
  std::chrono::seconds at{0};  ///< wall clock before the switch, since midnight; below one day
  std::chrono::seconds offset_to{0};  ///< UTC offset from then on, east positive
  std::string abbreviation;           ///< TZNAME, such as CEST
};

/// What a zone does over a range of instants, as one VTIMEZONE may say it (R42 to R46).
struct ZoneRules {
  std::chrono::seconds standard_offset{0};
  std::string standard_abbreviation;
  std::optional<ZoneSwitch> to_daylight;  ///< absent, as `to_standard`: one offset throughout
  std::optional<ZoneSwitch> to_standard;
};

/// One IANA zone: version 2+ TZif data and its POSIX footer (RFC 8536). Immutable; any thread.
class Zone {
 public:
  struct Data;
  explicit Zone(std::shared_ptr<const Data> data);
  const std::string& name() const noexcept;  ///< canonical as asked for, such as Europe/Berlin
  /// UTC offset in force, east positive.
  std::chrono::seconds offset_at(std::chrono::sys_seconds instant) const;
  std::chrono::local_seconds to_local(std::chrono::sys_seconds instant) const;
  /// RFC 5545 3.3.5: in a gap the offset before the gap applies, in an overlap the first one.
  std::chrono::sys_seconds to_instant(std::chrono::local_seconds wall) const;
  /// Instants after `from` up to `to` at which the offset changes, in order; none beyond the year
  /// 2400.
  std::vector<std::chrono::sys_seconds> switches(std::chrono::sys_seconds from,
                                                 std::chrono::sys_seconds to) const;
  /// The R43 rules that are right for every instant from `from` to `to` inclusive.
  /// @error unsupported  the real rules of those years do not fit one yearly pair (R46)
  Result<ZoneRules> rules(std::chrono::sys_seconds from, std::chrono::sys_seconds to) const;

 private:
  std::shared_ptr<const Data> data_;
};

/// The zones of one engine, loaded on demand and reloaded when their file changes. Any thread.
class ZoneTable {
 public:
  explicit ZoneTable(std::filesystem::path directory = "/usr/share/zoneinfo");
  ~ZoneTable();
  ZoneTable(ZoneTable&&) noexcept;
  ZoneTable& operator=(ZoneTable&&) noexcept;
  /// "UTC" (also Etc/UTC) is always there.
  /// @error not_found      no such zone; names that could leave the directory are never opened
  /// @error invalid_input  the zone's file is not TZif
  Result<Zone> find(std::string_view name) const;
  /// Names of zones that cover every behaviour since 1970 (zone1970.tab); empty without that file.
  std::vector<std::string> names() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Checks a recurrence rule against what every calendar understands (R61) and what is safe to
/// expand (reliability limits): DAILY to YEARLY, INTERVAL 1 to 1000, COUNT to 999, at least one
/// instance. `start` must be the rule's first instance (R63).
/// @param rule   value of RRULE, such as FREQ=WEEKLY;BYDAY=MO;COUNT=10; UNTIL is read as wall time
///               of `start` (the caller converts one in UTC), a date as that whole day
/// @error unsupported    outside R61; the message names the part
/// @error invalid_input  not a rule
Result<void> check_rrule(std::string_view rule, std::chrono::local_seconds start, bool all_day);

/// The instances of a rule in wall time, in order, EXDATEs left out; each is then converted by its
/// own offset. Without a rule: `start` alone. A `start` that the rule does not meet is left out.
/// @param rule   as for check_rrule, without the R61 restrictions
/// @param limit  stops after so many; never more than 10 years beyond `start` either way
/// @error as check_rrule, without the R61 restrictions
Result<std::vector<std::chrono::local_seconds>> expand_rrule(
    std::string_view rule, std::chrono::local_seconds start,
    const std::vector<std::chrono::local_seconds>& exdates, std::size_t limit);

/// 20270328T013000 (RFC 5545 3.3.5), or 20270328 when `date_only`.
std::string format_basic(std::chrono::local_seconds wall, bool date_only = false);
/// Reads 20270328T013000, 20270328T013000Z or 20270328; checks ranges (RFC 5545 3.3.4, 3.3.5).
struct BasicTime {
  std::chrono::local_seconds wall{};
  bool date_only = false;
  bool utc = false;
};
Result<BasicTime> parse_basic(std::string_view text);
/// 2027-03-28T01:30:00 / 2027-03-28 (ISO 8601), with Z for instants.
std::string format_iso(std::chrono::local_seconds wall, bool date_only = false);
std::string format_iso(std::chrono::sys_seconds instant);
/// Reads 2027-03-28T01:30[:00[.fff]][Z] or 2027-03-28; fractions are cut.
Result<BasicTime> parse_iso(std::string_view text);

}  // namespace calinvite
