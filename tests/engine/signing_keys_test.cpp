// The keys behind links: one takes over from another, in every process, and one can be taken out.
#include "calinvite/token.hpp"
#include "engine/league.hpp"

using namespace league;

namespace {

std::uint16_t key_of(const std::string& token) {
  const auto id = link_token_key(token);
  REQUIRE(id);
  return *id;
}

/// A league whose event has somebody invited, and the token of their answer.
struct Linked : League {
  Linked() {
    uid = event().uid;
    invite(uid, {person});
    token = rsvp();
  }
  std::string rsvp() {
    const auto minted = engine->rsvp_token(kScope, uid, person);
    if (!minted) FAIL(to_string(minted.error()));
    return *minted;
  }
  const std::string person = "ana@example.com";
  std::string uid, token;
};

}  // namespace

TEST_CASE("after a rotation the new key signs, and what the old one signed stays good",
          "[engine]") {
  Linked league;
  const auto made = league.engine->rotate_key(kScope);
  REQUIRE(made);
  CHECK(made->signs);

  const std::string fresh = league.rsvp();
  CHECK(key_of(fresh) == made->id);
  CHECK(key_of(league.token) != made->id);
  CHECK(league.engine->rsvp(league.token, Partstat::accepted));
  CHECK(league.engine->rsvp(fresh, Partstat::tentative));
  const auto keys = league.engine->list_keys(kScope);
  REQUIRE(keys->size() == 2);
  CHECK_FALSE(keys->at(0).signs);
  CHECK(keys->at(1).id == made->id);
  CHECK(keys->at(1).signs);
}

TEST_CASE("another process follows a rotation and a withdrawal within seconds", "[engine]") {
  Linked league;
  Engine server = league.open();
  REQUIRE(server.find_rsvp(league.token));  // it knows the ring now

  REQUIRE(league.engine->rotate_key(kScope));
  const std::string fresh = league.rsvp();
  league.now += std::chrono::seconds(11);
  CHECK(server.find_rsvp(fresh));
  CHECK(key_of(*server.rsvp_token(kScope, league.uid, league.person)) == key_of(fresh));

  REQUIRE(league.engine->withdraw_key(kScope, key_of(league.token)));
  CHECK_FALSE(league.engine->find_rsvp(league.token));
  league.now += std::chrono::seconds(11);
  const auto dead = server.find_rsvp(league.token);
  REQUIRE_FALSE(dead);
  CHECK(dead.error().code == Code::unauthenticated);
  CHECK(server.find_rsvp(fresh));
}

TEST_CASE("the key that signs is not taken out, and an organizer rotates nothing", "[engine]") {
  Linked league;
  const auto signing = league.engine->withdraw_key(kScope, key_of(league.token));
  REQUIRE_FALSE(signing);
  CHECK(signing.error().code == Code::conflict);
  CHECK(league.engine->withdraw_key(kScope, 999).error().code == Code::not_found);
  const Scope office = Scope::organizer("league", kOrganizer);
  CHECK(league.engine->rotate_key(office).error().code == Code::not_found);
  CHECK(league.engine->list_keys(office).error().code == Code::not_found);
  CHECK(league.engine->withdraw_key(office, 1).error().code == Code::not_found);
}

TEST_CASE("a token tells whose key it is signed by: no other domain's ring is opened", "[engine]") {
  Linked league;
  REQUIRE(league.engine->add_domain({.name = "another",
                                     .from = "cal@another.example",
                                     .reply_domain = "another.example",
                                     .base_url = "https://another.example"}));
  REQUIRE(league.engine->list_keys(Scope::domain("another"))->at(0).id != key_of(league.token));
  // Whoever can't open the other one's keys still answers for their own.
  const auto store = open_store("sqlite:" + (league.folder_ / "league.db").string());
  REQUIRE(store);
  const auto broken = (*store)->add_key(Scope::domain("another"), {900, {1, 2, 3}, league.now});
  REQUIRE(broken);
  league.now += std::chrono::seconds(11);

  CHECK(league.engine->find_rsvp(league.token));
  CHECK((*store)->list_domains_with_key(key_of(league.token))->size() == 1);
}
