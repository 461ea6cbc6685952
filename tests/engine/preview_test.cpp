/// Looking at somebody's message before, or after, it is sent.
#include "mails.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

const std::string kFan = "a@example.com";

OutgoingMessage preview(League& league, const std::string& uid, const std::string& address) {
  const auto message = league.engine->preview(kScope, uid, address);
  if (!message) FAIL(to_string(message.error()));
  return *message;
}

/// A message but for what each attempt has of its own.
std::string lasting(const OutgoingMessage& message) {
  std::string text = message.bytes;
  for (auto at = text.find(message.attempt_id); at != std::string::npos;
       at = text.find(message.attempt_id)) {
    text.erase(at, message.attempt_id.size());
  }
  return text;
}

Code code_of(const Result<OutgoingMessage>& message) {
  REQUIRE_FALSE(message);
  return message.error().code;
}

}  // namespace

TEST_CASE("a preview is the very message that is sent next", "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.invite(uid, {kFan});
  const auto first = preview(league, uid, "A@Example.COM");
  league.dispatch();
  CHECK(lasting(first) == lasting(league.sent_to(kFan)));

  Event moved = *league.engine->get_event(kScope, uid);
  moved.start += 1h;
  moved.end += 1h;
  REQUIRE(league.engine->update_event(kScope, moved));
  const auto update = preview(league, uid, kFan);
  league.dispatch();
  CHECK(lasting(update) == lasting(league.sent_to(kFan)));

  REQUIRE(league.engine->cancel_event(kScope, uid));
  const auto cancel = preview(league, uid, kFan);
  league.dispatch();
  CHECK(lasting(cancel) == lasting(league.sent_to(kFan)));
  CHECK(League::property(cancel, "METHOD") == "CANCEL");
}

TEST_CASE("a preview for somebody not invited is a first copy that is kept nowhere", "[engine]") {
  League league;
  const auto uid = league.event().uid;
  const auto sample = preview(league, uid, kFan);

  CHECK(sample.to == kFan);
  CHECK(League::property(sample, "METHOD") == "REQUEST");
  CHECK(League::property(sample, "UID") != League::property(preview(league, uid, kFan), "UID"));
  CHECK(league.engine->totals(kScope)->planned == 0);
  CHECK(league.engine->list_attendees(kScope, uid, {})->items.empty());
  CHECK_FALSE(league.engine->rsvp_token(kScope, uid, kFan));
  league.invite(uid, {kFan});
  league.dispatch();
  CHECK(league.sent_to(kFan).from != sample.from);
}

TEST_CASE("a preview says why there is none", "[engine]") {
  League league;
  const auto uid = league.event().uid;

  CHECK(code_of(league.engine->preview(kScope, "ev-none", kFan)) == Code::not_found);
  CHECK(code_of(league.engine->preview(kScope, uid, "nobody")) == Code::invalid_input);
  CHECK(code_of(league.engine->preview(Scope::organizer("league", "other@league.example"), uid,
                                       kFan)) == Code::not_found);
  REQUIRE(league.engine->cancel_event(kScope, uid));
  CHECK(code_of(league.engine->preview(kScope, uid, kFan)) == Code::conflict);
}

TEST_CASE("R87: a preview shows no cancellation to whom no invitation may have reached",
          "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.invite(uid, {kFan});
  SECTION("it was never sent") { REQUIRE(league.engine->cancel_event(kScope, uid)); }
  SECTION("it was refused") {
    league.verdict = SendVerdict::refused;
    league.dispatch();
    REQUIRE(league.engine->cancel_event(kScope, uid));
  }
  league.verdict = SendVerdict::accepted;
  const auto none = league.engine->preview(kScope, uid, kFan);
  CHECK(code_of(none) == Code::conflict);
  CHECK(none.error().message == "event " + uid + " is cancelled and " + kFan +
                                    " was never sent an invitation to it; nothing would be sent");
  league.dispatch();
  CHECK(league.sent.empty());
}

TEST_CASE("R87: one whose invitation is in doubt is shown the cancellation", "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.invite(uid, {kFan});
  league.verdict = SendVerdict::in_doubt;
  league.dispatch();
  REQUIRE(league.engine->cancel_event(kScope, uid));
  CHECK(League::property(preview(league, uid, kFan), "METHOD") == "CANCEL");
}
