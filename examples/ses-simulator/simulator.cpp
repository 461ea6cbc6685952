#include "simulator.hpp"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "clients.hpp"
#include "events.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;

constexpr auto attempt_tag = "attempt_id";
constexpr std::size_t longest_events = std::size_t{1} << 20;  // of one message

std::string file_name(std::uint64_t number, std::string_view address) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%06llu", static_cast<unsigned long long>(number));
  std::string name = digits;
  if (!address.empty()) name += '-';
  for (const char c : address.substr(0, 100)) {
    const bool safe = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '@' || c == '+' || c == '-';
    name += safe ? c : '_';
  }
  return name + ".eml";
}

Answer answer_of(const Refusal& refusal) {
  const json body = {{"message", refusal.message}};
  return {refusal.status, refusal.error_type,
          body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

Instant wall_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

const Refusal disk_trouble = {500, "InternalFailure", "The simulator cannot write its folder."};

}  // namespace

Simulator::Simulator(Behaviour behaviour)
    : behaviour_(std::move(behaviour)),
      seed_(behaviour_.seed),
      signatures_(behaviour_.secrets),
      quota_(behaviour_.limits) {}

bool Simulator::open() {
  const std::string& directory = behaviour_.directory;
  std::error_code error;
  std::filesystem::create_directories(directory + "/mails", error);
  std::filesystem::create_directories(directory + "/replies", error);
  std::unordered_set<std::string> files;
  std::optional<Entry> last;
  const bool opened = ledger_.open(directory, [&](const Entry& entry) {
    next_mail_ = std::max(next_mail_.load(), entry.number + 1);
    quota_.restore(entry.time);
    files.insert(entry.file);
    if (entry.reply) {
      files.insert(entry.reply->file);
      first_answer(entry);
    }
    last = entry;
  });
  return opened && notifications_.open(directory + "/notifications.jsonl") &&
         requests_.open(directory + "/requests.jsonl") && remove_unknown("mails", files) &&
         remove_unknown("replies", files) && (!last || finish_last(*last));
}

/// A file without a ledger line belongs to a request that a kill left unanswered: not accepted.
bool Simulator::remove_unknown(const char* folder, const std::unordered_set<std::string>& known) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::path(behaviour_.directory) / folder;
  std::vector<std::filesystem::path> unknown;
  for (const auto& file : std::filesystem::directory_iterator(path, error)) {
    if (known.count(file.path().filename().string()) == 0) unknown.push_back(file.path());
  }
  for (const auto& file : unknown) std::filesystem::remove(file, error);
  return !error;
}

/// A kill between the ledger line and the notifications can concern the last mail only.
bool Simulator::finish_last(const Entry& last) {
  const std::string& directory = behaviour_.directory;
  const auto written = read_tail(directory + "/notifications.jsonl", longest_events);
  if (written && written->find("\"" + last.message_id + "\"") != std::string::npos) return true;
  const auto raw = read_file(directory + "/mails/" + last.file);
  if (!raw) return false;
  const auto mail = read_mail(*raw);
  const auto* readable = std::get_if<Mail>(&mail);
  return readable != nullptr && notifications_.append(event_lines(last, *readable, seed_));
}

std::string Simulator::random_id(std::string_view kind, std::uint64_t number) const {
  const std::string text = std::to_string(number);
  const auto high = static_cast<unsigned long long>(seed_.number({kind, text, "high"}));
  const auto low = static_cast<unsigned long long>(seed_.number({kind, text, "low"}));
  char id[40];
  std::snprintf(id, sizeof id, "%08llx-%04llx-4%03llx-%04llx-%012llx", high >> 32,
                high >> 16 & 0xffff, high & 0xfff, (low >> 48 & 0x3fff) | 0x8000,
                low & 0xffffffffffff);
  return id;
}

std::string Simulator::request_id() { return random_id("request", next_request_++); }

