#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "calinvite/csv.hpp"

using namespace calinvite;

namespace {

struct Outcome {
  std::vector<EventRow> rows;
  std::vector<Error> errors;
  std::vector<Diagnostic> remarks;
  std::optional<Error> failure;
};

Outcome read(std::string_view bytes, std::string timezone = "Europe/Berlin",
             std::size_t piece = std::string_view::npos, DateOrder order = DateOrder::usual) {
  const ZoneTable zones;
  Outcome outcome;
  EventListReader reader(
      "league.csv", std::move(timezone), zones,
      [&](EventRow&& row) -> Result<void> {
        outcome.rows.push_back(std::move(row));
        return {};
      },
      [&](const Error& error) { outcome.errors.push_back(error); }, order,
      [&](const Diagnostic& remark) { outcome.remarks.push_back(remark); });
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

std::string start(const EventRow& row) { return format_iso(row.event.start, row.event.all_day); }
std::string end(const EventRow& row) { return format_iso(row.event.end, row.event.all_day); }

/// The one error of a list of which one row is bad.
Error only_error(std::string_view bytes, std::string timezone = "Europe/Berlin") {
  const auto outcome = read(bytes, std::move(timezone));
  CHECK(outcome.rows.empty());
  REQUIRE(outcome.errors.size() == 1);
  return outcome.errors[0];
}

}  // namespace

TEST_CASE("a list with our labels becomes create, update and cancel rows", "[csv]") {
  const auto outcome = read(data("league.csv"), "");

  CHECK(outcome.errors.empty());
  REQUIRE(outcome.rows.size() == 4);
  const EventRow& first = outcome.rows[0];
  CHECK(first.command == EventCommand::create);
  CHECK(first.line == 2);
  CHECK(first.event.source_uid == "fix-001");
  CHECK(first.event.summary == "Comets v Meteors, round 1");
  CHECK(first.event.description == "Gates open at 18:30.\r\nBring a scarf.");
  CHECK(first.event.location == "Orbit Arena");
  CHECK(start(first) == "2027-03-27T19:30:00");
  CHECK(end(first) == "2027-03-27T21:30:00");
  CHECK(first.event.timezone == "Europe/Berlin");
  CHECK(first.event.url == "https://league.example/fix-001");
  CHECK(first.event.landing == "https://league.example/thanks");
  CHECK(first.event.language == "en");
  CHECK(outcome.rows[1].command == EventCommand::create);
  CHECK(outcome.rows[1].line == 4);
  CHECK(outcome.rows[1].event.timezone == "Europe/Berlin");
  CHECK(start(outcome.rows[1]) == "2027-04-03T15:00:00");
  CHECK(outcome.rows[2].command == EventCommand::update);
  CHECK(outcome.rows[2].event.all_day);
  CHECK(start(outcome.rows[2]) == "2027-05-01");
  CHECK(end(outcome.rows[2]) == "2027-05-08");
  CHECK(outcome.rows[2].event.timezone.empty());
  CHECK(outcome.rows[3].command == EventCommand::cancel);
  CHECK(outcome.rows[3].event.source_uid == "fix-004");
}

TEST_CASE("an events list may come in pieces of any size", "[csv]") {
  const std::string bytes = data("league.csv");
  for (const std::size_t piece : {1, 7, 100}) {
    const auto outcome = read(bytes, "", piece);
    CHECK(outcome.errors.empty());
    REQUIRE(outcome.rows.size() == 4);
    CHECK(outcome.rows[0].event.summary == "Comets v Meteors, round 1");
  }
}

TEST_CASE("Google Calendar's import labels are understood, month first", "[csv]") {
  const auto outcome = read(data("google.csv"), "America/New_York");

  CHECK(outcome.errors.empty());
  REQUIRE(outcome.rows.size() == 3);
  CHECK(start(outcome.rows[0]) == "2027-05-30T10:00:00");
  CHECK(end(outcome.rows[0]) == "2027-05-30T13:00:00");
  CHECK(outcome.rows[0].event.timezone == "America/New_York");
  CHECK(outcome.rows[0].event.description == "Season final, with medals");
  CHECK(start(outcome.rows[1]) == "2027-06-05");
  CHECK(end(outcome.rows[1]) == "2027-06-06");
  CHECK(start(outcome.rows[2]) == "2027-06-07T00:15:00");
  CHECK(end(outcome.rows[2]) == "2027-06-07T01:15:00");
}

TEST_CASE("Outlook's export labels are understood among its many others", "[csv]") {
  const auto outcome =
      read(data("outlook.csv"), "Europe/Berlin", std::string_view::npos, DateOrder::mdy);

  CHECK(outcome.errors.empty());
  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[0].event.summary == "Board meeting");
  CHECK(start(outcome.rows[0]) == "2027-05-31T19:30:00");
  CHECK(end(outcome.rows[0]) == "2027-05-31T21:00:00");
  CHECK(outcome.rows[0].event.location == "Room 3");
  CHECK(outcome.rows[1].event.all_day);
  CHECK(start(outcome.rows[1]) == "2027-06-12");
  CHECK(end(outcome.rows[1]) == "2027-06-14");
}

