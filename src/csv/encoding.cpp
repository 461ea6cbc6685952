#include "csv/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.hpp"

namespace calinvite::csv {
namespace {

constexpr char not_a_character = '\xff';

/// What Windows-1252 has at 80 to 9F; 0: nothing.
constexpr std::array<char16_t, 32> windows_high = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/// Where the first byte beyond ASCII stands.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + 8 <= bytes.size(); at += 8) {
    std::memcpy(&eight, bytes.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::string_view Decoder::foreign() const {
  switch (encoding_) {
    case Encoding::utf16_le:
    case Encoding::utf16_be:
      return "UTF-16";
    case Encoding::windows_1252:
      return "Windows-1252";
    default:
      return {};
  }
}

std::string_view Decoder::decode(std::string_view bytes, bool last) {
  text_.clear();
  if (encoding_ == Encoding::unknown || !kept_.empty()) {
    kept_ += bytes;
    if (encoding_ == Encoding::unknown && !begin(last)) return {};
    std::string whole;
    whole.swap(kept_);
    const std::string_view decoded = decode(whole, last);
    if (decoded.data() != text_.data()) text_ = decoded;
    return text_;
  }
  if (encoding_ == Encoding::utf8) return from_utf8(bytes, last);
  if (encoding_ == Encoding::windows_1252)
    from_windows(bytes);
  else
    from_utf16(bytes, last);
  return text_;
}

/// @return false while more bytes are needed
bool Decoder::begin(bool last) {
  if (kept_.size() < 4 && !last) return false;
  const std::string_view head = kept_;
  const auto starts = [&](std::string_view mark) {
    if (!head.starts_with(mark)) return false;
    kept_.erase(0, mark.size());
    return true;
  };
  const auto nul = [&](std::size_t i) { return head[i] == '\0'; };
  const bool four = head.size() >= 4;
  const bool le = four && !nul(0) && nul(1) && !nul(2) && nul(3);
  const bool be = four && nul(0) && !nul(1) && nul(2) && !nul(3);
  if (starts("\xff\xfe") || le) {
    encoding_ = Encoding::utf16_le;
  } else if (starts("\xfe\xff") || be) {
    encoding_ = Encoding::utf16_be;
  } else {
    encoding_ = Encoding::utf8;
    sure_ = starts("\xef\xbb\xbf");
  }
  return true;
}

std::string_view Decoder::from_utf8(std::string_view bytes, bool last) {
  std::size_t at = 0;
  while ((at += ascii_prefix(bytes.substr(at))) < bytes.size()) {
    const auto step = text::utf8_step(bytes.substr(at));
    if (step.valid) {
      sure_ = true;
    } else if (!last && at + step.length == bytes.size()) {
      break;  // the rest of the character is still to come
    } else if (sure_) {
      flawed_ = true;
    } else {
      encoding_ = Encoding::windows_1252;
      count_lines(bytes.substr(0, at));
      text_ = bytes.substr(0, at);
      from_windows(bytes.substr(at));
      return text_;
    }
    at += step.length;
  }
  if (!sure_) count_lines(bytes.substr(0, at));
  kept_ = bytes.substr(at);
  return bytes.substr(0, at);
}

void Decoder::from_windows(std::string_view bytes) {
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    const char32_t c = value >= 0x80 && value < 0xa0 ? windows_high[value - 0x80] : value;
    if (c != 0 || value == 0) {
      text::append_utf8(text_, c);
    } else {
      text_ += not_a_character;
      flawed_ = true;
    }
  }
}

void Decoder::from_utf16(std::string_view bytes, bool last) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto low = static_cast<unsigned char>(bytes[at + (encoding_ == Encoding::utf16_be)]);
    const auto high = static_cast<unsigned char>(bytes[at + (encoding_ == Encoding::utf16_le)]);
    return static_cast<char32_t>(low | (high << 8));
  };
  std::size_t at = 0;
  for (; at + 2 <= bytes.size(); at += 2) {
    const char32_t c = unit(at);
    if (c < 0xd800 || c > 0xdfff) {
      text::append_utf8(text_, c);
      continue;
    }
    if (c < 0xdc00 && at + 4 > bytes.size() && !last) break;  // its second half is still to come
    const char32_t next = at + 4 <= bytes.size() ? unit(at + 2) : 0;
    if (c < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
      text::append_utf8(text_, 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00));
      at += 2;
    } else {
      text_ += not_a_character;
      flawed_ = true;
    }
  }
  if (at < bytes.size() && last) {
    text_ += not_a_character;
    flawed_ = true;
  } else {
    kept_ = bytes.substr(at);
  }
}

void Decoder::count_lines(std::string_view bytes) {
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    ++line_;
  }
}

}  // namespace calinvite::csv
