// Long random lives of a store, each replayed by its seed, with crashes in between.
#include <map>
#include <random>
#include <set>
#include <thread>

#include "contract/rebuilt.hpp"

using namespace contract;

namespace {

/// Does anything that callers may do, in any order, and checks after each step what must hold.
class RandomLife {
 public:
  RandomLife(World& world, unsigned seed) : world_(world), dice_(seed) {
    for (int i = 0; i < events; ++i) world_.add_event(uid(i));
  }

  void live(int steps) {
    for (int step = 0; step < steps; ++step) {
      take_step();
      check_totals();
    }
    check_everything();
  }

 private:
  static constexpr int events = 3;
  static constexpr int fans = 12;
  static std::string uid(int number) { return "event-" + std::to_string(number); }

  int roll(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }

  void take_step() {
    world_.now += std::chrono::seconds(roll(20));
    const int what = roll(100);
    if (what < 20) return invite();
    if (what < 28) return change();
    if (what < 34) return uninvite();
    if (what < 36) return suppress();
    if (what < 44) return answer();
    if (what < 70) return dispatch();
    if (what < 86) return outcome();
    if (what < 94) return fact();
    if (what < 96) return must(world_->recover(world_.now));
    if (what < 97) return must(world_->release(world_.fence));
    if (what < 98) return tell();
    return crash();
  }

  void invite() {
    std::vector<std::string> addresses;
    for (int i = roll(4); i >= 0; --i) addresses.push_back(fan(roll(fans)));
    world_.invite(uid(roll(events)), addresses, roll(6) == 0 ? "test" : "api");
  }

  void change() {
    const std::string event = uid(roll(events));
    switch (roll(5)) {
      case 0:
        world_.change(event, {World::instance(roll(3))}, true);
        break;
      case 1:
        world_.change(event, {World::instance(roll(3), Method::cancel)}, true);
        break;
      case 2:
        world_.change(event, {World::series(), World::instance(roll(3))}, roll(2) == 0,
                      roll(2) == 0);
        break;
      case 3:
        if (roll(4) == 0) world_.change(event, Method::cancel, true);
        break;
      default:
        world_.change(event, Method::request, roll(2) == 0, roll(2) == 0);
    }
  }

  void uninvite() {
    const auto done =
        world_->uninvite(world_.scope, uid(roll(events)), fan(roll(fans)), world_.now);
    if (!done) CHECK(done.error().code == Code::not_found);
  }

  void tell() {
    Notice notice;
    notice.address = World::organizer;
    notice.cause = std::to_string(told_++);
    CHECK(must(world_->add_notice(world_.scope, notice, 1'000'000, world_.now)));
  }

  void suppress() {
    const std::string address = fan(roll(fans));
    must(world_->suppress(world_.scope, address, "random", world_.now));
    suppressed_.insert(address);
  }

  void answer() {
    const std::string event = uid(roll(events));
    const std::string address = fan(roll(fans));
    if (!must(world_->find_attendee(world_.scope, event, address))) return;
    world_.answer(event, address, roll(2) == 0 ? Partstat::accepted : Partstat::declined);
  }

  /// Claims, and makes the intents of some of it.
  void dispatch() {
    for (const ClaimedInvite& invite : world_.claim(static_cast<std::size_t>(1 + roll(6)))) {
      if (!invite.notice) check_turn(invite);
      if (roll(5) == 0) continue;
      const std::string attempt = world_.draws.attempt();
      if (world_.intend(invite, attempt) != IntentVerdict::go) continue;
      if (!invite.notice) check_wanted(invite);
      CHECK(left_.insert(attempt).second);
      flying_[attempt] = invite;
    }
  }

  /// R80: nothing else of this copy is under way.
  void check_turn(const ClaimedInvite& invite) {
    for (const auto& [attempt, other] : flying_) {
      if (other.notice || other.attendee.uid != invite.attendee.uid) continue;
      INFO("attempt " << attempt << " of entry " << other.entry << ", now " << invite.entry);
      CHECK(other.entry != invite.entry);
    }
  }

