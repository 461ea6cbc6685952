#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "calinvite/csv.hpp"

using namespace calinvite;

namespace {

struct Outcome {
  std::vector<AddressRow> rows;
  std::vector<Error> errors;
  std::vector<std::string> remarks;
  std::optional<Error> failure;
};

Outcome read(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  Outcome outcome;
  AddressListReader reader(
      "fans.txt",
      [&](AddressRow&& row) -> Result<void> {
        outcome.rows.push_back(std::move(row));
        return {};
      },
      [&](const Error& error) { outcome.errors.push_back(error); },
      [&](const Diagnostic& remark) { outcome.remarks.push_back(remark.message); });
  do {
    const auto now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    if (auto fed = reader.feed(now, bytes.empty()); !fed) {
      outcome.failure = fed.error();
      return outcome;
    }
  } while (!bytes.empty());
  return outcome;
}

std::string data(const std::string& name) {
  std::ifstream file(CALINVITE_TEST_DATA_DIR "/csv/" + name, std::ios::binary);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("a text list gives one address a line, comments and repetitions left out", "[csv]") {
  const auto outcome = read(data("addresses.txt"));

  REQUIRE_FALSE(outcome.failure.has_value());
  REQUIRE(outcome.rows.size() == 3);
  CHECK(outcome.rows[0].request.address == "fan0001@example.com");
  CHECK(outcome.rows[0].line == 2);
  CHECK(outcome.rows[1].request.name == "Fan 0002");
  CHECK(outcome.rows[1].request.address == "fan0002@example.com");
  CHECK(outcome.rows[2].request.name == "0003, Fan");
  REQUIRE(outcome.errors.size() == 2);
  CHECK(to_string(outcome.errors[0]) ==
        "fans.txt:6: address \"fan0004@\" has no host part; expected name@host");
  CHECK(outcome.errors[1].code == Code::conflict);
  CHECK(outcome.errors[1].place.line == 7);
}

TEST_CASE("a table of addresses gives name, language and event of each", "[csv]") {
  const auto outcome = read(data("addresses.csv"));

  REQUIRE_FALSE(outcome.failure.has_value());
  REQUIRE(outcome.rows.size() == 3);
  CHECK(outcome.rows[0].event == "fix-001");
  CHECK(outcome.rows[0].request.name == "Fan 0001");
  CHECK(outcome.rows[0].request.language == "de");
  CHECK(outcome.rows[1].request.name == "Fan \"Two\"");
  CHECK(outcome.rows[2].event == "fix-002");
  CHECK(outcome.rows[2].request.address == "fan0001@example.com");
  REQUIRE(outcome.errors.size() == 2);
  CHECK(outcome.errors[0].code == Code::conflict);
  CHECK(outcome.errors[0].place.line == 5);
  CHECK(outcome.errors[0].place.column == 2);
  CHECK(outcome.errors[1].code == Code::invalid_input);
  CHECK(outcome.errors[1].place.line == 6);
}

TEST_CASE("one column, semicolons, a mark at the start: lists as spreadsheets save them", "[csv]") {
  CHECK(read("\xef\xbb\xbf"
             "email\r\nfan0001@example.com\r\n")
            .rows.size() == 1);
  CHECK(read("\"Email\"\nfan0001@example.com\n").rows.size() == 1);
  CHECK(read("Name;Email\nFan;fan0001@example.com\n").rows.at(0).request.name == "Fan");
  CHECK(read("email\n\"Fan <fan0001@example.com>\"\n").rows.at(0).request.name == "Fan");
  CHECK(read("\n\nfan0001@example.com").rows.at(0).line == 3);
  CHECK(read("").rows.empty());
}

TEST_CASE("a table without email is refused, a text list with a bad line is not", "[csv]") {
  const auto table = read("name,phone\nFan,1\n");
  REQUIRE(table.failure.has_value());
  CHECK(table.failure->code == Code::invalid_input);

  const auto text = read("Addresses of fans\nfan0001@example.com\n");
  CHECK_FALSE(text.failure.has_value());
  CHECK(text.rows.size() == 1);
  CHECK(text.errors.size() == 1);
}

TEST_CASE("control characters and foreign bytes reach no request", "[csv]") {
  const auto outcome = read(
      "email,name,language,uid\n"
      "a@example.com,\"A\nB\",,\na@example.com,A\x01,,\na@example.com,\x81,,\n"
      "a@example.com,A,,\"x\ny\"\n\"a@exam\nple.com\",,,\na\xc3\xa4@example.com,,,\n"
      "a@example.com,,not a tag,\n");

  CHECK(outcome.rows.empty());
  CHECK(outcome.errors.size() == 7);
}

TEST_CASE("a hundred thousand repetitions of an address are one row", "[csv]") {
  std::string bytes = "email\n";
  for (int i = 0; i < 100000; ++i) bytes += "fan0001@example.com\n";
  const auto outcome = read(bytes);

  CHECK(outcome.rows.size() == 1);
  CHECK(outcome.errors.size() == 99999);
}

TEST_CASE("an address list may come in pieces of any size", "[csv]") {
  const std::string text = "# fans\r\nfan0001@example.com\r\n\r\n<fan0002@example.com>";
  const std::string table = "name,email\r\n\"Fan, 1\",fan0001@example.com\r\n,fan0002@example.com";
  for (const std::size_t piece : {1, 2, 5, 1000}) {
    const auto lines = read(text, piece);
    REQUIRE(lines.rows.size() == 2);
    CHECK(lines.rows[0].line == 2);
    CHECK(lines.rows[1].line == 4);
    const auto rows = read(table, piece);
    REQUIRE(rows.rows.size() == 2);
    CHECK(rows.rows[0].request.name == "Fan, 1");
    CHECK(rows.rows[1].line == 3);
  }
}

TEST_CASE("R17: one address beyond ASCII is refused by itself, international hosts are not",
          "[csv]") {
  const auto outcome = read("fan@köln.example\nfän@example.com\nfan0001@example.com\n");

  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[0].request.address == "fan@xn--kln-sna.example");
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].code == Code::unsupported);
  CHECK(outcome.errors[0].place.line == 2);
}

