#include <algorithm>

#include "contract/world.hpp"

using namespace contract;

namespace {

using Verdicts = std::vector<InviteVerdict>;
constexpr auto invite = InviteVerdict::invite;
constexpr auto already_invited = InviteVerdict::already_invited;

std::vector<InviteRequest> requests(const std::vector<std::string>& addresses) {
  std::vector<InviteRequest> all;
  for (const auto& address : addresses) all.push_back({address, "", ""});
  return all;
}

}  // namespace

TEST_CASE("an invited person holds a copy and an address of the organizer", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  NewAttendee attendee = world.draws.attendee(fan(1));
  attendee.request.name = "Fan 0001";
  attendee.request.language = "ja";
  const auto verdicts = must(
      world->add_invites(world.scope, "cup", std::vector{attendee}, {World::series()}, world.now));
  CHECK(verdicts == Verdicts{invite});

  const Attendee found = world.attendee("cup", fan(1));
  CHECK(found.name == "Fan 0001");
  CHECK(found.language == "ja");
  CHECK(found.origin == "api");
  CHECK(found.uid == attendee.uid);
  CHECK(found.id == attendee.id);
  CHECK(found.partstat == Partstat::needs_action);
  CHECK(found.held_sequence == -1);
  CHECK(found.answer_sequence == -1);
  CHECK(found.delivery == "queued");
  const auto correspondent =
      must(world->find_correspondent(world.scope, attendee.address_token)).value();
  CHECK(correspondent.organizer == World::organizer);
  CHECK(correspondent.address == fan(1));
  CHECK_FALSE(must(world->find_correspondent(world.scope, "nothing")).has_value());
}

TEST_CASE("R23: the address token of a person stays the same over an organizer's events",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event("first");
  world.add_event("second");
  world.invite("first", {fan(1)});
  world.invite("second", {fan(1)});

  const auto claimed = world.claim();

  REQUIRE(claimed.size() == 2);
  CHECK_FALSE(claimed[0].address_token.empty());
  CHECK(claimed[0].address_token == claimed[1].address_token);
  CHECK(claimed[0].attendee.uid != claimed[1].attendee.uid);
}

TEST_CASE("asking again is answered with already invited and sends nothing", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();

  CHECK(world.invite("cup", {fan(1), fan(2), fan(1)}) == Verdicts{invite, invite, already_invited});
  CHECK(world.invite("cup", {fan(1), fan(2)}, "webform") ==
        Verdicts{already_invited, already_invited});
  CHECK(world.totals().planned == 2);
}

TEST_CASE("a plan says what adding then does", "[contract]") {
  CONTRACT_WORLD();
  Event event = world.event();
  event.invite_limit = 4;
  must(world->add_event(world.scope, event));
  world.invite("cup", {fan(1)});
  must(world->suppress(world.scope, fan(2), "bounced", world.now));
  const std::vector<std::string> list{
      fan(1), fan(2), "create@league.example", fan(3), fan(3), fan(4), fan(5), fan(6)};

  const auto planned = must(world->plan_invites(world.scope, "cup", requests(list), "api", 0));

  CHECK(planned == Verdicts{already_invited, InviteVerdict::suppressed,
                            InviteVerdict::organizer_itself, invite, already_invited, invite,
                            invite, InviteVerdict::limit_reached});
  CHECK(world.totals().planned == 1);
  CHECK(world.invite("cup", list) == planned);
  CHECK(code_of(world->plan_invites(world.scope, "none", requests(list), "api", 0)) ==
        Code::not_found);
}

TEST_CASE("the invites of earlier parts of a list count towards the limit", "[contract]") {
  CONTRACT_WORLD();
  Event event = world.event();
  event.invite_limit = 10;
  must(world->add_event(world.scope, event));
  world.invite("cup", {fan(1)});

  const auto planned =
      must(world->plan_invites(world.scope, "cup", requests({fan(2), fan(3)}), "api", 8));

  CHECK(planned == Verdicts{invite, InviteVerdict::limit_reached});
}

TEST_CASE("origin test may be sent again as the next copy of the same UID", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)}, "test");
  const auto first = world.send_all();

  CHECK(world.invite("cup", {fan(1)}, "test") == Verdicts{invite});
  const auto again = world.send_all();

  REQUIRE(again.size() == 1);
  CHECK(again[0].attendee.uid == first[0].attendee.uid);
  CHECK(again[0].sequence == first[0].sequence);
  CHECK(world.totals().accepted == 2);
  CHECK(world.invite("cup", {fan(1)}, "api") == Verdicts{already_invited});
}

