// I12: what lies outside a scope can't be read, counted, changed or told from what is not there.
#include "contract/world.hpp"

using namespace contract;

namespace {

const std::string second = "second@league.example";

/// The league's canaries, and a rival domain where everything has the same names.
struct TwoDomains {
  explicit TwoDomains(World& world) : world(world) {
    must(world->add_organizer({"league", second, "", "second"}));
    must(world->add_domain(domain_named("rival")));
    must(world->add_organizer({"rival", World::organizer, "rival canary", "fixtures"}));
    must(world->add_key(world.scope, {1, {1}, world.now}));
    plant(world.scope, "league canary");
    plant(Scope::domain("rival"), "rival canary");
    league = must(world->find_attendee(world.scope, "cup", fan(0))).value();
    token = must(world->claim(1, 1, world.now, world.now + 60s)).at(0).address_token;
    must(world->release(1));
  }

  void plant(const Scope& scope, const std::string& canary) {
    Event event = world.event();
    event.summary = canary;
    must(world->add_event(scope, event));
    std::vector<NewAttendee> people{world.draws.attendee(fan(0)), world.draws.attendee(fan(1))};
    for (auto& person : people) person.request.name = canary;
    must(world->add_invites(scope, "cup", people, {World::series()}, world.now));
    must(world->add_quarantine(scope, {0, canary, World::organizer, canary, canary, world.now}));
    button = must(world->get_button(scope, {row_id(99), "cup", canary, ""}));
  }

  World& world;
  Attendee league;
  std::string token;
  Button button;
};

std::vector<Scope> foreign_scopes() {
  return {Scope::domain("rival"), Scope::organizer("rival", World::organizer),
          Scope::organizer("league", second), Scope::domain("nowhere"),
          Scope::organizer("nowhere", World::organizer)};
}

/// Everything that may be asked of the league's domain, in words that a change would change.
std::string fingerprint(World& world) {
  const Event event = must(world->find_event(world.scope, "cup")).value();
  std::string print = event.summary + std::to_string(event.sequence) + event.landing;
  for (const Attendee& a : must(world->list_attendees(world.scope, "cup", {})).items) {
    print += a.address + a.name + a.uid + std::string(to_string(a.partstat)) +
             std::to_string(a.uninvited);
  }
  print += std::to_string(must(world->list_receipts(world.scope, "cup", {})).items.size());
  print += std::to_string(world.totals().pending) + "/" + std::to_string(world.totals().planned);
  print += std::to_string(must(world->list_quarantine(world.scope, {})).items.size());
  print += std::to_string(must(world->list_keys(world.scope)).size());
  for (const Organizer& o : must(world->list_organizers(world.scope))) {
    print += o.address + std::to_string(static_cast<int>(o.state));
  }
  return print;
}

}  // namespace

TEST_CASE("a domain reads its own rows, whatever another one calls its own", "[contract]") {
  CONTRACT_WORLD();
  TwoDomains domains(world);

  for (const std::string name : {"league", "rival"}) {
    const Scope scope = Scope::domain(name);
    const std::string canary = name + " canary";
    INFO(canary);
    CHECK(must(world->find_event(scope, "cup")).value().summary == canary);
    CHECK(
        must(world->find_event_by_source(scope, World::organizer, "source-cup")).value().summary ==
        canary);
    const auto events = must(world->list_events(scope, {}, {}));
    REQUIRE(events.items.size() == 1);
    CHECK(events.items[0].event.summary == canary);
    CHECK(events.items[0].attendees == 2);
    for (const Attendee& a : must(world->list_attendees(scope, "cup", {})).items) {
      CHECK(a.name == canary);
      CHECK(must(world->find_attendee_by_uid(scope, a.uid)).value().name == canary);
      CHECK(must(world->find_attendee_by_id(scope, a.id)).value().name == canary);
    }
    CHECK(must(world->list_live_copies(scope, World::organizer, fan(0))).size() == 1);
    const auto items = must(world->list_quarantine(scope, {})).items;
    REQUIRE(items.size() == 1);
    CHECK(must(world->get_quarantined(scope, items[0].id)).raw == canary);
    CHECK(must(world->totals(scope)).planned == 2);
    CHECK(must(world->statistics(scope, "")).attendees == 2);
    CHECK(must(world->list_outbox(scope, OutboxState::pending, "", {})).items.size() == 2);
    CHECK(must(world->list_receipts(scope, "cup", {})).items.size() == 2);
  }
  CHECK(must(world->totals(Scope::system())).planned == 4);
  CHECK(must(world->list_events(Scope::system(), {}, {})).items.size() == 2);
}

