// Sends an event to many people over TLS from a real store, as dispatch does it: composed, signed,
// its intent durable before and its receipt after. Prints what that took.
//
//   calinvite_bench_send FOLDER ENDPOINT CA COUNT CONNECTIONS CASE
//     FOLDER holds event.json and recipients.json; CA is the PEM file that vouches for ENDPOINT
#include <unistd.h>

#include <filesystem>

#include "bench/engine.hpp"
#include "bench/workload.hpp"

using namespace bench;

namespace {

struct Usage {
  double seconds = 0;   ///< of the wall clock
  double cpu = 0;       ///< seconds of processor time
  double peak_rss = 0;  ///< MB
};

Usage usage() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {std::chrono::duration<double>(Steady::now().time_since_epoch()).count(),
          seconds(used.ru_utime) + seconds(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024};
}

std::string invite_people(Engine& engine, const Workload& work, std::size_t count) {
  add_organizer(engine, work.event.organizer, work.organizer_name);
  Event event = work.event;
  event.uid.clear();
  event.start += std::chrono::days(365 * 10);  // not over yet, whenever this runs
  event.end += std::chrono::days(365 * 10);
  event.invite_limit = static_cast<std::uint32_t>(count);
  const std::string uid = must(engine.create_event(scope, event)).uid;
  std::vector<InviteRequest> requests;
  for (std::size_t i = 0; i < count; ++i) {
    requests.push_back({"user" + std::to_string(1'000'000 + i) + "@example.com",
                        work.copies[i % work.copies.size()].name,
                        {}});
  }
  must(engine.invite(scope, uid, requests, "api"));
  return uid;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fprintf(stderr, "usage: calinvite_bench_send FOLDER ENDPOINT CA COUNT CONNECTIONS CASE\n");
    return 2;
  }
  const std::size_t count = std::stoul(argv[4]);
  std::string folder = (std::filesystem::temp_directory_path() / "calinvite-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  int failed = 0;
  {
    Engine engine = open_engine(folder + "/bench.db");
    invite_people(engine, make_workload(argv[1]), count);
    auto transport = open_transport(argv[2], argv[3], std::stoul(argv[5]));
    const Usage before = usage();
    const DispatchResult result = must(engine.dispatch(*transport, {}));
    const Usage after = usage();
    failed = result.totals.accepted == count ? 0 : 1;
    std::printf(
        "{\"job\":\"J4\",\"peer\":\"calinvite x%s\",\"case\":\"%s.compose+send+store\",\"s\":%.6f,"
        "\"n\":%zu,\"bytes\":0,\"cpu_s\":%.4f,\"rss_mb\":%.1f}\n",
        argv[5], argv[6], after.seconds - before.seconds, count, after.cpu - before.cpu,
        after.peak_rss);
  }
  std::filesystem::remove_all(folder);
  return failed;
}
