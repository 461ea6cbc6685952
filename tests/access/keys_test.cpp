// API keys: what they open, and how little a refusal says.
#include "access/owners.hpp"

using namespace roles;

namespace {

const Scope league_whole = Scope::domain("league");
const Scope office = Scope::organizer("league", league::kOrganizer);

std::string refusal_of(Engine& engine, std::string_view key) {
  const auto scope = engine.authenticate_key(key);
  if (scope) FAIL("opened " << scope->domain_name());
  return to_string(scope.error());
}

}  // namespace

TEST_CASE("a key opens the scope that it was made for, and is kept nowhere", "[access]") {
  league::League league;
  Engine& engine = *league.engine;

  for (const Scope& scope : {Scope::system(), league_whole, office}) {
    const auto made = must(engine.add_api_key(Scope::system(), "billing", scope));

    CHECK(must(engine.authenticate_key(made.key)) == scope);
    CHECK(made.key.size() == 70);
    CHECK(made.key.starts_with("calinvite_" + made.entry.id + "_"));
    Names key;
    key.canary = made.key.substr(27);
    key.event = made.key;
    CHECK(rows_of(league.folder_ / "league.db", key).empty());
  }
}

TEST_CASE("unknown, altered, revoked and suspended keys are refused in the same words",
          "[access]") {
  league::League league;
  Engine& engine = *league.engine;
  const auto made = must(engine.add_api_key(league_whole, "reports", office));
  const auto other = must(engine.add_api_key(league_whole, "backup", league_whole));
  const std::string wanted =
      refusal_of(engine, "calinvite_aaaaaaaaaaaaaaaa_" + made.key.substr(27));

  std::vector<std::string> wrong{"", "calinvite_", made.entry.id, made.key + "A", "x" + made.key,
                                 // the secret of one under the id of another
                                 made.key.substr(0, 27) + other.key.substr(27)};
  for (std::size_t at = 0; at < made.key.size(); ++at) {
    wrong.push_back(made.key);
    wrong.back()[at] = made.key[at] == 'b' ? 'c' : 'b';
  }
  for (const std::string& key : wrong) {
    INFO(key);
    CHECK(refusal_of(engine, key) == wanted);
  }

  must(engine.suspend_organizer(league_whole, league::kOrganizer));
  CHECK(refusal_of(engine, made.key) == wanted);
  must(engine.add_organizer({.domain = "league", .address = league::kOrganizer}));
  CHECK(must(engine.authenticate_key(made.key)) == office);
  must(engine.revoke_api_key(league_whole, made.entry.id));
  CHECK(refusal_of(engine, made.key) == wanted);
  CHECK(must(engine.authenticate_key(other.key)) == league_whole);
  CHECK(wanted.find(made.entry.id) == std::string::npos);
}

TEST_CASE("a key can't make one that opens more than it does", "[access]") {
  league::League league;
  Engine& engine = *league.engine;
  const Scope stranger = Scope::organizer("league", "nobody@league.example");

  for (const auto& [by, of] :
       {std::pair{office, league_whole}, std::pair{office, Scope::system()},
        std::pair{league_whole, Scope::system()}, std::pair{league_whole, Scope::domain("cup")},
        std::pair{league_whole, stranger}, std::pair{office, stranger}}) {
    const auto made = engine.add_api_key(by, "more", of);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Code::not_found);
  }
  for (const std::string& label : {std::string(), std::string(101, 'a'), std::string("a\nb")}) {
    const auto made = engine.add_api_key(office, label, office);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Code::invalid_input);
  }
  CHECK(must(engine.list_api_keys(Scope::system())).empty());
}

TEST_CASE("a list of keys says when each was made, last used and revoked", "[access]") {
  league::League league;
  Engine& engine = *league.engine;
  const auto began = league.now;
  const auto made = must(engine.add_api_key(league_whole, "reports", office));
  must(engine.add_api_key(Scope::system(), "everything", Scope::system()));
  const auto entry = [&] { return must(engine.list_api_keys(office)).at(0); };

  CHECK(entry().label == "reports");
  CHECK(entry().created == began);
  CHECK_FALSE(entry().last_used);
  must(engine.authenticate_key(made.key));
  CHECK(entry().last_used == began);
  league.now += 59s;
  must(engine.authenticate_key(made.key));
  CHECK(entry().last_used == began);  // to the minute: a use is no write
  league.now += 1s;
  must(engine.authenticate_key(made.key));
  CHECK(entry().last_used == began + 60s);
  must(engine.revoke_api_key(office, made.entry.id));
  league.now += 60s;
  must(engine.revoke_api_key(office, made.entry.id));
  CHECK(entry().revoked == began + 60s);
  CHECK(must(engine.list_api_keys(office)).size() == 1);
  CHECK(must(engine.list_api_keys(league_whole)).size() == 1);
  CHECK(must(engine.list_api_keys(Scope::system())).size() == 2);
}