TEST_CASE("nothing outside a scope is there to be read", "[contract]") {
  CONTRACT_WORLD();
  TwoDomains domains(world);
  // The rival has an event of this name as well: what it must not see has another.
  Event hidden = world.event("hidden");
  must(world->add_event(world.scope, hidden));
  world.invite("hidden", {fan(7)});
  world.send_all();
  world.change("hidden");
  REQUIRE(must(world->find_revision(world.scope, "hidden", 0)).has_value());
  const Attendee person = world.attendee("hidden", fan(7));
  const Button button = must(world->get_button(world.scope, {row_id(77), "hidden", "api", ""}));
  const auto item = must(world->list_quarantine(world.scope, {})).items.at(0).id;
  Notice notice;
  notice.address = World::organizer;
  must(world->add_notice(world.scope, notice, 10, world.now));
  must(world->set_delegate(world.scope, World::organizer, fan(9), true));
  must(world->keep_cancel(world.scope, {World::organizer, "gone", 1, world.now, world.now}, {}));

  for (const Scope& scope : foreign_scopes()) {
    INFO(scope.domain_name() << " " << scope.organizer_address());
    CHECK(must(world->list_notices(scope, {})).items.empty());
    CHECK(must(world->notice_totals(scope)).planned == 0);
    CHECK(must(world->list_principals(scope, fan(9))).empty());
    CHECK(must(world->list_source_owners(scope, "source-hidden")).empty());
    CHECK_FALSE(must(world->find_cancel(scope, World::organizer, "gone", {})).has_value());
    CHECK_FALSE(must(world->find_event(scope, "hidden")).has_value());
    CHECK_FALSE(must(world->find_revision(scope, "hidden", 0)).has_value());
    CHECK_FALSE(
        must(world->find_event_by_source(scope, World::organizer, "source-hidden")).has_value());
    for (const auto& listed : must(world->list_events(scope, {}, {})).items) {
      CHECK(listed.event.uid != "hidden");
    }
    CHECK_FALSE(must(world->find_attendee(scope, "hidden", fan(7))).has_value());
    CHECK_FALSE(must(world->find_attendee_by_uid(scope, person.uid)).has_value());
    CHECK_FALSE(must(world->find_attendee_by_id(scope, person.id)).has_value());
    CHECK(code_of(world->list_attendees(scope, "hidden", {})) == Code::not_found);
    CHECK(code_of(world->list_receipts(scope, "hidden", {})) == Code::not_found);
    CHECK(code_of(world->statistics(scope, "hidden")) == Code::not_found);
    CHECK(must(world->list_outbox(scope, OutboxState::pending, "hidden", {})).items.empty());
    CHECK(must(world->list_live_copies(scope, World::organizer, fan(7))).empty());
    CHECK_FALSE(must(world->find_correspondent(scope, domains.token)).has_value());
    CHECK_FALSE(must(world->find_button(scope, button.id)).has_value());
    CHECK(code_of(world->get_quarantined(scope, item)) == Code::not_found);
    const std::vector<InviteRequest> requests{{fan(7), "", ""}};
    CHECK(code_of(world->plan_invites(scope, "hidden", requests, "api", 0)) == Code::not_found);
    CHECK(code_of(world->preview_change(scope, "hidden", {Method::request, 1, false, {}},
                                        {World::series()}, false)) == Code::not_found);
  }
  const Scope second_only = Scope::organizer("league", second);
  CHECK(must(world->totals(second_only)).planned == 0);
  CHECK(must(world->statistics(second_only, "")).attendees == 0);
  CHECK(must(world->list_quarantine(second_only, {})).items.empty());
  CHECK(must(world->list_organizers(second_only)).size() == 1);
  CHECK_FALSE(must(world->find_organizer(second_only, World::organizer)).has_value());
}

