#include <algorithm>

#include "contract/world.hpp"

using namespace contract;

namespace {

using Skips = std::map<std::string, std::uint64_t>;

/// Fans 0 to n-1, invited and all sent their copy.
void hold_copies(World& world, int number) {
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < number; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);
  REQUIRE(world.send_all().size() == static_cast<std::size_t>(number));
}

}  // namespace

TEST_CASE("a change stores the new revision and mails every holder", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 3);
  Event after = must(world->find_event(world.scope, "cup")).value();
  after.start += 48h;
  after.end += 48h;
  after.location = "Another ground";
  after.conference = "https://meet.example/2";
  after.reminder = 20min;
  after.transparent = true;
  after.wants_answers = after.counters_allowed = false;
  after.exdates = {after.start + 24h};
  world.now += 5s;
  const Change change{Method::request, 1, true, {}};

  const auto counts =
      must(world->apply_change(world.scope, after, 0, change, {World::series()}, false, world.now));

  CHECK(counts.update == 3);
  CHECK(counts.cancel == 0);
  CHECK(counts.superseded == 0);
  CHECK(counts.skip.empty());
  const Event stored = must(world->find_event(world.scope, "cup")).value();
  CHECK(stored.start == after.start);
  CHECK(stored.location == "Another ground");
  CHECK(stored.conference == after.conference);
  CHECK(stored.reminder == after.reminder);
  CHECK(stored.transparent);
  CHECK_FALSE(stored.wants_answers);
  CHECK_FALSE(stored.counters_allowed);
  CHECK(stored.exdates == after.exdates);
  CHECK(stored.sequence == 1);
  CHECK(stored.key_sequence == 1);
  CHECK(stored.changed == world.now);
  CHECK(stored.created == start_of_time);
  const auto claimed = world.send_all();
  REQUIRE(claimed.size() == 3);
  CHECK(claimed[0].sequence == 1);
  CHECK_FALSE(claimed[0].first_message_id.empty());
  CHECK(world.attendee("cup", fan(0)).held_sequence == 1);
}

TEST_CASE("of two changes of one revision only the first is taken", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  const Event after = world.event();
  const auto apply = [&](std::int32_t before, std::int32_t sequence) {
    return world->apply_change(world.scope, after, before, {Method::request, sequence, false, {}},
                               {World::series()}, false, world.now);
  };

  must(apply(0, 1));
  CHECK(code_of(apply(0, 1)) == Code::conflict);
  CHECK(code_of(apply(1, 1)) == Code::invalid_argument);
  CHECK(code_of(apply(1, 0)) == Code::invalid_argument);
  CHECK(world.totals().planned == 2);
}

TEST_CASE("R80: unsent messages of an older revision are superseded by the newer one",
          "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 2);
  CHECK(world.change("cup").update == 2);

  const auto counts = world.change("cup");

  CHECK(counts.superseded == 2);
  CHECK(counts.update == 2);
  CHECK(world.receipts("cup", ReceiptKind::superseded) == 2);
  for (const auto& invite : world.send_all()) CHECK(invite.sequence == 2);
  const auto totals = world.totals();
  CHECK(totals.accepted == 4);
  CHECK(totals.superseded == 2);
  check_conservation(totals);
}

TEST_CASE("R80: no older intent commits after a newer revision", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0), fan(1)});
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "on its way") == IntentVerdict::go);

  const auto counts = world.change("cup");

  CHECK(counts.superseded == 1);
  CHECK(counts.update == 2);
  CHECK(world.intend(claimed[1], "too late") == IntentVerdict::superseded);
  // Who never got the first REQUEST gets the new one at once; the other one's turn comes later.
  auto next = world.claim();
  REQUIRE(next.size() == 1);
  CHECK(next[0].attendee.address == fan(1));
  CHECK(next[0].sequence == 1);
  CHECK(world.settle(claimed[0], "on its way", OutboxState::accepted, "m") == 1);
  next = world.claim();
  REQUIRE(next.size() == 1);
  CHECK(next[0].attendee.address == fan(0));
}

TEST_CASE("R80: a send that was not taken gives way to the newer revision", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  world.change("cup");

  CHECK(world.settle(claimed[0], "attempt", OutboxState::pending) == 1);

  CHECK(world.totals().superseded == 1);
  const auto next = world.claim();
  REQUIRE(next.size() == 1);
  CHECK(next[0].sequence == 1);
}