TEST_CASE("a bad row is reported with its line and column, the others land", "[csv]") {
  const auto outcome = read(
      "uid,summary,start,end,timezone\n"
      "1,Good,2027-05-01T10:00,2027-05-01T11:00,\n"
      "2,Bad time,2027-05-01T10:00,half past,\n"
      "3,Bad zone,2027-05-01T10:00,2027-05-01T11:00,Berlin Time\n"
      "4,Bad\"quote,2027-05-01T10:00,2027-05-01T11:00,\n"
      "5,Ends first,2027-05-01T10:00,2027-05-01T09:00,\n"
      "6,Good too,2027-05-02T10:00Z,2027-05-02T11:00Z,\n");

  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[1].event.timezone == "UTC");
  REQUIRE(outcome.errors.size() == 4);
  CHECK(to_string(outcome.errors[0]) ==
        "league.csv:3: end: \"half past\" is not a date or time; expected a form such as "
        "2027-03-28T01:30 or 2027-03-28");
  CHECK(outcome.errors[0].place.column == 4);
  CHECK(outcome.errors[1].place.line == 4);
  CHECK(outcome.errors[1].place.column == 5);
  CHECK(outcome.errors[2].place.line == 5);
  CHECK(outcome.errors[2].place.column == 2);
  CHECK(outcome.errors[3].place.line == 6);
  CHECK(outcome.errors[3].place.column == 4);
}

TEST_CASE("the zone of the row decides, then that of the reader, and none is an error", "[csv]") {
  const std::string header = "summary,start,end,timezone\n";
  const auto utc = read(header + "A,2027-05-01T10:00Z,2027-05-01T11:00Z,Europe/Berlin\n", "");
  REQUIRE(utc.rows.size() == 1);
  CHECK(start(utc.rows[0]) == "2027-05-01T12:00:00");

  CHECK(read(header + "A,2027-05-01T10:00,2027-05-01T11:00,\n", "Asia/Tokyo")
            .rows.at(0)
            .event.timezone == "Asia/Tokyo");
  const Error error = only_error(header + "A,2027-05-01T10:00,2027-05-01T11:00,\n", "");
  CHECK(error.code == Code::invalid_input);
  CHECK(error.place.field == "timezone");
}

TEST_CASE("without a uid the row key is made of summary and start, every time alike", "[csv]") {
  const std::string bytes =
      "summary,start,end,location\n"
      "A,2027-05-01T10:00,2027-05-01T11:00,Hall 1\nA,2027-05-02T10:00,2027-05-02T11:00,\n"
      "B,2027-05-01T10:00,2027-05-01T11:00,\n";
  const auto once = read(bytes);
  const auto again = read(bytes);

  REQUIRE(once.rows.size() == 3);
  CHECK(once.rows[0].event.source_uid == again.rows[0].event.source_uid);
  CHECK(once.rows[0].event.source_uid.starts_with("csv-"));
  CHECK(once.rows[0].event.source_uid != once.rows[1].event.source_uid);
  CHECK(once.rows[0].event.source_uid != once.rows[2].event.source_uid);
  const auto moved = read("start,summary,end\n2027-05-01T10:00:00,A,2027-05-01T12:00\n");
  CHECK(moved.rows.at(0).event.source_uid == once.rows[0].event.source_uid);
}

