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
constexpr auto yahoo_prodid = "-//Yahoo//Calendar//EN";
constexpr std::string_view simulator_domain = "@simulator.amazonses.com";
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

/// @param pattern  lower case, with at most one '*' for any text
bool matches(const std::string& pattern, const std::string& address) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == address;
  const std::string head = pattern.substr(0, star);
  const std::string tail = pattern.substr(star + 1);
  return address.size() + 1 >= pattern.size() && address.compare(0, star, head) == 0 &&
         address.compare(address.size() - tail.size(), tail.size(), tail) == 0;
}

Client mailbox_simulated(const std::string& address) {
  const std::string local = address.substr(0, std::min(address.find('+'), address.find('@')));
  if (local == "success") return Client::silent;
  if (local == "complaint") return Client::complaint;
  if (local == "suppressionlist") return Client::suppressed;
  if (local == "ooto") return Client::out_of_office;
  return Client::bounce;
}

const char* program_of(Client client) {
  switch (client) {
    case Client::google:
      return programs[0].name;
    case Client::outlook:
      return programs[1].name;
    case Client::apple:
      return programs[2].name;
    case Client::thunderbird:
      return programs[3].name;
    case Client::yahoo:
      return yahoo_prodid;
    default:
      return "";
  }
}

}  // namespace

bool is_mailbox_simulator(const std::string& address) {
  return address.size() > simulator_domain.size() &&
         lower(address.substr(address.size() - simulator_domain.size())) == simulator_domain;
}

Client client_of(const Recipients& recipients, const Seed& seed, const std::string& address) {
  const std::string person = lower(address);
  if (is_mailbox_simulator(person)) return mailbox_simulated(person);
  for (const auto& [pattern, client] : recipients.addresses) {
    if (matches(pattern, person)) return client;
  }
  double percent = seed.percent({"client", person});
  for (const auto& [client, share] : recipients.shares) {
    if (percent < share) return client;
    percent -= share;
  }
  return Client::anyone;
}

void behave(Client client, const Recipients& recipients, const Seed& seed, const Appointment* event,
            Entry& entry) {
  entry.outcome = "delivered";
  const std::string program = program_of(client);
  if (client == Client::bounce) entry.outcome = "bounced";
  if (client == Client::complaint) entry.outcome = "complained";
  if (client == Client::suppressed) entry.outcome = "suppressed";
  if (client == Client::out_of_office) {
    entry.reply = Reply{"", "", entry.to, "", "out-of-office", ""};
  }
  if (client == Client::bounce_mail) {
    const std::string domain = entry.to.substr(entry.to.rfind('@') + 1);
    entry.reply = Reply{"", "", "mailer-daemon@" + domain, "", "bounce", ""};
  }
  const bool crashes = client == Client::party_crasher;
  if (event == nullptr || (program.empty() && !crashes)) return;
  entry.reply = plan_reply(seed, entry.to, *event, recipients.answer_percent);
  if (!entry.reply) return;
  if (!program.empty()) entry.reply->prodid = program;
  entry.reply->from = entry.to;
  if (!crashes) return;
  const std::uint64_t guest = seed.number({"guest", lower(entry.to)}) % 1000000;
  entry.reply->from = "guest" + std::to_string(guest) + "@party.example";
  entry.reply->attendee = entry.reply->from;
}

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
