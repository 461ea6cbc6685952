#include <set>
#include <string>
#include <vector>

#include "calinvite/csv.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

/// What a list says, rows and errors in order; read in pieces of `step` bytes.
std::vector<std::string> read_all(std::string_view input, std::size_t step) {
  std::vector<std::string> said;
  std::set<std::pair<std::string, std::string>> seen;
  AddressListReader reader(
      "list.txt",
      [&](AddressRow&& row) -> Result<void> {
        promise(seen.emplace(row.event, row.request.address).second, "an address is given once");
        promise(row.line > 0, "a row has its line");
        said.push_back(row.request.address + ' ' + row.request.name);
        return {};
      },
      [&](const Error& error) {
        check_error(error);
        said.push_back(error.message);
      });
  for (std::size_t at = 0; at <= input.size(); at += step) {
    const auto read = reader.feed(input.substr(at, step), at + step > input.size());
    if (read) continue;
    check_error(read.error());
    said.push_back(read.error().message);
    break;
  }
  return said;
}

}  // namespace

void address_list(std::string_view input) {
  const std::size_t step = input.empty() ? 1 : 1 + static_cast<unsigned char>(input.front()) % 64;
  promise(read_all(input, input.size() + 1) == read_all(input, step), "pieces read as the whole");
}

}  // namespace calinvite::fuzz
