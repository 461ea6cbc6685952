// Filters, sorting, search and the change feed. Counts are tried by conservation_test.cpp, too.
#include "contract/rebuilt.hpp"

using namespace contract;

namespace {

const Scope fixtures = Scope::organizer("league", World::organizer);
const Scope second = Scope::organizer("league", "second@league.example");

/// What a search found: uid, or uid and address; a page of `limit` after the other.
std::vector<std::string> found(World& world, const Scope& scope, const std::string& text,
                               std::size_t limit = 2) {
  std::vector<std::string> hits;
  Page page{limit, {}};
  do {
    const auto part = must(world->search(scope, text, page));
    for (const SearchHit& hit : part.items) {
      hits.push_back(hit.address.empty() ? hit.event : hit.event + ' ' + hit.address);
    }
    page.after = part.next;
  } while (!page.after.empty());
  return hits;
}

using Hits = std::vector<std::string>;

void add_second_organizer(World& world) {
  must(world->add_organizer({"league", "second@league.example", "", "second"}));
}

void invite_named(World& world, const std::string& uid, const std::string& address,
                  const std::string& name) {
  NewAttendee attendee = world.draws.attendee(address);
  attendee.request.name = name;
  must(world->add_invites(world.scope, uid, std::vector{attendee}, {World::series()}, world.now));
}

std::vector<std::string> addresses(World& world, const AttendeeFilter& filter, std::size_t limit) {
  std::vector<std::string> all;
  Page page{limit, {}};
  do {
    const auto part = must(world->list_attendees(world.scope, "cup", filter, page));
    for (const Attendee& attendee : part.items) all.push_back(attendee.address);
    page.after = part.next;
  } while (!page.after.empty());
  return all;
}

std::vector<std::string> sorted_uids(World& world, EventSort sort, std::size_t limit) {
  std::vector<std::string> uids;
  EventFilter filter;
  filter.sort = sort;
  Page page{limit, {}};
  do {
    const auto part = must(world->list_events(world.scope, filter, page));
    for (const EventSummary& summary : part.items) uids.push_back(summary.event.uid);
    page.after = part.next;
  } while (!page.after.empty());
  return uids;
}

std::string told(const FeedItem& item) {
  if (!item.receipt) return item.event;
  return item.event + ' ' + std::string(to_string(item.receipt->kind)) + ' ' +
         item.receipt->address;
}

std::vector<std::string> told(const std::vector<FeedItem>& items) {
  std::vector<std::string> lines;
  for (const FeedItem& item : items) lines.push_back(told(item));
  return lines;
}

}  // namespace

TEST_CASE(
    "regression D6: a filtered list of many attendees is walked to its end, none twice, none left "
    "out",
    "[contract][regression]") {
  CONTRACT_WORLD();
  Event event = world.event();
  event.invite_limit = 0;
  must(world->add_event(world.scope, event));
  std::vector<std::string> all;
  for (int i = 0; i < 1500; ++i) all.push_back(fan(i));
  world.invite("cup", all);
  world.send_all();
  for (int i = 0; i < 1500; i += 3) world.answer("cup", fan(i), Partstat::accepted);
  std::vector<std::string> expected;
  for (int i = 0; i < 1500; i += 3) expected.push_back(fan(i));
  std::sort(expected.begin(), expected.end());

  CHECK(addresses(world, {.status = "accepted"}, 7) == expected);
  CHECK(addresses(world, {.status = "accepted"}, 500) == expected);
  CHECK(addresses(world, {.status = "noaction"}, 100).size() == 1000);
  CHECK(must(world->statistics(world.scope, "cup")).rsvp.at("accepted") == 500);
}