void Simulator::record(const ApiRequest& request) {
  if (recorded_.load() >= behaviour_.record || recorded_++ >= behaviour_.record) return;
  json headers = json::array();
  for (const Header& header : request.headers) headers.push_back({header.name, header.value});
  const json line = {{"method", request.method},
                     {"target", request.target},
                     {"headers", headers},
                     {"body", request.body}};
  requests_.append(line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

Answer Simulator::refuse(const Refusal& refusal, Instant now) {
  if (!ledger_.refused(refusal.error_type, now)) return answer_of(disk_trouble);
  return answer_of(refusal);
}

std::string Simulator::date() const { return http_date(wall_time()); }

Answer Simulator::administer(const ApiRequest& request) {
  if (request.target != "/simulator/ledger") return {404, "UnknownOperationException", "{}"};
  const auto ledger = summarize(behaviour_.directory, true);
  return {200, "", ledger ? ledger->dump() : "{}"};
}

Answer Simulator::answer(const ApiRequest& request) {
  Answer answer = decide(request, wall_time());
  answer.delay += behaviour_.latency;
  return answer;
}

Answer Simulator::decide(const ApiRequest& request, Instant now) {
  record(request);
  auto checked = signatures_.check(request, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return refuse(*refusal, now);
  return answer_signed(request, std::get<Caller>(checked), now);
}

Answer Simulator::answer_signed(const ApiRequest& request, const Caller& caller, Instant now) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (request.method == "POST" && path == "/v2/email/outbound-emails") {
    return send(request, caller, now);
  }
  if (request.method == "GET" && path == "/v2/email/account") return account(now);
  return refuse({404, "UnknownOperationException", "There is no such operation."}, now);
}

Answer Simulator::account(Instant now) {
  if (!ledger_.account_asked(now)) return answer_of(disk_trouble);
  const json body = {{"DedicatedIpAutoWarmupEnabled", true},
                     {"EnforcementStatus", "HEALTHY"},
                     {"ProductionAccessEnabled", true},
                     {"SendQuota",
                      {{"Max24HourSend", quota_.limits().max_24h},
                       {"MaxSendRate", quota_.limits().per_second},
                       {"SentLast24Hours", quota_.sent_last_24_hours(now)}}},
                     {"SendingEnabled", true},
                     {"SuppressionAttributes", {{"SuppressedReasons", {"BOUNCE", "COMPLAINT"}}}},
                     {"Details",
                      {{"MailType", "TRANSACTIONAL"},
                       {"WebsiteURL", "https://example.com"},
                       {"ContactLanguage", "EN"},
                       {"UseCaseDescription", "calendar invitations"},
                       {"AdditionalContactEmailAddresses", json::array({"ops@example.com"})},
                       {"ReviewDetails", {{"Status", "GRANTED"}, {"CaseId", "100000001"}}}}},
                     {"PricingAttributes", {{"CurrentPlan", "NONE"}}}};
  return {200, "", body.dump()};
}

Answer Simulator::send(const ApiRequest& request, const Caller& caller, Instant now) {
  const auto parsed = read_send_email(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refuse(*refusal, now);
  if (const auto refusal = quota_.take(now)) return refuse(*refusal, now);

  const auto& wanted = std::get<SendEmail>(parsed);
  const Entry entry = accept(wanted, caller, now);
  if (!store(entry, wanted)) return answer_of(disk_trouble);
  const json body = {{"MessageId", entry.message_id}};
  return {200, "", body.dump(), entry.dropped ? Sent::nothing : Sent::all};
}

/// Everything that will happen to this mail, decided before anything is written.
Entry Simulator::accept(const SendEmail& request, const Caller& caller, Instant now) {
  Entry entry;
  entry.number = next_mail_++;
  const std::string number = std::to_string(entry.number);
  entry.message_id = "0100" + id_time(now) + "-" + random_id("message", entry.number) + "-000000";
  entry.time = now;
  entry.source = request.source;
  entry.to = request.to;
  entry.region = caller.region;
  entry.configuration_set = request.configuration_set;
  entry.tags = request.tags;
  for (const auto& [name, value] : request.tags) {
    if (name == attempt_tag) entry.attempt_id = value;
  }
  entry.file = file_name(entry.number, request.to);
  entry.outcome = outcome_of(seed_, request.to, behaviour_.bounce, behaviour_.complaint);
  entry.dropped = seed_.percent({"drop", number}) < behaviour_.drop_after_accept;
  if (const auto event = read_appointment(request.mail.calendar, request.to)) {
    entry.method = event->method;
    entry.uid = event->uid;
    entry.sequence = event->sequence;
    entry.recurrence_id = event->recurrence_id;
    if (entry.outcome != "bounced") {
      entry.reply = plan_reply(seed_, request.to, *event, behaviour_.reply);
    }
    if (entry.reply && !first_answer(entry)) entry.reply.reset();
    if (entry.reply) entry.reply->file = file_name(entry.number, "");
  }
  return entry;
}

bool Simulator::first_answer(const Entry& entry) {
  const std::lock_guard lock(answered_mutex_);
  return answered_
      .insert(seed_.number(
          {lower(entry.to), entry.uid, entry.recurrence_id, std::to_string(entry.sequence)}))
      .second;
}

/// Files first, then the ledger line that makes the mail accepted, then its notifications.
bool Simulator::store(const Entry& entry, const SendEmail& request) {
  const std::string& directory = behaviour_.directory;
  if (!write_atomically(directory + "/mails/" + entry.file, request.raw)) return false;
  if (entry.reply) {
    const auto event = read_appointment(request.mail.calendar, request.to);
    const std::string reply = compose_reply(*entry.reply, entry, *event, seed_);
    if (!write_atomically(directory + "/replies/" + entry.reply->file, reply)) return false;
  }
  const std::string events = event_lines(entry, request.mail, seed_);
  const std::lock_guard lock(journal_);
  return ledger_.accepted(entry) && notifications_.append(events);
}

}  // namespace ses_simulator
