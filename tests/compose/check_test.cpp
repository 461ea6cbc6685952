// The host's judgement of what is about to leave: a message of each kind is shown to it, and each
// that is composed whole.
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "calinvite/lint.hpp"
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

TEST_CASE("one message of each kind is judged, and all that are composed whole", "[compose]") {
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

  // 14 of the 40 have a UID of their own kind.
  CHECK(judged == std::map<std::string, int>{{"Invitation: Match", 15},
                                             {"Updated: Match", 15},
                                             {"Einladung: Match", 15},
                                             {"Aktualisiert: Match", 15}});
}

TEST_CASE("what is wrong with all messages of a kind refuses it and no other", "[compose]") {
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
  // In English one, and 4 composed whole; in German one of each, and a sample.
  CHECK(judged == 5 + 3);
}

TEST_CASE("what is wrong with one message refuses it alone, be it the first of its kind or not",
          "[compose]") {
  const ZoneTable zones;
  const auto composer =
      Composer::prepare(match(), zones, [](std::string_view message) -> Result<void> {
        for (const char* unwanted : {"fan0@", "fan1@", "fan6@"}) {
          if (message.find(unwanted) != message.npos) return fail(Code::invalid_input, unwanted);
        }
        return {};
      });
  REQUIRE(composer);

  std::string out;
  std::vector<int> refused;
  for (int number = 0; number < 10; ++number) {
    if (!composer->compose(copy_of(number, "en"), out)) refused.push_back(number);
  }
  CHECK(refused == std::vector{0, 1, 6});
}

TEST_CASE("a sample that stands for a kind is as sound as its copies", "[compose]") {
  const ZoneTable zones;
  for (const Method method : {Method::request, Method::cancel}) {
    for (const bool first : {true, false}) {
      for (const std::string name : {"", "Ana"}) {
        for (const auto partstat : {Partstat::needs_action, Partstat::accepted}) {
          Revision revision = match();
          revision.method = method;
          revision.sequence = first && method == Method::request ? 0 : 1;
          CopyFields copy = fan();
          copy.name = name;
          copy.first = first;
          copy.partstat = partstat;
          if (method == Method::cancel) copy.rsvp_token.clear();
          int judged = 0;
          std::string found;
          const auto composer =
              Composer::prepare(revision, zones, [&](std::string_view message) -> Result<void> {
                if (++judged == 1) return fail(Code::invalid_input, "the copy itself");
                const auto findings = lint_message(message, zones);
                if (!findings) return tl::unexpected(findings.error());
                for (const Finding& finding : *findings) {
                  if (finding.severity == Severity::error) found += finding.rule + finding.what;
                }
                return {};
              });
          REQUIRE(composer);
          std::string out;
          CHECK_FALSE(composer->compose(copy, out));
          CHECK(judged == 2);
          CHECK(found == "");
          CHECK(composer->compose(copy, out));
        }
      }
    }
  }
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