  /// I10: no intent of an old revision. R87: no CANCEL of what nobody got.
  void check_wanted(const ClaimedInvite& invite) {
    const Event event = must(world_->find_event(world_.scope, invite.event)).value();
    const Attendee now = world_.attendee(invite.event, invite.attendee.address);
    const bool live = now.uid == invite.attendee.uid && !now.uninvited;
    if (live) CHECK(invite.sequence == event.sequence);
    if (invite.method == Method::request) {
      CHECK(live);
      reached_.insert(invite.attendee.uid);
    } else {
      CHECK(reached_.count(invite.attendee.uid) == 1);
    }
  }

  /// Ends one send in a random way, in time or late.
  void outcome() {
    if (flying_.empty()) return;
    auto flight = flying_.begin();
    std::advance(flight, roll(static_cast<int>(flying_.size())));
    const auto [attempt, invite] = *flight;
    constexpr OutboxState ways[] = {
        OutboxState::accepted, OutboxState::accepted, OutboxState::accepted, OutboxState::refused,
        OutboxState::in_doubt, OutboxState::pending,  OutboxState::held};
    const OutboxState way = ways[roll(7)];
    world_.settle(invite, attempt, way, way == OutboxState::accepted ? "ses-" + attempt : "");
    flying_.erase(flight);
    known_.push_back(attempt);
  }

  void fact() {
    if (known_.empty()) return;
    constexpr ReceiptKind kinds[] = {ReceiptKind::accepted, ReceiptKind::delivered,
                                     ReceiptKind::bounced, ReceiptKind::delayed,
                                     ReceiptKind::opened};
    const std::string attempt =
        known_[static_cast<std::size_t>(roll(static_cast<int>(known_.size())))];
    const ReceiptKind kind = kinds[roll(5)];
    must(world_->record_fact(world_.fact(kind, attempt, attempt + std::string(to_string(kind))),
                             world_.now));
  }

  /// The process dies with what it held; another takes over when the leases have ended.
  void crash() {
    world_.crash();
    const auto before = world_.totals();
    world_.now += 61s;
    must(world_->recover(world_.now));
    const auto after = world_.totals();
    CHECK(after.claimed == 0);
    CHECK(after.in_doubt - before.in_doubt <= flying_.size());  // I4
    CHECK(must(world_->notice_totals(world_.scope)).claimed == 0);
    world_.fence = must(world_->new_fence());
  }

  void check_totals() {
    const OutboxTotals totals = world_.totals();
    check_conservation(totals);
    std::uint64_t queued = 0;
    for (int i = 0; i < events; ++i) queued += world_.receipts(uid(i), ReceiptKind::queued);
    CHECK(totals.planned == queued);
    const OutboxTotals notices = must(world_->notice_totals(world_.scope));
    check_conservation(notices);
    CHECK(notices.planned == static_cast<std::uint64_t>(told_));
    CHECK(totals.notices == notices.planned);
    check_reports(world_, {uid(0), uid(1), uid(2)}, suppressed_);
  }

  void check_everything() {
    for (int i = 0; i < events; ++i) {
      std::map<std::string, std::vector<ReceiptKind>> kinds;
      for (const Receipt& receipt : world_.receipts(uid(i))) {
        kinds[receipt.address].push_back(receipt.kind);
      }
      for (const auto& [address, found] : kinds) {
        CHECK(world_.attendee(uid(i), address).delivery == delivery_word(found));
      }
    }
    CHECK(world_.entries(OutboxState::in_doubt).size() == world_.totals().in_doubt);
    check_feed();
  }

  /// Each event's receipts, in their order and once.
  void check_feed() {
    std::string after;
    std::map<std::string, std::vector<std::string>> told;
    for (const FeedItem& item : read_feed(world_, world_.scope, after)) {
      if (item.receipt) told[item.event].push_back(line_of(*item.receipt));
    }
    for (int i = 0; i < events; ++i) {
      std::vector<std::string> kept;
      for (const Receipt& receipt : world_.receipts(uid(i))) kept.push_back(line_of(receipt));
      CHECK(told[uid(i)] == kept);
    }
  }

