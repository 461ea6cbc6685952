#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "time/tzif_writer.hpp"
#include "time/zone_data.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

Zone zone_of(const TzifOptions& options) {
  auto data = read_tzif(tzif(options));
  REQUIRE(data.has_value());
  return Zone(std::make_shared<const Zone::Data>(std::move(*data)));
}

Code refusal(const std::string& bytes) {
  const auto data = read_tzif(bytes);
  REQUIRE_FALSE(data.has_value());
  return data.error().code;
}

sys_seconds at(std::string_view iso) {
  return sys_seconds(parse_iso(iso).value().wall.time_since_epoch());
}

/// A file with all that a file may have.
TzifOptions full() {
  TzifOptions options;
  options.offset = 3600;
  options.footer = "CET-1CEST,M3.5.0,M10.5.0/3";
  options.switches = {1000, 2000, 3000, 4000};
  return options;
}

/// Asks for what a caller may ask, so that a sanitizer sees every table touched.
void use(const Zone::Data& data) {
  const Zone zone(std::make_shared<const Zone::Data>(data));
  for (const auto instant : {at("0001-01-01T00:00"), at("1970-01-01T00:30"), at("2027-03-28T01:00"),
                             at("2500-07-01T00:00"), at("9999-12-31T23:59")}) {
    zone.to_local(instant);
    zone.to_instant(local_seconds(instant.time_since_epoch()));
  }
  (void)zone.rules(at("2027-01-01T00:00"), at("2037-01-01T00:00"));
}

}  // namespace

TEST_CASE("types change at the second of their switch", "[tzif]") {
  const Zone zone = zone_of(full());

  CHECK(zone.offset_at(sys_seconds(999s)) == 1h);
  CHECK(zone.offset_at(sys_seconds(1000s)) == 2h);
  CHECK(zone.offset_at(sys_seconds(1999s)) == 2h);
  CHECK(zone.offset_at(sys_seconds(2000s)) == 1h);
}

TEST_CASE("without a footer the last type goes on for ever", "[tzif]") {
  const Zone zone = zone_of({.offset = 3600, .switches = {1000}});

  CHECK(zone.offset_at(at("9999-01-01T00:00")) == 2h);
}

TEST_CASE("a footer alone rules every year", "[tzif]") {
  const Zone zone = zone_of({.footer = "CET-1CEST,M3.5.0,M10.5.0/3"});

  CHECK(zone.offset_at(at("1900-07-01T00:00")) == 2h);
  CHECK(zone.offset_at(at("2027-03-28T00:59:59")) == 1h);
  CHECK(zone.offset_at(at("2027-03-28T01:00")) == 2h);
  CHECK(zone.offset_at(at("2600-12-01T00:00")) == 1h);
}

TEST_CASE("every form of a footer's day is understood", "[tzif]") {
  struct Row {
    const char* footer;
    const char* last_before;  ///< the last second at 0, then 1 hour ahead
  };
  const auto row = GENERATE(values<Row>({
      {"STD0DLT,M4.1.0/0,M10.5.0", "2028-04-01T23:59:59"},
      {"STD0DLT,M2.5.2,M10.5.0", "2028-02-29T01:59:59"},
      {"STD0DLT,J60,J300", "2028-03-01T01:59:59"},  // 29 February is never counted
      {"STD0DLT,J59,J300", "2028-02-28T01:59:59"},
      {"STD0DLT,59,300", "2028-02-29T01:59:59"},  // it is here, and New Year is 0
      {"STD0DLT,0/0,300", "2027-12-31T23:59:59"},
      {"STD0DLT,M3.4.4/26,M10.5.0", "2028-03-24T01:59:59"},
      {"STD0DLT,M3.5.0/-2,M10.5.0", "2028-03-25T21:59:59"},
      {"STD0DLT,M3.1.1/167:59:59,M10.5.0", "2028-03-12T23:59:58"},
      {"STD0DLT,M3.1.0/-167,M10.5.0", "2028-02-27T00:59:59"},
      {"<+00>+0<-x1>-1:00:00,M4.1.0/+2:30:15,M10.5.0", "2028-04-02T02:30:14"},
  }));
  CAPTURE(row.footer);
  const Zone zone = zone_of({.footer = row.footer});

  CHECK(zone.offset_at(at(row.last_before)) == 0s);
  CHECK(zone.offset_at(at(row.last_before) + 1s) == 1h);
}

TEST_CASE("daylight saving all year round is one offset", "[tzif]") {
  // RFC 8536 3.3.1: it ends in the instant in which it begins again.
  const Zone zone = zone_of({.footer = "XXX3EDT4,0/0,J365/23"});
  for (sys_seconds instant = at("2026-12-01T00:00"); instant < at("2028-02-01T00:00");
       instant += 1h) {
    REQUIRE(zone.offset_at(instant) == -4h);
  }
  CHECK(zone.rules(at("2027-01-01T00:00"), at("2030-01-01T00:00"))->standard_offset == -4h);
}

