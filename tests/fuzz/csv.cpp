#include <algorithm>
#include <string>
#include <vector>

#include "calinvite/csv.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

/// The cells of all rows, and "!" for a bad one; read in pieces of `step` bytes.
std::vector<std::string> read_all(std::string_view input, std::size_t step) {
  std::vector<std::string> cells;
  CsvReader reader;
  for (std::size_t at = 0; at <= input.size(); at += step) {
    const bool last = at + step > input.size();
    reader.feed(input.substr(at, step), last);
    for (;;) {
      const auto row = reader.next();
      if (!row) {
        check_error(row.error());
        cells.emplace_back("!");
        continue;
      }
      if (!*row) break;
      for (const std::string_view cell : (*row)->cells) cells.emplace_back(cell);
      cells.emplace_back("\n");
    }
  }
  return cells;
}

void read_events(std::string_view input) {
  static const ZoneTable zones;
  EventListReader reader(
      "list.csv", "Europe/Berlin", zones,
      [](EventRow&& row) -> Result<void> {
        if (row.command == EventCommand::create) {
          promise(check_event(row.event).has_value(), "a row that was read is an event");
        }
        return {};
      },
      check_error);
  if (const auto read = reader.feed(input, true); !read) check_error(read.error());
}

}  // namespace

void csv(std::string_view input) {
  const std::size_t step = input.empty() ? 1 : 1 + static_cast<unsigned char>(input.front()) % 64;
  promise(read_all(input, input.size() + 1) == read_all(input, step), "pieces read as the whole");
  read_events(input);
}

}  // namespace calinvite::fuzz