  static std::string line_of(const Receipt& receipt) {
    return std::string(to_string(receipt.kind)) + ' ' + receipt.address + ' ' + receipt.attempt_id;
  }

  World& world_;
  std::mt19937 dice_;
  int told_ = 0;                                 ///< notices
  std::map<std::string, ClaimedInvite> flying_;  ///< by attempt
  std::vector<std::string> known_;
  std::set<std::string> left_;
  std::set<std::string> suppressed_;
  std::set<std::string> reached_;  ///< UIDs of copies that a REQUEST may have reached
};

}  // namespace

TEST_CASE("whatever happens in whatever order, every invite is accounted for", "[contract]") {
  CONTRACT_WORLD();
  const int seed = GENERATE(range(1, 11));
  INFO("seed " << seed);

  RandomLife(world, static_cast<unsigned>(seed)).live(150);
}

TEST_CASE("after every crash the send goes on until everything is settled", "[contract]") {
  CONTRACT_WORLD();
  const int seed = GENERATE(range(1, 6));
  INFO("seed " << seed);
  std::mt19937 dice(static_cast<unsigned>(seed));
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < 60; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);
  std::set<std::string> sent;
  std::uint64_t lost_answers = 0;

  while (must(world->next_due())) {
    must(world->recover(world.now));
    for (const ClaimedInvite& invite : world.claim(7)) {
      const std::string attempt = world.draws.attempt();
      if (dice() % 10 == 0) continue;  // dies before the intent
      REQUIRE(world.intend(invite, attempt) == IntentVerdict::go);
      CHECK(sent.insert(invite.attendee.address).second);
      if (dice() % 10 == 0) {  // dies before the answer is stored
        ++lost_answers;
        continue;
      }
      REQUIRE(world.settle(invite, attempt, OutboxState::accepted, "ses-" + attempt) == 1);
    }
    world.crash();
    world.fence = must(world->new_fence());
    world.now += 61s;
    must(world->recover(world.now));
  }

  const auto totals = world.totals();
  CHECK(sent.size() == 60);
  CHECK(totals.in_doubt == lost_answers);
  CHECK(totals.accepted + totals.in_doubt == 60);
  CHECK(totals.pending + totals.claimed == 0);
}

TEST_CASE("two dispatchers that race for the same entries each get their own",
          "[contract][threads]") {
  CONTRACT_WORLD();
  Event event = world.event();
  event.invite_limit = 0;
  must(world->add_event(world.scope, event));
  std::vector<std::string> addresses;
  for (int i = 0; i < 1000; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);

  std::vector<std::int64_t> taken[2];
  std::string failures[2];
  const auto race = [&](int me) {
    const auto store = world.open_another();
    const auto fence = store->new_fence();
    while (fence && failures[me].empty()) {
      const auto claimed = store->claim(*fence, 13, world.now, world.now + 60s);
      if (!claimed) failures[me] = to_string(claimed.error());
      if (!claimed || claimed->empty()) return;
      std::vector<Intent> intents;
      for (const ClaimedInvite& invite : *claimed) {
        intents.push_back({invite.entry, "attempt-" + std::to_string(invite.entry)});
        taken[me].push_back(invite.entry);
      }
      const auto verdicts = store->commit_intents(intents, *fence, world.now);
      if (!verdicts) failures[me] = to_string(verdicts.error());
    }
  };
  std::thread one(race, 0);
  std::thread two(race, 1);
  one.join();
  two.join();

  CHECK(failures[0].empty());
  CHECK(failures[1].empty());
  std::set<std::int64_t> distinct(taken[0].begin(), taken[0].end());
  distinct.insert(taken[1].begin(), taken[1].end());
  CHECK(taken[0].size() + taken[1].size() == 1000);
  CHECK(distinct.size() == 1000);
  must(world->recover(world.now + 60s));
  CHECK(world.totals().in_doubt == 1000);
}
