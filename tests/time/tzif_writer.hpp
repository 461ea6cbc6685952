/// Writes TZif files (RFC 8536), right ones and, by its options, wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct TzifOptions {
  std::int32_t offset = 0;
  std::string footer = "";
  std::vector<std::int64_t> switches = {};      ///< by turns to `offset` + 1 h and back
  std::vector<std::uint8_t> switch_types = {};  ///< in place of by turns
  std::string abbreviations = std::string("STD\0DLT\0", 8);
  std::uint8_t abbreviation_index = 0;
  char version = '2';
  /// Added to a count of the second header (UT, standard, leap, time, type, character) alone.
  int lying_count = -1;
  std::uint32_t lie = 0;
};

inline std::string tzif(const TzifOptions& options) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string out;
    for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8) {
      out += static_cast<char>(value >> shift & 0xff);
    }
    return out;
  };
  const auto header = [&](std::vector<std::uint32_t> counts) {
    std::string out = "TZif";
    out += options.version;
    out += std::string(15, '\0');
    for (const std::uint32_t count : counts) out += number(count, 4);
    return out;
  };
  const auto type = [&](std::int32_t offset, bool daylight, std::uint8_t abbreviation) {
    return number(static_cast<std::uint32_t>(offset), 4) + static_cast<char>(daylight ? 1 : 0) +
           static_cast<char>(abbreviation);
  };
  std::vector<std::uint32_t> counts = {0, 0,
                                       0, static_cast<std::uint32_t>(options.switches.size()),
                                       2, static_cast<std::uint32_t>(options.abbreviations.size())};
  if (options.lying_count >= 0)
    counts[static_cast<std::size_t>(options.lying_count)] += options.lie;

  std::string out = header({0, 0, 0, 0, 1, 4}) + type(0, false, 0) + std::string("OLD\0", 4);
  out += header(counts);
  for (const std::int64_t time : options.switches) {
    out += number(static_cast<std::uint64_t>(time), 8);
  }
  for (std::size_t i = 0; i < options.switches.size(); ++i) {
    out +=
        static_cast<char>(i < options.switch_types.size() ? options.switch_types[i]
                                                          : static_cast<std::uint8_t>(1 - i % 2));
  }
  out += type(options.offset, false, options.abbreviation_index);
  out += type(options.offset + 3600, true, 4);
  out += options.abbreviations;
  return out + '\n' + options.footer + '\n';
}
