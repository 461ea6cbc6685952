// The host's judgement of what is about to leave: one message of each kind is shown to it.
#include <catch2/catch.hpp>
#include <map>

#include "calinvite/mime.hpp"
#include "compose/fan.hpp"

using namespace std::chrono_literals;
using namespace calinvite;

namespace {

Revision match() {
  Revision revision = league_revision();
  revision.event.summary = "Match";
  revision.event.start = std::chrono::local_days{std::chrono::year{2027} / 3 / 28} + 15h;
  revision.event.end = revision.event.start + 2h;
  return revision;
}

CopyFields copy_of(int number, const std::string& language) {
  CopyFields copy = fan();
  // Some are composed whole: their UIDs are unlike the sample's.
  copy.uid = (number % 3 == 0 ? "CI-" : "ci-") + std::to_string(number);
  copy.address = "fan" + std::to_string(number) + "@example.org";
  copy.language = language;
  return copy;
}

}  // namespace

TEST_CASE("one message of each kind is judged, whoever it is for", "[compose]") {
  const ZoneTable zones;
  std::map<std::string, int> judged;
  const auto composer =
      Composer::prepare(match(), zones, [&](std::string_view message) -> Result<void> {
        ++judged[parse_mail(message)->subject];
        return {};
      });
  REQUIRE(composer);
  CHECK(judged.empty());

  std::string out;
  for (int number = 0; number < 40; ++number) {
    for (const std::string language : {"en", "de"}) {
      CopyFields copy = copy_of(number, language);
      REQUIRE(composer->compose(copy, out));
      copy.first = false;
      REQUIRE(composer->compose(copy, out));
    }
  }

  CHECK(judged == std::map<std::string, int>{{"Invitation: Match", 1},
                                             {"Updated: Match", 1},
                                             {"Einladung: Match", 1},
                                             {"Aktualisiert: Match", 1}});
}

TEST_CASE("what is wrong with one message refuses its kind and no other", "[compose]") {
  const ZoneTable zones;
  int judged = 0;
  const auto composer =
      Composer::prepare(match(), zones, [&](std::string_view message) -> Result<void> {
        ++judged;
        if (parse_mail(message)->subject.starts_with("Invitation")) return {};
        return fail(Code::invalid_input, "not in German");
      });
  REQUIRE(composer);

  std::string out;
  for (int number = 0; number < 10; ++number) {
    CHECK(composer->compose(copy_of(number, "en"), out));
    const auto refused = composer->compose(copy_of(number, "de"), out);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "not in German");
  }
  CHECK(judged == 2);
}

TEST_CASE("a copy that can't be written is not judged, nor does it stand for its kind",
          "[compose]") {
  const ZoneTable zones;
  int judged = 0;
  const auto composer = Composer::prepare(match(), zones, [&](std::string_view) -> Result<void> {
    ++judged;
    return {};
  });
  REQUIRE(composer);
  CopyFields own = fan();
  own.address = own.organizer_address;

  std::string out;
  CHECK_FALSE(composer->compose(own, out));
  CHECK(judged == 0);
  CHECK(composer->compose(fan(), out));
  CHECK(judged == 1);
}
