#include "base/crypto.hpp"
#include "contract/world.hpp"

using namespace contract;

TEST_CASE("the same bytes are quarantined once in a domain", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("cup")));
  const Quarantined item{0,
                         "mail.eml",
                         "a@b.example",
                         "not authenticated",
                         std::string("From: a@b\r\n\0\xff binary", 19),
                         world.now};
  Quarantined elsewhere = item;
  elsewhere.source = "again.eml";

  CHECK(must(world->add_quarantine(world.scope, item)));
  CHECK_FALSE(must(world->add_quarantine(world.scope, elsewhere)));
  CHECK(must(world->add_quarantine(Scope::domain("cup"), item)));
  CHECK(must(world->add_quarantine(Scope::system(), item)));

  const auto listed = must(world->list_quarantine(world.scope, {}));
  REQUIRE(listed.items.size() == 1);
  CHECK(listed.items[0].source == "mail.eml");
  CHECK(listed.items[0].sender == "a@b.example");
  CHECK(listed.items[0].reason == "not authenticated");
  CHECK(listed.items[0].time == world.now);
  CHECK(listed.items[0].raw.empty());
  CHECK(must(world->get_quarantined(world.scope, listed.items[0].id)).raw == item.raw);
  CHECK(must(world->list_quarantine(Scope::system(), {})).items.size() == 3);
}

TEST_CASE("the same bytes refused for another reason are one item with the newer reason",
          "[contract]") {
  CONTRACT_WORLD();
  Quarantined item{0, "mail.eml", "", "not authenticated", "raw", world.now};
  must(world->add_quarantine(world.scope, item));
  item.reason = "no calendar";

  CHECK(must(world->add_quarantine(world.scope, item)));
  CHECK_FALSE(must(world->add_quarantine(world.scope, item)));

  const auto listed = must(world->list_quarantine(world.scope, {}));
  REQUIRE(listed.items.size() == 1);
  CHECK(listed.items[0].reason == "no calendar");
}

TEST_CASE("a dropped item is gone, its number is not used again", "[contract]") {
  CONTRACT_WORLD();
  const Quarantined item{0, "mail.eml", "", "no calendar", "raw", world.now};
  must(world->add_quarantine(world.scope, item));
  const auto id = must(world->list_quarantine(world.scope, {})).items.at(0).id;

  must(world->drop_quarantined(world.scope, id));

  CHECK(code_of(world->get_quarantined(world.scope, id)) == Code::not_found);
  CHECK(code_of(world->drop_quarantined(world.scope, id)) == Code::not_found);
  CHECK(must(world->add_quarantine(world.scope, item)));
  CHECK(must(world->list_quarantine(world.scope, {})).items.at(0).id != id);
}

TEST_CASE("quarantine is listed page by page", "[contract]") {
  CONTRACT_WORLD();
  for (int i = 0; i < 25; ++i) {
    must(world->add_quarantine(world.scope, {0, "", "", "", std::to_string(i), world.now}));
  }

  std::size_t listed = 0;
  Page page{10, {}};
  do {
    const auto part = must(world->list_quarantine(world.scope, page));
    listed += part.items.size();
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(listed == 25);
}

TEST_CASE("an item goes by the digest of its bytes, with the recipients it was kept with",
          "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("cup")));
  Quarantined item{0, "mail.eml", "", "no calendar", "raw", world.now};
  item.envelope_recipients = {"create@league.example", "other@league.example"};
  must(world->add_quarantine(world.scope, item));
  must(world->add_quarantine(Scope::domain("cup"), item));
  const auto digest = calinvite::crypto::sha256("raw");

  const auto id = must(world->list_quarantine(world.scope, {})).items.at(0).id;
  CHECK(must(world->get_quarantined(world.scope, id)).envelope_recipients ==
        item.envelope_recipients);
  CHECK_FALSE(must(world->drop_quarantined_bytes(world.scope, calinvite::crypto::sha256("other"))));
  CHECK(must(world->drop_quarantined_bytes(world.scope, digest)));
  CHECK_FALSE(must(world->drop_quarantined_bytes(world.scope, digest)));
  CHECK(must(world->list_quarantine(Scope::domain("cup"), {})).items.size() == 1);
}
