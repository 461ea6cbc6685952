/// UTF-8 by its characters: what stations share that look at text one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace calinvite::text {

/// What stands at the front of a byte string.
struct Utf8Step {
  char32_t code_point = 0;
  std::size_t length = 1;  ///< bytes to go on by; of an ill-formed sequence its maximal subpart
  bool valid = false;
};

/// Reads one code point; `rest` must not be empty (Unicode 3.9, table 3-7).
Utf8Step utf8_step(std::string_view rest) noexcept;

/// Such as "U+202E".
std::string code_point_name(char32_t c);
/// Where the first character stands that shows nothing itself and turns around or hides what does
/// (R150): U+200B, U+202A to U+202E, U+2060 to U+206F and U+FEFF, each of three bytes; npos: none.
/// Joiners and the marks of direction are none of them: Persian, Arabic and emoji need those.
std::size_t find_hidden(std::string_view text) noexcept;

/// Writes one code point, which must be no surrogate and at most U+10FFFF.
void append_utf8(std::string& out, char32_t c);

/// True when the eight bytes at `bytes` are printable ASCII other than `"` and `\`: text that
/// needs no further look in JSON, in UTF-8 or in a single-line field.
inline bool plain_eight(const char* bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = ones * 0x80;
  std::uint64_t v;
  std::memcpy(&v, bytes, sizeof v);
  // With every high bit clear, `x - n` borrows into a byte's high bit only where the byte is below
  // n; a borrow crosses into the next byte only from a byte that was found already.
  const auto zero = [](std::uint64_t x) { return x - ones; };
  const std::uint64_t found = v | (v - ones * 0x20) | zero(v ^ (ones * '"')) |
                              zero(v ^ (ones * '\\')) | (v + ones);  // v + 1: DEL
  return (found & high) == 0;
}

}  // namespace calinvite::text
