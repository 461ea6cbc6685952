#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "calinvite/model.hpp"

using namespace calinvite;

namespace {

/// Valid by RFC 5321 or 5322, and refused by us on purpose: what SES can't mail (R17), what no mail
/// on the internet is routed by (RFC 5321 2.3.5), and the comments and quotes of RFC 5322, in which
/// one address can pass for another.
bool refused_on_purpose(std::string_view line) {
  const auto at = line.rfind('@');
  const auto local = line.substr(0, at);
  auto host = line.substr(at + 1);
  host = host.substr(0, host.find('>'));
  const auto last_label = host.substr(host.rfind('.') + 1);
  const bool quoted_local = local.find('"') != std::string_view::npos;
  const bool comment = line.find('(') != std::string_view::npos;
  const bool beyond_ascii = std::any_of(local.begin(), local.end(), [](char c) { return c < 0; });
  const bool single_label = host.find('.') == std::string_view::npos;
  const bool ip_or_number = last_label.find_first_not_of("0123456789") == std::string_view::npos;
  return quoted_local || comment || beyond_ascii || single_label || ip_or_number;
}

struct Agreement {
  int agree = 0;
  int on_purpose = 0;
  std::string unexplained;
};

Agreement compare(const std::filesystem::path& list, bool valid, std::string_view host) {
  Agreement result;
  std::ifstream file(list);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    line += host;
    if (parse_mailbox(line).has_value() == valid) {
      ++result.agree;
    } else if (valid && refused_on_purpose(line)) {
      ++result.on_purpose;
    } else {
      result.unexplained += line + '\n';
    }
  }
  return result;
}

}  // namespace

TEST_CASE("others' lists of good and bad addresses are told apart", "[model][corpus]") {
  const auto folder = std::filesystem::path(CALINVITE_CORPUS_DIR) / "csv" / "flanker-addresses";
  if (!std::filesystem::exists(folder)) {
    std::cout << "skipped: no corpus at " << folder.string() << '\n';
    return;
  }
  const struct {
    const char* file;
    bool valid;
    const char* host;
  } lists[] = {{"mailbox_valid.txt", true, ""},
               {"mailbox_invalid.txt", false, ""},
               {"abridged_localpart_valid.txt", true, "@example.com"},
               {"abridged_localpart_invalid.txt", false, "@example.com"}};
  for (const auto& list : lists) {
    const auto result = compare(folder / list.file, list.valid, list.host);
    std::cout << list.file << ": " << result.agree << " agree, " << result.on_purpose
              << " refused on purpose\n";
    CHECK(result.agree > 0);
    CHECK(result.unexplained.empty());
  }
}