TEST_CASE("R80: a send that was not taken is made up for when the change says less", "[contract]") {
  for (const Method method : {Method::request, Method::cancel}) {
    CONTRACT_WORLD();
    world.add_event();
    world.invite("cup", {fan(0)});
    const auto claimed = world.claim();
    REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
    const Event after = must(world->find_event(world.scope, "cup")).value();
    const Change change{method, 1, true, {World::occurrence(7)}};
    must(world->apply_change(world.scope, after, 0, change, {World::instance(7, method)}, false,
                             world.now));

    CHECK(world.settle(claimed[0], "attempt", OutboxState::pending) == 1);

    // The series comes first, and then its date.
    CHECK(world.totals().superseded == 0);
    const auto series = world.claim();
    REQUIRE(series.size() == 1);
    CHECK(series[0].sequence == 1);
    CHECK(series[0].method == Method::request);
    CHECK_FALSE(series[0].occurrence);
    world.send(series[0]);
    const auto date = world.claim();
    REQUIRE(date.size() == 1);
    CHECK(date[0].method == method);
    CHECK(date[0].occurrence == World::occurrence(7));
    world.send(date[0]);
    CHECK(world.attendee("cup", fan(0)).held_sequence == 1);
    check_conservation(world.totals());
  }
}

TEST_CASE("decliners hear of a change only when asked for", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 4);
  world.answer("cup", fan(0), Partstat::declined);
  world.answer("cup", fan(1), Partstat::accepted);
  world.answer("cup", fan(2), Partstat::tentative);

  const auto polite = world.change("cup");
  CHECK(polite.update == 3);
  CHECK(polite.skip == Skips{{"declined", 1}});
  world.send_all();
  const auto everybody = world.change("cup", Method::request, false, true);
  CHECK(everybody.update == 4);
  CHECK(everybody.skip.empty());
}

TEST_CASE("R71, R72: a key change asks again, a minor one keeps the answers", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 3);
  world.answer("cup", fan(0), Partstat::accepted);
  world.answer("cup", fan(1), Partstat::declined);

  world.change("cup");
  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::accepted);
  CHECK(must(world->find_event(world.scope, "cup")).value().key_sequence == 0);

  world.change("cup", Method::request, true);
  const Attendee asked = world.attendee("cup", fan(0));
  CHECK(asked.partstat == Partstat::needs_action);
  CHECK(asked.answer_sequence == -1);
  CHECK(asked.channel.empty());
  CHECK(asked.comment.empty());
  CHECK(must(world->find_event(world.scope, "cup")).value().key_sequence == 2);
  // Not asked again, and so not asked at the next change either.
  CHECK(world.attendee("cup", fan(1)).partstat == Partstat::declined);
  CHECK(world.change("cup").skip == Skips{{"declined", 1}});
}

TEST_CASE("a changed date of a series keeps the answers to the series", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.answer("cup", fan(0), Partstat::accepted);
  const Event after = must(world->find_event(world.scope, "cup")).value();
  const Change change{Method::request, 1, true, {World::occurrence(7)}};

  must(world->apply_change(world.scope, after, 0, change, {World::instance(7)}, false, world.now));

  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::accepted);
  CHECK(must(world->find_event(world.scope, "cup")).value().key_sequence == 0);
}

TEST_CASE("cancelling an event keeps its answers on record", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.answer("cup", fan(0), Partstat::accepted);

  world.change("cup", Method::cancel, true);

  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::accepted);
}

TEST_CASE("suppressed and withdrawn people hear nothing of a change", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 3);
  must(world->suppress(world.scope, fan(0), "bounced", world.now));
  must(world->uninvite(world.scope, "cup", fan(1), world.now));

  const auto counts = world.change("cup");

  CHECK(counts.update == 1);
  CHECK(counts.skip == Skips{{"suppressed", 1}});
  CHECK(counts.superseded == 0);
}

TEST_CASE("R82: the CANCEL of a withdrawn copy leaves whatever becomes of the event",
          "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  world.change("cup");
  world.change("cup");

  const auto claimed = world.send_all();

  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].method == Method::cancel);
  CHECK(claimed[0].sequence == 1);
}

TEST_CASE("R87: cancelling an event mails those who may hold a copy and nobody else",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0), fan(1), fan(2), fan(3), fan(4)});
  const auto claimed = world.claim(4);
  world.send(claimed[0]);                         // holds a copy
  world.send(claimed[1], OutboxState::in_doubt);  // may hold one
  world.send(claimed[2], OutboxState::refused);   // holds none; fan(4) waits unsent
  REQUIRE(world.intend(claimed[3], "flying") == IntentVerdict::go);

  const auto counts = world.change("cup", Method::cancel, true);

  CHECK(counts.cancel == 3);
  CHECK(counts.update == 0);
  CHECK(counts.superseded == 1);
  CHECK(counts.skip == Skips{{"never_sent", 2}});
  CHECK(world.send_all().size() == 2);
  CHECK(world.settle(claimed[3], "flying", OutboxState::refused) == 1);
  const auto last = world.claim();
  REQUIRE(last.size() == 1);
  CHECK(world.intend(last[0], "nothing to cancel") == IntentVerdict::superseded);
  CHECK_FALSE(must(world->next_due()).has_value());
  check_conservation(world.totals());
}