TEST_CASE("two rows that only the place tells apart are not blended into one event (D9)", "[csv]") {
  const auto outcome = read(
      "summary,start,end,location\nTraining,2027-05-01T10:00,2027-05-01T11:00,Hall 1\n"
      "Training,2027-05-01T10:00,2027-05-01T11:00,Hall 2\n");

  CHECK(outcome.rows.size() == 1);
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].code == Code::conflict);
  CHECK(outcome.errors[0].place.line == 3);
}

TEST_CASE("a header that lacks a needed column refuses the list", "[csv]") {
  for (const std::string_view bytes :
       {"", "\n\n", "summary,end\nA,2027-05-01\n", "start\n2027-05-01\n", "Subject,Start Time\n",
        "summary,start,Summary\n", "sum\"mary,start\n", "\xff\xfes\1u\1m\1m\1a\1r\1y\1\n"}) {
    const auto outcome = read(bytes);
    INFO(bytes);
    REQUIRE(outcome.failure.has_value());
    CHECK(outcome.failure->code == Code::invalid_input);
    CHECK(outcome.failure->place.source == "league.csv");
  }
}

TEST_CASE("dates alone are all-day rows, and the first day said again is one day", "[csv]") {
  const auto outcome = read(
      "uid,summary,start,end,all_day\n1,A,2027-05-01,,\n2,B,2027-05-01,2027-05-01,\n"
      "3,C,2027-05-01T00:00,2027-05-03T00:00,TRUE\n");

  REQUIRE(outcome.rows.size() == 3);
  CHECK(end(outcome.rows[0]) == "2027-05-02");
  CHECK(end(outcome.rows[1]) == "2027-05-02");
  CHECK(outcome.rows[2].event.all_day);
  CHECK(end(outcome.rows[2]) == "2027-05-03");
}

TEST_CASE("cells are refused by what is wrong with them", "[csv]") {
  const std::string header = "command,summary,start,end,url,language,all_day,description\n";
  const auto field = [&](const std::string& row) { return only_error(header + row).place.field; };

  CHECK(field("remove,A,2027-05-01,,,,,\n") == "command");
  CHECK(field(",,2027-05-01,,,,,\n") == "summary");
  CHECK(field(",\"A\nB\",2027-05-01,,,,,\n") == "summary");
  CHECK(field(",A,2027-02-29,,,,,\n") == "start");
  CHECK(field(",A,,,,,,\n") == "start");
  CHECK(field(",A,2027-05-01T10:00,,,,,\n") == "end");
  CHECK(field(",A,2027-05-01T10:00,2027-05-01,,,,\n") == "end");
  CHECK(field(",A,2027-05-01,,javascript:alert(1),,,\n") == "url");
  CHECK(field(",A,2027-05-01,,,not a tag,,\n") == "language");
  CHECK(field(",A,2027-05-01,,,,perhaps,\n") == "all_day");
  CHECK(only_error(header + ",A,2027-05-01,,,,,\x81\n").place.column == 8);
}

TEST_CASE("American dates and times are read in their usual forms and no others", "[csv]") {
  const std::string header = "Subject,Start Date,Start Time\n";
  const auto first = [&](const std::string& cells) {
    const auto outcome = read(header + "A," + cells + "\n");
    return outcome.rows.empty() ? outcome.errors.at(0).place.field : start(outcome.rows[0]);
  };

  CHECK(first("5/3/2027,12:00 PM") == "2027-05-03T12:00:00");
  CHECK(first("05/03/2027,12:00 am") == "2027-05-03T00:00:00");
  CHECK(first("2027-05-03,23:59:58") == "2027-05-03T23:59:58");
  CHECK(first("05/03/2027,7PM") == "2027-05-03T19:00:00");
  CHECK(first("05/03/2027,") == "2027-05-03");
  CHECK(first("13/05/2027,10:00 AM") == "start date");
  CHECK(first("05/03/27,10:00 AM") == "start date");
  CHECK(first("-5/03/2027,10:00 AM") == "start date");
  CHECK(first("02/29/2027,") == "start date");
  CHECK(first("05/03/2027,13:00 PM") == "start time");
  CHECK(first("05/03/2027,0:00 AM") == "start time");
  CHECK(first("05/03/2027,10:60") == "start time");
  CHECK(first("05/03/2027,noon") == "start time");
}

