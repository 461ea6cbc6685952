#include <set>

#include "contract/world.hpp"

using namespace contract;

namespace {

Event rich_event(const World& world) {
  Event event = world.event("rich");
  event.source_organizer = "boss@calendar.example";
  event.description = "Gates open at six.\nBring \"tickets\" 🎟";
  event.location = "Stadion am Ring, Süd";
  event.url = "https://league.example/cup?a=1&b=%20";
  event.landing = "https://league.example/thanks";
  event.conference = "https://meet.example/j?a=1,2";
  event.reminder = 30min;
  event.transparent = true;
  event.wants_answers = false;
  event.counters_allowed = false;
  event.language = "de";
  event.rrule = "FREQ=WEEKLY;COUNT=10";
  event.exdates = {event.start + 168h, event.start + 336h};
  event.overrides = {{{event.start},
                      false,
                      event.start + 1h,
                      event.end + 2h,
                      "Moved",
                      "Rain",
                      "Hall",
                      "https://meet.example/moved",
                      4,
                      start_of_time - 3min},
                     {{event.start + 504h}, true, {}, {}, "", "", "", {}, 0, {}}};
  event.status = EventStatus::tentative;
  event.sequence = 3;
  event.key_sequence = 2;
  event.source_sequence = 9;
  event.source_dtstamp = start_of_time - 5min;
  event.listed = true;
  event.invite_limit = 0;
  event.changed = start_of_time + 1s;
  return event;
}

void check_same(const Event& a, const Event& b) {
  CHECK(a.uid == b.uid);
  CHECK(a.source_uid == b.source_uid);
  CHECK(a.organizer == b.organizer);
  CHECK(a.source_organizer == b.source_organizer);
  CHECK(a.summary == b.summary);
  CHECK(a.description == b.description);
  CHECK(a.location == b.location);
  CHECK(a.url == b.url);
  CHECK(a.landing == b.landing);
  CHECK(a.conference == b.conference);
  CHECK(a.reminder == b.reminder);
  CHECK(a.transparent == b.transparent);
  CHECK(a.wants_answers == b.wants_answers);
  CHECK(a.counters_allowed == b.counters_allowed);
  CHECK(a.language == b.language);
  CHECK(a.start == b.start);
  CHECK(a.end == b.end);
  CHECK(a.timezone == b.timezone);
  CHECK(a.all_day == b.all_day);
  CHECK(a.rrule == b.rrule);
  CHECK(a.exdates == b.exdates);
  CHECK(a.overrides == b.overrides);
  CHECK(a.status == b.status);
  CHECK(a.sequence == b.sequence);
  CHECK(a.key_sequence == b.key_sequence);
  CHECK(a.source_sequence == b.source_sequence);
  CHECK(a.source_dtstamp == b.source_dtstamp);
  CHECK(a.listed == b.listed);
  CHECK(a.invite_limit == b.invite_limit);
  CHECK(a.created == b.created);
  CHECK(a.changed == b.changed);
}

std::vector<std::string> uids(const Paged<EventSummary>& part) {
  std::vector<std::string> found;
  for (const EventSummary& summary : part.items) found.push_back(summary.event.uid);
  return found;
}

}  // namespace

TEST_CASE("an event comes back as it was added", "[contract]") {
  CONTRACT_WORLD();
  const Event event = rich_event(world);
  must(world->add_event(world.scope, event));

  const auto found = must(world->find_event(world.scope, "rich"));
  const auto by_source =
      must(world->find_event_by_source(world.scope, World::organizer, "source-rich"));

  REQUIRE(found.has_value());
  check_same(*found, event);
  REQUIRE(by_source.has_value());
  CHECK(by_source->uid == "rich");
  CHECK_FALSE(must(world->find_event(world.scope, "poor")).has_value());
}