TEST_CASE("R80, R87: a CANCEL never overtakes the REQUEST on its way", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "flying") == IntentVerdict::go);
  CHECK(must(world->uninvite(world.scope, "cup", fan(0), world.now)).cancel == 1);

  CHECK(world.claim().empty());
  CHECK(world.settle(claimed[0], "flying", OutboxState::accepted, "m") == 1);
  const auto next = world.claim();
  REQUIRE(next.size() == 1);
  CHECK(next[0].method == Method::cancel);
  CHECK(world.intend(next[0], "cancel") == IntentVerdict::go);
}

TEST_CASE("R87: a withdrawn REQUEST that was not taken is not tried again, nor cancelled",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "flying") == IntentVerdict::go);
  must(world->uninvite(world.scope, "cup", fan(0), world.now));

  CHECK(world.settle(claimed[0], "flying", OutboxState::pending) == 1);
  const auto next = world.claim();
  REQUIRE(next.size() == 1);
  CHECK(world.intend(next[0], "cancel") == IntentVerdict::superseded);
  CHECK(world.totals().superseded == 2);
}

TEST_CASE("R73: a change of one instance mails the instance alone", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 2);

  const auto counts = world.change("cup", {World::instance(7)}, true);

  CHECK(counts.update == 2);
  for (const auto& invite : world.send_all()) {
    CHECK(invite.occurrence == World::occurrence(7));
    CHECK(invite.sequence == 1);
  }
}

TEST_CASE("R80: what an unsent message announced is not lost to a change of one instance",
          "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.invite("cup", {fan(1)});  // still waits for the series
  world.change("cup", {World::instance(7)}, true);

  const auto counts = world.change("cup", {World::instance(8)}, true);

  // Instance 7 for fan(0); the series and instance 7 for fan(1); instance 8 for both.
  CHECK(counts.superseded == 3);
  CHECK(counts.update == 5);
  std::vector<std::pair<std::string, std::optional<OccurrenceId>>> sent;
  while (true) {
    const auto claimed = world.send_all();
    if (claimed.empty()) break;
    for (const auto& invite : claimed) {
      CHECK(invite.sequence == 2);
      sent.emplace_back(invite.attendee.address, invite.occurrence);
    }
  }
  std::stable_sort(sent.begin(), sent.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const decltype(sent) expected{{fan(0), World::occurrence(7)},
                                {fan(0), World::occurrence(8)},
                                {fan(1), std::nullopt},
                                {fan(1), World::occurrence(7)},
                                {fan(1), World::occurrence(8)}};
  CHECK(sent == expected);
}

TEST_CASE("R80: a mailing of the series replaces all that waits", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.change("cup", {World::instance(7)}, true);

  const auto counts = world.change("cup", {World::series(), World::instance(7)}, true);

  CHECK(counts.superseded == 1);
  CHECK(counts.update == 2);
}

TEST_CASE("R86, R87: a cancelled instance is no news for who never held the series", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.invite("cup", {fan(1)});

  const auto counts = world.change("cup", {World::instance(7, Method::cancel)}, true);

  CHECK(counts.cancel == 1);
  CHECK(counts.update == 1);  // the series, which now leaves the instance out
  CHECK(counts.skip.empty());
}

TEST_CASE("R77: someone invited after a change gets the current revision", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.change("cup");
  world.send_all();

  world.invite("cup", {fan(1)});

  const auto claimed = world.send_all();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].sequence == 1);
}

TEST_CASE("a test copy sent twice is updated once", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)}, "test");
  world.invite("cup", {fan(0)}, "test");

  const auto counts = world.change("cup", {World::instance(7)}, true);

  CHECK(counts.superseded == 2);
  CHECK(counts.update == 2);  // the series once, and the instance
}

TEST_CASE("R70: a claim tells the DTSTAMP of the last attempt of its copy and date", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  const auto first = world.now;
  CHECK(world.change("cup", {World::instance(7)}, true).update == 1);
  auto claimed = world.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].last_dtstamp == sys_seconds());  // nothing was said of that date
  world.send(claimed[0]);

  world.now += 5s;
  must(world->resend(world.scope, "cup", fan(0), {World::series()}, world.now, world.now));
  claimed = world.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].last_dtstamp == first);
  CHECK_FALSE(claimed[0].repeats_doubt);
}

