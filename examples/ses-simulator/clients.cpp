#include "clients.hpp"

#include <algorithm>
#include <array>

#include "wire.hpp"

namespace ses_simulator {
namespace {

struct Share {
  const char* name;
  double upto;  ///< percent, cumulated
};

constexpr std::array programs = {
    Share{"-//Google Inc//Google Calendar 70.9054//EN", 45},
    Share{"Microsoft Exchange Server 2010", 72},
    Share{"-//Apple Inc.//macOS 14.5//EN", 88},
    Share{"-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", 100},
};
constexpr std::array answers = {Share{"ACCEPTED", 62}, Share{"TENTATIVE", 75},
                                Share{"DECLINED", 100}};
constexpr double changes_mind = 5;  // percent of those who hold an answer, per update
constexpr double decliner_changes_mind = 1;
constexpr double answers_from_elsewhere = 10;  // percent of Apple users: a second account replies

template <std::size_t size>
std::string pick(const std::array<Share, size>& shares, double percent) {
  for (const Share& share : shares) {
    if (percent < share.upto) return share.name;
  }
  return shares.back().name;
}

std::string answer_to(const Seed& seed, const std::string& address, const Appointment& event) {
  const std::string& uid = event.uid;
  const std::string& occurrence = event.recurrence_id;
  std::string answer = pick(answers, seed.percent({"answer", address, uid, occurrence}));
  const auto updates = std::clamp<std::int64_t>(event.sequence, 0, 1000);
  for (std::int64_t i = 1; i <= updates; ++i) {
    const std::string update = std::to_string(i);
    const double limit = answer == "DECLINED" ? decliner_changes_mind : changes_mind;
    if (seed.percent({"change", address, uid, occurrence, update}) < limit) {
      answer = pick(answers, seed.percent({"new answer", address, uid, occurrence, update}));
    }
  }
  return answer;
}

}  // namespace

std::string outcome_of(const Seed& seed, const std::string& address, double bounce,
                       double complaint) {
  const double percent = seed.percent({"outcome", lower(address)});
  if (percent < bounce) return "bounced";
  return percent < bounce + complaint ? "complained" : "delivered";
}

std::optional<Reply> plan_reply(const Seed& seed, const std::string& address,
                                const Appointment& appointment, double share) {
  const std::string person = lower(address);
  const bool asked = appointment.method == "REQUEST" && !appointment.organizer.empty() &&
                     appointment.status != "CANCELLED" &&
                     (appointment.partstat.empty() || appointment.partstat == "NEEDS-ACTION");
  if (!asked || seed.percent({"answers", person}) >= share) return std::nullopt;

  Reply reply;
  reply.partstat = answer_to(seed, person, appointment);
  reply.prodid = pick(programs, seed.percent({"program", person}));
  reply.from = address;
  if (reply.prodid.find("Apple") != std::string::npos &&
      seed.percent({"account", person}) < answers_from_elsewhere) {
    reply.from =
        "account" + std::to_string(seed.number({"account", person}) % 1000000) + "@mail.example";
  }
  return reply;
}

}  // namespace ses_simulator