TEST_CASE("R87: uninviting before anything was sent takes the invite back without a mail",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)});

  const auto counts = must(world->uninvite(world.scope, "cup", fan(1), world.now));

  CHECK(counts.superseded == 1);
  CHECK(counts.cancel == 0);
  CHECK(world.claim().empty());
  CHECK(world.attendee("cup", fan(1)).uninvited);
  CHECK(code_of(world->uninvite(world.scope, "cup", fan(1), world.now)) == Code::not_found);
  CHECK(code_of(world->uninvite(world.scope, "cup", fan(2), world.now)) == Code::not_found);
}

TEST_CASE("R82: uninviting someone who holds a copy cancels it with its next SEQUENCE",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)});
  const auto sent = world.send_all().at(0);

  const auto counts = must(world->uninvite(world.scope, "cup", fan(1), world.now));
  const auto claimed = world.claim();

  CHECK(counts.cancel == 1);
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].method == Method::cancel);
  CHECK(claimed[0].sequence == 1);
  CHECK(claimed[0].attendee.uid == sent.attendee.uid);
  CHECK_FALSE(claimed[0].first_message_id.empty());
}

TEST_CASE("R88: a withdrawn person is invited anew under another UID", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)});
  const auto old = world.send_all().at(0).attendee;
  world.answer("cup", fan(1), Partstat::accepted);
  must(world->uninvite(world.scope, "cup", fan(1), world.now));

  CHECK(world.invite("cup", {fan(1)}) == Verdicts{invite});

  const Attendee anew = world.attendee("cup", fan(1));
  CHECK(anew.uid != old.uid);
  CHECK(anew.id != old.id);
  CHECK_FALSE(anew.uninvited);
  CHECK(anew.partstat == Partstat::needs_action);
  CHECK(anew.answer_sequence == -1);
  CHECK(anew.held_sequence == -1);

  // The old UID is dead, but it still says whose it was, and its CANCEL still leaves.
  const auto dead = must(world->find_attendee_by_uid(world.scope, old.uid)).value();
  CHECK(dead.uninvited);
  CHECK(dead.uid == old.uid);
  CHECK(dead.address == fan(1));
  CHECK(must(world->find_attendee_by_id(world.scope, old.id)).value().uninvited);
  auto claimed = world.send_all();
  REQUIRE(claimed.size() == 2);
  std::sort(claimed.begin(), claimed.end(),
            [](const auto& a, const auto& b) { return a.method > b.method; });
  CHECK(claimed[0].method == Method::cancel);
  CHECK(claimed[0].attendee.uid == old.uid);
  CHECK_FALSE(claimed[0].first_message_id.empty());
  CHECK(claimed[1].method == Method::request);
  CHECK(claimed[1].attendee.uid == anew.uid);
  CHECK(claimed[1].first_message_id.empty());
  CHECK(world.attendee("cup", fan(1)).held_sequence == 0);
}

TEST_CASE("R88: withdrawing and inviting may go on for ever", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  for (int round = 0; round < 4; ++round) {
    CHECK(world.invite("cup", {fan(1)}) == Verdicts{invite});
    CHECK(world.send_all().size() == 1);
    CHECK(must(world->uninvite(world.scope, "cup", fan(1), world.now)).cancel == 1);
    CHECK(world.send_all().size() == 1);
  }
  CHECK(world.totals().accepted == 8);
}

TEST_CASE("the UID of a copy is found whatever its letter case", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)});

  CHECK(must(world->find_attendee_by_uid(world.scope, "COPY-1")).value().address == fan(1));
  CHECK_FALSE(must(world->find_attendee_by_uid(world.scope, "copy-2")).has_value());
}

TEST_CASE("attendees are listed page by page, each once", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < 230; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);

  std::vector<std::string> listed;
  Page page;
  do {
    const auto part = must(world->list_attendees(world.scope, "cup", page));
    CHECK(part.items.size() <= 100);
    for (const Attendee& attendee : part.items) listed.push_back(attendee.address);
    page.after = part.next;
  } while (!page.after.empty());

  std::sort(addresses.begin(), addresses.end());
  CHECK(listed == addresses);
}

TEST_CASE("live copies are those not withdrawn of events not cancelled", "[contract]") {
  CONTRACT_WORLD();
  for (const char* uid : {"live", "withdrawn", "cancelled"}) {
    world.add_event(uid);
    world.invite(uid, {fan(1), fan(2)});
  }
  must(world->uninvite(world.scope, "withdrawn", fan(1), world.now));
  Event cancelled = must(world->find_event(world.scope, "cancelled")).value();
  cancelled.status = EventStatus::cancelled;
  must(world->apply_change(world.scope, cancelled, 0, {Method::cancel, 1, true, {}},
                           {World::series(Method::cancel)}, false, world.now));

  const auto copies = must(world->list_live_copies(world.scope, World::organizer, fan(1)));

  REQUIRE(copies.size() == 1);
  CHECK(copies[0].event == "live");
  CHECK(copies[0].address == fan(1));
}

