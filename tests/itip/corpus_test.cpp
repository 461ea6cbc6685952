#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "calinvite/ical.hpp"
#include "calinvite/itip.hpp"

using namespace calinvite;

namespace {

Event read_series(const std::filesystem::path& file, const ZoneTable& zones) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  const auto calendar = parse_calendar(text.str(), zones, file.filename().string());
  REQUIRE(calendar);
  REQUIRE_FALSE(calendar->events.empty());
  Event event = calendar->events.front().event;
  event.organizer = "owner@example.com";
  event.sequence = 1;
  return event;
}

}  // namespace

TEST_CASE("others' updates are changes of time, or none, as their authors say", "[itip][corpus]") {
  const auto folder = std::filesystem::path(CALINVITE_CORPUS_DIR) / "itip" / "sabre-vobject" /
                      "BrokerUpdateEventTest";
  if (!std::filesystem::exists(folder)) {
    std::cout << "skipped: no corpus at " << folder.string() << '\n';
    return;
  }
  // Who is invited is no part of our event: where only that differs, nothing is to be mailed.
  const std::pair<const char*, bool> cases[] = {{"testInviteNoChange", false},
                                                {"testInviteNoChangeForceSend", false},
                                                {"testInviteChange", false},
                                                {"testInviteRemoveAttendees", false},
                                                {"testRemoveInstance", true}};
  const ZoneTable zones;
  for (const auto& [name, changes] : cases) {
    INFO(name);
    const Event before = read_series(folder / name / "oldMessage.ics", zones);
    const Event after = read_series(folder / name / "newMessage.ics", zones);
    const auto change = plan_change(&before, after);
    REQUIRE(change);
    CHECK(change->has_value() == changes);
    if (*change) CHECK((*change)->key_change);
  }
  std::cout << "updates judged as their authors do: " << std::size(cases) << '\n';
}
