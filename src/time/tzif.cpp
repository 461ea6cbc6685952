#include <algorithm>

#include "time/zone_data.hpp"

namespace calinvite {
namespace {

constexpr std::size_t header_size = 44;
constexpr std::int64_t max_offset = 26 * 3600;                      // RFC 8536 3.2, utoff
constexpr std::int64_t earliest_switch = -(std::int64_t{1} << 59);  // zic's big bang
constexpr std::int64_t latest_switch = 253402300800;                // the year 10000
constexpr std::string_view abbreviation_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

std::int64_t big_endian(std::string_view bytes) {
  // The sign is that of the first byte, whatever the width.
  std::uint64_t value = static_cast<std::uint64_t>(static_cast<signed char>(bytes.front()));
  for (const char c : bytes.substr(1)) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

tl::unexpected<Error> refuse(const char* what) {
  return fail(Code::invalid_input, std::string("not a usable TZif file: ") + what);
}

/// The counts of one header and so the size of the data block behind it.
struct Counts {
  std::size_t ut = 0, standard = 0, leap = 0, time = 0, type = 0, character = 0;

  explicit Counts(std::string_view header) {
    std::size_t* const all[] = {&ut, &standard, &leap, &time, &type, &character};
    std::size_t at = 20;
    for (std::size_t* count : all) {
      *count = static_cast<std::uint32_t>(big_endian(header.substr(at, 4)));
      at += 4;
    }
  }
  /// Cannot overflow: six counts of 32 bits.
  std::uint64_t block_size(std::size_t time_size) const {
    return std::uint64_t{time} * (time_size + 1) + std::uint64_t{type} * 6 + character +
           std::uint64_t{leap} * (time_size + 4) + standard + ut;
  }
};

bool is_header(std::string_view bytes) {
  return bytes.size() >= header_size && bytes.substr(0, 4) == "TZif" && bytes[4] >= '2';
}

Result<Zone::Data::Type> read_type(std::string_view entry, std::string_view abbreviations) {
  Zone::Data::Type type;
  const std::int64_t offset = big_endian(entry.substr(0, 4));
  if (offset < -max_offset || offset > max_offset) return refuse("an offset beyond a day");
  type.offset = std::chrono::seconds(offset);
  const auto from = static_cast<unsigned char>(entry[5]);
  const auto end = abbreviations.find('\0', from);
  if (end == std::string_view::npos) return refuse("an abbreviation without end");
  type.abbreviation = abbreviations.substr(from, end - from);
  if (type.abbreviation.find_first_not_of(abbreviation_characters) != std::string::npos) {
    return refuse("an abbreviation with foreign characters");
  }
  return type;
}

/// Reads the 64-bit block: times, their types, the types, their abbreviations.
Result<Zone::Data> read_block(std::string_view block, const Counts& counts) {
  if (counts.type == 0) return refuse("no local time type");
  if (counts.leap != 0) return refuse("it counts leap seconds");
  const std::string_view times = block.substr(0, counts.time * 8);
  const std::string_view indexes = block.substr(times.size(), counts.time);
  const std::string_view types = block.substr(times.size() + indexes.size(), counts.type * 6);
  const std::string_view abbreviations =
      block.substr(times.size() + indexes.size() + types.size(), counts.character);

  Zone::Data data;
  for (std::size_t i = 0; i < counts.type; ++i) {
    auto type = read_type(types.substr(i * 6, 6), abbreviations);
    if (!type) return tl::unexpected(type.error());
    data.types.push_back(std::move(*type));
  }
  std::size_t before = 0;
  for (std::size_t i = 0; i < counts.time; ++i) {
    const std::int64_t time = big_endian(times.substr(i * 8, 8));
    const std::size_t type = static_cast<unsigned char>(indexes[i]);
    if (type >= data.types.size()) return refuse("a switch to no type");
    if (time < earliest_switch || time > latest_switch) return refuse("a switch beyond all times");
    const std::chrono::sys_seconds instant{std::chrono::seconds(time)};
    if (i > 0 && instant <= data.switches.back().instant) return refuse("switches out of order");
    const auto larger = std::max(data.types[before].offset, data.types[type].offset);
    data.switches.push_back(
        {instant, std::chrono::local_seconds(instant.time_since_epoch() + larger), type});
    before = type;
  }
  return data;
}

}  // namespace

Result<Zone::Data> read_tzif(std::string_view bytes) {
  if (!is_header(bytes)) return refuse("no header of version 2 or later");
  // The first block serves readers of 32-bit times.
  const std::uint64_t skipped = header_size + Counts(bytes).block_size(4);
  if (skipped > bytes.size()) return refuse("the first data block is cut off");
  bytes.remove_prefix(skipped);
  if (!is_header(bytes)) return refuse("no second header");
  const Counts counts(bytes);
  bytes.remove_prefix(header_size);
  if (counts.block_size(8) > bytes.size()) return refuse("the second data block is cut off");
  auto data = read_block(bytes, counts);
  if (!data) return data;

  bytes.remove_prefix(counts.block_size(8));
  const auto end = bytes.find('\n', 1);
  if (bytes.empty() || bytes.front() != '\n' || end == std::string_view::npos) {
    return refuse("the footer is cut off");
  }
  const std::string_view footer = bytes.substr(1, end - 1);
  if (footer.empty()) return data;
  auto added = add_posix_rules(footer, *data);
  if (!added) return tl::unexpected(added.error());
  return data;
}

}  // namespace calinvite
