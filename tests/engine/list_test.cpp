#include <calinvite/csv.hpp>

#include "league.hpp"

using namespace league;

namespace {

/// Feeds `bytes` to the engine in pieces of `size`.
std::vector<IngestItem> ingest_pieces(League& league, std::string bytes, std::size_t size,
                                      const std::string& source) {
  std::vector<IngestItem> items;
  std::string piece;
  std::size_t at = 0;
  IngestInput input{.source = source, .authentication = {true, kOrganizer, "test"}};
  input.read = [&]() -> Result<std::string_view> {
    piece = bytes.substr(at, size);
    at += piece.size();
    return piece;
  };
  const auto done = league.engine->ingest(input, [&](const auto& item) { items.push_back(item); });
  if (!done) FAIL(to_string(done.error()));
  return items;
}

const std::string kList =
    "uid,summary,start,end,timezone\r\n"
    "fix-1,Round 1,2027-05-01T15:00,2027-05-01T17:00,Europe/London\r\n"
    "fix-2,Round 2,2027-05-08T15:00,2027-05-08T17:00,Europe/London\r\n";

}  // namespace

TEST_CASE("an input that is read piece by piece is taken as one in memory", "[engine]") {
  League league;
  const auto invitation =
      mail(kOrganizer, request("derby-1", 0, "20270601T193000", "20270601T213000"));
  for (const std::size_t size : {1, 10, 100000}) {
    const auto rows = ingest_pieces(league, kList, size, "season.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].outcome == (size == 1 ? IngestOutcome::created : IngestOutcome::already_seen));
    const auto mailed = ingest_pieces(league, invitation, size, "derby.eml");
    REQUIRE(mailed.size() == 1);
    CHECK(mailed[0].outcome == rows[0].outcome);
  }
  CHECK(league.engine->list_events(kScope, {}, {})->items.size() == 3);
}

TEST_CASE("an input that can't be read to its end says so", "[engine]") {
  League league;
  bool begun = false;
  IngestInput input{.source = "season.csv", .authentication = {true, kOrganizer, "test"}};
  input.read = [&]() -> Result<std::string_view> {
    if (std::exchange(begun, true)) return fail(Code::unavailable, "the pipe broke");
    return "uid,summary,start\n";
  };
  const auto done = league.engine->ingest(input, [](const auto&) {});

  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::unavailable);
}