TEST_CASE("nothing outside a scope can be changed", "[contract]") {
  CONTRACT_WORLD();
  TwoDomains domains(world);
  must(world->add_event(world.scope, world.event("hidden")));
  world.invite("hidden", {fan(7)});
  const Attendee person = world.attendee("hidden", fan(7));
  const auto item = must(world->list_quarantine(world.scope, {})).items.at(0).id;
  const std::string before = fingerprint(world);

  for (const Scope& scope : foreign_scopes()) {
    INFO(scope.domain_name() << " " << scope.organizer_address());
    Event event = world.event("hidden");
    event.summary = event.landing = "overwritten";
    CHECK(code_of(world->save_event(scope, event)) == Code::not_found);
    CHECK(code_of(world->apply_change(scope, event, 0, {Method::request, 1, true, {}},
                                      {World::series()}, true, world.now)) == Code::not_found);
    const std::vector people{world.draws.attendee(fan(8))};
    CHECK(code_of(world->add_invites(scope, "hidden", people, {World::series()}, world.now)) ==
          Code::not_found);
    CHECK(code_of(world->uninvite(scope, "hidden", fan(7), world.now)) == Code::not_found);
    CHECK(code_of(world->record_reply(scope, {person, Receipt{}, {}, false, "key"})) ==
          Code::not_found);
    CHECK(code_of(world->get_button(scope, {row_id(5), "hidden", "api", ""})) == Code::not_found);
    CHECK(code_of(world->drop_quarantined(scope, item)) == Code::not_found);
    if (!scope.organizer_address().empty() || scope.domain_name() == "nowhere") {
      CHECK_FALSE(world->set_template(scope, "notice_head.txt", "planted"));
    }
    Event planted = world.event("planted");
    planted.organizer = World::organizer;
    if (scope.domain_name() != "rival") {
      CHECK(code_of(world->add_event(scope, planted)) == Code::not_found);
      CHECK(code_of(world->set_organizer_state(scope, World::organizer,
                                               OrganizerState::suspended)) == Code::not_found);
    }
  }
  must(world->set_organizer_state(Scope::domain("rival"), World::organizer,
                                  OrganizerState::suspended));
  must(world->add_key(Scope::domain("rival"), {1, {2}, world.now}));
  must(world->set_template(Scope::domain("rival"), "notice_head.txt", "theirs"));
  must(world->set_delegate(Scope::domain("rival"), World::organizer, fan(9), true));

  CHECK(must(world->list_templates(world.scope)).empty());
  CHECK(must(world->list_principals(world.scope, fan(9))).empty());
  CHECK(fingerprint(world) == before);
}

TEST_CASE("a suppression reaches as far as its scope", "[contract]") {
  CONTRACT_WORLD();
  TwoDomains domains(world);
  must(world->suppress(Scope::domain("rival"), fan(0), "rival's", world.now));
  must(world->suppress(Scope::organizer("league", second), fan(1), "the second's", world.now));

  CHECK(must(world->statistics(world.scope, "cup")).attendees == 2);
  CHECK(must(world->statistics(Scope::domain("rival"), "cup")).attendees == 1);
  for (const ClaimedInvite& invite : world.claim()) {
    const bool is_suppressed = invite.domain == "rival" && invite.attendee.address == fan(0);
    CHECK(world.intend(invite, world.draws.attempt()) ==
          (is_suppressed ? IntentVerdict::suppressed : IntentVerdict::go));
  }
  CHECK(code_of(world->suppress(Scope::domain("nowhere"), fan(0), "", world.now)) ==
        Code::not_found);
}

TEST_CASE("a bounce in one domain suppresses nobody in another", "[contract]") {
  CONTRACT_WORLD();
  TwoDomains domains(world);
  for (const ClaimedInvite& invite : world.claim()) {
    const std::string attempt = world.send(invite);
    if (invite.domain != "rival") continue;
    DeliveryFact bounce = world.fact(ReceiptKind::bounced, attempt, "bounce of " + attempt);
    bounce.suppress = true;
    must(world->record_fact(bounce, world.now));
  }

  CHECK(must(world->statistics(world.scope, "cup")).attendees == 2);
  CHECK(must(world->statistics(Scope::domain("rival"), "cup")).attendees == 0);
  CHECK(must(world->statistics(world.scope, "cup")).delivery.count("bounced") == 0);
  CHECK(must(world->statistics(Scope::domain("rival"), "cup")).delivery.count("bounced") == 1);
}
