// An update tells each attendee what differs from what they know, which need not be what the
// others know (R10).
#include <algorithm>

#include "mails.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

const std::string kEarly = "early@example.com";
const std::string kLate = "late@example.com";

struct Match : League {
  Match() {
    Event match = event();
    uid = match.uid;
    change([](Event& e) { e.location = "Harbour Ground"; });  // nobody is invited yet
  }

  Plan change(const std::function<void(Event&)>& edit) {
    Event after = *engine->get_event(kScope, uid);
    edit(after);
    const auto plan = engine->update_event(kScope, after);
    if (!plan) FAIL(to_string(plan.error()));
    return *plan;
  }
  void take_in(const std::string& address) {
    invite(uid, {address});
    dispatch();
    REQUIRE(sent.size() == 1);
  }
  /// The lines of a mail's text that tell of changes.
  std::vector<std::string> told(const std::string& address) const { return told(sent_to(address)); }
  static std::vector<std::string> told(const OutgoingMessage& message) {
    std::vector<std::string> lines;
    const std::string text = part_of(message, "text/plain");
    for (auto at = text.find("\n* "); at != std::string::npos; at = text.find("\n* ", at + 1)) {
      auto line = text.substr(at + 3, text.find('\n', at + 1) - at - 3);
      std::erase(line, '\r');
      lines.push_back(line);
    }
    const bool headed = text.find("What has changed") != std::string::npos;
    CHECK(headed == !lines.empty());
    const std::string html = part_of(message, "text/html");
    CHECK((html.find("What has changed") != std::string::npos) == headed);
    return lines;
  }

  std::string uid;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("R10: each holder is told what differs from the revision that they hold", "[engine]") {
  Match match;
  match.take_in(kEarly);
  CHECK(match.told(kEarly).empty());
  match.change([](Event& e) { e.location = "Hill Ground"; });
  match.verdict = SendVerdict::refused;
  match.dispatch();
  CHECK(match.told(kEarly) == Lines{"Where: Harbour Ground → Hill Ground"});
  match.verdict = SendVerdict::accepted;
  match.take_in(kLate);
  CHECK(match.told(kLate).empty());

  match.change([](Event& e) {
    e.location = "Quay <Field>";
    e.summary = "Harbour v Hill, replayed";
  });
  match.dispatch();

  CHECK(match.told(kEarly) == Lines{"Title: Harbour v Hill → Harbour v Hill, replayed",
                                    "Where: Harbour Ground → Quay <Field>"});
  CHECK(match.told(kLate) == Lines{"Title: Harbour v Hill → Harbour v Hill, replayed",
                                   "Where: Hill Ground → Quay <Field>"});
  const auto html = part_of(match.sent_to(kEarly), "text/html");
  CHECK(html.find("<s><bdi>Harbour Ground</bdi></s> → <bdi>Quay &lt;Field&gt;</bdi>") !=
        std::string::npos);
  CHECK(html.find("Hill Ground") == std::string::npos);
  CHECK(part_of(match.sent_to(kLate), "text/html").find("<s><bdi>Hill Ground</bdi></s>") !=
        std::string::npos);

  match.take_in("fresh@example.com");
  CHECK(match.told("fresh@example.com").empty());
}

TEST_CASE("R10: a time that moved is told as it was and as it is", "[engine]") {
  Match match;
  match.take_in(kEarly);
  match.change([](Event& e) {
    e.start += 24h;
    e.end += 24h;
  });
  match.dispatch();
  const auto told = match.told(kEarly);
  REQUIRE(told.size() == 1);
  const auto arrow = told[0].find(" → ");
  REQUIRE(arrow != std::string::npos);
  CHECK(told[0].substr(0, arrow).find("May 8, 2027") != std::string::npos);
  CHECK(told[0].substr(arrow).find("May 9, 2027") != std::string::npos);
}

TEST_CASE("a copy sent once more, and a cancellation, tell what the first one did or nothing",
          "[engine]") {
  Match match;
  match.take_in(kEarly);
  match.change([](Event& e) { e.location = "Hill Ground"; });
  match.dispatch();
  const auto told = match.told(kEarly);
  match.now += 48h;
  REQUIRE(match.engine->resend(kScope, match.uid, kEarly)->update == 1);
  match.dispatch();
  CHECK(match.told(kEarly) == told);

  REQUIRE(match.engine->cancel_event(kScope, match.uid));
  match.dispatch();
  CHECK(match.told(kEarly).empty());
}

TEST_CASE("R10: of a series and its changed date each message tells its own change", "[engine]") {
  Match match;
  match.change([](Event& e) { e.rrule = "FREQ=WEEKLY;COUNT=4"; });
  match.take_in(kEarly);

  match.change([](Event& e) {
    Override moved;
    moved.occurrence = {e.start + 7 * 24h};
    moved.start = moved.occurrence.original_start + 2h;
    moved.end = moved.start + 2h;
    moved.location = "Hill Ground";
    e.overrides = {moved};
    e.description = "Bring boots.";
  });
  match.dispatch();

  REQUIRE(match.sent.size() == 2);
  CHECK(League::property(match.sent[0], "RECURRENCE-ID").empty());
  CHECK(match.told(match.sent[0]) == Lines{"The description has changed."});
  CHECK(League::property(match.sent[1], "RECURRENCE-ID") == "20270515T150000");
  const auto told = match.told(match.sent[1]);
  REQUIRE(told.size() >= 2);
  CHECK(told[0].starts_with("When: "));
  CHECK(std::count(told.begin(), told.end(), "Where: Harbour Ground → Hill Ground") == 1);
}
