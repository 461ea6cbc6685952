/// What is sent once more: on request, after a doubt or a refusal.
#include "season.hpp"

using namespace league;

TEST_CASE("R79: a resend repeats SEQUENCE and content under a fresh DTSTAMP", "[engine]") {
  Season season;
  const auto again = season.resend().at(0);
  const auto without_stamp = [](const OutgoingMessage& message) {
    auto lines = lines_of(message);
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("DTSTAMP:"); });
    return lines;
  };

  CHECK(League::property(again, "DTSTAMP") > League::property(season.first, "DTSTAMP"));
  CHECK(without_stamp(again) == without_stamp(season.first));
}

TEST_CASE("R79: what is sent again in doubt keeps its DTSTAMP", "[engine]") {
  Season season;
  season.verdict = SendVerdict::in_doubt;
  const auto doubted = season.change([](Event& e) { e.location = "Hill Ground"; }).at(0);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;

  const auto again = season.resend().at(0);
  CHECK(order_of(again) == order_of(doubted));
  CHECK(order_of(season.resend().at(0)) > order_of(doubted));
}

TEST_CASE("I6: what is in doubt goes out once more on request, the same to a calendar",
          "[engine]") {
  Season season;
  season.invite(season.uid, {"b@example.com"});
  season.dispatch();
  season.verdict = SendVerdict::in_doubt;
  const auto doubted = season.change([](Event& e) { e.location = "Hill Ground"; });
  REQUIRE(doubted.size() == 2);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;

  const auto plan = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(plan);
  CHECK(plan->update == 2);
  season.dispatch();
  for (const auto& message : doubted) {
    CHECK(order_of(season.sent_to(message.to)) == order_of(message));
  }
  const auto again = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(again);
  CHECK(again->update == 0);
  CHECK(again->skip == std::map<std::string, std::uint64_t>{{"too_soon", 2}});
}

TEST_CASE("I6: a CANCEL in doubt goes out once more on request, an older doubt does not",
          "[engine]") {
  Season season;
  season.verdict = SendVerdict::in_doubt;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.verdict = SendVerdict::accepted;
  season.change([](Event& e) { e.location = "Old Ground"; });
  const auto older = season.engine->resend_in_doubt(kScope, season.uid);
  REQUIRE(older);
  CHECK(older->update == 0);
  CHECK(older->skip == std::map<std::string, std::uint64_t>{{"superseded", 1}});

  season.verdict = SendVerdict::in_doubt;
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  const auto doubted = season.sent_to(kFan);
  season.verdict = SendVerdict::accepted;
  season.now += 2h;
  for (const std::uint64_t times : {1, 0}) {
    const auto plan = season.engine->resend_in_doubt(kScope, season.uid);
    REQUIRE(plan);
    CHECK(plan->cancel == times);
    season.dispatch();
    CHECK(season.sent.size() == times);
    if (times == 1) CHECK(order_of(season.sent[0]) == order_of(doubted));
  }
}

TEST_CASE("those who hold an older revision are sent the event as it is, decliners are not",
          "[engine]") {
  Season season;
  const auto decliner = season.take_in("no@example.com");
  season.answer(decliner, "DECLINED");
  season.verdict = SendVerdict::refused;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.verdict = SendVerdict::accepted;
  const auto current = season.take_in("new@example.com");
  season.now += 60s;

  const auto plan = season.engine->resend_outdated(kScope, season.uid);
  REQUIRE(plan);
  CHECK(plan->update == 1);
  CHECK(plan->skip == std::map<std::string, std::uint64_t>{{"declined", 1}});
  season.dispatch();
  REQUIRE(season.sent.size() == 1);
  CHECK(season.sent[0].to == kFan);
  CHECK(League::property(season.sent[0], "LOCATION") == "Hill Ground");
  CHECK(season.engine->resend_outdated(kScope, season.uid)->update == 0);
}

TEST_CASE("R80: what was refused is told with the next change, whatever that is about",
          "[engine]") {
  Season season(weekly);
  season.verdict = SendVerdict::refused;
  season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; });
  season.verdict = SendVerdict::accepted;

  const auto next = season.change([](Event& e) {
    e.overrides = {moved(e, 1, 1h), moved(e, 2, 1h)};
  });
  CHECK(about(next) == Mails{"REQUEST 20270515T150000", "REQUEST 20270522T150000"});
  const auto last = season.change([](Event& e) { e.overrides.push_back(moved(e, 3, 1h)); });
  CHECK(about(last) == Mails{"REQUEST 20270529T150000"});
}
