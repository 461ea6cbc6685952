/// What reports say, made once more from the rows that it is about.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "contract/world.hpp"

namespace contract {

using Counts = std::map<std::string, std::uint64_t>;
/// Of each bucket's start, by the word of the kind.
using Buckets = std::map<sys_seconds, Counts>;

inline Statistics no_statistics() {
  Statistics none;
  none.rsvp = {{"accepted", 0}, {"declined", 0}, {"noaction", 0}, {"tentative", 0}};
  return none;
}

/// Adds an event's attendees.
/// @param suppressed  addresses that must not be mailed
inline void count_attendees(World& world, const std::string& uid,
                            const std::set<std::string>& suppressed, Statistics& sum) {
  for (const auto& a : must(world->list_attendees(world.scope, uid, {1'000'000, {}})).items) {
    if (a.uninvited) continue;
    ++sum.delivery[a.delivery];
    if (suppressed.count(a.address) > 0) continue;
    ++sum.attendees;
    ++sum.origin[a.origin];
    if (!a.prodid.empty()) ++sum.prodid[a.prodid];
    ++sum.rsvp[std::string(status_word(a.partstat))];
  }
}

inline void count_receipts(World& world, const std::string& uid, std::chrono::seconds unit,
                           Buckets& sum) {
  for (const Receipt& receipt : world.receipts(uid)) {
    const auto start = receipt.time - receipt.time.time_since_epoch() % unit;
    ++sum[start][std::string(to_string(receipt.kind))];
  }
}

inline Buckets listed_buckets(World& world, const Scope& scope, const std::string& uid,
                              BucketSize size, std::size_t limit = 3) {
  Buckets buckets;
  Page page{limit, {}};
  do {
    const auto part = must(world->list_receipt_buckets(scope, uid, size, page));
    for (const auto& bucket : part.items) {
      CHECK((buckets.empty() || bucket.start > buckets.rbegin()->first));
      buckets[bucket.start] = bucket.counts;
    }
    page.after = part.next;
  } while (!page.after.empty());
  return buckets;
}

inline void check_same(const Statistics& kept, const Statistics& made) {
  CHECK(kept.attendees == made.attendees);
  CHECK(kept.origin == made.origin);
  CHECK(kept.prodid == made.prodid);
  CHECK(kept.rsvp == made.rsvp);
  CHECK(kept.delivery == made.delivery);
}

/// Everything that reports count of the league's events, against its rows.
inline void check_reports(World& world, const std::vector<std::string>& uids,
                          const std::set<std::string>& suppressed) {
  Statistics of_domain = no_statistics();
  Buckets hours;
  Buckets days;
  for (const std::string& uid : uids) {
    Statistics of_event = no_statistics();
    count_attendees(world, uid, suppressed, of_event);
    check_same(must(world->statistics(world.scope, uid)), of_event);
    count_attendees(world, uid, suppressed, of_domain);
    Buckets of_event_by_day;
    count_receipts(world, uid, 24h, of_event_by_day);
    CHECK(listed_buckets(world, world.scope, uid, BucketSize::day) == of_event_by_day);
    count_receipts(world, uid, 1h, hours);
    count_receipts(world, uid, 24h, days);
  }
  check_same(must(world->statistics(world.scope, {})), of_domain);
  check_same(must(world->statistics(Scope::organizer("league", World::organizer), {})), of_domain);
  check_same(must(world->statistics(Scope::system(), {})), of_domain);
  CHECK(listed_buckets(world, world.scope, {}, BucketSize::hour) == hours);
  CHECK(listed_buckets(world, world.scope, {}, BucketSize::day) == days);
}

/// The feed from a cursor to its end, which it becomes.
inline std::vector<FeedItem> read_feed(World& world, const Scope& scope, std::string& after,
                                       std::size_t limit = 7) {
  std::vector<FeedItem> items;
  bool more = true;
  while (more) {
    const Feed part = must(world->list_changes(scope, after, limit));
    CHECK(part.items.size() <= limit);
    items.insert(items.end(), part.items.begin(), part.items.end());
    after = part.next;
    more = part.more;
  }
  return items;
}

}  // namespace contract
