// A campaign dies at each fault point in turn and is started again until it is done; then its books
// are compared with what the world saw. A failure prints the point and the seed that replay it.
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <set>

#include "base/fault.hpp"
#include "campaign.hpp"
#include "power_loss.hpp"
#include "witness.hpp"

using namespace calinvite;
using crash::Campaign;
using crash::Sighting;

namespace {

enum class Death { kill, power_loss };

/// Where the process dies: the `hit`th time that it comes to `point`.
struct Plan {
  std::string point;
  int hit = 0;  ///< 0: nowhere
  Death death = Death::kill;
  std::uint32_t seed = 0;
};

// Of the child: the hook takes no argument of ours.
Plan plan;
std::map<std::string, int> hits;

std::string name_of(const char* where, const char* moment) {
  return std::string(where) + ": " + moment;
}

void die_as_planned(const char* where, const char* moment) {
  const std::string point = name_of(where, moment);
  if (++hits[point] != plan.hit || point != plan.point) return;
  if (plan.death == Death::power_loss) power_loss::fail(plan.seed);
  ::kill(::getpid(), SIGKILL);
}

class Folder {
 public:
  Folder() {
    // In memory where that can be: syncs cost nothing there, and a killed process leaves the same.
    const std::filesystem::path memory = "/dev/shm";
    const bool usable = ::access(memory.c_str(), W_OK) == 0;
    const auto where = usable ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (where / "calinvite-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  std::filesystem::path path;
};

/// Runs the campaign in a process of its own. @return whether it died as planned
bool run(const Campaign& campaign, const Plan& its_plan) {
  const pid_t child = ::fork();
  if (child == 0) {
    plan = its_plan;
    if (plan.death == Death::power_loss) power_loss::install();
    fault::set_hook(die_as_planned);
    campaign.work();
    if (plan.death == Death::power_loss) power_loss::flush();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) {
    REQUIRE(WTERMSIG(status) == SIGKILL);
    REQUIRE(its_plan.hit > 0);
    return true;
  }
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

/// How often a whole campaign of that seed comes to each point.
std::map<std::string, int> count_hits(std::uint32_t seed, bool spool) {
  const Folder folder;
  const Campaign campaign{folder.path, seed, 0, spool};
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    fault::set_hook([](const char* where, const char* moment) { ++hits[name_of(where, moment)]; });
    campaign.work();
    std::string lines;
    for (const auto& [point, count] : hits) lines += std::to_string(count) + point + '\n';
    const bool told = ::write(ends[1], lines.data(), lines.size()) > 0;
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  std::map<std::string, int> counted;
  FILE* const in = ::fdopen(ends[0], "r");
  char line[200];
  while (std::fgets(line, sizeof line, in) != nullptr) {
    char* name = nullptr;
    const long count = std::strtol(line, &name, 10);
    counted[std::string(name, std::strlen(name) - 1)] = static_cast<int>(count);
  }
  std::fclose(in);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  return counted;
}

// ---- the books --------------------------------------------------------------------------------

std::vector<Sighting> seen_by_the_world(const Campaign& campaign) {
  if (!campaign.spool) return crash::sightings(campaign.seen());
  std::vector<Sighting> all;
  for (const auto& file : std::filesystem::directory_iterator(campaign.spooled() / "new")) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto mail = parse_mail(bytes);
    REQUIRE(mail);
    all.push_back(crash::sight(file.path().stem().string(), mail->recipients.front(), bytes));
  }
  return all;
}

std::vector<OutboxEntry> entries(Engine& engine, OutboxState state) {
  std::vector<OutboxEntry> all;
  Page page;
  do {
    auto part = engine.list_outbox(crash::scope, state, {}, page);
    REQUIRE(part);
    page.after = part->next;
    std::move(part->items.begin(), part->items.end(), std::back_inserter(all));
  } while (!page.after.empty());
  return all;
}

void check_file(const Campaign& campaign) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(campaign.store().c_str(), &database) == SQLITE_OK);
  std::string answer;
  sqlite3_exec(
      database, "PRAGMA integrity_check; PRAGMA foreign_key_check",
      [](void* to, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i) {
          *static_cast<std::string*>(to) += values[i] != nullptr ? values[i] : "";
        }
        return 0;
      },
      &answer, nullptr);
  sqlite3_close(database);
  CHECK(answer == "ok");
}

