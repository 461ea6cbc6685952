// Past and future are told by instants, not by wall clocks.
#include <calinvite/time.hpp>

#include "contract/world.hpp"

using namespace contract;

namespace {

Event event_at(const std::string& uid, const char* start, const std::string& zone) {
  Event event;
  event.uid = event.source_uid = uid;
  event.organizer = "fixtures@league.example";
  event.summary = uid;
  event.start = parse_iso(start)->wall;
  event.end = event.start + 2h;
  event.timezone = zone;
  return event;
}

sys_seconds utc(const char* text) { return sys_seconds(parse_iso(text)->wall.time_since_epoch()); }

std::vector<std::string> listed(Store& store, EventFilter::When when, sys_seconds now) {
  std::vector<std::string> uids;
  EventFilter filter;
  filter.when = when;
  filter.now = now;
  for (const auto& one : must(store.list_events(Scope::domain("league"), filter, {})).items) {
    uids.push_back(one.event.uid);
  }
  std::sort(uids.begin(), uids.end());
  return uids;
}

using Uids = std::vector<std::string>;
using When = EventFilter::When;

}  // namespace

TEST_CASE("events are past when they are over in their own zones", "[contract]") {
  CONTRACT_WORLD();
  const Scope league = Scope::domain("league");
  // All at 19:00 by their clocks: they end 16 hours apart.
  for (const auto& [uid, zone] :
       {std::pair{"tokyo", "Asia/Tokyo"}, std::pair{"london", "Europe/London"},
        std::pair{"west", "America/Los_Angeles"}}) {
    must(world->add_event(league, event_at(uid, "2027-06-01T19:00", zone)));
  }
  CHECK(listed(*world, When::past, utc("2027-06-01T11:59")).empty());
  CHECK(listed(*world, When::past, utc("2027-06-01T12:00")) == Uids{"tokyo"});
  CHECK(listed(*world, When::future, utc("2027-06-01T21:00")) == Uids{"west"});
  CHECK(listed(*world, When::past, utc("2027-06-02T04:00")) == Uids{"london", "tokyo", "west"});
  CHECK(must(world->count_live_events(league, World::organizer, utc("2027-06-01T21:00"))) == 1);
}

TEST_CASE("a series is past after its last date, and one that was moved is where it is now",
          "[contract]") {
  CONTRACT_WORLD();
  const Scope league = Scope::domain("league");
  Event series = event_at("series", "2027-06-01T19:00", "UTC");
  series.rrule = "FREQ=WEEKLY;COUNT=2";
  must(world->add_event(league, series));
  Event endless = event_at("endless", "2027-06-01T19:00", "UTC");
  endless.rrule = "FREQ=WEEKLY";
  must(world->add_event(league, endless));
  Event once = event_at("once", "2027-06-01T19:00", "UTC");
  must(world->add_event(league, once));

  CHECK(listed(*world, When::past, utc("2027-06-08T20:00")) == Uids{"once"});
  CHECK(listed(*world, When::past, utc("2027-06-08T21:00")) == Uids{"once", "series"});
  CHECK(listed(*world, When::future, utc("2028-01-01T00:00")) == Uids{"endless"});

  once.start += 240h;
  once.end += 240h;
  once.sequence = 1;
  must(world->apply_change(league, once, 0, {Method::request, 1, true, {}}, {}, false,
                           start_of_time));
  CHECK(listed(*world, When::past, utc("2027-06-08T21:00")) == Uids{"series"});
}