TEST_CASE("a list in the semicolon dialect of spreadsheets is read", "[csv]") {
  const auto outcome = read("uid;summary;start;end\n1;\"A, B; C\";2027-05-01;\n");

  REQUIRE(outcome.rows.size() == 1);
  CHECK(outcome.rows[0].event.summary == "A, B; C");
}

TEST_CASE("what a row's handler answers ends the reading", "[csv]") {
  const ZoneTable zones;
  int rows = 0;
  EventListReader reader(
      "list", "UTC", zones,
      [&](EventRow&&) -> Result<void> {
        ++rows;
        return fail(Code::store_full, "no room");
      },
      [](const Error&) {});
  const auto fed = reader.feed("summary,start,end\nA,2027-05-01,\nB,2027-05-01,\n", false);

  REQUIRE_FALSE(fed.has_value());
  CHECK(fed.error().code == Code::store_full);
  CHECK(rows == 1);
  CHECK_FALSE(reader.feed("C,2027-05-01,\n", true).has_value());
  CHECK(rows == 1);
}

TEST_CASE("a list in the encodings of spreadsheets is read and says so", "[csv]") {
  const auto latin = read("uid,summary,start\n1,K\xf6ln v Mainz,2027-05-01\n");
  REQUIRE(latin.rows.size() == 1);
  CHECK(latin.rows[0].event.summary == "Köln v Mainz");
  REQUIRE(latin.remarks.size() == 1);
  CHECK(latin.remarks[0].message == "read as Windows-1252, not UTF-8");
  CHECK(latin.remarks[0].place.line == 2);

  std::string wide = "\xff\xfe";
  for (const char c : std::string("uid\tsummary\tstart\r\n1\tMainz\t2027-05-01\r\n")) {
    wide += {c, '\0'};
  }
  const auto excel = read(wide, "", 7);
  REQUIRE(excel.rows.size() == 1);
  CHECK(excel.rows[0].event.summary == "Mainz");
  CHECK(excel.remarks.at(0).message == "read as UTF-16, not UTF-8");
  CHECK(read("uid,summary,start\n1,Köln,2027-05-01\n").remarks.empty());
}

TEST_CASE("a row of bytes that are no text is refused, the others land", "[csv]") {
  const auto outcome = read("uid,summary,start\n1,Köln,2027-05-01\n2,K\xf6ln,2027-05-02\n");

  CHECK(outcome.rows.size() == 1);
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].place.line == 3);
  CHECK(outcome.errors[0].place.column == 2);
}

TEST_CASE("Excel's sep line names the separator and keeps the line numbers", "[csv]") {
  const auto outcome =
      read("sep=;\r\nuid;summary;start\r\n1;\"A, B, C, D\";2027-05-01\r\n2;;2027-05-01\r\n");

  REQUIRE(outcome.rows.size() == 1);
  CHECK(outcome.rows[0].event.summary == "A, B, C, D");
  CHECK(outcome.rows[0].line == 3);
  CHECK(outcome.errors.at(0).place.line == 4);
  CHECK(read("\"sep=|\"\nuid|summary|start\n1|A|2027-05-01\n", "", 3).rows.size() == 1);
  CHECK(read("sep=\t\nuid\tsummary\tstart\n1\tA\t2027-05-01\n").rows.size() == 1);
}

