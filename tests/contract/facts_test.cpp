#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "contract/world.hpp"

using namespace contract;

namespace {

void invite_fans(World& world, int number) {
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < number; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);
}

/// What a report can show of a receipt.
auto shown(const Receipt& r) {
  return std::tuple(r.kind, r.time, r.address, r.sequence, r.method, r.attempt_id, r.message_id,
                    r.detail);
}

auto shown(World& world) {
  std::multiset<decltype(shown(Receipt{}))> set;
  for (const Receipt& receipt : world.receipts("cup")) set.insert(shown(receipt));
  return set;
}

/// The cached word against the receipts it stands for.
void check_delivery_words(World& world) {
  std::map<std::string, std::vector<ReceiptKind>> kinds;
  for (const Receipt& receipt : world.receipts("cup")) {
    kinds[receipt.address].push_back(receipt.kind);
  }
  for (const auto& [address, found] : kinds) {
    CHECK(world.attendee("cup", address).delivery == delivery_word(found));
  }
}

}  // namespace

TEST_CASE("a fact finds its send by the attempt, else by the message", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "ses-message") == 1);
  world.now += 7s;
  DeliveryFact by_attempt = world.fact(ReceiptKind::accepted, "attempt", "send");
  by_attempt.receipt.message_id = "ses-message";
  DeliveryFact by_message = world.fact(ReceiptKind::delivered, "", "delivery");
  by_message.receipt.message_id = "ses-message";
  by_message.receipt.detail = "250 ok";

  CHECK(must(world->record_fact(by_attempt, world.now)) == FactVerdict::recorded);
  CHECK(must(world->record_fact(by_message, world.now)) == FactVerdict::recorded);

  const Receipt last = world.receipts("cup").back();
  CHECK(last.kind == ReceiptKind::delivered);
  CHECK(last.address == fan(0));
  CHECK(last.sequence == 0);
  CHECK(last.attempt_id == "attempt");
  CHECK(last.detail == "250 ok");
  CHECK(last.time == world.now);
  CHECK(world.attendee("cup", fan(0)).delivery == "delivered");
}

TEST_CASE("the same fact again is recorded once", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const std::string attempt = world.send(world.claim()[0]);
  const auto fact = world.fact(ReceiptKind::delivered, attempt, "delivery");

  CHECK(must(world->record_fact(fact, world.now)) == FactVerdict::recorded);
  CHECK(must(world->record_fact(fact, world.now + 1h)) == FactVerdict::repeated);
  CHECK(world.receipts("cup", ReceiptKind::delivered) == 1);
  CHECK(code_of(world->record_fact(world.fact(ReceiptKind::delivered, attempt, ""), world.now)) ==
        Code::invalid_argument);
}

TEST_CASE("a fact about an unknown send is kept, and found when the send is known", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  DeliveryFact early = world.fact(ReceiptKind::delivered, "", "delivery");
  early.receipt.message_id = "ses-message";

  CHECK(must(world->record_fact(early, world.now)) == FactVerdict::orphan);
  CHECK(must(world->record_fact(early, world.now)) == FactVerdict::repeated);
  CHECK(world.attendee("cup", fan(0)).delivery == "queued");
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "ses-message") == 1);

  CHECK(world.attendee("cup", fan(0)).delivery == "delivered");
  CHECK(must(world->record_fact(early, world.now)) == FactVerdict::repeated);
  CHECK(world.receipts("cup", ReceiptKind::delivered) == 1);
}

TEST_CASE("evidence settles a send in doubt", "[contract]") {
  CONTRACT_WORLD();
  const auto kind = GENERATE(ReceiptKind::accepted, ReceiptKind::delivered, ReceiptKind::bounced,
                             ReceiptKind::complained);
  invite_fans(world, 1);
  const std::string attempt = world.send(world.claim()[0], OutboxState::in_doubt);
  REQUIRE(world.totals().in_doubt == 1);

  must(world->record_fact(world.fact(kind, attempt, "evidence"), world.now));

  CHECK(world.totals().accepted == 1);
  CHECK(world.totals().in_doubt == 0);
  CHECK(world.attendee("cup", fan(0)).held_sequence == 0);
  CHECK(world.attendee("cup", fan(0)).delivery == to_string(kind));
}

