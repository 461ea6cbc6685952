// Notices share the outbox with invites, and are counted apart.
#include "contract/world.hpp"

using namespace contract;

namespace {

Notice notice(const std::string& cause, const std::string& address = World::organizer) {
  Notice notice;
  notice.kind = NoticeKind::failed;
  notice.address = address;
  notice.language = "en";
  notice.subject = "Nothing was done";
  notice.text = "text";
  notice.html = "<p>html</p>";
  notice.in_reply_to = "m-1@mail.example";
  notice.cause = cause;
  return notice;
}

}  // namespace

TEST_CASE("a notice is told once for each address, kind and cause", "[contract]") {
  CONTRACT_WORLD();
  const auto add = [&](const Notice& one) {
    return must(world->add_notice(world.scope, one, 100, world.now));
  };
  Notice other = notice("bytes");
  other.kind = NoticeKind::created;

  CHECK(add(notice("bytes")));
  CHECK_FALSE(add(notice("bytes")));
  CHECK(add(other));
  CHECK(add(notice("bytes", "second@league.example")));
  CHECK(add(notice("other bytes")));

  const auto listed = must(world->list_notices(world.scope, {3, {}}));
  REQUIRE(listed.items.size() == 3);
  CHECK(listed.items[0].subject == "Nothing was done");
  CHECK(listed.items[0].text.empty());
  CHECK(listed.items[0].state == OutboxState::pending);
  CHECK(must(world->list_notices(world.scope, {3, listed.next})).items.size() == 1);
  const auto theirs = Scope::organizer("league", "second@league.example");
  CHECK(must(world->list_notices(theirs, {})).items.size() == 1);
  CHECK(must(world->notice_totals(theirs)).planned == 1);
  CHECK(must(world->totals(theirs)).planned == 0);
}

TEST_CASE("an organizer's scope enqueues no notice to somebody else", "[contract]") {
  CONTRACT_WORLD();
  const auto theirs = Scope::organizer("league", "second@league.example");

  CHECK(code_of(world->add_notice(theirs, notice("a"), 100, world.now)) == Code::not_found);
  CHECK(must(world->notice_totals(world.scope)).planned == 0);
  CHECK(must(world->add_notice(theirs, notice("a", "second@league.example"), 100, world.now)));
}

TEST_CASE("an address gets so many notices in 24 hours", "[contract]") {
  CONTRACT_WORLD();
  for (int i = 0; i < 3; ++i) {
    CHECK(must(world->add_notice(world.scope, notice(std::to_string(i)), 3, world.now)));
  }

  CHECK_FALSE(must(world->add_notice(world.scope, notice("3"), 3, world.now)));
  CHECK(must(world->add_notice(world.scope, notice("3", "b@league.example"), 3, world.now)));
  CHECK(must(world->add_notice(world.scope, notice("3"), 3, world.now + 24h)));
}

TEST_CASE("notices go through the states of invites and count in no invite total", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0), fan(1)});
  for (int i = 0; i < 4; ++i) {
    must(world->add_notice(world.scope, notice(std::to_string(i)), 100, world.now));
  }

  const auto claimed = world.claim();
  REQUIRE(claimed.size() == 6);
  REQUIRE(claimed[2].notice);
  CHECK(claimed[2].domain == "league");
  CHECK(claimed[2].notice->html == "<p>html</p>");
  CHECK(claimed[2].notice->in_reply_to == "m-1@mail.example");
  CHECK_FALSE(claimed[0].notice);
  world.send(claimed[0]);
  world.send(claimed[2]);
  world.send(claimed[3], OutboxState::refused);
  const auto lost = world.draws.attempt();
  REQUIRE(world.intend(claimed[4], lost) == IntentVerdict::go);

  CHECK(world.totals().planned == 2);
  CHECK(world.totals().accepted == 1);
  CHECK(world.totals().claimed == 1);
  CHECK(world.totals().notices == 4);
  world.crash();
  world.now += 61s;
  must(world->recover(world.now));
  const auto notices = must(world->notice_totals(world.scope));
  CHECK(notices.planned == 4);
  CHECK(notices.accepted == 1);
  CHECK(notices.refused == 1);
  CHECK(notices.in_doubt == 1);
  CHECK(notices.pending == 1);
  check_conservation(notices);
  check_conservation(world.totals());
  CHECK(world.totals().pending == 1);
  CHECK(must(world->record_fact(world.fact(ReceiptKind::delivered, lost, "f"), world.now)) ==
        FactVerdict::recorded);
  CHECK(must(world->record_fact(world.fact(ReceiptKind::delivered, lost, "f"), world.now)) ==
        FactVerdict::repeated);
  CHECK(must(world->notice_totals(world.scope)).accepted == 2);
  CHECK(world.entries(OutboxState::in_doubt).empty());
}

TEST_CASE("an organizer whose address bounced gets no notices either", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_notice(world.scope, notice("a"), 100, world.now));
  must(world->suppress(world.scope, World::organizer, "bounced", world.now));

  const auto claimed = world.claim();
  REQUIRE(claimed.size() == 1);
  CHECK(world.intend(claimed[0], "attempt-1") == IntentVerdict::suppressed);
  CHECK(must(world->notice_totals(world.scope)).suppressed == 1);
}

TEST_CASE("a domain's templates are its own", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("cup")));
  must(world->set_template(world.scope, "notice_created.txt", "one"));
  must(world->set_template(world.scope, "notice_created.txt", "two"));

  const std::map<std::string, std::string> two = {{"notice_created.txt", "two"}};
  CHECK(must(world->list_templates(world.scope)) == two);
  CHECK(must(world->list_templates(Scope::domain("cup"))).empty());
  must(world->set_template(world.scope, "notice_created.txt", ""));
  CHECK(must(world->list_templates(world.scope)).empty());
}
