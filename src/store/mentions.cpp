#include "store/mentions.hpp"

#include <algorithm>

namespace calinvite {
namespace {

constexpr auto npos = std::string_view::npos;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_word(char c) {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
}

/// Characters that are part of an address also where nobody quotes it. A few more are allowed in
/// one, but rather stand around it: = in a query, ' and / in text.
bool goes_on_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  const char before = text[at - 1];
  return is_word(before) || before == '.' || before == '_' || before == '+' || before == '-';
}

bool goes_on_after(std::string_view text, std::size_t end) {
  if (end == text.size()) return false;
  if (text[end] != '.') return is_word(text[end]) || text[end] == '-';
  return end + 1 < text.size() && is_word(text[end + 1]);
}

/// Where the address stands at `from` or later; npos when nowhere.
std::size_t find_mention(std::string_view text, std::string_view address, std::size_t from) {
  const auto at_sign = address.find('@');
  if (at_sign == npos) return npos;
  // '@' is rare: what is around each decides.
  for (auto at = text.find('@', from + at_sign); at != npos; at = text.find('@', at + 1)) {
    const std::size_t begin = at - at_sign;
    if (begin + address.size() > text.size()) return npos;
    const auto same = std::equal(address.begin(), address.end(),
                                 text.begin() + static_cast<std::ptrdiff_t>(begin),
                                 [](char one, char other) { return lower(one) == lower(other); });
    if (same && !goes_on_before(text, begin) && !goes_on_after(text, begin + address.size())) {
      return begin;
    }
  }
  return npos;
}

}  // namespace

bool mentions(std::string_view text, std::string_view address) {
  return find_mention(text, address, 0) != npos;
}

std::string without_mentions(std::string_view text, std::string_view address,
                             std::string_view other) {
  std::string result;
  std::size_t done = 0;
  for (auto at = find_mention(text, address, 0); at != npos;
       at = find_mention(text, address, done)) {
    result += text.substr(done, at - done);
    result += other;
    done = at + address.size();
  }
  result += text.substr(done);
  return result;
}

}  // namespace calinvite
