#include "simulator.hpp"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "clients.hpp"
#include "events.hpp"
#include "faults.hpp"

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

const Refusal disk_trouble = {500, "InternalFailure", "The simulator cannot write its folder."};

}  // namespace

Simulator::Simulator(Behaviour behaviour)
    : behaviour_(std::move(behaviour)),
      seed_(behaviour_.seed),
      clock_(behaviour_.scenario.clock),
      signatures_(behaviour_.secrets),
      quota_(behaviour_.limits),
      notifications_(seed_, behaviour_.scenario.duplicate_events,
                     behaviour_.scenario.shuffle_events),
      scanner_(behaviour_.scenario.hosts) {}

bool Simulator::open() {
  const std::string& directory = behaviour_.directory;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!requests_.open(directory + "/requests.jsonl")) return false;
  if (behaviour_.keep == Keep::counts) return true;

  const bool all = behaviour_.keep == Keep::all;
  std::unordered_set<std::string> files;
  std::deque<Entry> last;
  const auto on_entry = [&](const Entry& entry) {
    next_mail_ = std::max(next_mail_.load(), entry.number + 1);
    ++sends_;
    clock_.resume(entry.time);
    if (!is_mailbox_simulator(entry.to)) quota_.restore(entry.time);
    counts_.next_try(entry);
    counts_.accepted(entry);
    if (entry.reply && entry.reply->kind == "answer") first_answer(entry);
    if (!all) return;
    files.insert(entry.file);
    if (entry.reply) files.insert(entry.reply->file);
    last.push_back(entry);
    if (last.size() > notifications_.shuffle()) last.pop_front();
  };
  const auto on_refused = [&](const std::string& error_type) { counts_.refused(error_type); };
  if (!ledger_.open(directory, on_entry, on_refused)) return false;
  if (!all) return true;
  std::filesystem::create_directories(directory + "/mails", error);
  std::filesystem::create_directories(directory + "/replies", error);
  return notifications_.open(directory + "/notifications.jsonl") &&
         scanner_.open(directory + "/visits.jsonl") && remove_unknown("mails", files) &&
         remove_unknown("replies", files) && finish_records(last);
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

/// A kill between the ledger line and the notifications can concern the last block only.
bool Simulator::finish_records(const std::deque<Entry>& last) {
  const std::string& directory = behaviour_.directory;
  const auto written =
      read_tail(directory + "/notifications.jsonl", longest_events * (last.size() + 1));
  for (const Entry& entry : last) {
    if (written && written->find("\"" + entry.message_id + "\"") != std::string::npos) continue;
    const auto raw = read_file(directory + "/mails/" + entry.file);
    if (!raw) return false;
    const auto mail = read_mail(*raw);
    const auto* readable = std::get_if<Mail>(&mail);
    if (readable == nullptr ||
        !notifications_.add(entry.message_id, event_lines(entry, *readable, seed_))) {
      return false;
    }
  }
  return true;
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

bool Simulator::note_refusal(const std::string& error_type) {
  counts_.refused(error_type);
  return behaviour_.keep == Keep::counts || ledger_.refused(error_type, clock_.now());
}

Answer Simulator::refuse(const Refusal& refusal) {
  if (!note_refusal(refusal.error_type)) return answer_of(disk_trouble);
  return answer_of(refusal);
}

std::string Simulator::date() const { return http_date(clock_.shown()); }

std::chrono::microseconds Simulator::latency() {
  const auto& range = behaviour_.scenario.latency;
  if (!range) return behaviour_.latency;
  const auto span = static_cast<std::uint64_t>((range->second - range->first).count()) + 1;
  const std::uint64_t part = seed_.number({"latency", std::to_string(received_.load())}) % span;
  return range->first + std::chrono::microseconds(static_cast<std::int64_t>(part));
}

Answer Simulator::answer(const ApiRequest& request) {
  Answer answer = decide(request);
  answer.delay += latency();
  return answer;
}

Answer Simulator::decide(const ApiRequest& request) {
  record(request);
  const std::string number = std::to_string(++received_);
  const bool prove = seed_.percent({"prove", number}) < behaviour_.verify;
  auto checked = signatures_.check(request, clock_.shown(), prove);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return refuse(*refusal);
  return answer_signed(request, std::get<Caller>(checked));
}

Answer Simulator::answer_signed(const ApiRequest& request, const Caller& caller) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (request.method == "POST" && path == "/v2/email/outbound-emails") return send(request, caller);
  if (request.method == "GET" && path == "/v2/email/account") return account();
  return refuse({404, "UnknownOperationException", "There is no such operation."});
}

