#include "mime/header_values.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mime/decode.hpp"

namespace calinvite::mime {
namespace {

// GMime recurses once per colon that might open a group, quoted or not (M3).
constexpr int max_colons = 100;

/// Where a character of an address header stands, as far as groups are concerned.
class GroupScan {
 public:
  /// False when `c` opens a group inside a group.
  bool take(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (quoted_) {
      quoted_ = c != '"';
    } else if (c == '"') {
      quoted_ = true;
    } else if (c == '(' || c == '<' || c == '[') {
      ++depth_;
    } else if ((c == ')' || c == '>' || c == ']') && depth_ > 0) {
      --depth_;
    } else if (depth_ == 0 && c == ':') {
      return !std::exchange(in_group_, true);
    } else if (depth_ == 0 && c == ';') {
      in_group_ = false;
    }
    return true;
  }

 private:
  bool escaped_ = false;
  bool quoted_ = false;
  bool in_group_ = false;
  int depth_ = 0;  ///< of comments, angle brackets and domain literals
};

Result<void> check_addresses(std::string_view name, std::string_view value,
                             const MailLimits& limits) {
  const Place place{{}, 0, 0, std::string(name)};
  const auto commas = static_cast<std::size_t>(std::count(value.begin(), value.end(), ','));
  if (commas >= limits.max_addresses) {
    return fail(Code::too_large,
                "header " + std::string(name) + " holds more than " +
                    std::to_string(limits.max_addresses) + " addresses",
                place);
  }
  GroupScan scan;
  const bool flat = std::all_of(value.begin(), value.end(), [&](char c) { return scan.take(c); });
  if (!flat || std::count(value.begin(), value.end(), ':') > max_colons) {
    return fail(Code::invalid_input,
                "header " + std::string(name) + " nests address groups; expected plain addresses",
                place);
  }
  return {};
}

}  // namespace

Result<void> each_address_header(const Headers& headers, std::string_view name,
                                 const MailLimits& limits,
                                 const std::function<void(const std::string&)>& use) {
  for (const auto& [header, value] : headers) {
    if (!text::iequals(header, name)) continue;
    if (auto checked = check_addresses(name, value, limits); !checked) return checked;
    use(value);
  }
  return {};
}

Result<std::vector<std::string>> read_address_headers(const Headers& headers, std::string_view name,
                                                      const MailLimits& limits) {
  std::vector<std::string> addresses;
  const auto done = each_address_header(headers, name, limits, [&](const std::string& value) {
    for (const auto& entry : read_addresses(value)) {
      auto address = normalize_address(entry.address);
      if (address) addresses.push_back(*std::move(address));
    }
  });
  if (!done) return tl::unexpected(done.error());
  return addresses;
}

std::vector<std::string> read_ids(std::string_view value) {
  std::vector<std::string> ids;
  for (auto open = value.find('<'); open != std::string_view::npos; open = value.find('<', open)) {
    const auto close = value.find('>', open);
    if (close == std::string_view::npos) break;
    const auto id = text::trim(value.substr(open + 1, close - open - 1));
    if (!id.empty()) ids.push_back(text::to_valid_utf8(id));
    open = close;
  }
  if (ids.empty() && !text::trim(value).empty()) {
    ids.push_back(text::to_valid_utf8(text::trim(value)));
  }
  return ids;
}

}  // namespace calinvite::mime