TEST_CASE("R79: a claim tells whether it repeats what is in doubt", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  world.send_all(OutboxState::in_doubt);
  const auto doubted = world.now;
  world.now += 5s;
  must(world->resend(world.scope, "cup", fan(0), {World::series()}, world.now, world.now));
  auto claimed = world.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].repeats_doubt);
  CHECK(claimed[0].last_dtstamp == doubted);

  // So does one that was stored anew under the same SEQUENCE (R70).
  Event anew = must(world->find_event(world.scope, "cup")).value();
  anew.transparent = true;
  anew.changed = world.now;
  must(world->save_event(world.scope, anew));
  must(world->release(world.fence));
  claimed = world.claim();
  CHECK_FALSE(claimed.at(0).repeats_doubt);
  CHECK(claimed[0].last_dtstamp == doubted);

  // The next revision says something else.
  world.send(claimed[0], OutboxState::in_doubt);
  world.change("cup");
  claimed = world.claim();
  REQUIRE(claimed.size() == 1);
  CHECK_FALSE(claimed[0].repeats_doubt);
}

TEST_CASE("R79: what certainly did not leave does not end a doubt", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  world.send_all(OutboxState::in_doubt);
  const auto doubted = world.now;
  for (const auto end : {OutboxState::refused, OutboxState::accepted}) {
    world.now += 5s;
    must(world->resend(world.scope, "cup", fan(0), {World::series()}, world.now, world.now));
    const auto claimed = world.claim();
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].repeats_doubt);
    CHECK(claimed[0].last_dtstamp == doubted);
    world.send(claimed[0], end);
  }
}

TEST_CASE("R80: what was given up is told with the next change, once", "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 2);
  world.change("cup", {World::instance(7)}, true);
  auto claimed = world.claim();
  world.send(claimed.at(0), OutboxState::refused);
  world.send(claimed.at(1));

  CHECK(world.change("cup", {World::instance(8)}, true).update == 3);
  std::vector<std::optional<OccurrenceId>> told;
  for (auto part = world.send_all(); !part.empty(); part = world.send_all()) {
    for (const auto& invite : part) told.push_back(invite.occurrence);
  }
  CHECK(told.size() == 3);
  CHECK(std::count(told.begin(), told.end(), World::occurrence(7)) == 1);
  CHECK(world.change("cup", {World::instance(9)}, true).update == 2);
  check_conservation(world.totals());
}

TEST_CASE("R72: a date is told with its own answer, or that to the series since it changed",
          "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  world.answer("cup", fan(0), Partstat::accepted);
  const auto told_now = [&] {
    const auto claimed = world.send_all();
    REQUIRE(claimed.size() == 1);
    return claimed[0].attendee.partstat;
  };
  const auto change_date = [&](bool key) {
    Event after = must(world->find_event(world.scope, "cup")).value();
    const auto before = after.sequence++;
    after.summary += "!";
    const Change change{Method::request, after.sequence, key, {World::occurrence(7)}};
    must(world->apply_change(world.scope, after, before, change, {World::instance(7)}, false,
                             world.now));
  };
  change_date(false);
  CHECK(told_now() == Partstat::accepted);
  change_date(true);
  CHECK(told_now() == Partstat::needs_action);
  change_date(false);
  CHECK(told_now() == Partstat::needs_action);

  world.now += 5s;
  world.answer("cup", fan(0), Partstat::tentative);
  change_date(false);
  CHECK(told_now() == Partstat::tentative);
  Attendee attendee = world.attendee("cup", fan(0));
  attendee.partstat = Partstat::declined;
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  must(world->record_reply(world.scope,
                           {attendee, receipt, World::occurrence(7), false, "to the date"}));
  change_date(false);
  CHECK(told_now() == Partstat::declined);
}

TEST_CASE("a message about one date raises what a copy holds unless something older is open",
          "[contract]") {
  CONTRACT_WORLD();
  hold_copies(world, 1);
  const auto held = [&] { return world.attendee("cup", fan(0)).held_sequence; };
  const auto end_next = [&](OutboxState state) { return world.send(world.claim().at(0), state); };
  world.change("cup", {World::instance(7)}, true);
  end_next(OutboxState::accepted);
  CHECK(held() == 1);

  world.change("cup", {World::series(), World::instance(7)}, true);
  const auto end = GENERATE(OutboxState::refused, OutboxState::in_doubt);
  const auto attempt = end_next(end);
  end_next(OutboxState::accepted);
  CHECK(held() == 1);
  if (end == OutboxState::in_doubt) {
    world.change("cup", {World::instance(8)}, true);
    end_next(OutboxState::accepted);
    CHECK(held() == 1);
    must(world->record_fact(world.fact(ReceiptKind::delivered, attempt, "late"), world.now));
    CHECK(held() == 3);  // the doubt was all that stood against it
  }
  world.change("cup");
  end_next(OutboxState::accepted);
  CHECK(held() == must(world->find_event(world.scope, "cup"))->sequence);
}
