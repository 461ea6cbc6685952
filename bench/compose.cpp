// What one more copy of an invitation costs on one core, three link tokens included, beside the
// SHA-256 of the SES request that carries it, and how large the mail is.
//
//   calinvite_bench_compose [FOLDER [MAIL]]  FOLDER holds event.json and recipients.json
//                                            MAIL: where to write the first mail
#include <algorithm>
#include <calinvite/aws.hpp>
#include <calinvite/compose.hpp>
#include <calinvite/token.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "base/json.hpp"

namespace {

using namespace calinvite;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 7;
const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'767'614'400));

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Another workload than the one asked for would be measured in silence: what can't be read ends
/// us.
Json read_json(const std::string& path) {
  constexpr std::size_t longest = 16 * 1024 * 1024;
  auto json = Json::parse(read_file(path), longest);
  if (!json) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), to_string(json.error()).c_str());
    std::exit(1);
  }
  return std::move(*json);
}

/// The workload that other libraries are measured with, or one like it.
struct Workload {
  Event event;
  std::string organizer_name = "Ana Almeida";
  std::vector<CopyFields> copies;
};

CopyFields copy_for(std::string name, std::string address) {
  CopyFields copy;
  copy.uid = mint_uid(system_random);
  copy.organizer_address = "events+" + mint_address_token(system_random) + "@reply.example.com";
  copy.address = std::move(address);
  copy.name = std::move(name);
  copy.language = "en";
  copy.dtstamp = now;
  return copy;
}

Workload make_workload(const std::string& folder) {
  Workload made;
  Event& event = made.event;
  event.uid = "ci-bench";
  event.organizer = "organizer@example.com";
  event.language = "en";
  event.timezone = "Europe/Paris";
  event.created = event.changed = now - std::chrono::days(2);
  if (!folder.empty()) {
    const auto json = read_json(folder + "/event.json");
    const auto people = read_json(folder + "/recipients.json");
    event.summary = json["summary"].string();
    event.description = json["description"].string();
    event.location = json["location"].string();
    event.start = parse_iso(json["start"].string())->wall;
    event.end = parse_iso(json["end"].string())->wall;
    event.timezone = json["tzid"].string();
    made.organizer_name = json["organizer_name"].string();
    for (const auto& person : people.array()) {
      made.copies.push_back(
          copy_for(std::string(person["name"].string()), std::string(person["email"].string())));
    }
    return made;
  }
  event.summary = "Quarterly review of all that has been built";
  for (int i = 0; i < 4; ++i) {
    event.description +=
        "What was planned, what came of it, and what the next three months are for, in short. ";
  }
  event.location = "Room 12, Building B";
  event.start = parse_iso("2026-03-12T09:00")->wall;
  event.end = event.start + std::chrono::hours(1);
  for (int i = 0; i < 1000; ++i) {
    made.copies.push_back(copy_for("Guest " + std::to_string(i),
                                   "guest" + std::to_string(10000 + i) + "@example.com"));
  }
  return made;
}

/// Seconds that one pass takes at best.
template <class Work>
double best_of(const Work& work) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const ZoneTable zones;
  const KeyRing ring({TokenKey{1, {7}}});
  Workload work = make_workload(argc > 1 ? argv[1] : "");
  const auto composer = Composer::prepare(
      {work.event, Method::request, 0, {}, work.organizer_name, "https://rsvp.example.com"}, zones);
  if (!composer) {
    std::fprintf(stderr, "%s\n", to_string(composer.error()).c_str());
    return 1;
  }
  std::string mail;
  std::size_t bytes = 0;
  const auto compose = [&](CopyFields& copy) {
    const auto mint = [&](TokenPurpose purpose) {
      return mint_link_token({purpose, {}, now + std::chrono::hours(1)}, ring);
    };
    copy.rsvp_token = mint(TokenPurpose::rsvp);
    copy.unsubscribe_token = mint(TokenPurpose::unsubscribe);
    copy.attempt_id = mint(TokenPurpose::button);  // the third: what other systems sign as well
    copy.attempt_id.resize(32);                    // as long as those of dispatch
    std::transform(copy.attempt_id.begin(), copy.attempt_id.end(), copy.attempt_id.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (!composer->compose(copy, mail)) std::abort();
    bytes += mail.size();
  };
  compose(work.copies.front());
  if (argc > 2) std::ofstream(argv[2], std::ios::binary) << mail;

  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < std::min<std::size_t>(200, work.copies.size()); ++i) {
    CopyFields& copy = work.copies[i];
    compose(copy);
    const SesSend send{copy.organizer_address, copy.address, mail, {}, {}};
    bodies.push_back(ses_send_request(send, "email.eu-central-1.amazonaws.com")->body);
  }
  bytes = 0;
  const double composing = best_of([&] {
    for (auto& copy : work.copies) compose(copy);
  });
  const auto count = static_cast<double>(work.copies.size());
  const double size = static_cast<double>(bytes) / rounds / count;
  const double hashing = best_of([&] {
    for (const auto& body : bodies) (void)crypto::sha256(body);
  });
  const double one = composing / count;
  const double hash = hashing / static_cast<double>(bodies.size());
  std::printf("compose %.0f/s, %.2f x the SHA-256 of its request body; %.0f bytes a mail\n",
              1 / one, one / hash, size);
  std::printf("{\"job\":\"J2\",\"peer\":\"calinvite\",\"s\":%.9f,\"n\":%.0f,\"bytes\":%.0f}\n",
              composing, count, size * count);
  return 0;
}