Answer Simulator::account() {
  const Instant now = clock_.now();
  counts_.account_asked();
  if (behaviour_.keep != Keep::counts && !ledger_.account_asked(now)) {
    return answer_of(disk_trouble);
  }
  const AccountPlan& plan = behaviour_.scenario.account;
  const Occasion occasion{sends_.load() + 1, clock_.seconds(), "", 1};
  const auto forced = [&](Fault::Kind kind) {
    return in_force(behaviour_.scenario.faults, kind, occasion);
  };
  const bool suspended = forced(Fault::Kind::suspend);
  const double sent =
      forced(Fault::Kind::daily_quota) ? quota_.limits().max_24h : quota_.sent_last_24_hours(now);
  const std::string enforcement = suspended ? "SHUTDOWN" : plan.enforcement;
  const json body = {{"DedicatedIpAutoWarmupEnabled", true},
                     {"EnforcementStatus", enforcement},
                     {"ProductionAccessEnabled", plan.production_access},
                     {"SendQuota",
                      {{"Max24HourSend", quota_.limits().max_24h},
                       {"MaxSendRate", quota_.limits().per_second},
                       {"SentLast24Hours", sent}}},
                     {"SendingEnabled", plan.sending_enabled && enforcement != "SHUTDOWN" &&
                                            !forced(Fault::Kind::pause)},
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

std::optional<Refusal> Simulator::refusal_of_account(const std::string& to) const {
  const AccountPlan& plan = behaviour_.scenario.account;
  if (plan.enforcement == "SHUTDOWN") {
    return Refusal{400, "AccountSuspendedException", "Your account has been suspended."};
  }
  if (!plan.sending_enabled) {
    return Refusal{400, "SendingPausedException", "Email sending is paused for this account."};
  }
  if (!plan.production_access && !is_mailbox_simulator(to) && plan.verified.count(lower(to)) == 0) {
    return Refusal{
        400, "MessageRejected",
        "Email address is not verified. The following identities failed the check: " + to};
  }
  return std::nullopt;
}

Answer Simulator::send(const ApiRequest& request, const Caller& caller) {
  const auto parsed = read_send_email(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refuse(*refusal);
  const auto& wanted = std::get<SendEmail>(parsed);
  const auto appointment = read_appointment(wanted.mail.calendar, wanted.to);
  const Appointment* event = appointment ? &*appointment : nullptr;
  clock_.step();
  Entry entry = entry_of(wanted, caller, event);
  const Occasion occasion{++sends_, clock_.seconds(), identity_of(entry), counts_.next_try(entry)};
  const Fault* fault = fault_for(behaviour_.scenario.faults, seed_, occasion);
  if (fault != nullptr) counts_.fault(fault->name);
  if (fault != nullptr && !fault->accepts) {
    const Answer answer = refusal_by(*fault);
    const bool told = answer.sent == Sent::all && !answer.error_type.empty();
    return note_refusal(told ? answer.error_type : fault->name) ? answer : answer_of(disk_trouble);
  }
  if (const auto refusal = refusal_of_account(wanted.to)) return refuse(*refusal);
  if (const auto refusal = quota_.take(entry.time, !is_mailbox_simulator(wanted.to))) {
    return refuse(*refusal);
  }
  accept(entry, event);
  const bool lost = entry.dropped;
  entry.dropped = lost || (fault != nullptr && fault->kind != Fault::Kind::slow);
  if (!store(entry, wanted, event)) return answer_of(disk_trouble);
  Answer answer{200, "", json{{"MessageId", entry.message_id}}.dump()};
  if (lost) answer.sent = Sent::nothing;
  return fault == nullptr ? answer : spoil(*fault, answer);
}

/// What the request says of itself.
Entry Simulator::entry_of(const SendEmail& request, const Caller& caller,
                          const Appointment* event) const {
  Entry entry;
  entry.time = clock_.now();
  entry.source = request.source;
  entry.to = request.to;
  entry.region = caller.region;
  entry.configuration_set = request.configuration_set;
  entry.tags = request.tags;
  for (const auto& [name, value] : request.tags) {
    if (name == attempt_tag) entry.attempt_id = value;
  }
  if (event != nullptr) {
    entry.method = event->method;
    entry.uid = event->uid;
    entry.sequence = event->sequence;
    entry.recurrence_id = event->recurrence_id;
  }
  return entry;
}

/// Everything that will happen to this mail, decided before anything is written.
void Simulator::accept(Entry& entry, const Appointment* event) {
  entry.number = next_mail_++;
  const std::string number = std::to_string(entry.number);
  entry.message_id =
      "0100" + id_time(entry.time) + "-" + random_id("message", entry.number) + "-000000";
  entry.file = file_name(entry.number, entry.to);
  entry.dropped = seed_.percent({"drop", number}) < behaviour_.drop_after_accept;
  const Scenario& scenario = behaviour_.scenario;
  Client client = client_of(scenario.recipients, seed_, entry.to);
  if (scenario.account.suppressed.count(lower(entry.to)) != 0) client = Client::suppressed;
  if (client != Client::anyone) {
    behave(client, scenario.recipients, seed_, event, entry);
  } else {
    entry.outcome = outcome_of(seed_, entry.to, behaviour_.bounce, behaviour_.complaint);
    if (event != nullptr && entry.outcome != "bounced") {
      entry.reply = plan_reply(seed_, entry.to, *event, behaviour_.reply);
    }
  }
  const bool answers = entry.reply && entry.reply->kind == "answer";
  if (answers && !first_answer(entry)) entry.reply.reset();
  if (entry.reply) entry.reply->file = file_name(entry.number, "");
}

bool Simulator::first_answer(const Entry& entry) {
  const std::lock_guard lock(answered_mutex_);
  return answered_
      .insert(seed_.number(
          {lower(entry.to), entry.uid, entry.recurrence_id, std::to_string(entry.sequence)}))
      .second;
}

/// Files first, then the ledger line that makes the mail accepted, then its notifications.
bool Simulator::store(const Entry& entry, const SendEmail& request, const Appointment* event) {
  const std::string& directory = behaviour_.directory;
  if (behaviour_.keep == Keep::all) {
    if (!write_atomically(directory + "/mails/" + entry.file, request.raw)) return false;
    if (entry.reply) {
      const std::string reply = compose_reply(*entry.reply, entry, event, request.mail, seed_);
      if (!write_atomically(directory + "/replies/" + entry.reply->file, reply)) return false;
    }
    const std::string events = event_lines(entry, request.mail, seed_);
    const std::lock_guard lock(journal_);
    if (!ledger_.accepted(entry) || !notifications_.add(entry.message_id, events)) return false;
  } else if (behaviour_.keep == Keep::ledger && !ledger_.accepted(entry)) {
    return false;
  }
  counts_.accepted(entry);
  if (behaviour_.keep == Keep::all &&
      client_of(behaviour_.scenario.recipients, seed_, entry.to) == Client::scanner) {
    scanner_.visit(entry.number, entry.to, links_in(readable_text(request.raw)));
  }
  return true;
}

bool Simulator::finish() {
  return (behaviour_.keep != Keep::all || notifications_.flush()) &&
         write_atomically(behaviour_.directory + "/counts.json", counts_.totals().dump(1) + "\n");
}

}  // namespace ses_simulator
