#include "web/fields.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"

namespace calinvite::web {
namespace {

std::string decoded(std::string_view encoded) {
  std::string text(encoded);
  std::replace(text.begin(), text.end(), '+', ' ');
  return text::to_valid_utf8(text::percent_decode(text));
}

/// `type; name=value`: the value, without quotes.
std::string_view parameter(std::string_view header, std::string_view name) {
  for (const auto part : text::split(header, ';')) {
    const auto equals = std::min(part.find('='), part.size());
    if (!text::iequals(text::trim(part.substr(0, equals)), name)) continue;
    auto value = text::trim(part.substr(std::min(equals + 1, part.size())));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
  return {};
}

bool has_type(const WebRequest& request, std::string_view type) {
  const auto said = header(request, "Content-Type");
  return text::iequals(text::trim(said.substr(0, said.find(';'))), type);
}

}  // namespace

std::string Fields::get(std::string_view name) const {
  for (const auto field : text::split(encoded_, '&')) {
    const auto equals = std::min(field.find('='), field.size());
    if (decoded(field.substr(0, equals)) != name) continue;
    return decoded(field.substr(std::min(equals + 1, field.size())));
  }
  return {};
}

std::string_view header(const WebRequest& request, std::string_view name) {
  for (const auto& [known, value] : request.headers) {
    if (text::iequals(known, name)) return value;
  }
  return {};
}

Fields form_of(const WebRequest& request) {
  const bool form = has_type(request, "application/x-www-form-urlencoded");
  return Fields(form ? std::string_view(request.body) : std::string_view());
}

bool is_one_click(const WebRequest& request) {
  if (has_type(request, "application/x-www-form-urlencoded")) {
    return request.body == "List-Unsubscribe=One-Click";
  }
  const auto boundary = parameter(header(request, "Content-Type"), "boundary");
  if (!has_type(request, "multipart/form-data") || boundary.empty()) return false;
  const std::string mark = "--" + std::string(boundary);
  const std::string exact = mark +
                            "\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
                            "One-Click\r\n" +
                            mark + "--";
  return request.body == exact || request.body == exact + "\r\n";
}

std::string network_of(std::string_view remote_address) {
  const std::string address(remote_address);
  in6_addr six{};
  in_addr four{};
  if (::inet_pton(AF_INET, address.c_str(), &four) == 1) return address;
  if (::inet_pton(AF_INET6, address.c_str(), &six) != 1) return {};
  constexpr std::size_t customer = 8;
  constexpr std::size_t whole = 16;
  // An IPv4 address in the form of IPv6 names one machine, too.
  return text::hex(std::span(six.s6_addr, IN6_IS_ADDR_V4MAPPED(&six) != 0 ? whole : customer));
}

}  // namespace calinvite::web
