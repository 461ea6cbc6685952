#include "contract/world.hpp"

using namespace contract;

TEST_CASE("a domain comes back as it was added", "[contract]") {
  CONTRACT_WORLD();
  Domain cup = domain_named("cup");
  cup.super_user = "head@cup.example";
  cup.configuration_set = "cup-set";
  cup.separator = '-';
  cup.description_limit = 700;
  cup.cancelled_status_on_uninvite = false;
  cup.landings = {"https://cup.example/thanks", "https://cup.example/"};
  must(world->add_domain(cup));

  const auto found = must(world->find_domain("cup"));

  REQUIRE(found.has_value());
  CHECK(found->from == "fixtures@cup.example");
  CHECK(found->reply_domain == "cup.example");
  CHECK(found->base_url == "https://cup.example");
  CHECK(found->super_user == "head@cup.example");
  CHECK(found->configuration_set == "cup-set");
  CHECK(found->separator == '-');
  CHECK(found->description_limit == 700);
  CHECK_FALSE(found->cancelled_status_on_uninvite);
  CHECK(found->landings == cup.landings);
  CHECK_FALSE(must(world->find_domain("nobody")).has_value());
  CHECK(must(world->list_domains()).size() == 2);
}

TEST_CASE("a domain's settings are stored anew, but not what its addresses are made of",
          "[contract]") {
  CONTRACT_WORLD();
  Domain league = domain_named("league");
  league.from = "office@league.example";
  league.base_url = "https://new.example";
  league.super_user = "head@league.example";
  league.configuration_set = "set";
  league.description_limit = 700;
  league.cancelled_status_on_uninvite = false;
  league.landings = {"https://league.example/thanks"};
  league.separator = '-';
  league.reply_domain = "elsewhere.example";
  must(world->add_domain(domain_named("cup")));
  must(world->save_domain(league));

  const Domain found = must(world->find_domain("league")).value();
  CHECK(found.from == league.from);
  CHECK(found.base_url == league.base_url);
  CHECK(found.super_user == league.super_user);
  CHECK(found.configuration_set == league.configuration_set);
  CHECK(found.description_limit == 700);
  CHECK_FALSE(found.cancelled_status_on_uninvite);
  CHECK(found.landings == league.landings);
  CHECK(found.separator == '+');
  CHECK(found.reply_domain == "league.example");
  CHECK(must(world->find_domain("cup"))->description_limit == Domain().description_limit);
  CHECK(code_of(world->save_domain(domain_named("nobody"))) == Code::not_found);
}

TEST_CASE("a domain's name and its reply domain are taken once", "[contract]") {
  CONTRACT_WORLD();
  Domain same_reply_domain = domain_named("other");
  same_reply_domain.reply_domain = "league.example";

  CHECK(code_of(world->add_domain(domain_named("league"))) == Code::conflict);
  CHECK(code_of(world->add_domain(same_reply_domain)) == Code::conflict);
  CHECK(code_of(world->add_domain(Domain{})) == Code::invalid_argument);
}

TEST_CASE("an organizer is found within the domain, once, and can be suspended", "[contract]") {
  CONTRACT_WORLD();
  const Organizer lists{"league", "lists@league.example",     "Lists",
                        "lists",  OrganizerState::registered, true};
  must(world->add_organizer(lists));

  CHECK(code_of(world->add_organizer(lists)) == Code::conflict);
  CHECK(code_of(world->add_organizer({"nowhere", "a@b.example", "", "a"})) == Code::not_found);
  must(world->set_organizer_state(world.scope, lists.address, OrganizerState::suspended));
  CHECK(code_of(world->set_organizer_state(world.scope, "a@b.example",
                                           OrganizerState::suspended)) == Code::not_found);

  const auto found = must(world->find_organizer(world.scope, lists.address));
  REQUIRE(found.has_value());
  CHECK(found->domain == "league");
  CHECK(found->name == "Lists");
  CHECK(found->local_part == "lists");
  CHECK(found->bulk);
  CHECK(found->state == OrganizerState::suspended);
  CHECK(must(world->list_organizers(world.scope)).size() == 2);
}

TEST_CASE("signing keys are kept sealed and listed oldest first", "[contract]") {
  CONTRACT_WORLD();
  const SealedKey newer{7, {0, 1, 2, 255, 0}, world.now + 1h};
  const SealedKey older{9, {3}, world.now};
  must(world->add_key(world.scope, newer));
  must(world->add_key(world.scope, older));

  const auto keys = must(world->list_keys(world.scope));

  REQUIRE(keys.size() == 2);
  CHECK(keys[0].id == 9);
  CHECK(keys[1].id == 7);
  CHECK(keys[1].sealed == newer.sealed);
  CHECK(keys[1].created == newer.created);
  CHECK(code_of(world->add_key(world.scope, older)) == Code::conflict);
  CHECK(code_of(world->list_keys(Scope::system())) == Code::invalid_argument);
}

TEST_CASE("what a step stored is gone when the step fails", "[contract]") {
  CONTRACT_WORLD();

  const auto failed = world->atomically([&]() -> Result<void> {
    must(world->add_domain(domain_named("cup")));
    return fail(Code::stopped, "changed our mind");
  });

  CHECK(code_of(failed) == Code::stopped);
  CHECK_FALSE(must(world->find_domain("cup")).has_value());
}

TEST_CASE("calls inside a step see each other and land together", "[contract]") {
  CONTRACT_WORLD();
  const auto other = world.open_another();

  must(world->atomically([&]() -> Result<void> {
    must(world->add_domain(domain_named("cup")));
    must(world->atomically([&] {
      return world->add_organizer({"cup", "a@cup.example", "", "a"});
    }));
    CHECK(must(world->find_domain("cup")).has_value());
    CHECK_FALSE(must(other->find_domain("cup")).has_value());
    return {};
  }));

  world.crash();
  CHECK(must(other->find_domain("cup")).has_value());
  CHECK(must(world->find_organizer(Scope::domain("cup"), "a@cup.example")).has_value());
}

TEST_CASE("an inner step that fails takes the whole with it, even when overlooked", "[contract]") {
  CONTRACT_WORLD();

  const auto outer = world->atomically([&]() -> Result<void> {
    must(world->add_domain(domain_named("cup")));
    (void)world->atomically([&] { return Result<void>(fail(Code::stopped, "no")); });
    return {};
  });

  CHECK(code_of(outer) == Code::stopped);
  CHECK_FALSE(must(world->find_domain("cup")).has_value());
  must(world->add_domain(domain_named("cup")));
}

TEST_CASE("a refused call inside a step leaves the rest of the step alone", "[contract]") {
  CONTRACT_WORLD();

  must(world->atomically([&]() -> Result<void> {
    CHECK(code_of(world->add_domain(domain_named("league"))) == Code::conflict);
    return world->add_domain(domain_named("cup"));
  }));

  CHECK(must(world->find_domain("cup")).has_value());
}
