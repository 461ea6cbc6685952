#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "calinvite/time.hpp"
#include "time/tzif_writer.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

sys_seconds at(std::string_view iso) {
  return sys_seconds(parse_iso(iso).value().wall.time_since_epoch());
}

local_seconds wall(std::string_view iso) { return parse_iso(iso).value().wall; }

Zone zone(const std::string& name) {
  static const ZoneTable zones;
  auto found = zones.find(name);
  REQUIRE(found.has_value());
  return *found;
}

/// A directory of its own, gone at the end.
struct Directory {
  std::filesystem::path path;
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "calinvite-zones-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Directory() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << bytes;
  }
};

std::string described(const Result<ZoneRules>& rules) {
  if (!rules) return std::string(code_name(rules.error().code));
  const auto offset = [](seconds s) { return std::to_string(s.count() / 60); };
  const auto switched = [&](const ZoneSwitch& s) {
    return " " + std::to_string(s.month) + "/" + std::to_string(s.week) + "/" +
           std::to_string(s.weekday) + "@" + offset(s.at) + ">" + offset(s.offset_to) +
           s.abbreviation;
  };
  std::string text = offset(rules->standard_offset) + rules->standard_abbreviation;
  if (rules->to_daylight) text += switched(*rules->to_daylight);
  if (rules->to_standard) text += switched(*rules->to_standard);
  return text;
}

std::string rules_of(const std::string& name, std::string_view from, std::string_view to) {
  return described(zone(name).rules(at(from), at(to)));
}

/// Reads the rules as a calendar program does: the switch last passed is in force.
seconds offset_by(const ZoneRules& rules, sys_seconds instant) {
  if (!rules.to_daylight) return rules.standard_offset;
  sys_seconds latest = sys_seconds::min();
  seconds offset{0};
  const auto consider = [&](year y, const ZoneSwitch& s, seconds before) {
    const auto month_of_year = y / month(static_cast<unsigned>(s.month));
    const weekday day(static_cast<unsigned>(s.weekday));
    const local_days date = s.week < 0
                                ? local_days(month_of_year / day[last])
                                : local_days(month_of_year / day[static_cast<unsigned>(s.week)]);
    const sys_seconds switched((date + s.at - before).time_since_epoch());
    if (switched > instant || switched < latest) return;
    latest = switched;
    offset = s.offset_to;
  };
  const year now = year_month_day(floor<days>(instant)).year();
  for (year y = now - years(1); y <= now + years(1); ++y) {
    consider(y, *rules.to_daylight, rules.standard_offset);
    consider(y, *rules.to_standard, rules.to_daylight->offset_to);
  }
  return offset;
}

}  // namespace

TEST_CASE("a gap is read with the offset before it, an overlap as its first pass", "[time]") {
  const Zone berlin = zone("Europe/Berlin");

  CHECK(berlin.to_instant(wall("2025-03-30T02:30")) == at("2025-03-30T01:30"));
  CHECK(berlin.to_instant(wall("2025-10-26T02:30")) == at("2025-10-26T00:30"));
  CHECK(berlin.to_instant(wall("2025-03-30T01:59:59")) == at("2025-03-30T00:59:59"));
  CHECK(berlin.to_instant(wall("2025-03-30T03:00")) == at("2025-03-30T01:00"));
  CHECK(berlin.to_instant(wall("2025-10-26T03:00")) == at("2025-10-26T02:00"));
}

TEST_CASE("the footer rules the years after the last listed switch", "[time]") {
  const Zone berlin = zone("Europe/Berlin");

  CHECK(berlin.offset_at(at("2099-07-01T00:00")) == 2h);
  CHECK(berlin.offset_at(at("2099-12-01T00:00")) == 1h);
  CHECK(berlin.to_local(at("2500-07-01T00:00")) == wall("2500-07-01T02:00"));
  CHECK(berlin.to_instant(wall("2500-12-01T00:00")) == at("2500-11-30T23:00"));
  CHECK(berlin.offset_at(at("9999-07-01T00:00")) == 2h);
}

TEST_CASE("UTC is there under its names, even without any zone file", "[time]") {
  const ZoneTable zones("/nonexistent");
  for (const char* name : {"UTC", "Etc/UTC"}) {
    const auto utc = zones.find(name);
    REQUIRE(utc.has_value());
    CHECK(utc->name() == "UTC");
    CHECK(utc->offset_at(at("2027-07-01T00:00")) == 0s);
    CHECK(described(utc->rules(at("2027-01-01T00:00"), at("2036-01-01T00:00"))) == "0UTC");
  }
  CHECK(zones.find("Europe/Berlin").error().code == Code::not_found);
  CHECK(zones.find("Z").error().code == Code::not_found);
}