TEST_CASE("what proves nothing leaves a send in doubt", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const std::string attempt = world.send(world.claim()[0], OutboxState::in_doubt);

  must(world->record_fact(world.fact(ReceiptKind::opened, attempt, "o"), world.now));

  CHECK(world.totals().in_doubt == 1);
}

TEST_CASE("evidence that comes before the answer is not forgotten", "[contract]") {
  CONTRACT_WORLD();
  const bool dispatcher_lives = GENERATE(true, false);
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  must(world->record_fact(world.fact(ReceiptKind::delivered, "attempt", "d"), world.now));
  CHECK(world.totals().claimed == 1);

  if (dispatcher_lives) {
    CHECK(world.settle(claimed[0], "attempt", OutboxState::in_doubt) == 1);
  } else {
    must(world->recover(world.now + 60s));
  }

  CHECK(world.totals().accepted == 1);
  CHECK(world.attendee("cup", fan(0)).held_sequence == 0);
}

TEST_CASE("evidence stops a second try of what was thought not taken", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const std::string attempt = world.send(world.claim()[0], OutboxState::pending);
  must(world->record_fact(world.fact(ReceiptKind::accepted, attempt, "send"), world.now));

  CHECK(world.claim().empty());
  CHECK(world.totals().accepted == 1);
}

TEST_CASE("R140: a hard bounce or complaint stops further mail to the address", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  const auto claimed = world.claim();
  const std::string attempt = world.send(claimed[0]);
  world.send(claimed[1]);
  world.change("cup");
  DeliveryFact bounce = world.fact(ReceiptKind::bounced, attempt, "bounce");
  bounce.suppress = true;

  must(world->record_fact(bounce, world.now));

  const auto next = world.claim();
  REQUIRE(next.size() == 2);
  CHECK(world.intend(next[0], "first") == IntentVerdict::suppressed);
  CHECK(world.intend(next[1], "second") == IntentVerdict::go);
  world.add_event("second");
  CHECK(world.invite("second", {fan(0)}) == std::vector{InviteVerdict::suppressed});
}

TEST_CASE("any order and any repetition of facts gives the same report", "[contract]") {
  CONTRACT_WORLD();
  const int seed = GENERATE(range(0, 12));
  INFO("seed " << seed);
  constexpr int fans = 8;
  invite_fans(world, fans);
  const auto claimed = world.claim();
  std::vector<std::string> attempts;
  for (int i = 0; i < fans; ++i) {
    // The same for every seed, so that reports can be compared.
    attempts.push_back("attempt-of-" + claimed[i].attendee.address);
    REQUIRE(world.intend(claimed[i], attempts.back()) == IntentVerdict::go);
    const auto state = i % 2 == 0 ? OutboxState::accepted : OutboxState::in_doubt;
    REQUIRE(world.settle(claimed[i], attempts.back(), state,
                         i % 2 == 0 ? "ses-" + attempts.back() : "") == 1);
  }
  std::vector<DeliveryFact> facts;
  for (int i = 0; i < fans; ++i) {
    const std::vector<ReceiptKind> life[] = {
        {ReceiptKind::accepted, ReceiptKind::delivered, ReceiptKind::opened},
        {ReceiptKind::accepted, ReceiptKind::delayed, ReceiptKind::bounced},
        {ReceiptKind::accepted, ReceiptKind::delivered, ReceiptKind::complained},
        {ReceiptKind::accepted, ReceiptKind::rejected}};
    for (const ReceiptKind kind : life[i % 4]) {
      facts.push_back(world.fact(kind, attempts[i], attempts[i] + std::string(to_string(kind))));
      facts.back().suppress = kind == ReceiptKind::complained;
    }
  }
  std::vector<DeliveryFact> arriving = facts;
  arriving.insert(arriving.end(), facts.begin(), facts.end());
  std::mt19937 dice(static_cast<unsigned>(seed));
  if (seed > 0) std::shuffle(arriving.begin(), arriving.end(), dice);
  for (const DeliveryFact& fact : arriving) must(world->record_fact(fact, world.now));

  CHECK(world.totals().accepted == fans);
  CHECK(shown(world).size() == fans * 2 + facts.size());
  const auto statistics = must(world->statistics(world.scope, "cup"));
  CHECK(statistics.attendees == fans - 2);
  CHECK(statistics.delivery ==
        std::map<std::string, std::uint64_t>{
            {"bounced", 2}, {"complained", 2}, {"delivered", 2}, {"rejected", 2}});
  check_delivery_words(world);

  // Against the order in which they happened.
  World in_order(kind_of_store);
  invite_fans(in_order, fans);
  const auto again = in_order.claim();
  for (int i = 0; i < fans; ++i) {
    REQUIRE(in_order.intend(again[i], attempts[i]) == IntentVerdict::go);
    const auto state = i % 2 == 0 ? OutboxState::accepted : OutboxState::in_doubt;
    in_order.settle(again[i], attempts[i], state, i % 2 == 0 ? "ses-" + attempts[i] : "");
  }
  for (const DeliveryFact& fact : facts) must(in_order->record_fact(fact, in_order.now));
  CHECK(shown(world) == shown(in_order));
}

