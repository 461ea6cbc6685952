#include <array>
#include <cstring>

#include "base/text.hpp"

#if defined(__x86_64__)
#include <tmmintrin.h>
#endif

namespace calinvite::text {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Two characters for every 12 bits: half the steps of one character for 6.
constexpr auto pairs = [] {
  std::array<std::array<char, 2>, 4096> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = {standard_alphabet[i >> 6], standard_alphabet[i & 0x3f]};
  }
  return table;
}();

constexpr std::uint8_t foreign = 0xff;

constexpr auto digits_of(std::string_view alphabet) {
  std::array<std::uint8_t, 256> table{};
  for (auto& digit : table) digit = foreign;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}
constexpr auto standard_digits = digits_of(standard_alphabet);
constexpr auto url_digits = digits_of(url_alphabet);

constexpr std::size_t encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

#if defined(__x86_64__)
/// Encodes 12 bytes at a time while 16 can be read (W. Mula and D. Lemire, "Faster Base64 Encoding
/// and Decoding using AVX2 Instructions", in its 128-bit form), and returns how many it took.
__attribute__((target("ssse3"))) std::size_t encode_blocks(const unsigned char* from,
                                                           std::size_t size, char* to) noexcept {
  const __m128i spread = _mm_set_epi8(10, 11, 9, 10, 7, 8, 6, 7, 4, 5, 3, 4, 1, 2, 0, 1);
  // What to add to a digit, by its class: 0 is a-z, 1 to 10 are 0-9, then + and /, 13 is A-Z.
  const __m128i shifts =
      _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                    '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  std::size_t taken = 0;
  for (; size - taken >= 16; taken += 12, to += 16) {
    const auto* block = reinterpret_cast<const __m128i*>(from + taken);
    const __m128i triples = _mm_shuffle_epi8(_mm_loadu_si128(block), spread);
    const __m128i odd = _mm_mulhi_epu16(_mm_and_si128(triples, _mm_set1_epi32(0x0fc0fc00)),
                                        _mm_set1_epi32(0x04000040));
    const __m128i even = _mm_mullo_epi16(_mm_and_si128(triples, _mm_set1_epi32(0x003f03f0)),
                                         _mm_set1_epi32(0x01000010));
    const __m128i digits = _mm_or_si128(odd, even);
    const __m128i upper = _mm_cmpgt_epi8(_mm_set1_epi8(26), digits);
    const __m128i kind = _mm_or_si128(_mm_subs_epu8(digits, _mm_set1_epi8(51)),
                                      _mm_and_si128(upper, _mm_set1_epi8(13)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_add_epi8(_mm_shuffle_epi8(shifts, kind), digits));
  }
  return taken;
}
#endif

/// Writes `bytes` with padding and returns the end of what was written.
char* encode(std::string_view bytes, char* to) noexcept {
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
#if defined(__x86_64__)
  static const bool has_ssse3 = __builtin_cpu_supports("ssse3") != 0;
  if (has_ssse3 && left >= 16) {
    const std::size_t taken = encode_blocks(from, left, to);
    from += taken;
    left -= taken;
    to += taken / 3 * 4;
  }
#endif
  for (; left >= 3; left -= 3, from += 3, to += 4) {
    const unsigned group = from[0] << 16U | from[1] << 8U | from[2];
    std::memcpy(to, pairs[group >> 12].data(), 2);
    std::memcpy(to + 2, pairs[group & 0xfff].data(), 2);
  }
  if (left == 0) return to;
  const unsigned group = from[0] << 16U | (left == 2 ? from[1] << 8U : 0U);
  std::memcpy(to, pairs[group >> 12].data(), 2);
  to[2] = left == 2 ? standard_alphabet[group >> 6 & 0x3f] : '=';
  to[3] = '=';
  return to + 4;
}

/// The characters of 5- or 6-bit groups, unused bits 0, without padding.
std::string encode_bits(std::span<const std::uint8_t> bytes, std::string_view alphabet,
                        unsigned width) {
  std::string result;
  result.reserve((bytes.size() * 8 + width - 1) / width);
  unsigned bits = 0;
  unsigned held = 0;
  const unsigned mask = (1U << width) - 1;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (held += 8; held >= width; held -= width) {
      result += alphabet[bits >> (held - width) & mask];
    }
  }
  if (held > 0) result += alphabet[bits << (width - held) & mask];
  return result;
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes, std::size_t line_length) {
  const std::size_t start = out.size();
  if (line_length == 0) {
    out.resize(start + encoded_size(bytes.size()));
    encode(bytes, out.data() + start);
    return;
  }
  const std::size_t line_bytes = line_length / 4 * 3;
  if (line_length % 4 != 0) {  // lines end inside a group of four
    std::string whole = base64(bytes);
    for (std::size_t at = 0; at < whole.size(); at += line_length) {
      out.append(whole, at, line_length).append("\r\n");
    }
    return;
  }
  const std::size_t lines = (bytes.size() + line_bytes - 1) / line_bytes;
  out.resize(start + encoded_size(bytes.size()) + 2 * lines);
  char* to = out.data() + start;
  for (std::size_t at = 0; at < bytes.size(); at += line_bytes) {
    to = encode(bytes.substr(at, line_bytes), to);
    *to++ = '\r';
    *to++ = '\n';
  }
}

std::string base64(std::string_view bytes) {
  std::string result;
  append_base64(result, bytes);
  return result;
}

std::optional<std::string> from_base64(std::string_view encoded) {
  std::string result(encoded.size() / 4 * 3 + 3, '\0');
  char* to = result.data();
  unsigned bits = 0;
  unsigned held = 0;
  bool padded = false;
  for (const char c : encoded) {
    const std::uint8_t digit = standard_digits[static_cast<unsigned char>(c)];
    if (digit == foreign) {
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
      if (c != '=') return std::nullopt;
      padded = true;
      continue;
    }
    if (padded) return std::nullopt;
    bits = bits << 6 | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      *to++ = static_cast<char>(bits >> held & 0xff);
    }
  }
  if (held == 6) return std::nullopt;  // a lone last character holds no whole byte
  result.resize(static_cast<std::size_t>(to - result.data()));
  return result;
}

std::string base64url(std::span<const std::uint8_t> bytes) {
  return encode_bits(bytes, url_alphabet, 6);
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view encoded) {
  std::vector<std::uint8_t> result;
  result.reserve(encoded.size() * 3 / 4);
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : encoded) {
    const std::uint8_t digit = url_digits[static_cast<unsigned char>(c)];
    if (digit == foreign) return std::nullopt;
    bits = bits << 6 | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      result.push_back(static_cast<std::uint8_t>(bits >> held & 0xff));
    }
  }
  const bool canonical = held < 6 && (bits & ((1U << held) - 1)) == 0;
  if (!canonical) return std::nullopt;
  return result;
}

std::string base32_lower(std::span<const std::uint8_t> bytes) {
  return encode_bits(bytes, "abcdefghijklmnopqrstuvwxyz234567", 5);
}

}  // namespace calinvite::text
