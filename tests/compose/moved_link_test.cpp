// A link to join by may stand where a place would: an update tells of it as a link, not as a place
// that is gone.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "calinvite/compose.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"

using namespace std::chrono_literals;
using namespace calinvite;

namespace {

const std::string kRoom = "https://meet.example/1";
const std::string kOther = "https://meet.example/2";

struct Place {
  std::string location;
  std::string conference;
};

Event training_at(const Place& place) {
  Event event = league_revision().event;
  event.summary = "Training";
  event.start = std::chrono::local_days{std::chrono::year{2027} / 3 / 28} + 15h;
  event.end = event.start + 2h;
  event.location = place.location;
  event.conference = place.conference;
  return event;
}

using Lines = std::vector<std::string>;

/// The lines of an update that tell of changes.
Lines told(const Place& was, const Place& now) {
  Revision revision = league_revision();
  revision.event = training_at(now);
  revision.before = training_at(was);
  CopyFields copy = fan();
  copy.first = false;
  const ZoneTable zones;
  const auto composer = Composer::prepare(revision, zones);
  REQUIRE(composer);
  std::string out;
  REQUIRE(composer->compose(copy, out));
  const auto mail = parse_mail(out);
  REQUIRE(mail);
  Lines lines;
  const std::string& text = mail->parts.at(0).content;
  for (auto at = text.find("\n* "); at != std::string::npos; at = text.find("\n* ", at + 1)) {
    auto line = text.substr(at + 3, text.find('\n', at + 1) - at - 3);
    std::erase(line, '\r');
    lines.push_back(line);
  }
  CHECK((text.find("What has changed") != std::string::npos) == !lines.empty());
  const bool struck = mail->parts.at(1).content.find("<s>") != std::string::npos;
  CHECK(struck == !lines.empty());
  return lines;
}

}  // namespace

TEST_CASE("R10: a link that moves between the place and the link to join by is no change",
          "[compose]") {
  CHECK(told({kRoom, ""}, {"", kRoom}).empty());
  CHECK(told({"", kRoom}, {kRoom, ""}).empty());
  CHECK(told({kRoom, ""}, {"Online", kRoom}).empty());
  CHECK(told({kRoom, ""}, {kRoom, kRoom}).empty());
}

TEST_CASE("R10: another link is told as the link to join by, wherever the old one stood",
          "[compose]") {
  const Lines other{"Join online: " + kRoom + " → " + kOther};
  CHECK(told({kRoom, ""}, {"", kOther}) == other);
  CHECK(told({"", kRoom}, {kOther, ""}) == other);
  CHECK(told({"", kRoom}, {"", kOther}) == other);
}

TEST_CASE("R10: a place beside a link that moved is told as a place", "[compose]") {
  CHECK(told({kRoom, ""}, {"Hall", kRoom}) == Lines{"Where: – → Hall"});
  CHECK(told({"Hall", kRoom}, {kRoom, ""}) == Lines{"Where: Hall → –"});
  CHECK(told({kRoom, ""}, {"Hall", kOther}) ==
        Lines{"Where: – → Hall", "Join online: " + kRoom + " → " + kOther});
}

TEST_CASE("R10: a link is told as a place where both revisions show it so", "[compose]") {
  CHECK(told({kRoom, ""}, {kOther, ""}) == Lines{"Where: " + kRoom + " → " + kOther});
  CHECK(told({kRoom, ""}, {kRoom, kOther}) == Lines{"Join online: – → " + kOther});
  CHECK(told({kRoom + " or Hall", ""}, {"", kRoom}) ==
        Lines{"Where: " + kRoom + " or Hall → –", "Join online: – → " + kRoom});
  CHECK(told({kRoom, ""}, {"", ""}) == Lines{"Where: " + kRoom + " → –"});
}