TEST_CASE("a footer that is no TZ string is refused", "[tzif]") {
  const std::string footer = GENERATE(
      "C-1"s, "CET"s, "-1"s, "CET-1CEST"s, "CET-1CEST,M3.5.0"s, "CET-1CEST,M3.5.0,"s,
      "CET-1CEST,M13.5.0,M10.5.0"s, "CET-1CEST,M3.6.0,M10.5.0"s, "CET-1CEST,M3.0.0,M10.5.0"s,
      "CET-1CEST,M3.5.7,M10.5.0"s, "CET-1CEST,J0,J300"s, "CET-1CEST,J366,J1"s, "CET-1CEST,366,1"s,
      "CET-1CEST,M3.5.0/168,M10.5.0"s, "CET-25"s, "CET-1:60"s, "CET-1x"s, "<CET-1"s, "<>-1"s,
      "CET-1CEST,M3.5.0,M10.5.0/3x"s, "CET-99999999999999999999"s, "CET-1CEST-24:59:59:1,1,2"s,
      ":Europe/Berlin"s, "CET-1CEST,M3.5.0,M10.5.0/"s, "\0\0\0"s, "CE\xfc-1"s, "CET -1"s);
  CAPTURE(footer);

  CHECK(refusal(tzif({.footer = footer})) == Code::invalid_input);
}

TEST_CASE("contents that contradict each other are refused", "[tzif]") {
  TzifOptions options = full();
  SECTION("switches out of order") { options.switches = {1000, 3000, 2000}; }
  SECTION("two switches at once") { options.switches = {1000, 1000}; }
  SECTION("a switch after all calendars") { options.switches = {INT64_MAX}; }
  SECTION("a switch before the big bang") { options.switches = {INT64_MIN, 0}; }
  SECTION("a switch to no type") { options.switch_types = {2}; }
  SECTION("an offset beyond a day") { options.offset = 100'000; }
  SECTION("the largest offset") { options.offset = INT32_MIN; }
  SECTION("an abbreviation outside of its table") { options.abbreviation_index = 200; }
  SECTION("an abbreviation without end") { options.abbreviations = "STDDDLTT"; }
  SECTION("an abbreviation that is none") { options.abbreviations = "ST\n\0DLT\0"s; }
  SECTION("version 1") { options.version = '\0'; }

  CHECK(refusal(tzif(options)) == Code::invalid_input);
}

TEST_CASE("leap seconds are refused, for all instants would be off", "[tzif]") {
  // One leap second entry of 12 bytes stands before the footer.
  TzifOptions options = full();
  options.lying_count = 2;
  options.lie = 1;
  std::string bytes = tzif(options);
  bytes.insert(bytes.size() - options.footer.size() - 2, 12, '\0');

  CHECK(read_tzif(bytes).error().message.find("leap seconds") != std::string::npos);
}

TEST_CASE("a file cut off at any byte is refused", "[tzif]") {
  const std::string whole = tzif(full());
  REQUIRE(read_tzif(whole).has_value());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    // A copy of that size exactly: a sanitizer sees every byte read beyond.
    CHECK(refusal(std::string(whole, 0, size)) == Code::invalid_input);
  }
}

TEST_CASE("counts that lie are refused", "[tzif]") {
  TzifOptions options = full();
  options.lying_count = GENERATE(0, 1, 2, 3, 4, 5);
  options.lie = GENERATE(1u, 2u, 1000u, 0x10000u, 0x7fffffffu, 0x80000000u, 0xffffffffu);
  CAPTURE(options.lying_count, options.lie);
  std::string bytes = tzif(options);
  SECTION("in the file as it is") {}
  SECTION("with more bytes behind it") { bytes += std::string(5000, '\0'); }
  SECTION("in the first header") {
    // The same six counts stand 44 bytes of header and 10 of data further on.
    bytes = tzif(full());
    const std::size_t last_byte = 20 + 4 * static_cast<std::size_t>(options.lying_count) + 3;
    bytes[last_byte] = static_cast<char>(bytes[last_byte] + static_cast<char>(options.lie | 1));
    bytes[last_byte - 3] = static_cast<char>(options.lie >> 24);
  }

  CHECK(refusal(bytes) == Code::invalid_input);
}

TEST_CASE("any byte of a file may be wrong without harm", "[tzif]") {
  const std::string whole = tzif(full());
  std::mt19937 source(20270328);
  int read = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int round = 0; round < 20; ++round) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(source() & 0xff);
      if (round >= 10) bytes[source() % bytes.size()] = static_cast<char>(source() & 0xff);
      const auto data = read_tzif(bytes);
      if (data) use(*data);
      read += data.has_value();
    }
  }
  CHECK(read > 0);
}