TEST_CASE("zones of both hemispheres give their yearly pair", "[time]") {
  const auto ten_years = [](const char* name) {
    return rules_of(name, "2026-01-01T00:00", "2036-06-01T00:00");
  };
  CHECK(ten_years("Europe/Berlin") == "60CET 3/-1/0@120>120CEST 10/-1/0@180>60CET");
  CHECK(ten_years("America/New_York") == "-300EST 3/2/0@120>-240EDT 11/1/0@120>-300EST");
  CHECK(ten_years("Australia/Sydney") == "600AEST 10/1/0@120>660AEDT 4/1/0@180>600AEST");
  CHECK(ten_years("Pacific/Auckland") == "720NZST 9/-1/0@120>780NZDT 4/1/0@180>720NZST");
  CHECK(ten_years("America/St_Johns") == "-210NST 3/2/0@120>-150NDT 11/1/0@120>-210NST");
  CHECK(ten_years("Australia/Lord_Howe") == "630+1030 10/1/0@120>660+11 4/1/0@120>630+1030");
}

TEST_CASE("the hour that is saved counts as daylight even where the file marks the other",
          "[time]") {
  // Ireland's law, and so the file, calls winter the saving time.
  CHECK(rules_of("Europe/Dublin", "2026-01-01T00:00", "2036-06-01T00:00") ==
        "0GMT 3/-1/0@60>60IST 10/-1/0@120>0GMT");
}

TEST_CASE("R45 a zone without daylight saving is one offset", "[time]") {
  const auto ten_years = [](const char* name) {
    return rules_of(name, "2026-01-01T00:00", "2036-06-01T00:00");
  };
  CHECK(ten_years("Asia/Kolkata") == "330IST");
  CHECK(ten_years("America/Sao_Paulo") == "-180-03");
  CHECK(ten_years("Asia/Kathmandu") == "345+0545");
  CHECK(ten_years("Etc/GMT+3") == "-180-03");
}

TEST_CASE("one event within one season still has both switches of its year", "[time]") {
  CHECK(rules_of("Europe/Berlin", "2027-07-01T10:00", "2027-07-01T12:00") ==
        "60CET 3/-1/0@120>120CEST 10/-1/0@180>60CET");
}

TEST_CASE("rules are those of the years asked for, not of today", "[time]") {
  CHECK(rules_of("America/New_York", "2006-05-01T00:00", "2006-11-01T00:00") ==
        "-300EST 4/1/0@120>-240EDT 10/-1/0@120>-300EST");
  // The switch dates changed in 2007.
  CHECK(rules_of("America/New_York", "2006-05-01T00:00", "2008-11-01T00:00") == "unsupported");
  // No daylight saving since 2019, the last of it in that year.
  CHECK(rules_of("America/Sao_Paulo", "2018-05-01T00:00", "2020-05-01T00:00") == "unsupported");
  CHECK(rules_of("America/Sao_Paulo", "2019-03-01T00:00", "2020-05-01T00:00") == "-180-03");
}

TEST_CASE("R46 rules that follow no weekday of the month are unsupported", "[time]") {
  const auto rules =
      zone("Africa/Casablanca").rules(at("2026-01-01T00:00"), at("2030-01-01T00:00"));

  REQUIRE_FALSE(rules.has_value());
  CHECK(rules.error().code == Code::unsupported);
  CHECK(rules.error().message.find("Africa/Casablanca") != std::string::npos);
  // "The last Thursday at 24:00" is a Friday that is the last only in some years.
  CHECK(rules_of("Africa/Cairo", "2026-01-01T00:00", "2036-01-01T00:00") == "unsupported");
  CHECK(rules_of("Africa/Cairo", "2026-01-01T00:00", "2026-12-01T00:00") ==
        "120EET 4/-1/5@0>180EEST 10/-1/5@0>120EET");
}

TEST_CASE("a range that ends before it begins has no rules", "[time]") {
  CHECK(rules_of("Europe/Berlin", "2027-01-02T00:00", "2027-01-01T00:00") == "invalid_argument");
}