TEST_CASE("attendees are filtered by answer, origin, delivery and the revision they hold",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2), fan(3)});
  world.invite("cup", {fan(4)}, "webform");
  world.send_all();
  world.answer("cup", fan(2), Partstat::tentative);
  world.answer("cup", fan(3), Partstat::declined);
  world.change("cup");
  for (const ClaimedInvite& invite : world.claim()) {
    world.send(invite,
               invite.attendee.address == fan(1) ? OutboxState::refused : OutboxState::accepted);
  }

  CHECK(addresses(world, {.status = "tentative"}, 10) == Hits{fan(2)});
  CHECK(addresses(world, {.origin = "webform"}, 10) == Hits{fan(4)});
  CHECK(addresses(world, {.delivery = "accepted"}, 10).size() == 4);
  CHECK(addresses(world, {.status = "noaction", .origin = "api"}, 10) == Hits{fan(1)});
  // Refused, and a decliner who is not told.
  CHECK(addresses(world, {.outdated = true}, 10) == Hits{fan(1), fan(3)});
  must(world->uninvite(world.scope, "cup", fan(3), world.now));
  CHECK(addresses(world, {.outdated = true}, 10) == Hits{fan(1)});
  CHECK(addresses(world, {.status = "' OR 1=1 --"}, 10).empty());
}

TEST_CASE("events are sorted by start, organizer, or the newest first, page by page",
          "[contract]") {
  CONTRACT_WORLD();
  add_second_organizer(world);
  for (int i = 0; i < 6; ++i) {
    Event event = world.event("event-" + std::to_string(i));
    event.start += i * 24h;
    event.end += i * 24h;
    event.organizer = i % 2 == 0 ? World::organizer : "second@league.example";
    event.created += std::chrono::seconds((i * 2) % 5);
    event.changed += std::chrono::seconds(10 - i);
    must(world->add_event(world.scope, event));
  }
  const auto named = [](std::initializer_list<int> numbers) {
    std::vector<std::string> uids;
    for (const int number : numbers) uids.push_back("event-" + std::to_string(number));
    return uids;
  };

  for (const std::size_t limit : {1, 2, 100}) {
    CHECK(sorted_uids(world, EventSort::start, limit) == named({0, 1, 2, 3, 4, 5}));
    CHECK(sorted_uids(world, EventSort::organizer, limit) == named({0, 2, 4, 1, 3, 5}));
    CHECK(sorted_uids(world, EventSort::created, limit) == named({2, 4, 1, 3, 5, 0}));
    CHECK(sorted_uids(world, EventSort::changed, limit) == named({0, 1, 2, 3, 4, 5}));
  }
}

TEST_CASE("a search finds words of events and people, the last one by its beginning",
          "[contract]") {
  CONTRACT_WORLD();
  Event derby = world.event("derby");
  derby.summary = "Hafen gegen Hügel";
  derby.description = "The last one of the season";
  Event cup = world.event("cup");
  cup.location = "Harbour ground";
  for (const Event& event : {derby, cup}) must(world->add_event(world.scope, event));
  invite_named(world, "derby", "ana.kovac@fans.example", "Ana Kovač");
  invite_named(world, "cup", "ana.kovac@fans.example", "Ana Horvat");
  invite_named(world, "cup", "ben@fans.example", "Ben Hügel");

  CHECK(found(world, world.scope, "hugel") == Hits{"derby", "cup ben@fans.example"});
  CHECK(found(world, world.scope, "HÜG") == Hits{"derby", "cup ben@fans.example"});
  CHECK(found(world, world.scope, "season last") == Hits{"derby"});
  CHECK(found(world, world.scope, "seas last").empty());  // only the last may be unfinished
  CHECK(found(world, world.scope, "harb") == Hits{"cup"});
  CHECK(found(world, world.scope, "derby") == Hits{"derby"});  // by its uid
  CHECK(found(world, world.scope, "kovac ana") ==
        Hits{"derby ana.kovac@fans.example", "cup ana.kovac@fans.example"});
  CHECK(found(world, world.scope, "horvat") == Hits{"cup ana.kovac@fans.example"});
  CHECK(found(world, world.scope, "fans", 1).size() == 3);
  CHECK(found(world, world.scope, "nobody").empty());
}