TEST_CASE("statistics count answers, origins, clients and deliveries", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 5);
  world.invite("cup", {fan(5), fan(6)}, "webform");
  world.send_all();
  world.answer("cup", fan(0), Partstat::accepted);
  world.answer("cup", fan(1), Partstat::declined);
  world.answer("cup", fan(2), Partstat::tentative);
  world.answer("cup", fan(3), Partstat::delegated);
  must(world->uninvite(world.scope, "cup", fan(5), world.now));
  must(world->suppress(world.scope, fan(6), "asked for it", world.now));

  const Statistics of_event = must(world->statistics(world.scope, "cup"));
  const Statistics of_domain = must(world->statistics(world.scope, ""));

  using Counts = std::map<std::string, std::uint64_t>;
  CHECK(of_event.attendees == 5);
  CHECK(of_event.origin == Counts{{"api", 5}});
  CHECK(of_event.prodid == Counts{{"-//Example//Calendar 1.0//EN", 4}});
  CHECK(of_event.rsvp ==
        Counts{{"accepted", 1}, {"declined", 1}, {"noaction", 2}, {"tentative", 1}});
  CHECK(of_event.delivery == Counts{{"accepted", 6}});  // the suppressed one too, not the withdrawn
  CHECK(of_domain.attendees == 5);
  CHECK(code_of(world->statistics(world.scope, "none")) == Code::not_found);
}

TEST_CASE("statistics of nothing still name every answer", "[contract]") {
  CONTRACT_WORLD();
  const Statistics statistics = must(world->statistics(world.scope, ""));
  CHECK(statistics.attendees == 0);
  CHECK(statistics.rsvp.size() == 4);
}

TEST_CASE("an answer is in force with its receipt, the same again changes nothing", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  world.send_all();
  world.answer("cup", fan(0), Partstat::accepted);
  world.answer("cup", fan(0), Partstat::accepted);

  const Attendee attendee = world.attendee("cup", fan(0));
  CHECK(attendee.partstat == Partstat::accepted);
  CHECK(attendee.answer_sequence == 0);
  CHECK(attendee.answer_dtstamp == world.now);
  CHECK(attendee.channel == "mail");
  CHECK(attendee.prodid == "-//Example//Calendar 1.0//EN");
  CHECK(attendee.comment == "see you there");
  CHECK(attendee.delivery == "accepted");
  CHECK(world.receipts("cup", ReceiptKind::replied) == 1);
}

TEST_CASE("a reply that is history leaves the answer in force", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  Attendee attendee = world.attendee("cup", fan(0));
  attendee.partstat = Partstat::accepted;
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  receipt.comment = "an older one";

  CHECK(must(world->record_reply(world.scope, {attendee, receipt, {}, true, "key"})));
  CHECK_FALSE(must(world->record_reply(world.scope, {attendee, receipt, {}, true, "key"})));

  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::needs_action);
  CHECK(world.receipts("cup").back().comment == "an older one");
  attendee.address = fan(9);
  CHECK(code_of(world->record_reply(world.scope, {attendee, receipt, {}, true, "key"})) ==
        Code::not_found);
  CHECK(code_of(world->record_reply(world.scope, {attendee, receipt, {}, false, "key"})) ==
        Code::not_found);
}

