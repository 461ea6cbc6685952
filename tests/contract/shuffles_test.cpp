#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "contract/world.hpp"

using namespace contract;

namespace {

/// What anybody can see of what came back.
std::string report(World& world) {
  std::ostringstream text;
  std::multiset<std::string> receipts;  // in no order: that in which they came is not the same
  for (const Receipt& r : world.receipts("cup")) {
    std::ostringstream line;
    line << to_string(r.kind) << ' ' << r.time.time_since_epoch().count() << ' ' << r.address << ' '
         << r.sequence << ' ' << r.attempt_id << ' ' << r.message_id << ' ' << r.detail;
    receipts.insert(line.str());
  }
  for (const std::string& line : receipts) text << line << '\n';
  // What is counted shows when a step has ended (conservation_test.cpp); this one is taken back.
  std::map<std::string, int> deliveries;
  for (const Attendee& a : must(world->list_attendees(world.scope, "cup", {100, {}})).items) {
    text << a.address << ' ' << a.delivery << ' ' << a.held_sequence << '\n';
    ++deliveries[a.delivery];
  }
  for (const auto& [word, count] : deliveries) text << ' ' << word << ' ' << count;
  const OutboxTotals totals = world.totals();
  const Reputation harm = must(world->reputation(world.scope, world.now));
  text << '\n'
       << totals.accepted << ' ' << totals.in_doubt << ' ' << totals.pending << ' ' << harm.accepted
       << ' ' << harm.bounced << ' ' << harm.complained << '\n';
  // Who must not be mailed shows in what another event would do.
  std::vector<InviteRequest> everybody;
  for (int i = 0; i < 5; ++i) everybody.push_back({fan(i), "", ""});
  for (const auto verdict : must(world->plan_invites(world.scope, "next", everybody, "api", 0))) {
    text << (verdict == InviteVerdict::suppressed ? 's' : '-');
  }
  return text.str();
}

/// The stream of a small event: five sends whose facts come in both of SES's formats, some before
/// their message is known, some of them soft and some for good.
struct Stream {
  explicit Stream(World& world) {
    world.add_event();
    world.add_event("next");
    world.invite("cup", {fan(0), fan(1), fan(2), fan(3), fan(4)});
    const auto claimed = world.claim();
    for (int i = 0; i < 5; ++i) {
      const std::string attempt = "attempt-" + std::to_string(i);
      REQUIRE(world.intend(claimed[i], attempt) == IntentVerdict::go);
      // Two answered, two in doubt, and of one the answer is still to come.
      if (i == 4) continue;
      const bool answered = i % 2 == 0;
      REQUIRE(world.settle(claimed[i], attempt,
                           answered ? OutboxState::accepted : OutboxState::in_doubt,
                           answered ? "ses-" + attempt : "") == 1);
    }
    const std::vector<std::vector<ReceiptKind>> lives = {
        {ReceiptKind::accepted, ReceiptKind::delivered, ReceiptKind::opened},
        {ReceiptKind::accepted, ReceiptKind::delayed, ReceiptKind::bounced},
        {ReceiptKind::delivered, ReceiptKind::complained},
        {ReceiptKind::accepted, ReceiptKind::delivered},
        {ReceiptKind::accepted, ReceiptKind::bounced}};
    for (int i = 0; i < 5; ++i) {
      for (const ReceiptKind kind : lives[i]) add(world, i, kind);
    }
    // A soft bounce of the one who bounces for good.
    DeliveryFact soft = world.fact(ReceiptKind::bounced, "attempt-1", "soft");
    soft.receipt.detail = "Transient/MailboxFull";
    facts.push_back(soft);
  }

  void add(World& world, int person, ReceiptKind kind) {
    const std::string attempt = "attempt-" + std::to_string(person);
    DeliveryFact fact = world.fact(kind, attempt, attempt + std::string(to_string(kind)));
    fact.suppress = fact.harmful = kind == ReceiptKind::complained || kind == ReceiptKind::bounced;
    const bool sent = kind == ReceiptKind::accepted;
    if (sent || person < 3) facts.push_back(fact);
    // The other format names no attempt, and knows of no Send.
    fact.receipt.attempt_id.clear();
    if (!sent) facts.push_back(fact);
  }

  std::vector<DeliveryFact> facts;
};

/// scripts/soak.sh asks for 10,000.
int shuffles() {
  const char* const wanted = std::getenv("CALINVITE_SHUFFLES");
  return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 2'000;
}

}  // namespace

TEST_CASE("I8: shuffles and repetitions of a mixed stream give one report", "[contract]") {
  CONTRACT_WORLD();
  Stream stream(world);
  std::mt19937 dice(20270508);
  std::string first;
  const auto roll = [&](std::size_t below) { return dice() % below; };

  for (int run = 0; run < shuffles(); ++run) {
    std::vector<DeliveryFact> arriving = stream.facts;
    if (run > 0) {
      for (std::size_t extra = roll(stream.facts.size()); extra > 0; --extra) {
        arriving.push_back(stream.facts[roll(stream.facts.size())]);
      }
      std::shuffle(arriving.begin(), arriving.end(), dice);
    }
    std::string text;
    // Everything is taken back at the end, so that the next run starts where this one did.
    const auto undone = world->atomically([&]() -> Result<void> {
      std::span<const DeliveryFact> left(arriving);
      while (!left.empty()) {
        const std::size_t together = std::min(left.size(), 1 + roll(left.size()));
        must(world->record_facts(left.first(together), world.now));
        left = left.subspan(together);
      }
      text = report(world);
      return fail(Code::stopped, "enough");
    });
    REQUIRE_FALSE(undone);
    if (run == 0) first = text;
    if (text != first) {
      FAIL("run " << run << " reports\n" << text << "\nand the first one reported\n" << first);
    }
  }
  CHECK(first.find("bounced 2") != std::string::npos);
  CHECK(first.find("delivered 2") != std::string::npos);
}
