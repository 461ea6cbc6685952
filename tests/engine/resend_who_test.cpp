// Who is sent an event again: judged message by message, as one about a date says nothing of the
// series.
#include "mails.hpp"

using namespace league;
using namespace std::chrono_literals;

namespace {

const std::string kFan = "a@example.com";
const std::string kOther = "b@example.com";

/// A weekly training whose copies the fans hold.
struct Training : League {
  Training() {
    Event training{.organizer = kOrganizer, .summary = "Training"};
    training.start = parse_iso("2027-05-08T15:00")->wall;
    training.end = training.start + 2h;
    training.timezone = "Europe/London";
    training.rrule = "FREQ=WEEKLY;COUNT=5";
    const auto created = engine->create_event(kScope, training);
    if (!created) FAIL(to_string(created.error()));
    uid = created->uid;
    invite(uid, {kFan});
    dispatch();
    first = sent_to(kFan);
  }

  /// The organizer's next revision; what is sent of it ends as `end` says.
  void change(const std::function<void(Event&)>& edit, SendVerdict end = SendVerdict::accepted) {
    now += 1h;
    Event after = *engine->get_event(kScope, uid);
    edit(after);
    const auto plan = engine->update_event(kScope, after);
    if (!plan) FAIL(to_string(plan.error()));
    send(end);
  }
  void uninvite(SendVerdict end) {
    now += 1h;
    REQUIRE(engine->uninvite(kScope, uid, kFan));
    send(end);
  }
  void send(SendVerdict end) {
    verdict = end;
    dispatch();
    verdict = SendVerdict::accepted;
  }

  Plan in_doubt() { return must(engine->resend_in_doubt(kScope, uid)); }
  Plan outdated() { return must(engine->resend_outdated(kScope, uid)); }
  static Plan must(const Result<Plan>& plan) {
    if (!plan) FAIL(to_string(plan.error()));
    return *plan;
  }

  std::string uid;
  OutgoingMessage first;
};

void to_hill(Event& event) { event.location = "Hill Ground"; }
void move_a_date(Event& event) {
  Override changed;
  changed.occurrence = {event.start + 7 * 24h};
  changed.start = changed.occurrence.original_start + 1h;
  changed.end = changed.start + 2h;
  event.overrides = {changed};
}

using Skipped = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("a message about one date leaves the doubt about the series as it was", "[engine]") {
  Training training;
  training.change(to_hill, SendVerdict::in_doubt);
  training.change(move_a_date);
  REQUIRE(training.sent.size() == 1);

  const auto outdated = training.outdated();
  CHECK(outdated.update == 0);
  CHECK(outdated.skip == Skipped{{"in_doubt", 1}});
  const auto plan = training.in_doubt();
  CHECK(plan.update == 1);
  CHECK(plan.skip.empty());
  training.dispatch();
  REQUIRE(training.sent.size() == 2);
  CHECK(League::property(training.sent[0], "LOCATION") == "Hill Ground");
  CHECK(League::property(training.sent[1], "RECURRENCE-ID") == "20270515T150000");
  CHECK(training.in_doubt().update == 0);
  CHECK(training.outdated().skip.empty());
}

TEST_CASE(
    "who was refused a newer revision after a doubt is outdated, whatever became of the doubt",
    "[engine]") {
  Training training;
  training.change(to_hill, SendVerdict::in_doubt);
  training.change([](Event& event) { event.location = "Old Ground"; }, SendVerdict::refused);

  SECTION("told by the doubt") { CHECK(training.in_doubt().update == 1); }
  SECTION("told by the refusal") { CHECK(training.outdated().update == 1); }
  training.dispatch();
  CHECK(League::property(training.sent_to(kFan), "LOCATION") == "Old Ground");
  CHECK(training.in_doubt().skip == Skipped{{"superseded", 1}});
  CHECK(training.outdated().update == 0);
}

TEST_CASE("a first copy in doubt is sent again though a later revision was refused", "[engine]") {
  Training training;
  training.invite(training.uid, {kOther});
  training.send(SendVerdict::in_doubt);
  training.change(to_hill, SendVerdict::refused);

  CHECK(training.in_doubt().update == 1);
  training.dispatch();
  CHECK(League::property(training.sent_to(kOther), "LOCATION") == "Hill Ground");
}

TEST_CASE("a doubt about a date that is over is not told again", "[engine]") {
  Training training;
  training.change(move_a_date, SendVerdict::in_doubt);
  training.now = std::chrono::sys_days{std::chrono::year{2027} / 5 / 17};

  const auto plan = training.in_doubt();
  CHECK(plan.update == 0);
  CHECK(plan.skip == Skipped{{"over", 1}});
}

TEST_CASE("R87: the CANCEL in doubt of somebody uninvited goes out once more as it was",
          "[engine]") {
  Training training;
  training.uninvite(SendVerdict::in_doubt);
  const auto doubted = training.sent_to(kFan);
  training.now += 2h;

  SECTION("with all that is in doubt") { CHECK(training.in_doubt().cancel == 1); }
  SECTION("to the one person") {
    const auto plan = training.must(training.engine->resend(kScope, training.uid, kFan));
    CHECK(plan.cancel == 1);
    CHECK(plan.update == 0);
  }
  training.dispatch();
  REQUIRE(training.sent.size() == 1);
  CHECK(League::property(training.sent[0], "METHOD") == "CANCEL");
  CHECK(identity_of(training.sent[0]) == identity_of(doubted));
  CHECK(order_of(training.sent[0]) == order_of(doubted));
  CHECK(training.sent[0].attempt_id != doubted.attempt_id);

  const auto again = training.in_doubt();
  CHECK(again.cancel == 0);
  CHECK(again.skip == Skipped{{"too_soon", 1}});
  const auto nothing = training.engine->resend(kScope, training.uid, kFan);
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == Code::not_found);
}

TEST_CASE("R88: the CANCEL in doubt of a dead copy goes out once more beside the new copy",
          "[engine]") {
  Training training;
  training.uninvite(SendVerdict::in_doubt);
  const auto doubted = training.sent_to(kFan);
  training.invite(training.uid, {kFan});
  training.dispatch();
  const auto alive = training.sent_to(kFan);
  training.now += 2h;

  const auto plan = training.in_doubt();
  CHECK(plan.cancel == 1);
  CHECK(plan.update == 0);
  training.dispatch();
  REQUIRE(training.sent.size() == 1);
  CHECK(League::property(training.sent[0], "UID") == League::property(training.first, "UID"));
  CHECK(League::property(training.sent[0], "UID") != League::property(alive, "UID"));
  CHECK(order_of(training.sent[0]) == order_of(doubted));
}