TEST_CASE("rules predict the real offset of every zone throughout their range", "[time]") {
  const sys_seconds from = at("2026-02-03T04:00");
  const sys_seconds to = at("2028-02-03T04:00");
  const ZoneTable zones;
  int fitting = 0;
  int refused = 0;
  const std::filesystem::path directory = "/usr/share/zoneinfo";
  for (const char* area : {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia",
                           "Europe", "Indian", "Pacific"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / area)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().lexically_relative(directory).string();
      const auto found = zones.find(name);
      INFO(name);
      REQUIRE(found.has_value());
      const auto rules = found->rules(from, to);
      if (!rules) {
        ++refused;
        continue;
      }
      ++fitting;
      // Half days, and every minute of those in which the real offset changes.
      bool right = true;
      for (sys_seconds half_day = from; half_day <= to; half_day += 12h) {
        const sys_seconds end = half_day + 12h;
        const bool changes = found->offset_at(half_day) != found->offset_at(end);
        for (sys_seconds instant = half_day; instant < end; instant += changes ? 1min : 720min) {
          right = right && offset_by(*rules, instant) == found->offset_at(instant);
        }
      }
      CHECK(right);
    }
  }
  CHECK(fitting > 350);
  CHECK(refused < 10);
}

TEST_CASE("M5 names that could leave the directory are not looked for", "[time]") {
  const Directory directory;
  directory.write("Inside/Zone", tzif({}));
  directory.write("Outside", tzif({}));
  const ZoneTable zones(directory.path / "Inside");
  REQUIRE(zones.find("Zone").has_value());

  const std::string name = GENERATE(
      ""s, "../Outside"s, "Zone/../../Outside"s, "/etc/passwd"s, "/Zone"s, "."s, ".."s, "./Zone"s,
      "Zone\0"s, "Zo ne"s, "Zone\n"s, "Zone:"s, "Ünal"s, "zone"s, "localtime"s, "posix/Zone"s,
      "right/Europe/Berlin"s, std::string(1000, 'A'), "Zone/"s, "Zone/x"s, "\\Zone"s);
  CAPTURE(name);
  const auto found = zones.find(name);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == Code::not_found);
}

TEST_CASE("what is no regular file is no zone and never hangs", "[time]") {
  const Directory directory;
  REQUIRE(mkfifo((directory.path / "Pipe").c_str(), 0600) == 0);
  std::filesystem::create_directory(directory.path / "Folder");
  std::filesystem::create_symlink("/dev/zero", directory.path / "Device");
  std::filesystem::create_symlink("Gone", directory.path / "Dangling");
  const ZoneTable zones(directory.path);

  for (const char* name : {"Pipe", "Folder", "Device", "Dangling"}) {
    CAPTURE(name);
    CHECK(zones.find(name).error().code == Code::not_found);
  }
}

TEST_CASE("a file that is not TZif is named as such", "[time]") {
  const Directory directory;
  directory.write("Text", "This is a text of more than forty-four bytes, but no zone.\n");
  directory.write("Empty", "");
  directory.write("Huge", std::string(300'000, 'x'));
  const ZoneTable zones(directory.path);

  for (const char* name : {"Text", "Empty", "Huge"}) {
    CAPTURE(name);
    const auto found = zones.find(name);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == Code::invalid_input);
    CHECK(found.error().place.source == (directory.path / name).string());
  }
}

TEST_CASE("a zone is read again when its file changes, and those handed out stay", "[time]") {
  const Directory directory;
  directory.write("Zone", tzif({.offset = 3600}));
  const ZoneTable zones(directory.path);
  const Zone before = zones.find("Zone").value();
  directory.write("Zone.new", tzif({.offset = 7200}));
  std::filesystem::rename(directory.path / "Zone.new", directory.path / "Zone");
  const Zone after = zones.find("Zone").value();

  CHECK(before.offset_at(at("2027-01-01T00:00")) == 1h);
  CHECK(after.offset_at(at("2027-01-01T00:00")) == 2h);
  std::filesystem::remove(directory.path / "Zone");
  CHECK(zones.find("Zone").error().code == Code::not_found);
}

TEST_CASE("one table serves several threads", "[time][threads]") {
  const ZoneTable zones;
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto berlin = zones.find("Europe/Berlin");
        const auto tokyo = zones.find("Asia/Tokyo");
        right += berlin && tokyo && tokyo->offset_at(at("2027-01-01T00:00")) == 9h &&
                 berlin->offset_at(at("2027-01-01T00:00")) == 1h;
      }
    });
  }
  for (auto& thread : threads) thread.join();

  CHECK(right == 800);
}