TEST_CASE("regression D16: what people search for is words, whatever else it might mean",
          "[contract][regression]") {
  CONTRACT_WORLD();
  world.add_event();
  invite_named(world, "cup", "ana@fans.example", "Ana");

  for (const std::string text : {"",
                                 " ",
                                 "*",
                                 "\"",
                                 "--",
                                 "' OR 1=1 --",
                                 "final OR ana",
                                 "NOT final",
                                 "cup NEAR(final)",
                                 "summary : cup",
                                 "scope : *",
                                 "{summary} : final",
                                 "^nal",
                                 "a* OR b*",
                                 "fin*al",
                                 "\"\"",
                                 "(",
                                 ")",
                                 "-",
                                 "+",
                                 "final\" OR \"ana",
                                 "\xff",
                                 "\xe2\x80\x93",
                                 ";DROP TABLE event"}) {
    INFO(text);
    CHECK(found(world, world.scope, text).empty());
    EventFilter filter;
    filter.search = text;
    if (!text.empty()) CHECK(must(world->list_events(world.scope, filter, {})).items.empty());
  }
  CHECK(found(world, world.scope, "\"final\"") == Hits{"cup"});
  CHECK(found(world, world.scope, "cup \xe2\x80\x93 final") == Hits{"cup"});
  CHECK(found(world, world.scope, std::string("final\0x", 7)).empty());
  CHECK(code_of(world->search(world.scope, "cup", {0, {}})) == Code::invalid_argument);
  CHECK(code_of(world->search(world.scope, "cup", {1, "made up"})) == Code::invalid_argument);
}

TEST_CASE("a search finds nothing outside its scope", "[contract]") {
  CONTRACT_WORLD();
  add_second_organizer(world);
  must(world->add_domain(domain_named("rival")));
  must(world->add_organizer({"rival", World::organizer, "", "fixtures"}));
  const Scope rival = Scope::domain("rival");
  Event other = world.event("other");
  other.organizer = "second@league.example";
  world.add_event();
  must(world->add_event(world.scope, other));
  must(world->add_event(rival, world.event("away")));
  invite_named(world, "cup", "ana@fans.example", "Ana");
  invite_named(world, "other", "ana@fans.example", "Ana");
  must(world->add_invites(rival, "away", std::vector{world.draws.attendee("ana@fans.example")},
                          {World::series()}, world.now));

  CHECK(found(world, world.scope, "final") == Hits{"cup", "other"});
  CHECK(found(world, fixtures, "final") == Hits{"cup"});
  CHECK(found(world, second, "final") == Hits{"other"});
  CHECK(found(world, rival, "final") == Hits{"away"});
  CHECK(found(world, fixtures, "ana") == Hits{"cup ana@fans.example"});
  CHECK(found(world, second, "ana") == Hits{"other ana@fans.example"});
  CHECK(found(world, rival, "ana") == Hits{"away ana@fans.example"});
  CHECK(found(world, Scope::system(), "ana").size() == 3);
  CHECK(found(world, Scope::domain("none"), "ana").empty());
  // The words that stand for scopes are not to be searched for.
  CHECK(found(world, Scope::system(), "6C6561677565").empty());
}

TEST_CASE("a search follows an event that is reworded, and a person who gets another name",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  invite_named(world, "cup", "ana@fans.example", "Ana Before");
  world.change("cup");  // "Cup final, revision 1"

  CHECK(found(world, world.scope, "revision 1") == Hits{"cup"});
  world.change("cup");
  CHECK(found(world, world.scope, "revision 1").empty());
  CHECK(found(world, world.scope, "revision 2") == Hits{"cup"});
  must(world->uninvite(world.scope, "cup", "ana@fans.example", world.now));
  invite_named(world, "cup", "ana@fans.example", "Ana After");
  CHECK(found(world, world.scope, "before").empty());
  CHECK(found(world, world.scope, "after") == Hits{"cup ana@fans.example"});
}

TEST_CASE("receipts over time are those of an event, an organizer and a domain", "[contract]") {
  CONTRACT_WORLD();
  add_second_organizer(world);
  Event other = world.event("other");
  other.organizer = "second@league.example";
  world.add_event();
  must(world->add_event(world.scope, other));
  for (int hour = 0; hour < 30; ++hour) {
    world.now += 1h;
    world.invite(hour % 2 == 0 ? "cup" : "other", {fan(hour)});
  }
  Buckets cup;
  Buckets all;
  count_receipts(world, "cup", 1h, cup);
  count_receipts(world, "cup", 1h, all);
  count_receipts(world, "other", 1h, all);

  CHECK(listed_buckets(world, world.scope, "cup", BucketSize::hour, 1) == cup);
  CHECK(listed_buckets(world, fixtures, {}, BucketSize::hour) == cup);
  CHECK(listed_buckets(world, world.scope, {}, BucketSize::hour, 100) == all);
  CHECK(all.size() == 30);
  CHECK(listed_buckets(world, Scope::domain("none"), {}, BucketSize::day).empty());
  CHECK(code_of(world->list_receipt_buckets(second, "cup", BucketSize::day, {})) ==
        Code::not_found);
}