TEST_CASE("dates are read in the order that was asked for, under any label", "[csv]") {
  const auto first = [&](DateOrder order, const std::string& label, const std::string& cell) {
    const auto outcome = read("Subject," + label + "\nA,\"" + cell + "\"\n", "", 1000, order);
    return outcome.rows.empty() ? outcome.errors.at(0).place.field : start(outcome.rows[0]);
  };
  CHECK(first(DateOrder::usual, "Start Date", "05/06/2027") == "2027-05-06");
  CHECK(first(DateOrder::dmy, "Start Date", "05/06/2027") == "2027-06-05");
  CHECK(first(DateOrder::dmy, "Start Date", "5.6.2027") == "2027-06-05");
  CHECK(first(DateOrder::mdy, "Start Date", "05-06-2027") == "2027-05-06");
  CHECK(first(DateOrder::dmy, "start", "05/06/2027") == "2027-06-05");
  CHECK(first(DateOrder::mdy, "start", "05/06/2027") == "2027-05-06");
  CHECK(first(DateOrder::usual, "Start Date", "Fri Aug 9 2019") == "2019-08-09");
  CHECK(first(DateOrder::usual, "Start Date", "Friday, August 9, 2019") == "2019-08-09");
  CHECK(first(DateOrder::usual, "Start Date", "9 aug 2019") == "2019-08-09");
  CHECK(first(DateOrder::usual, "Start Date", "Thu Aug 9 2019") == "start date");
  CHECK(first(DateOrder::usual, "Start Date", "Fri Aug 9 19") == "start date");
  CHECK(first(DateOrder::usual, "Start Date", "5.6.2027") == "start date");
  CHECK(first(DateOrder::usual, "Start Date", "13/25/2027") == "start date");
  CHECK(first(DateOrder::dmy, "Start Date", "05/13/2027") == "start date");
  CHECK(first(DateOrder::usual, "start", "05/06/2027") == "start");
  CHECK(first(DateOrder::usual, "start", "Fri Aug 9 2019") == "start");
}

TEST_CASE("our labels take a time behind the date in every order", "[csv]") {
  const auto outcome = read(
      "uid,summary,start,end\n1,A,30.05.2027 19:30,30.05.2027 9:45 PM\n"
      "2,B,31.05.2027 19.30,31.05.2027 21:00:15\n",
      "Europe/Berlin", 1000, DateOrder::dmy);

  REQUIRE(outcome.rows.size() == 1);
  CHECK(start(outcome.rows[0]) == "2027-05-30T19:30:00");
  CHECK(end(outcome.rows[0]) == "2027-05-30T21:45:00");
  CHECK(outcome.errors.at(0).place.field == "start");
}

TEST_CASE("a date that is not written like those before it is refused with its row", "[csv]") {
  const auto outcome =
      read("Subject,Start Date\nA,05/06/2027\nB,2027-06-05\nC,05/07/2027\nD,6 June 2027\n");

  REQUIRE(outcome.rows.size() == 2);
  REQUIRE(outcome.errors.size() == 2);
  CHECK(to_string(outcome.errors[0]) ==
        "league.csv:3: start date: \"2027-06-05\" is not written like the dates before it, such "
        "as 05/30/2027; a list keeps to one form");
  CHECK(outcome.errors[1].place.line == 5);
}

TEST_CASE("times of the day are read as clocks and spreadsheets write them", "[csv]") {
  const auto first = [&](const std::string& clock) {
    const auto outcome = read("Subject,Start Date,Start Time\nA,05/03/2027," + clock + "\n");
    return outcome.rows.empty() ? outcome.errors.at(0).place.field : start(outcome.rows[0]);
  };
  CHECK(first("7:30 p.m.") == "2027-05-03T19:30:00");
  CHECK(first("19.30") == "2027-05-03T19:30:00");
  CHECK(first("7:30\xe2\x80\xafPM") == "2027-05-03T19:30:00");
  CHECK(first("7:30\xc2\xa0PM") == "2027-05-03T19:30:00");
  CHECK(first("PM") == "start time");
  CHECK(first("7:30.15") == "start time");
}