/// I1: nothing planned is without an end, and everybody was planned for.
void check_conservation(Engine& engine, int people) {
  const auto totals = engine.totals(crash::scope);
  REQUIRE(totals);
  CHECK(totals->pending + totals->claimed + totals->held == 0);
  CHECK(totals->planned == totals->accepted + totals->refused + totals->suppressed +
                               totals->superseded + totals->expired + totals->in_doubt);
  CHECK(totals->planned >= static_cast<std::uint64_t>(people));
}

/// I2, I3: no attempt and no message twice. I10: nobody hears an older revision after a newer one.
void check_world(const std::vector<Sighting>& seen, bool in_order) {
  std::set<std::string> attempts;
  std::set<std::string> keys;
  std::map<std::string, int> newest;
  std::set<std::string> asked;
  for (const Sighting& one : seen) {
    CHECK(attempts.insert(one.attempt_id).second);
    if (one.uid == "-") continue;
    CHECK(keys.insert(one.key()).second);
    if (!in_order) continue;
    CHECK(one.sequence >= newest[one.uid]);
    newest[one.uid] = one.sequence;
  }
}

/// What the store calls accepted is what the world saw, and what it does not know is listed.
void check_books(Engine& engine, const std::vector<Sighting>& seen, bool told,
                 int most_unanswered) {
  std::set<std::string> arrived;
  std::set<std::string> invited;
  for (const Sighting& one : seen) {
    if (one.uid == "-") continue;
    arrived.insert(one.attempt_id);
    if (one.method == "REQUEST") invited.insert(one.to);
  }
  std::set<std::string> accepted;
  for (const OutboxEntry& entry : entries(engine, OutboxState::accepted)) {
    accepted.insert(entry.attempt_id);
    CHECK(arrived.count(entry.attempt_id) == 1);
  }
  std::set<std::string> doubted;
  int unanswered = 0;
  for (const OutboxEntry& entry : entries(engine, OutboxState::in_doubt)) {
    doubted.insert(entry.attempt_id);
    if (entry.method == Method::request) invited.insert(entry.address);
    if (entry.reason.find("ended without an answer") != std::string::npos) ++unanswered;
  }
  for (const std::string& attempt : arrived)
    CHECK(accepted.count(attempt) + doubted.count(attempt));
  // I6: every arrival was told, so what is still in doubt did not arrive.
  if (told) {
    for (const std::string& attempt : doubted) CHECK(arrived.count(attempt) == 0);
  }
  CHECK(unanswered <= most_unanswered);  // I4
  for (const Sighting& one : seen) {
    if (one.method == "CANCEL") CHECK(invited.count(one.to) == 1);
  }
}

/// Nobody is forgotten: what became of an invite is more than that it was superseded, and who may
/// hold a copy of what was cancelled is told, but for those who want no mail.
void check_nobody_forgotten(Engine& engine) {
  std::set<std::string> asked;
  std::set<std::string> holders;
  std::set<std::string> told;
  for (const OutboxState state : {OutboxState::accepted, OutboxState::in_doubt,
                                  OutboxState::refused, OutboxState::suppressed}) {
    const bool may_hold = state == OutboxState::accepted || state == OutboxState::in_doubt;
    for (const OutboxEntry& entry : entries(engine, state)) {
      if (entry.method == Method::cancel) told.insert(entry.address);
      if (entry.method != Method::request) continue;
      asked.insert(entry.address);
      if (may_hold) holders.insert(entry.address);
    }
  }
  EventFilter filter;
  filter.search = "Derby";
  const auto found = engine.list_events(crash::scope, filter, {});
  REQUIRE(found);
  REQUIRE(found->items.size() == 1);
  REQUIRE(found->items.front().event.status == EventStatus::cancelled);
  const auto people = engine.list_attendees(crash::scope, found->items.front().event.uid, Page{});
  REQUIRE(people);
  for (const Attendee& person : people->items) {
    INFO(person.address);
    CHECK(asked.count(person.address) == 1);
    const auto suppressed = engine.list_suppressions(crash::scope, person.address, Page{});
    REQUIRE(suppressed);
    if (person.partstat == Partstat::declined || !suppressed->items.empty()) continue;
    if (holders.count(person.address) == 1) CHECK(told.count(person.address) == 1);
  }
}