TEST_CASE("a uid and a source uid name one event", "[contract]") {
  CONTRACT_WORLD();
  world.add_event("cup");
  Event same_source = world.event("other");
  same_source.source_uid = "source-cup";

  CHECK(code_of(world->add_event(world.scope, world.event("cup"))) == Code::conflict);
  CHECK(code_of(world->add_event(world.scope, same_source)) == Code::conflict);
}

TEST_CASE("events without a source uid do not collide, nor are they found by one", "[contract]") {
  CONTRACT_WORLD();
  for (const char* uid : {"first", "second"}) {
    Event event = world.event(uid);
    event.source_uid.clear();
    must(world->add_event(world.scope, event));
  }

  CHECK_FALSE(must(world->find_event_by_source(world.scope, World::organizer, "")).has_value());
}

TEST_CASE("an event needs an organizer of the domain", "[contract]") {
  CONTRACT_WORLD();
  Event stranger = world.event();
  stranger.organizer = "stranger@elsewhere.example";

  CHECK(code_of(world->add_event(world.scope, stranger)) == Code::not_found);
  CHECK(code_of(world->add_event(Scope::domain("nowhere"), world.event())) == Code::not_found);
  CHECK(code_of(world->add_event(Scope::system(), world.event())) == Code::invalid_argument);
}

TEST_CASE("saving an event keeps what people were mailed about", "[contract]") {
  CONTRACT_WORLD();
  Event event = world.add_event();
  event.landing = "https://league.example/after";
  event.listed = true;
  event.invite_limit = 7;
  event.source_sequence = 4;
  event.source_dtstamp = world.now;
  event.conference = "https://meet.example/1";
  event.reminder = 30min;
  event.transparent = true;
  event.counters_allowed = event.wants_answers = false;
  event.summary = "Something else";
  event.sequence = 8;
  must(world->save_event(world.scope, event));

  const Event saved = must(world->find_event(world.scope, "cup")).value();

  CHECK(saved.landing == event.landing);
  CHECK(saved.listed);
  CHECK(saved.invite_limit == 7);
  CHECK(saved.source_sequence == 4);
  CHECK(saved.source_dtstamp == world.now);
  CHECK(saved.conference == event.conference);
  CHECK(saved.reminder == event.reminder);
  CHECK(saved.transparent);
  CHECK_FALSE(saved.counters_allowed);
  CHECK(saved.wants_answers);
  CHECK(saved.summary == "Cup final");
  CHECK(saved.sequence == 0);
  CHECK(code_of(world->save_event(world.scope, world.event("nothing"))) == Code::not_found);
}

TEST_CASE("R70: saving tells when invites began to say something else, after any in doubt",
          "[contract]") {
  CONTRACT_WORLD();
  Event event = world.add_event();
  world.invite("cup", {fan(0)});
  const auto due = world.claim();
  const Intent ahead{due.at(0).entry, "attempt", world.now + 9s};
  must(world->commit_intents(std::vector{ahead}, world.fence, world.now));
  CHECK(world.settle(due[0], "attempt", OutboxState::in_doubt) == 1);
  const auto save = [&] {
    must(world->save_event(world.scope, event));
    return must(world->find_event(world.scope, "cup"))->changed;
  };
  const auto added = event.changed;
  event.changed += 5s;
  event.source_dtstamp = world.now;
  event.listed = true;
  CHECK(save() == added);
  event.reminder = 15min;
  CHECK(save() == world.now + 10s);
  event.changed += 1h;
  CHECK(save() == world.now + 10s);
  event.conference = "https://meet.example/1";
  CHECK(save() == event.changed);
}

