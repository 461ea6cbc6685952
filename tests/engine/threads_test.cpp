// What engine.hpp promises of threads; scripts/soak.sh threads watches it with ThreadSanitizer.
#include <atomic>
#include <thread>

#include "league.hpp"

using namespace league;

TEST_CASE("any thread may call an engine, while another engine sends from its store",
          "[engine][threads]") {
  constexpr int inviters = 3;
  constexpr int each = 20;
  League league;
  const auto event = league.event();
  auto sender = Engine::open({.store = "sqlite:" + (league.folder_ / "league.db").string(),
                              .master_key = {7},
                              .clock = [&league] { return league.now; }});
  REQUIRE(sender);
  std::map<std::string, int> copies;
  const auto transport = make_callback_transport([&](const OutgoingMessage& message) {
    ++copies[message.to];
    return SendOutcome{message.attempt_id, SendVerdict::accepted, "ses-" + message.attempt_id, {}};
  });
  std::atomic<int> faults = 0;
  std::atomic<bool> invited = false;

  std::vector<std::thread> threads;
  for (int t = 0; t < inviters; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const auto address = "fan" + std::to_string(t * each + i) + "@fans.example";
        const std::vector<InviteRequest> one{{address, {}, {}}};
        if (!league.engine->invite(kScope, event.uid, one, "api")) ++faults;
      }
    });
  }
  threads.emplace_back([&] {
    while (!invited) {
      const auto totals = league.engine->totals(kScope);
      if (!totals || totals->planned > inviters * each) ++faults;
      if (!league.engine->list_attendees(kScope, event.uid, {})) ++faults;
    }
  });
  std::thread sending([&] {
    for (bool last = false; !last;) {
      last = invited;
      if (!sender->dispatch(*transport, {})) ++faults;
    }
  });
  for (int t = 0; t < inviters; ++t) threads[static_cast<std::size_t>(t)].join();
  invited = true;
  threads.back().join();
  sending.join();

  CHECK(faults == 0);
  CHECK(copies.size() == inviters * each);
  for (const auto& [address, number] : copies) CHECK(number == 1);
  CHECK(league.engine->totals(kScope)->accepted == inviters * each);
}
