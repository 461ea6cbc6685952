// An events list read to checked events, beside Python's csv module reading the same file to bare
// rows: usage calinvite_bench_lists FOLDER [PYTHON]. The file is made anew in FOLDER: 100,000 rows
// of 11 columns and 24 MB, three in ten with doubled quotes, one in ten with a line break.
#include <algorithm>
#include <calinvite/csv.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace calinvite;

constexpr int row_count = 100'000;

std::string make_list() {
  std::string csv =
      "command,uid,summary,description,location,start,end,timezone,url,landing,language\r\n";
  for (int i = 0; i < row_count; ++i) {
    const std::string number = std::to_string(1'000'000 + i);
    const std::string day = "2037-05-" + std::to_string(10 + i % 20);
    csv += "create,fix-" + number + ",\"Harbour v Hill, round " + number + "\",\"";
    csv += i % 10 < 3 ? "The \"\"derby\"\" of the coast. " : "The derby of the coast. ";
    csv +=
        i % 10 == 9 ? "Gates open two hours before.\r\nBring a scarf.\"," : "Gates open early.\",";
    csv += "\"Harbour Ground, Quay Road\"," + day + "T15:00," + day + "T17:00,Europe/London,";
    csv += "https://league.example/fixtures/" + number + ",https://league.example/thanks,en\r\n";
  }
  return csv;
}

/// Processor time, the best of five: other work on the machine counts for neither side.
double seconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const std::clock_t begin = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

/// Both read the file in pieces of 64 KiB and keep nothing.
template <class Feed>
void feed_file(const std::string& path, const Feed& feed) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(64 * 1024, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    feed(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())), !file);
  }
}

int read_cells(const std::string& path) {
  CsvReader reader;
  int rows = 0;
  feed_file(path, [&](std::string_view bytes, bool last) {
    reader.feed(bytes, last);
    for (auto row = reader.next(); row && *row; row = reader.next()) ++rows;
  });
  return rows - 1;
}

int read_events(const std::string& path, const ZoneTable& zones) {
  int rows = 0;
  EventListReader reader(
      "bench", "", zones,
      [&](EventRow&&) -> Result<void> {
        ++rows;
        return {};
      },
      [](const Error& error) { std::cerr << to_string(error) << '\n'; });
  feed_file(path, [&](std::string_view bytes, bool last) { (void)reader.feed(bytes, last); });
  return rows;
}

double python_seconds(const std::string& python, const std::string& path) {
  const std::string script =
      "import csv, sys, time\n"
      "best = 1e9\n"
      "for _ in range(5):\n"
      "    begin = time.process_time()\n"
      "    rows = sum(1 for row in csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))\n"
      "    best = min(best, time.process_time() - begin)\n"
      "print(best)\n";
  const std::string file = path + ".py";
  std::ofstream(file) << script;
  std::FILE* const pipe = ::popen((python + " '" + file + "' '" + path + "'").c_str(), "r");
  double best = 0;
  if (pipe == nullptr || std::fscanf(pipe, "%lf", &best) != 1) best = 0;
  if (pipe != nullptr) ::pclose(pipe);
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string path = std::string(argv[1]) + "/events.csv";
  const std::string csv = make_list();
  std::ofstream(path, std::ios::binary) << csv;
  const ZoneTable zones;
  if (read_cells(path) != row_count || read_events(path, zones) != row_count) return 1;
  const double python = python_seconds(argc > 2 ? argv[2] : "/usr/bin/python3", path);
  const auto print = [&](const char* what, double time) {
    std::printf("%-34s %9.0f rows/s %6.0f MB/s %6.2f x Python's bare rows\n", what,
                row_count / time, static_cast<double>(csv.size()) / 1e6 / time, python / time);
  };
  print("Python csv to bare rows", python);
  print("CsvReader to cells", seconds([&] { (void)read_cells(path); }));
  print("events list to checked events", seconds([&] { (void)read_events(path, zones); }));
}
