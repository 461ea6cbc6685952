#include <algorithm>

#include "base/text.hpp"
#include "calinvite/itip.hpp"

namespace calinvite {
namespace {

// Byte Array ID, 4 bytes of an instance's date, creation time and 8 zeros; then the data's size.
constexpr std::string_view id_in_hex = "040000008200e00074c5b7101a82e008";
constexpr std::size_t size_at = 36;
constexpr std::size_t data_at = 40;
constexpr std::string_view marker{"vCal-Uid\x01\0\0\0", 12};

std::size_t little_endian(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  return bytes[at] | std::size_t{bytes[at + 1]} << 8 | std::size_t{bytes[at + 2]} << 16 |
         std::size_t{bytes[at + 3]} << 24;
}

}  // namespace

std::string unwrap_uid(std::string_view uid) {
  uid = text::trim(uid);
  if (!text::iequals(uid.substr(0, id_in_hex.size()), id_in_hex)) return std::string(uid);
  const auto bytes = text::from_hex(uid);
  if (!bytes || bytes->size() < data_at) return std::string(uid);
  const std::size_t size = std::min(little_endian(*bytes, size_at), bytes->size() - data_at);
  std::string data(bytes->begin() + data_at, bytes->begin() + data_at + size);
  if (!data.starts_with(marker)) return std::string(uid);
  data.erase(0, marker.size());
  return data.substr(0, data.find('\0'));
}

}  // namespace calinvite