TEST_CASE("a uid that stands in two rows is taken once, and the second names the first", "[csv]") {
  const auto outcome = read(
      "command,uid,summary,start\n,1,A,2027-05-01\n,2,B,half past\n,2,B,2027-05-02\n"
      ",1,C,2027-05-03\ncancel,2,,\n");

  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[1].line == 4);
  REQUIRE(outcome.errors.size() == 3);
  CHECK(to_string(outcome.errors[1]) ==
        "league.csv:5: uid: \"1\" is that of line 2; expected one row for each uid");
  CHECK(outcome.errors[1].code == Code::conflict);
  CHECK(outcome.errors[1].place.column == 2);
  CHECK(outcome.errors[2].place.line == 6);
}

TEST_CASE("an update names what its list has no column for", "[csv]") {
  const auto outcome = read("command,uid,summary\nupdate,1,A\n,2,B\nupdate,,C\n", "");

  REQUIRE(outcome.rows.size() == 1);
  const auto& absent = outcome.rows[0].absent;
  for (const std::string label : {"description", "start", "end", "timezone"}) {
    CHECK(std::count(absent.begin(), absent.end(), label) == 1);
  }
  CHECK(std::count(absent.begin(), absent.end(), "summary") == 0);
  REQUIRE(outcome.errors.size() == 2);
  CHECK(outcome.errors[0].message ==
        "start: the list has no such column; expected one, or the command update");
  CHECK(outcome.errors[1].place.field == "uid");
  CHECK(only_error("command,uid,end\nupdate,1,2027-05-01T10:00\n").message ==
        "end: the list has no column start; expected one beside it");
}

TEST_CASE("a time without an end says what would do", "[csv]") {
  const std::string expected = "; expected a time such as 2027-05-30T21:30, as start has one";
  CHECK(only_error("uid,summary,start\n1,A,2027-05-01T10:00\n").message ==
        "end: the list has no such column" + expected);
  CHECK(only_error("uid,summary,start,end\n1,A,2027-05-01T10:00,\n").message ==
        "end: it is empty" + expected);
}

TEST_CASE("an Outlook export's dates that may have either order are refused, not guessed",
          "[csv]") {
  const std::string list =
      "Subject,Start Date,Show time as\nA,05/06/2027,2\nB,25/06/2027,2\nC,06/25/2027,2\n"
      "D,06/06/2027,2\n";
  const auto outcome = read(list);

  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[0].event.summary == "C");
  CHECK(outcome.rows[1].event.summary == "D");
  REQUIRE(outcome.errors.size() == 2);
  CHECK(to_string(outcome.errors[0]) ==
        "league.csv:2: start date: \"05/06/2027\" may have its month or its day first; say which "
        "order the list has (--date-order mdy or dmy)");
  CHECK(to_string(outcome.errors[1]) ==
        "league.csv:3: start date: \"25/06/2027\" has its day first; say that the list has that "
        "order (--date-order dmy)");
  const auto asked = read(list, "Europe/Berlin", std::string_view::npos, DateOrder::dmy);
  REQUIRE(asked.rows.size() == 3);
  CHECK(start(asked.rows[0]) == "2027-06-05");
}

TEST_CASE("a date of numbers that needs an order names the switch that gives it", "[csv]") {
  const auto message = [](const std::string& label, const std::string& cell) {
    return only_error("Subject," + label + "\nA," + cell + "\n").message;
  };
  const std::string either =
      "may have its month or its day first; say which order the list has (--date-order mdy or dmy)";
  CHECK(message("start", "05/06/2027") == "start: \"05/06/2027\" " + either);
  CHECK(message("start", "05/06/2027 19:30") == "start: \"05/06/2027 19:30\" " + either);
  CHECK(message("Start Date", "5.6.2027") == "start date: \"5.6.2027\" " + either);
  for (const std::string cell : {"13.6.2027", "13-6-2027", "13/6/2027"}) {
    const std::string day_first = "\"" + cell +
                                  "\" has its day first; say that the list has that order "
                                  "(--date-order dmy)";
    CHECK(message("Start Date", cell) == "start date: " + day_first);
    CHECK(message("start", cell) == "start: " + day_first);
  }
  CHECK(message("start", "6.13.2027").find("--date-order mdy") != std::string::npos);
}
