#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "calinvite/csv.hpp"

using namespace calinvite;

namespace {

namespace fs = std::filesystem;

/// Counts of one reader over all files.
struct Tally {
  std::size_t rows = 0;
  std::map<std::string, std::size_t> refused;  ///< by code

  void refuse(const Error& error) {
    CHECK_FALSE(error.message.empty());
    CHECK(error.message.find('\n') == std::string::npos);
    ++refused[std::string(code_name(error.code))];
  }
  void print(const char* reader) const {
    std::cout << "  " << reader << ": " << rows << " rows";
    for (const auto& [code, count] : refused) std::cout << ", " << count << ' ' << code;
    std::cout << '\n';
  }
};

void read_rows(std::string_view bytes, Tally& tally) {
  CsvReader reader;
  reader.feed(bytes, true);
  for (;;) {
    const auto row = reader.next();
    if (!row) {
      tally.refuse(row.error());
    } else if (!*row) {
      return;
    } else {
      CHECK((*row)->cells.size() <= 200);
      ++tally.rows;
    }
  }
}

void read_events(std::string_view bytes, const ZoneTable& zones, Tally& tally) {
  EventListReader reader(
      "corpus", "UTC", zones,
      [&](EventRow&& row) -> Result<void> {
        CHECK_FALSE(row.event.source_uid.empty());
        ++tally.rows;
        return {};
      },
      [&](const Error& error) { tally.refuse(error); });
  for (; bytes.size() > 1000; bytes.remove_prefix(1000)) {
    if (auto fed = reader.feed(bytes.substr(0, 1000), false); !fed)
      return tally.refuse(fed.error());
  }
  if (auto fed = reader.feed(bytes, true); !fed) tally.refuse(fed.error());
}

void read_addresses(std::string_view bytes, Tally& tally) {
  AddressListReader reader(
      "corpus",
      [&](AddressRow&& row) -> Result<void> {
        CHECK(normalize_address(row.request.address) == row.request.address);
        ++tally.rows;
        return {};
      },
      [&](const Error& error) { tally.refuse(error); });
  if (auto fed = reader.feed(bytes, true); !fed) tally.refuse(fed.error());
}

}  // namespace

TEST_CASE("every file of the csv corpus is read or refused with a reason, at once",
          "[csv][corpus]") {
  const fs::path folder = fs::path(CALINVITE_CORPUS_DIR) / "csv";
  if (!fs::exists(folder)) {
    std::cout << "skipped: no corpus at " << folder.string() << '\n';
    return;
  }
  const ZoneTable zones;
  std::size_t files = 0;
  Tally rows, events, addresses;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    const std::clock_t begin = std::clock();
    read_rows(bytes, rows);
    read_events(bytes, zones, events);
    read_addresses(bytes, addresses);
    CHECK(std::clock() - begin < 2 * CLOCKS_PER_SEC);
    ++files;
  }
  CHECK(files > 100);
  CHECK(rows.rows > 1000);
  std::cout << "csv corpus: " << files << " files\n";
  rows.print("CsvReader");
  events.print("EventListReader");
  addresses.print("AddressListReader");
}