TEST_CASE("a button is made once for an event, origin and landing page", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  const Button first = must(world->get_button(world.scope, {row_id(1), "cup", "emailcta", ""}));
  const Button again = must(world->get_button(world.scope, {row_id(2), "cup", "emailcta", ""}));
  const Button other =
      must(world->get_button(world.scope, {row_id(3), "cup", "emailcta", "https://a.example"}));

  CHECK(again.id == first.id);
  CHECK(other.id == row_id(3));
  const auto found = must(world->find_button(world.scope, row_id(3))).value();
  CHECK(found.event == "cup");
  CHECK(found.origin == "emailcta");
  CHECK(found.landing == "https://a.example");
  CHECK_FALSE(must(world->find_button(world.scope, row_id(2))).has_value());
  CHECK(code_of(world->get_button(world.scope, {row_id(4), "none", "", ""})) == Code::not_found);
}

TEST_CASE("a doubt tells what its copy was told since", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2)});
  world.send_all(OutboxState::in_doubt);
  const auto doubts = [&](const Scope& scope) {
    return must(world->list_doubts(scope, "cup", {})).items;
  };
  REQUIRE(doubts(world.scope).size() == 2);
  CHECK(doubts(world.scope)[0].address == fan(1));
  CHECK(doubts(world.scope)[0].told_since == -1);
  CHECK_FALSE(doubts(world.scope)[0].lacks_more);
  CHECK_FALSE(doubts(world.scope)[0].withdrawn);
  CHECK(doubts(Scope::domain("rival")).empty());
  CHECK(must(world->list_doubts(world.scope, "cup", {1, {}})).next ==
        std::to_string(doubts(world.scope)[0].entry));

  world.change("cup", {World::instance(7)}, true);
  for (const auto& invite : world.claim()) {
    world.send(invite,
               invite.attendee.address == fan(1) ? OutboxState::accepted : OutboxState::refused);
  }
  CHECK(doubts(world.scope)[0].told_since == -1);
  CHECK_FALSE(doubts(world.scope)[0].lacks_more);
  CHECK(doubts(world.scope)[1].told_since == -1);
  CHECK(doubts(world.scope)[1].lacks_more);
  world.change("cup");
  CHECK(doubts(world.scope)[0].told_since == -1);
  world.send_all();
  CHECK(doubts(world.scope)[0].told_since == 2);
  CHECK_FALSE(doubts(world.scope)[1].lacks_more);
}

TEST_CASE("R87: a CANCEL in doubt is repeated as it was, unless the address is suppressed",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1)});
  const auto sent = world.send_all().at(0);
  must(world->uninvite(world.scope, "cup", fan(1), world.now));
  world.send_all(OutboxState::in_doubt);
  world.invite("cup", {fan(1)});
  world.send_all();
  const auto doubt = must(world->list_doubts(world.scope, "cup", {})).items.at(0);
  CHECK(doubt.withdrawn);
  CHECK(doubt.method == Method::cancel);
  world.now += 5s;
  const auto repeat = [&](const Scope& scope, std::chrono::sys_seconds not_since) {
    return world->repeat(scope, doubt.entry, not_since, world.now);
  };

  CHECK(code_of(repeat(Scope::domain("rival"), world.now)) == Code::not_found);
  CHECK(must(repeat(world.scope, world.now - 1h)).skip.count("too_soon") == 1);
  if (GENERATE(false, true)) {
    must(world->suppress(world.scope, fan(1), "complained", world.now));
    CHECK(must(repeat(world.scope, world.now)).skip.count("suppressed") == 1);
    return;
  }
  CHECK(must(repeat(world.scope, world.now)).cancel == 1);
  CHECK(must(repeat(world.scope, world.now)).skip.count("on_its_way") == 1);
  const auto again = world.send_all().at(0);
  CHECK(again.method == Method::cancel);
  CHECK(again.attendee.uid == sent.attendee.uid);
  CHECK(again.sequence == doubt.sequence);
  CHECK(again.repeats_doubt);
  CHECK(code_of(world->repeat(world.scope, again.entry, world.now, world.now)) == Code::not_found);
  check_conservation(world.totals());
}