/// The holds that the peer and the bounces caused are over, and the account told what it allows.
void check_account(Engine& engine) {
  const auto accounts = engine.list_accounts();
  REQUIRE(accounts);
  REQUIRE(accounts->size() == 1);
  CHECK(accounts->front().hold == AccountHold::none);
  CHECK(accounts->front().max_rate == crash::allowed_rate);
  const auto reputation = engine.reputation(crash::scope);
  REQUIRE(reputation);
  CHECK(reputation->hold.empty());
}

void check(const Campaign& campaign, int crashes) {
  check_file(campaign);
  Engine engine = campaign.open();
  const auto seen = seen_by_the_world(campaign);
  check_conservation(engine, campaign.people());
  check_world(seen, !campaign.spool);  // a folder keeps no order
  check_books(engine, seen, !campaign.spool, crashes * campaign.most_in_flight());
  check_nobody_forgotten(engine);
  if (!campaign.spool) check_account(engine);
}

int seeds() {
  const char* const wanted = std::getenv("CALINVITE_CRASH_SEEDS");
  return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 3;
}

/// Dies at `point` once or twice, by seed, then ends in peace. @return whether it died
bool crash_at(const std::string& point, int times, std::uint32_t seed, Death death) {
  INFO(point << ", seed " << seed);
  const Folder folder;
  Campaign campaign{folder.path, seed, 0, point.starts_with("spool: ")};
  Plan next{point, 1 + static_cast<int>(seed * 7919U % static_cast<unsigned>(times)), death, seed};
  int crashes = 0;
  while (run(campaign, next)) {
    ++crashes;
    ++campaign.run;
    next.hit = crashes == 1 && seed % 2 == 1 ? 1 : 0;
    next.seed += 1000;
  }
  check(campaign, crashes);
  return crashes > 0;
}

void crash_everywhere(Death death) {
  std::set<std::string> points;
  const auto all_seeds = static_cast<std::uint32_t>(seeds());
  for (std::uint32_t seed = 1; seed <= all_seeds; ++seed) {
    auto times = count_hits(seed, false);
    times.merge(count_hits(seed, true));
    for (const auto& [point, count] : times) {
      points.insert(point);
      // How often a run comes there hangs on the time that things take, and so whether it does:
      // what has ended is settled by itself only when nothing else is due.
      bool died = crash_at(point, count, seed, death);
      for (int tries = 0; tries < 5 && !died; ++tries) died = crash_at(point, 1, seed, death);
      INFO(point << ", seed " << seed);
      CHECK(died);
    }
  }
  CHECK(points.size() >= 40);
  for (const char* const step : {"edit_account: ", "hold_domain: ", "lift_hold: "}) {
    CHECK(std::any_of(points.begin(), points.end(),
                      [&](const std::string& point) { return point.starts_with(step); }));
  }
  WARN(points.size() << " fault points, " << all_seeds << " seeds each");
}

}  // namespace

TEST_CASE("a campaign that is killed at any fault point loses nothing and doubles nothing",
          "[kill]") {
  crash_everywhere(Death::kill);
}

TEST_CASE("a campaign whose power fails at any fault point loses nothing and doubles nothing",
          "[power]") {
  crash_everywhere(Death::power_loss);
}
