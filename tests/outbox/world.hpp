/// A store on disk with one domain and its invites, and a transport that answers as scripted.
#pragma once

#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "calinvite/itip.hpp"
#include "calinvite/token.hpp"
#include "outbox/dispatch.hpp"

namespace calinvite::test {

using namespace std::chrono_literals;

constexpr auto start_of_test = std::chrono::sys_days{std::chrono::year{2027} / 1 / 10} + 9h;

inline std::string address_of(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "fan" + std::string(4 - digits.size(), '0') + digits + "@example.com";
}

/// One store file and what dispatch needs besides; time stands still unless a test moves it.
class World {
 public:
  World() {
    static std::atomic<int> count{0};
    file_ = std::filesystem::path(CALINVITE_BUILD_DIR) / "tests" /
            ("outbox-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".db");
    remove_files();
    store = another_store();
    clock = [this] { return std::chrono::sys_seconds(std::chrono::seconds(now.load())); };
    random = system_random;
    fine_clock = [begun = std::chrono::steady_clock::now()] {
      return start_of_test + std::chrono::floor<std::chrono::microseconds>(
                                 std::chrono::steady_clock::now() - begun);
    };
    sleep = [](std::chrono::microseconds time) { std::this_thread::sleep_for(time); };
    TokenKey key;
    key.id = 1;
    key.secret.fill(7);
    ring = KeyRing({key});
    add_domain("league");
  }
  ~World() {
    store.reset();
    remove_files();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A second opening of the same file, as another process has.
  std::unique_ptr<Store> another_store() const {
    auto opened = open_store("sqlite:" + file_.string());
    REQUIRE(opened);
    return std::move(*opened);
  }

  void add_domain(const std::string& name) {
    const std::string host = "reply." + name + ".example";
    REQUIRE(store->add_domain(
        {name, "fixtures@" + host, host, "https://" + name + ".example", "", ""}));
    REQUIRE(store->add_organizer({name, "fixtures@league.example", "League", "fixtures"}));
  }

  /// An event at 20:00 in Berlin on a day of February 2027 with attendees numbered from `first`.
  Event invite(const std::string& uid, std::size_t first, std::size_t count,
               const std::string& domain = "league") {
    Event event;
    event.uid = uid;
    event.source_uid = uid + "@source";
    event.organizer = "fixtures@league.example";
    event.summary = "Round 1";
    event.start = std::chrono::local_days{std::chrono::year{2027} / 2 / 13} + 20h;
    event.end = event.start + 2h;
    event.timezone = "Europe/Berlin";
    REQUIRE(store->add_event(Scope::domain(domain), event));
    add_attendees(event, first, count, domain);
    return event;
  }

  void add_attendees(const Event& event, std::size_t first, std::size_t count,
                     const std::string& domain = "league") {
    std::vector<NewAttendee> attendees;
    for (std::size_t i = first; i < first + count; ++i) {
      NewAttendee attendee;
      attendee.request = {address_of(i), "Fan " + std::to_string(i), "de"};
      attendee.origin = "api";
      attendee.id = mint_row_id(random, clock());
      attendee.uid = mint_uid(random, clock());
      attendee.address_token = mint_address_token(random);
      attendees.push_back(attendee);
    }
    const auto mailings =
        plan_mailings(event, {Method::request, event.sequence, true, {}}, zones, clock());
    const auto verdicts =
        store->add_invites(Scope::domain(domain), event.uid, attendees, mailings, clock());
    REQUIRE(verdicts);
  }

  /// The organizer moves the event by two hours; runs on `by`, as another process would.
  Event move(const Event& before, Store& by) {
    Event after = before;
    after.start += 2h;
    after.end += 2h;
    return apply(before, after, by);
  }
  Event cancel(const Event& before, Store& by) {
    Event after = before;
    after.status = EventStatus::cancelled;
    return apply(before, after, by);
  }

  Result<DispatchResult> dispatch(Transport& transport, DispatchOptions options = {}) {
    return dispatch(transport, *store, std::move(options));
  }
  /// Waiting moves the clock on instead of taking time.
  Result<DispatchResult> dispatch(Transport& transport, Store& through, DispatchOptions options) {
    auto asked = options.on_progress;
    options.on_progress = [this, asked](const DispatchProgress& progress) {
      if (progress.waiting && progress.until > clock()) {
        waits.push_back((progress.until - clock()).count());
        now = progress.until.time_since_epoch().count();
      }
      return !asked || asked(progress);
    };
    return outbox::dispatch(surroundings(through, transport), options);
  }
  outbox::Surroundings surroundings(Store& through, Transport& transport) const {
    const auto key_ring = [this](const std::string&) -> Result<const KeyRing*> { return &ring; };
    return {through, transport, zones, clock, random, key_ring, fine_clock, sleep, pace};
  }

  const std::filesystem::path& path() const { return file_; }

  OutboxTotals totals() {
    const auto result = store->totals(Scope::system());
    REQUIRE(result);
    return *result;
  }
  std::vector<OutboxEntry> entries(OutboxState state) {
    auto page = store->list_outbox(Scope::system(), state, "", {10'000, ""});
    REQUIRE(page);
    return page->items;
  }

  std::atomic<std::int64_t> now{start_of_test.time_since_epoch() / 1s};
  std::vector<std::int64_t> waits;  ///< seconds that a dispatch waited, each
  std::unique_ptr<Store> store;
  ZoneTable zones;
  Clock clock;
  Random random;
  FineClock fine_clock;
  Sleep sleep;
  outbox::Pace* pace = nullptr;  ///< that goes on from run to run; null: each has its own
  KeyRing ring;

 private:
  Event apply(const Event& before, Event after, Store& by) {
    const auto change = plan_change(&before, after);
    REQUIRE(change);
    REQUIRE(*change);
    after.sequence = (*change)->sequence;
    after.key_sequence = after.sequence;
    REQUIRE(by.apply_change(Scope::domain("league"), after, before.sequence, **change,
                            plan_mailings(after, **change, zones, clock()), false, clock()));
    return after;
  }
  void remove_files() const {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(file_.string() + suffix);
    }
  }
  std::filesystem::path file_;
};

/// Whether a row of the totals adds up (I1).
inline bool is_conserved(const OutboxTotals& t) {
  return t.planned == t.accepted + t.refused + t.suppressed + t.superseded + t.expired +
                          t.in_doubt + t.pending + t.claimed + t.held;
}

/// Answers every message by a function; remembers all it saw.
class ScriptedTransport final : public Transport {
 public:
  using Script = std::function<SendOutcome(const OutgoingMessage&)>;
  explicit ScriptedTransport(Script script = accept, std::size_t most = 8)
      : script_(std::move(script)), most_(most) {}

  static SendOutcome accept(const OutgoingMessage& message) {
    return {message.attempt_id, SendVerdict::accepted, "m-" + message.attempt_id, ""};
  }
  static SendOutcome say(const OutgoingMessage& message, SendVerdict verdict, std::string detail) {
    return {message.attempt_id, verdict, "", std::move(detail)};
  }

  std::size_t max_in_flight() const override { return most_; }
  std::string message_id_host() const override { return host; }
  Result<void> submit(OutgoingMessage message) override {
    if (waiting_.size() >= most_) return fail(Code::invalid_argument, "too many in flight");
    if (on_submit) on_submit(message);
    most_seen = std::max(most_seen, waiting_.size() + 1);
    waiting_.push_back(script_(message));
    seen.push_back(std::move(message));
    return {};
  }
  std::vector<SendOutcome> poll(std::chrono::milliseconds) override {
    std::vector<SendOutcome> outcomes;
    // One at a time, so that much is in flight while others end.
    if (!waiting_.empty()) {
      outcomes.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    return outcomes;
  }

  /// How often each address was written to.
  std::map<std::string, int> copies() const {
    std::map<std::string, int> result;
    for (const auto& message : seen) ++result[message.to];
    return result;
  }

  std::vector<OutgoingMessage> seen;
  std::function<void(const OutgoingMessage&)> on_submit;
  std::string host;  ///< of the message ids that recipients see
  std::size_t most_seen = 0;

 private:
  Script script_;
  std::size_t most_;
  std::deque<SendOutcome> waiting_;
};

}  // namespace calinvite::test
