// A person who is erased is named nowhere, counts as before, and stays suppressed by a hash.
#include "contract/world.hpp"

using namespace contract;

namespace {

const std::string stand_in = "erased-0001@erased.invalid";

struct Memory {
  explicit Memory(World& world) : world(world) { world->set_erasure_key({42}); }

  Erasure erase(const std::string& address, const std::string& other = stand_in) {
    return must(world->erase(world.scope, address, other, world.now));
  }
  InviteVerdict invite_again(const std::string& uid, const std::string& address) {
    return world.invite(uid, {address}).at(0);
  }
  World& world;
};

}  // namespace

TEST_CASE("an erased attendee leaves rows that count and name nobody", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  world.add_event();
  world.invite("cup", {fan(0), fan(1)});
  world.send_all();
  world.answer("cup", fan(0), Partstat::accepted);
  const Attendee before = world.attendee("cup", fan(0));
  const auto totals = world.totals();
  const auto receipts = world.receipts("cup").size();
  const auto delivery = must(world->statistics(world.scope, "cup")).delivery;

  const Erasure done = memory.erase(fan(0));

  CHECK(done.attendees == 1);
  CHECK(done.receipts == 3);
  CHECK_FALSE(must(world->find_attendee(world.scope, "cup", fan(0))).has_value());
  CHECK_FALSE(must(world->find_attendee_by_id(world.scope, before.id)).has_value());
  CHECK_FALSE(must(world->find_attendee_by_uid(world.scope, before.uid)).has_value());
  const Attendee left = world.attendee("cup", stand_in);
  CHECK(left.partstat == Partstat::accepted);
  CHECK((left.name + left.comment + left.prodid + left.proposal).empty());
  CHECK(world.totals().accepted == totals.accepted);
  CHECK(world.receipts("cup").size() == receipts);
  CHECK(must(world->statistics(world.scope, "cup")).delivery == delivery);
  CHECK(must(world->statistics(world.scope, "cup")).attendees == 1);
  for (const Receipt& receipt : world.receipts("cup")) {
    CHECK(receipt.address != fan(0));
    if (receipt.kind == ReceiptKind::replied) CHECK(receipt.detail == "accepted");
  }
  check_conservation(world.totals());
}

TEST_CASE("an erased person stays suppressed until the super user lifts it", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  world.add_event();
  world.add_event("next");
  world.invite("cup", {fan(0)});
  must(world->suppress(world.scope, fan(0), "complained", world.now));
  memory.erase(fan(0));

  CHECK(memory.invite_again("next", fan(0)) == InviteVerdict::suppressed);
  CHECK(memory.invite_again("next", fan(1)) == InviteVerdict::invite);
  CHECK_FALSE(must(world->add_suppression(
      world.scope, {"league", World::organizer, fan(0), "manual", world.now})));
  const auto rows = must(world->list_suppressions(world.scope, fan(0), {})).items;
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].reason == "erased");
  CHECK(rows[0].address.find("fan0") == std::string::npos);
  // Another key makes another hash: the address can't be found by trying without the key.
  world->set_erasure_key({43});
  CHECK(must(world->list_suppressions(world.scope, fan(0), {})).items.empty());
  world->set_erasure_key({42});

  must(world->remove_suppression(world.scope, {"", "", fan(0), "", {}}));
  CHECK(memory.invite_again("next", fan(0)) == InviteVerdict::invite);
  // Their old rows are mailed nothing all the same, and they can be erased again.
  CHECK(world.change("cup").skip.count("suppressed") == 1);
  memory.erase(fan(0), "erased-0002@erased.invalid");
  CHECK(memory.invite_again("cup", fan(0)) == InviteVerdict::suppressed);
}

TEST_CASE("what waits for an erased person is not sent", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  world.add_event();
  world.invite("cup", {fan(0), fan(1), fan(2)});
  const auto claimed = world.claim(2);
  const auto leaving = world.draws.attempt();
  REQUIRE(world.intend(claimed[0], leaving) == IntentVerdict::go);

  memory.erase(fan(1), "erased-0002@erased.invalid");  // claimed, not intended
  memory.erase(fan(2), "erased-0003@erased.invalid");  // pending
  memory.erase(fan(0));                                // on its way

  CHECK(world.intend(claimed[1], world.draws.attempt()) == IntentVerdict::lost);
  CHECK(world.claim().empty());
  CHECK(world.settle(claimed[0], leaving, OutboxState::refused) == 1);
  CHECK(world.totals().suppressed == 2);
  CHECK(world.totals().refused == 1);
  for (const auto& entry : world.entries(OutboxState::refused)) CHECK(entry.reason.empty());
  check_conservation(world.totals());
}

TEST_CASE("facts that come late about an erased person name nobody", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  world.add_event();
  world.invite("cup", {fan(0)});
  const std::string attempt = world.send(world.claim().at(0));
  const auto bounce = [&](const std::string& of) {
    DeliveryFact fact = world.fact(ReceiptKind::bounced, of, of + " bounced " + fan(0));
    fact.receipt.address = fan(0);
    fact.receipt.detail = "550 <" + fan(0) + "> unknown";
    fact.suppress = true;
    return fact;
  };
  must(world->record_fact(bounce(attempt), world.now));
  memory.erase(fan(0));

  CHECK(must(world->record_fact(bounce(attempt), world.now)) == FactVerdict::repeated);
  DeliveryFact late = bounce(attempt);
  late.receipt.kind = ReceiptKind::complained;
  late.dedupe_key = attempt + " complained " + fan(0);
  CHECK(must(world->record_fact(late, world.now)) == FactVerdict::recorded);
  CHECK(must(world->record_fact(late, world.now)) == FactVerdict::repeated);
  CHECK(must(world->record_fact(bounce("nobody's"), world.now)) == FactVerdict::orphan);
  for (const Receipt& receipt : world.receipts("cup")) {
    CHECK(receipt.address == stand_in);
    CHECK(receipt.detail.find(fan(0)) == std::string::npos);
  }
  CHECK(must(world->list_suppressions(world.scope, "", {})).items.size() == 1);
}

