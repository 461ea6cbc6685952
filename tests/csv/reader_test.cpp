#include <catch2/catch.hpp>
#include <ctime>

#include "calinvite/csv.hpp"

using namespace calinvite;

namespace {

using Cells = std::vector<std::string>;

struct Outcome {
  std::vector<Cells> rows;
  std::vector<std::uint32_t> lines;
  std::vector<Error> errors;
};

void drain(CsvReader& reader, Outcome& outcome) {
  for (;;) {
    const auto row = reader.next();
    if (!row) {
      outcome.errors.push_back(row.error());
      continue;
    }
    if (!*row) return;
    outcome.rows.emplace_back((*row)->cells.begin(), (*row)->cells.end());
    outcome.lines.push_back((*row)->line);
  }
}

Outcome read(std::string_view bytes, std::size_t piece = std::string_view::npos,
             char separator = ',') {
  CsvReader reader(separator);
  Outcome outcome;
  do {
    const auto now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    reader.feed(now, bytes.empty());
    drain(reader, outcome);
  } while (!bytes.empty());
  return outcome;
}

}  // namespace

TEST_CASE("a record keeps its cells, empty ones and blanks in them included", "[csv]") {
  const auto outcome = read("a, b ,\r\n,,\r\nlast");

  CHECK(outcome.rows == std::vector<Cells>{{"a", " b ", ""}, {"", "", ""}, {"last"}});
  CHECK(outcome.lines == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(outcome.errors.empty());
}

TEST_CASE("quotes let a cell hold separators, line ends and quotes", "[csv]") {
  const auto outcome = read("\"a,b\",\"c\r\nd\",\"say \"\"hi\"\"\",\"\"\"\"\"\",\"\"\nnext,row\n");

  CHECK(outcome.rows ==
        std::vector<Cells>{{"a,b", "c\r\nd", "say \"hi\"", "\"\"", ""}, {"next", "row"}});
  CHECK(outcome.lines == std::vector<std::uint32_t>{1, 3});
}

TEST_CASE("line ends may be CRLF, LF or CR, and blank lines are no rows", "[csv]") {
  const auto outcome = read("\na\r\n\r\nb\n\n\nc\rd\r\r\n");

  CHECK(outcome.rows == std::vector<Cells>{{"a"}, {"b"}, {"c"}, {"d"}});
  CHECK(outcome.lines == std::vector<std::uint32_t>{2, 4, 7, 8});
}

TEST_CASE("a byte order mark is no part of the first cell", "[csv]") {
  CHECK(read("\xef\xbb\xbf\"a\",b").rows == std::vector<Cells>{{"a", "b"}});
  CHECK(read("\xef\xbb\xbf").rows.empty());
  CHECK(read("\xef\xbb").rows == std::vector<Cells>{{"\xef\xbb"}});
}

TEST_CASE("how the bytes are cut into pieces does not matter", "[csv]") {
  const std::string bytes =
      "\xef\xbb\xbfname,\"quoted, cell\"\r\n\"two\r\nlines\",\"a \"\"b\"\"\"\r\nbad\"row,x\r\n"
      "\"closed\"x\r\n\r\nlast,\"\"\r";
  const auto whole = read(bytes);
  REQUIRE(whole.rows.size() == 3);
  REQUIRE(whole.errors.size() == 2);

  for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
    INFO("pieces of " << piece);
    const auto cut = read(bytes, piece);
    CHECK(cut.rows == whole.rows);
    CHECK(cut.lines == whole.lines);
    REQUIRE(cut.errors.size() == whole.errors.size());
    for (std::size_t i = 0; i < cut.errors.size(); ++i) {
      CHECK(cut.errors[i].place == whole.errors[i].place);
    }
  }
}

TEST_CASE("a quote inside an unquoted cell is an error of that row alone", "[csv]") {
  const auto outcome = read("a,b\nmy \"best\" row,1\nc,d\n");

  CHECK(outcome.rows == std::vector<Cells>{{"a", "b"}, {"c", "d"}});
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].code == Code::invalid_input);
  CHECK(outcome.errors[0].place.line == 2);
  CHECK(outcome.errors[0].place.column == 1);
}

TEST_CASE("text behind a closing quote does not swallow the lines after it", "[csv]") {
  const auto outcome = read("a,\"b\" c\nx,\"never closed\ny,\"z\",1\nlast,row\n");

  CHECK(outcome.rows == std::vector<Cells>{{"y", "z", "1"}, {"last", "row"}});
  REQUIRE(outcome.errors.size() == 2);
  CHECK(outcome.errors[0].place.line == 1);
  CHECK(outcome.errors[0].place.column == 2);
  CHECK(outcome.errors[1].place.line == 2);
}

TEST_CASE("a quote that never ends costs its own line only", "[csv]") {
  const auto outcome = read("a,b\nc,\"d\ne,f\ng,h");

  CHECK(outcome.rows == std::vector<Cells>{{"a", "b"}, {"e", "f"}, {"g", "h"}});
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].message == "a quote that never ends");
  CHECK(outcome.errors[0].place.line == 2);
  CHECK(outcome.errors[0].place.column == 2);
}

TEST_CASE("rows of 64 KiB and 200 cells are read, larger ones are errors", "[csv]") {
  const std::string longest(64 * 1024, 'x');
  const std::string widest(199, ',');

  CHECK(read(longest + "\n" + widest + "\nok").rows.size() == 3);
  const auto outcome = read(longest + "x\n" + widest + ",\n\"" + longest + "\"\nok\n", 1000);
  CHECK(outcome.rows == std::vector<Cells>{{"ok"}});
  REQUIRE(outcome.errors.size() == 3);
  for (const Error& error : outcome.errors) CHECK(error.code == Code::too_large);
  CHECK(outcome.errors[2].place.line == 3);
}

TEST_CASE("many quotes that never end cost time in proportion to the bytes", "[csv]") {
  std::string bytes;
  while (bytes.size() < 8 * 1024 * 1024) {
    bytes += "\"open\n";
    bytes.append(70 * 1024, 'x');
    bytes += "\n";
  }
  const std::clock_t begin = std::clock();
  const auto outcome = read(bytes, 64 * 1024);

  CHECK(outcome.errors.size() > 100);
  CHECK(std::clock() - begin < 2 * CLOCKS_PER_SEC);
}

TEST_CASE("another separator may be told", "[csv]") {
  CHECK(read("a;b,c;\"d;e\"\n", 3, ';').rows == std::vector<Cells>{{"a", "b,c", "d;e"}});
}

TEST_CASE("a written row is read back and runs in no spreadsheet (D16)", "[csv]") {
  std::string out;
  append_csv_row(out, {"a,b", "say \"hi\"", "two\nlines", ""});
  append_csv_row(out, {"=1+1", "+49", "-2", "@x", "\tt", "\rr", "a=b"});

  CHECK(out ==
        "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\"\r\n"
        "\"'=1+1\",\"'+49\",\"'-2\",\"'@x\",\"'\tt\",\"'\rr\",\"a=b\"\r\n");
  CHECK(read(out).rows ==
        std::vector<Cells>{{"a,b", "say \"hi\"", "two\nlines", ""},
                           {"'=1+1", "'+49", "'-2", "'@x", "'\tt", "'\rr", "a=b"}});
}
