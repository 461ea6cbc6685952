#include "contract/world.hpp"

using namespace contract;

TEST_CASE("uses are counted for all subjects or for none, each day anew", "[contract]") {
  CONTRACT_WORLD();
  const std::vector<DailyCap> both = {{"address", 2}, {"event", 3}};
  const std::vector<DailyCap> other = {{"another", 2}, {"event", 3}};
  const auto count = [&](const std::vector<DailyCap>& caps, sys_seconds now) {
    return must(world->count_use(world.scope, caps, now));
  };

  CHECK(count(both, world.now));
  CHECK(count(both, world.now));
  CHECK_FALSE(
      count(both, world.now));  // the address has had its most, and the event is not counted
  CHECK(count(other, world.now));
  CHECK_FALSE(count(other, world.now));
  CHECK_FALSE(count({{"nobody", 0}}, world.now));
  CHECK(count({}, world.now));

  const auto tomorrow = std::chrono::ceil<std::chrono::days>(world.now + 1s);
  CHECK_FALSE(count(both, tomorrow - 1s));
  CHECK(count(both, tomorrow));
  CHECK(count(both, tomorrow));
  CHECK_FALSE(count(both, tomorrow));
}

TEST_CASE("uses are a domain's own", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("rival")));
  const std::vector<DailyCap> once = {{"address", 1}};

  CHECK(must(world->count_use(world.scope, once, world.now)));
  CHECK(must(world->count_use(Scope::domain("rival"), once, world.now)));
  CHECK_FALSE(must(world->count_use(world.scope, once, world.now)));
  CHECK(code_of(world->count_use(Scope::domain("nowhere"), once, world.now)) == Code::not_found);
}

TEST_CASE("facts are found by what their keys begin with", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  const auto keep = [&](const std::string& key, const std::string& detail) {
    DeliveryFact fact;
    fact.domain = "league";
    fact.receipt.kind = ReceiptKind::clicked;
    fact.receipt.time = world.now;
    fact.receipt.event = "cup";
    fact.receipt.address = fan(0);
    fact.receipt.detail = detail;
    fact.dedupe_key = key;
    return must(world->record_fact(fact, world.now));
  };
  CHECK(keep("visit 1 b", "second") == FactVerdict::recorded);
  CHECK(keep("visit 1 a", "first") == FactVerdict::recorded);
  CHECK(keep("visit 1 a", "again") == FactVerdict::repeated);
  keep("visit 10 a", "of another");
  keep("visit 2 a", "of another");
  keep("visit 1", "shorter");

  const auto found = must(world->list_facts(world.scope, "cup", "visit 1 "));
  REQUIRE(found.size() == 2);
  CHECK(found[0].detail == "first");
  CHECK(found[1].detail == "second");
  CHECK(found[0].kind == ReceiptKind::clicked);
  CHECK(found[0].address == fan(0));
  CHECK(must(world->list_facts(world.scope, "cup", "nothing")).empty());
  CHECK(code_of(world->list_facts(world.scope, "cup", "")) == Code::invalid_argument);
  CHECK(code_of(world->list_facts(world.scope, "none", "visit")) == Code::not_found);
  CHECK(code_of(world->list_facts(Scope::domain("nowhere"), "cup", "visit")) == Code::not_found);
}