TEST_CASE("what others said of an erased person says it no more", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  world.add_event();
  world.invite("cup", {fan(0), fan(10)});
  world.send_all();
  Attendee other = world.attendee("cup", fan(10));
  other.comment = "FAN0@fans.example comes in my place, not fan10@fans.example";
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  receipt.detail = "declined, delegated to " + fan(0);
  receipt.comment = other.comment;
  must(world->record_reply(world.scope, {other, receipt, std::nullopt, false, "key"}));
  must(world->record_shared_attendee(
      world.scope, {"cup", fan(5), "Somebody", Partstat::accepted, fan(0), world.now}));
  Notice notice;
  notice.address = World::organizer;
  notice.text = "Row 7: " + fan(0) + " was invited";
  must(world->add_notice(world.scope, notice, 10, world.now));

  memory.erase(fan(0));

  const std::string comment = world.attendee("cup", fan(10)).comment;
  CHECK(comment == stand_in + " comes in my place, not fan10@fans.example");
  for (const Receipt& kept : world.receipts("cup")) {
    CHECK(kept.detail.find(fan(0)) == std::string::npos);
    CHECK(kept.comment.find("FAN0") == std::string::npos);
  }
  const auto shared = must(world->list_shared_attendees(world.scope, "cup", {})).items;
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].via == stand_in);
  for (const auto& claimed : world.claim()) {
    REQUIRE(claimed.notice.has_value());
    CHECK(claimed.notice->text == "Row 7: " + stand_in + " was invited");
  }
}

TEST_CASE("who still acts for a domain is not erased; a suspended organizer's events stay",
          "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  const std::string second = "second@league.example";
  must(world->add_organizer({"league", second, "Second Office", "second"}));
  Event event = world.event();
  event.organizer = event.source_organizer = second;
  must(world->add_event(world.scope, event));
  world.invite("cup", {fan(0)});
  const auto attempt = [&](const Scope& scope, const std::string& address) {
    return code_of(world->erase(scope, address, stand_in, world.now));
  };
  CHECK(attempt(world.scope, second) == Code::conflict);
  CHECK(attempt(Scope::system(), second) == Code::conflict);
  CHECK(attempt(Scope::organizer("league", second), fan(0)) == Code::forbidden);
  CHECK(attempt(Scope::domain("nowhere"), second) == Code::not_found);
  Domain domain = must(world->find_domain("league")).value();
  domain.super_user = fan(0);
  must(world->save_domain(domain));
  CHECK(attempt(world.scope, fan(0)) == Code::conflict);
  CHECK(must(world->find_organizer(world.scope, second)).has_value());
  CHECK(must(world->find_attendee(world.scope, "cup", fan(0))).has_value());

  must(world->set_organizer_state(world.scope, second, OrganizerState::suspended));
  memory.erase(second);

  CHECK_FALSE(must(world->find_organizer(world.scope, second)).has_value());
  const Event left = must(world->find_event(world.scope, "cup")).value();
  CHECK(left.organizer == stand_in);
  CHECK(left.source_organizer == stand_in);
  CHECK(must(world->find_organizer(world.scope, stand_in)).value().name.empty());
  const auto sent = world.send_all();
  REQUIRE(sent.size() == 1);
  CHECK_FALSE(sent[0].address_token.empty());
}

TEST_CASE("one domain forgets a person, another does not", "[contract]") {
  CONTRACT_WORLD();
  Memory memory(world);
  const Scope rival = Scope::domain("rival");
  must(world->add_domain(domain_named("rival")));
  must(world->add_organizer({"rival", World::organizer, "", "fixtures"}));
  for (const Scope& scope : {world.scope, rival}) {
    must(world->add_event(scope, world.event()));
    must(world->add_invites(scope, "cup", std::vector{world.draws.attendee(fan(0))},
                            {World::series()}, world.now));
    must(world->record_consent(scope, {"", "", fan(0), "form", world.now, ""}));
  }
  CHECK(memory.erase(fan(0)).consents == 1);
  CHECK(must(world->find_attendee(rival, "cup", fan(0))).has_value());
  CHECK(must(world->list_consents(rival, fan(0), {})).items.size() == 1);

  const Erasure rest =
      must(world->erase(Scope::system(), fan(0), "erased-0002@erased.invalid", world.now));
  CHECK(rest.attendees == 1);
  CHECK_FALSE(must(world->find_attendee(rival, "cup", fan(0))).has_value());
  must(world->add_event(rival, world.event("next")));
  const std::vector<InviteRequest> requests{{fan(0), "", ""}};
  CHECK(must(world->plan_invites(rival, "next", requests, "api", 0)) ==
        std::vector{InviteVerdict::suppressed});
}

TEST_CASE("without a key nobody is erased, and what the organizer wrote is told", "[contract]") {
  CONTRACT_WORLD();
  Event event = world.event();
  event.description = "Ask " + fan(0) + " for the keys";
  must(world->add_event(world.scope, event));
  CHECK(code_of(world->erase(world.scope, fan(0), stand_in, world.now)) == Code::invalid_argument);

  Memory memory(world);
  CHECK(memory.erase(fan(0)).named == std::vector<std::string>{"cup"});
  CHECK(must(world->find_event(world.scope, "cup")).value().description == event.description);
  must(world->compact());
}
