// One event for very many people, from the first invitation to the last cancellation: what it takes
// and how much memory and journal it needs on the way. Ends with 1 when that is more than promised.
//
//   calinvite_bench_million ENDPOINT CA COUNT CONNECTIONS FOLDER
//     ENDPOINT is an SES stand-in, CA the PEM file that vouches for it; the store is made in FOLDER
#include <unistd.h>

#include <calinvite/time.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/engine.hpp"

using namespace bench;

namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// What a campaign may take, however many people it has.
constexpr double most_growth_mb = 16;  ///< from a tenth of the receipts to the last
constexpr double most_journal_mb = 64;
constexpr double latest_first_seconds = 5;

bool broken = false;

void promise(const char* what, double value, double most) {
  if (value <= most) return;
  std::printf("BROKEN: %s is %.1f, at most %.0f was promised\n", what, value, most);
  broken = true;
}

struct Run {
  std::string endpoint;
  std::string ca;
  std::size_t count = 0;
  std::size_t connections = 0;
  std::filesystem::path folder;

  Engine open() const { return open_engine((folder / "bench.db").string()); }

  double journal_mb() const {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(folder / "bench.db-wal", none);
    return none ? 0 : static_cast<double>(bytes) / (1 << 20);
  }
};

std::string invite_all(const Run& run) {
  constexpr std::size_t batch = 10'000;
  Engine engine = run.open();
  add_organizer(engine, "organizer@example.com", "Events");
  Event event{.organizer = "organizer@example.com", .summary = "All hands"};
  event.start = parse_iso("2037-05-08T15:00")->wall;
  event.end = event.start + std::chrono::hours(1);
  event.timezone = "Europe/Paris";
  event.invite_limit = 0;
  const std::string uid = must(engine.create_event(scope, event)).uid;
  const auto begin = Steady::now();
  for (std::size_t at = 0; at < run.count; at += batch) {
    std::vector<InviteRequest> requests;
    for (std::size_t i = at; i < std::min(run.count, at + batch); ++i) {
      requests.push_back({"user" + std::to_string(10'000'000 + i) + "@example.com", {}, {}});
    }
    must(engine.invite(scope, uid, requests, "api"));
  }
  std::printf("invited %zu people in %.1f s (%.0f/s), %.0f MB resident\n", run.count,
              seconds_since(begin), static_cast<double>(run.count) / seconds_since(begin),
              resident_mb());
  return uid;
}

/// Sends all that is due by a freshly opened store, and tells how memory and journal went.
void send_all(const Run& run, const char* what) {
  const auto begin = Steady::now();
  Engine engine = run.open();
  auto transport = open_transport(run.endpoint, run.ca, run.connections);
  double first = 0;
  double early = 0;
  double journal = 0;
  std::size_t receipts = 0;
  DispatchOptions options;
  options.on_receipt = [&](const Receipt&) {
    if (++receipts == 1) first = seconds_since(begin);
    if (receipts == run.count / 10) early = resident_mb();
    if (receipts % 50 == 0) journal = std::max(journal, run.journal_mb());
    return true;
  };
  const DispatchResult result = must(engine.dispatch(*transport, options));
  std::printf(
      "%s: %llu accepted in %.1f s (%.0f/s); first after %.2f s; %.1f MB resident at 10 %%, %.1f "
      "MB "
      "at 100 %%; journal at most %.1f MB\n",
      what, static_cast<unsigned long long>(result.accepted), seconds_since(begin),
      static_cast<double>(result.accepted) / seconds_since(begin), first, early, resident_mb(),
      journal);
  promise("growth of resident MB", resident_mb() - early, most_growth_mb);
  promise("journal in MB", journal, most_journal_mb);
  promise("seconds to the first receipt", first, latest_first_seconds);
  if (result.accepted != run.count) std::exit(1);
}

template <class Work>
void plan(const Run& run, const char* what, const Work& work) {
  Engine engine = run.open();
  const auto begin = Steady::now();
  must(work(engine));
  std::printf("%s planned in %.1f s, %.0f MB resident, journal %.1f MB\n", what,
              seconds_since(begin), resident_mb(), run.journal_mb());
  promise("journal in MB", run.journal_mb(), most_journal_mb);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: calinvite_bench_million ENDPOINT CA COUNT CONNECTIONS FOLDER\n");
    return 2;
  }
  const Run run{argv[1], argv[2], std::stoul(argv[3]), std::stoul(argv[4]), argv[5]};
  const std::string uid = invite_all(run);
  send_all(run, "invitations");
  plan(run, "update", [&](Engine& engine) {
    Event event = must(engine.get_event(scope, uid));
    event.start += std::chrono::hours(1);
    event.end += std::chrono::hours(1);
    return engine.update_event(scope, event);
  });
  send_all(run, "updates");
  plan(run, "cancellation", [&](Engine& engine) { return engine.cancel_event(scope, uid); });
  send_all(run, "cancellations");
  const auto totals = must(run.open().totals(scope));
  std::printf("planned %llu = accepted %llu + superseded %llu + in doubt %llu\n",
              static_cast<unsigned long long>(totals.planned),
              static_cast<unsigned long long>(totals.accepted),
              static_cast<unsigned long long>(totals.superseded),
              static_cast<unsigned long long>(totals.in_doubt));
  return totals.planned == totals.accepted && !broken ? 0 : 1;
}