TEST_CASE("the feed tells everything once, in order, and goes on where it ended", "[contract]") {
  CONTRACT_WORLD();
  add_second_organizer(world);
  std::string after;
  std::string after_second;
  CHECK(read_feed(world, world.scope, after).empty());
  world.add_event();
  Event other = world.event("other");
  other.organizer = "second@league.example";
  must(world->add_event(world.scope, other));
  world.invite("cup", {fan(1), fan(2)});
  world.invite("other", {fan(3)});

  CHECK(told(read_feed(world, world.scope, after, 1)) ==
        Hits{"cup", "other", "cup queued " + fan(1), "cup queued " + fan(2),
             "other queued " + fan(3)});
  CHECK(told(read_feed(world, second, after_second)) == Hits{"other", "other queued " + fan(3)});
  CHECK(read_feed(world, world.scope, after).empty());
  world.crash();
  world.send_all();
  world.change("cup");
  CHECK(told(read_feed(world, world.scope, after, 2)) ==
        Hits{"cup accepted " + fan(1), "cup accepted " + fan(2), "other accepted " + fan(3), "cup",
             "cup queued " + fan(1), "cup queued " + fan(2)});
  CHECK(told(read_feed(world, second, after_second)) == Hits{"other accepted " + fan(3)});
  CHECK(code_of(world->list_changes(world.scope, "made up", 1)) == Code::invalid_argument);
  CHECK(code_of(world->list_changes(world.scope, {}, 0)) == Code::invalid_argument);
  CHECK(code_of(world->list_changes(Scope::system(), {}, 1)) == Code::invalid_argument);
  CHECK(code_of(world->list_changes(Scope::domain("none"), {}, 1)) == Code::not_found);
}

TEST_CASE("a step that fails leaves no trace in counts and feed, and neither does a part of one",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  std::string after;
  read_feed(world, world.scope, after);

  const auto failed = world->atomically([&]() -> Result<void> {
    world.invite("cup", {fan(1)});
    return fail(Code::stopped, "by the test");
  });
  CHECK(code_of(failed) == Code::stopped);
  check_reports(world, {"cup"}, {});
  CHECK(read_feed(world, world.scope, after).empty());
  must(world->atomically([&]() -> Result<void> {
    world.invite("cup", {fan(2)});
    // Finds nobody, and undoes itself.
    CHECK_FALSE(world->uninvite(world.scope, "cup", fan(1), world.now).has_value());
    world.invite("cup", {fan(3)});
    return {};
  }));
  check_reports(world, {"cup"}, {});
  CHECK(told(read_feed(world, world.scope, after)) ==
        Hits{"cup queued " + fan(2), "cup queued " + fan(3)});
}

TEST_CASE("suppression counts in every scope that it is given for, and again when one is enough",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2), fan(3), fan(4)});
  must(world->add_organizer({"league", "second@league.example", "Second", "second"}));
  const auto attendees = [&] { return must(world->statistics(world.scope, "cup")).attendees; };

  must(world->suppress(Scope::organizer("league", "second@league.example"), fan(1), "", world.now));
  CHECK(attendees() == 4);
  must(world->suppress(fixtures, fan(1), "asked", world.now));
  CHECK(attendees() == 3);
  must(world->suppress(world.scope, fan(1), "asked", world.now));
  must(world->suppress(world.scope, fan(2), "asked", world.now));
  CHECK(attendees() == 2);
  must(world->suppress(Scope::system(), fan(2), "asked", world.now));
  must(world->suppress(Scope::system(), fan(3), "asked", world.now));
  must(world->suppress(Scope::system(), fan(5), "asked", world.now));
  CHECK(attendees() == 1);
  world.invite("cup", {fan(5), fan(6)});
  CHECK(attendees() == 2);
  check_reports(world, {"cup"}, {fan(1), fan(2), fan(3)});
}
