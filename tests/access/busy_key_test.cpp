// An API key opens its scope also while somebody else writes to the store.
#include "access/owners.hpp"

using namespace roles;

TEST_CASE("a key is good while its use can't be noted, and nobody waits for that", "[access]") {
  league::League league;
  const auto made =
      must(league.engine->add_api_key(Scope::system(), "billing", Scope::domain("league")));
  const auto writer = must(open_store("sqlite:" + (league.folder_ / "league.db").string()));

  const auto busy = writer->atomically([&]() -> Result<void> {
    CHECK(must(league.engine->authenticate_key(made.key)) == Scope::domain("league"));
    return {};
  });
  REQUIRE(busy);
  CHECK_FALSE(must(league.engine->list_api_keys(Scope::system())).at(0).last_used);

  must(league.engine->authenticate_key(made.key));
  CHECK(must(league.engine->list_api_keys(Scope::system())).at(0).last_used);
}