TEST_CASE("R89: an answer to a dead copy is history at most", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  world.send_all();
  Attendee dead = world.attendee("cup", fan(0));
  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  world.invite("cup", {fan(0)});
  dead.partstat = Partstat::accepted;
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;

  CHECK(code_of(world->record_reply(world.scope, {dead, receipt, {}, false, "key"})) ==
        Code::not_found);
  CHECK(must(world->record_reply(world.scope, {dead, receipt, {}, true, "key"})));
  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::needs_action);
}

TEST_CASE("receipts are listed page by page in the order they came", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 25);
  world.send_all();

  std::vector<Receipt> listed;
  Page page{10, {}};
  do {
    const auto part = must(world->list_receipts(world.scope, "cup", page));
    listed.insert(listed.end(), part.items.begin(), part.items.end());
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(listed.size() == 50);
  CHECK(listed.front().kind == ReceiptKind::queued);
  CHECK(listed.back().kind == ReceiptKind::accepted);
  CHECK(code_of(world->list_receipts(world.scope, "none", {})) == Code::not_found);
  CHECK(code_of(world->list_receipts(world.scope, "cup", {10, "x"})) == Code::invalid_argument);
}

TEST_CASE("the history of one attendee lists all their receipts by time, and nobody else's",
          "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 3);
  const auto claimed = world.claim();
  const std::string attempt = world.send(claimed[1]);
  world.send(claimed[0]);
  const auto sent = world.now;
  world.now = sent + 2min;
  world.answer("cup", fan(1), Partstat::accepted);
  DeliveryFact delivered = world.fact(ReceiptKind::delivered, attempt, "d");
  delivered.receipt.time = sent + 1min;  // told after the answer, and happened before it
  delivered.receipt.channel = "ses";
  must(world->record_fact(delivered, world.now));
  const auto click = [&](const std::string& key, std::chrono::seconds after) {
    DeliveryFact fact = world.fact(ReceiptKind::clicked, attempt, key);
    fact.receipt.time = delivered.receipt.time + after;
    must(world->record_fact(fact, world.now));
  };
  click("before", -3s);
  click("soon", 10s);
  click("late", 11s);
  const std::string who = claimed[1].attendee.address;
  REQUIRE(who == fan(1));

  std::vector<std::string> seen;
  Page page{2, {}};
  do {
    const auto part = must(world->list_history(world.scope, "cup", who, page));
    CHECK(part.items.size() <= 2);
    for (const HistoryItem& item : part.items) {
      CHECK(item.receipt.address == who);
      seen.push_back(std::string(to_string(item.receipt.kind)) + ' ' +
                     std::string(to_string(item.evidence)));
    }
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(seen == std::vector<std::string>{"queued verified", "accepted verified",
                                         "clicked automated", "delivered verified",
                                         "clicked automated", "clicked unverified",
                                         "replied verified"});
  CHECK(must(world->list_history(world.scope, "cup", fan(2), {})).items.size() == 1);
  CHECK(must(world->list_history(world.scope, "cup", "nobody@example.net", {})).items.empty());
  CHECK(code_of(world->list_history(Scope::domain("cup"), "cup", who, {})) == Code::not_found);
  CHECK(code_of(world->list_history(world.scope, "cup", who, {2, "x"})) == Code::invalid_argument);
}

TEST_CASE("by which channel a fact came is kept, also of one that waits for its send",
          "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  DeliveryFact early = world.fact(ReceiptKind::delivered, "", "delivery");
  early.receipt.message_id = "ses-message";
  early.receipt.channel = "ses";
  CHECK(must(world->record_fact(early, world.now)) == FactVerdict::orphan);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "ses-message") == 1);
  DeliveryFact late = world.fact(ReceiptKind::delayed, "attempt", "delay");
  late.receipt.channel = "mail";
  must(world->record_fact(late, world.now));

  for (const Receipt& receipt : world.receipts("cup")) {
    const std::string channel = receipt.kind == ReceiptKind::delivered ? "ses"
                                : receipt.kind == ReceiptKind::delayed ? "mail"
                                                                       : "";
    CHECK(receipt.channel == channel);
  }
}
