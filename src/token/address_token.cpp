#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/token.hpp"

namespace calinvite {
namespace {

constexpr std::size_t token_length = 16;
constexpr std::string_view separators = "+-";  // no token holds one

template <std::size_t size>
std::array<std::uint8_t, size> random_bytes(const Random& random) {
  std::array<std::uint8_t, size> bytes{};
  random(bytes);
  return bytes;
}

bool is_token(std::string_view text) {
  return text.size() == token_length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

}  // namespace

void system_random(std::span<std::uint8_t> out) { crypto::system_random(out); }

std::string mint_address_token(const Random& random) {
  return text::base32_lower(random_bytes<token_length * 5 / 8>(random));
}

Result<std::string> token_address(std::string_view local_part, std::string_view token,
                                  std::string_view reply_domain, char separator) {
  if (separators.find(separator) == std::string_view::npos) {
    return fail(Code::invalid_argument, "the separator in front of a token is + or -",
                Place{{}, 0, 0, "separator"});
  }
  constexpr std::size_t longest_local = 64;  // RFC 5321 4.5.3.1
  constexpr std::size_t longest_address = 254;
  std::string address(local_part);
  address += separator;
  address += token;
  if (address.size() > longest_local) {
    return fail(Code::invalid_argument,
                "the local part \"" + std::string(local_part) + "\" leaves no room for a token: " +
                    std::to_string(longest_local - 1 - token_length) + " octets at most");
  }
  address += '@';
  address += reply_domain;
  if (address.size() > longest_address) {
    return fail(Code::invalid_argument, "an address on \"" + std::string(reply_domain) +
                                            "\" would exceed " + std::to_string(longest_address) +
                                            " octets");
  }
  return address;
}

std::string address_token(std::string_view address, std::string_view reply_domain) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || !text::iequals(address.substr(at + 1), reply_domain)) {
    return {};
  }
  const std::string_view local_part = address.substr(0, at);
  const std::size_t plus = local_part.find_last_of(separators);
  if (plus == std::string_view::npos) return {};
  std::string token = text::lower(local_part.substr(plus + 1));
  return is_token(token) ? token : std::string();
}

RowId mint_row_id(const Random& random, std::chrono::sys_seconds now) {
  RowId id{};
  const auto seconds = static_cast<std::uint32_t>(now.time_since_epoch().count());
  for (std::size_t i = 0; i < 4; ++i) id[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  random(std::span(id).subspan(4));
  return id;
}

std::string mint_uid(const Random& random, std::chrono::sys_seconds now) {
  return "ci-" + text::hex(mint_row_id(random, now));
}

}  // namespace calinvite