TEST_CASE("saving an event keeps its dates and takes what their sources count", "[contract]") {
  CONTRACT_WORLD();
  Event event = rich_event(world);
  must(world->add_event(world.scope, event));
  auto expected = event.overrides;
  expected[0].source_sequence = event.overrides[0].source_sequence = 7;
  expected[0].source_dtstamp = event.overrides[0].source_dtstamp = world.now;
  event.overrides[0].start += 1h;
  event.overrides[0].conference = "https://meet.example/other";
  expected[1].conference = event.overrides[1].conference = "https://meet.example/first";
  event.overrides.push_back(event.overrides[1]);
  event.overrides[2].occurrence.original_start += 168h;
  must(world->save_event(world.scope, event));

  CHECK(must(world->find_event(world.scope, "rich"))->overrides == expected);
}

TEST_CASE("events are listed by start, page by page, each once", "[contract]") {
  CONTRACT_WORLD();
  for (int i = 0; i < 25; ++i) {
    Event event = world.event("event-" + std::to_string(i));
    event.start += std::chrono::hours(i * 7 % 5);  // several start at the same time
    must(world->add_event(world.scope, event));
  }

  std::vector<EventSummary> all;
  std::set<std::string> distinct;
  Page page{10, {}};
  do {
    const auto part = must(world->list_events(world.scope, {}, page));
    all.insert(all.end(), part.items.begin(), part.items.end());
    for (const auto& uid : uids(part)) distinct.insert(uid);
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(all.size() == 25);
  CHECK(distinct.size() == 25);
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [](const auto& a, const auto& b) { return a.event.start < b.event.start; }));
  CHECK(uids(must(world->list_events(Scope::system(), {}, {100, {}}))).size() == 25);
  CHECK(code_of(world->list_events(world.scope, {}, {0, {}})) == Code::invalid_argument);
  CHECK(code_of(world->list_events(world.scope, {}, {10, "made up"})) == Code::invalid_argument);
}

TEST_CASE("events are filtered by time, change, organizer and words", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_organizer({"league", "second@league.example", "", "second"}));
  Event past = world.event("past");
  past.start -= 240h;
  past.end -= 240h;
  past.summary = "100%_done Derby";
  Event weekly = past;
  weekly.uid = weekly.source_uid = "weekly";
  weekly.rrule = "FREQ=WEEKLY;COUNT=10";
  weekly.summary = "100 done training";
  Event future = world.event("future");
  future.organizer = "second@league.example";
  future.location = "DERBY arena";
  future.changed = world.now + 1h;
  for (const Event& event : {past, weekly, future}) must(world->add_event(world.scope, event));
  const auto listed = [&](const EventFilter& filter) {
    return uids(must(world->list_events(world.scope, filter, {})));
  };
  EventFilter filter;
  filter.now = world.now + 2h;

  filter.when = EventFilter::When::past;
  CHECK(listed(filter) == std::vector<std::string>{"past"});
  filter.when = EventFilter::When::future;  // a series has no end here
  CHECK(listed(filter) == std::vector<std::string>{"weekly", "future"});
  filter.when = EventFilter::When::all;
  filter.changed_within = 90min;
  CHECK(listed(filter) == std::vector<std::string>{"future"});
  filter.changed_within.reset();
  filter.organizer = "second@league.example";
  CHECK(listed(filter) == std::vector<std::string>{"future"});
  filter.organizer.clear();
  filter.search = "derby";
  CHECK(listed(filter) == std::vector<std::string>{"past", "future"});
  filter.search = "100%_d";  // words, of which the last one is not finished
  CHECK(listed(filter) == std::vector<std::string>{"past", "weekly"});
  filter.search = "' OR 1=1 --";
  CHECK(listed(filter).empty());
}

TEST_CASE("the attendees of a listed event are those who are invited and may be mailed",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2), fan(3), fan(4)});
  must(world->uninvite(world.scope, "cup", fan(1), world.now));
  must(world->suppress(world.scope, fan(2), "asked for it", world.now));
  must(world->suppress(Scope::system(), fan(3), "asked for it", world.now));

  const auto listed = must(world->list_events(world.scope, {}, {}));

  REQUIRE(listed.items.size() == 1);
  CHECK(listed.items[0].attendees == 1);
}