TEST_CASE("one person written in two ways is a repetition, a plus-tag is another person", "[csv]") {
  const auto outcome =
      read("fan@köln.example\nFAN@XN--KLN-SNA.example\nfan@KÖLN.example\nfan+cup@köln.example\n");

  CHECK(outcome.rows.size() == 2);
  REQUIRE(outcome.errors.size() == 2);
  CHECK(to_string(outcome.errors[0]) ==
        "fans.txt:2: address \"fan@xn--kln-sna.example\" was given in line 1; given once");
  CHECK(outcome.errors[1].place.line == 3);
}

TEST_CASE("address lists have the dialects and encodings of events lists", "[csv]") {
  CHECK(read("sep=;\nName;Email\nFan;fan0001@example.com\n").rows.at(0).line == 3);
  CHECK(read("sep=;\nEmail\nfan0001@example.com\n").rows.size() == 1);
  CHECK(read("name\temail\nFan, 1\tfan0001@example.com\n").rows.at(0).request.name == "Fan, 1");
  const auto latin = read("email,name\nfan0001@example.com,J\xf6rg\n");
  CHECK(latin.rows.at(0).request.name == "Jörg");
  CHECK(latin.remarks.at(0) == "read as Windows-1252, not UTF-8");
}

TEST_CASE("a line that never ends is refused once, and the memory of it is bounded", "[csv]") {
  std::vector<Error> errors;
  AddressListReader reader(
      "fans.txt", [](AddressRow&&) -> Result<void> { return {}; },
      [&](const Error& error) { errors.push_back(error); });
  REQUIRE(reader.feed("fan0001@example.com\n", false));
  const std::string more(10000, 'x');
  for (int i = 0; i < 1000; ++i) REQUIRE(reader.feed(more, false));
  REQUIRE(reader.feed("\nfan0002@example.com\n", true));

  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == Code::too_large);
  CHECK(errors[0].place.line == 2);
}
