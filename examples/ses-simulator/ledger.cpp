#include "ledger.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "counts.hpp"
#include "wire.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;

std::string line_of(const json& object) {
  // A mail may hold any bytes; the ledger stays valid UTF-8.
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

json to_json(const Reply& reply) {
  return {{"kind", reply.kind}, {"partstat", reply.partstat}, {"prodid", reply.prodid},
          {"from", reply.from}, {"attendee", reply.attendee}, {"file", reply.file}};
}

json to_json(const Entry& entry) {
  json tags = json::object();
  for (const auto& [name, value] : entry.tags) tags[name].push_back(value);
  json object = {{"kind", "accepted"},
                 {"number", entry.number},
                 {"message_id", entry.message_id},
                 {"time", iso_time(entry.time)},
                 {"source", entry.source},
                 {"to", entry.to},
                 {"region", entry.region},
                 {"configuration_set", entry.configuration_set},
                 {"tags", tags},
                 {"attempt_id", entry.attempt_id},
                 {"method", entry.method},
                 {"uid", entry.uid},
                 {"sequence", entry.sequence},
                 {"recurrence_id", entry.recurrence_id},
                 {"outcome", entry.outcome},
                 {"reply", nullptr},
                 {"dropped", entry.dropped},
                 {"file", entry.file}};
  if (entry.reply) object["reply"] = to_json(*entry.reply);
  return object;
}

Entry from_json(const json& object) {
  Entry entry;
  entry.number = object.value("number", std::uint64_t{0});
  entry.message_id = object.value("message_id", "");
  entry.time = parse_iso_time(object.value("time", "")).value_or(Instant{});
  entry.source = object.value("source", "");
  entry.to = object.value("to", "");
  entry.region = object.value("region", "");
  entry.configuration_set = object.value("configuration_set", "");
  for (const auto& [name, values] : object.at("tags").items()) {
    for (const json& value : values) entry.tags.emplace_back(name, value.get<std::string>());
  }
  entry.attempt_id = object.value("attempt_id", "");
  entry.method = object.value("method", "");
  entry.uid = object.value("uid", "");
  entry.sequence = object.value("sequence", std::int64_t{0});
  entry.recurrence_id = object.value("recurrence_id", "");
  entry.outcome = object.value("outcome", "");
  entry.dropped = object.value("dropped", false);
  entry.file = object.value("file", "");
  if (const json& reply = object.at("reply"); reply.is_object()) {
    entry.reply = Reply{reply.value("partstat", ""),   reply.value("prodid", ""),
                        reply.value("from", ""),       reply.value("file", ""),
                        reply.value("kind", "answer"), reply.value("attendee", "")};
  }
  return entry;
}

/// Calls `on_line` for every whole line of the ledger.
bool for_each_line(const std::string& directory, const std::function<void(const json&)>& on_line) {
  std::ifstream file(directory + "/ledger.jsonl");
  if (!file) return false;
  std::string line;
  while (std::getline(file, line) && !file.eof()) {  // without a line break it is not whole
    const json object = json::parse(line, nullptr, false);
    if (object.is_object()) on_line(object);
  }
  return true;
}

/// What the ledger adds up to.
class Summary {
 public:
  void add(const json& line) {
    ++requests_;
    const std::string kind = line.value("kind", "");
    if (kind == "accepted") add(from_json(line));
    if (kind == "refused") ++refused_[line.value("error_type", "")];
    if (kind == "account") ++account_;
  }

  json totals() const {
    json repeated_attempts = json::object();
    for (const auto& [id, copies] : attempts_) {
      if (copies > 1) repeated_attempts[id] = copies;
    }
    json repeated_keys = json::array();
    for (const auto& [key, copies] : keys_) {
      if (copies > 1) repeated_keys.push_back(json{{"key", key}, {"copies", copies}});
    }
    return {{"requests", requests_},
            {"account_requests", account_},
            {"accepted", accepted_},
            {"refused", refused_},
            {"attempts", attempts_.size()},
            {"attempts_seen_more_than_once", repeated_attempts.size()},
            {"repeated_attempts", repeated_attempts},
            {"message_keys", keys_.size()},
            {"message_keys_seen_more_than_once", repeated_keys.size()},
            {"repeated_message_keys", repeated_keys},
            {"without_attempt_id", without_attempt_},
            {"dropped_after_accept", dropped_},
            {"addresses", addresses_.size()},
            {"methods", methods_},
            {"deliveries", outcomes_.at("delivered") + outcomes_.at("complained")},
            {"bounces", outcomes_.at("bounced") + outcomes_.at("suppressed")},
            {"complaints", outcomes_.at("complained")},
            {"replies", {{"kinds", replies_}, {"partstat", partstats_}, {"prodid", prodids_}}}};
  }

  json addresses() const {
    json result = json::object();
    for (const auto& [address, lines] : addresses_) result[address] = lines;
    return result;
  }

 private:
  void add(const Entry& entry) {
    ++accepted_;
    ++outcomes_[entry.outcome];
    ++methods_[entry.method.empty() ? "none" : entry.method];
    dropped_ += entry.dropped ? 1 : 0;
    if (entry.attempt_id.empty()) ++without_attempt_;
    if (!entry.attempt_id.empty()) ++attempts_[entry.attempt_id];
    if (!entry.uid.empty()) {
      ++keys_[key_text(entry.to, entry.uid, entry.recurrence_id, entry.sequence, entry.method)];
    }
    json reply;
    if (entry.reply) {
      ++replies_[entry.reply->kind];
      if (!entry.reply->partstat.empty()) ++partstats_[entry.reply->partstat];
      if (!entry.reply->prodid.empty()) ++prodids_[entry.reply->prodid];
      reply = to_json(*entry.reply);
    }
    addresses_[lower(entry.to)].push_back({{"message_id", entry.message_id},
                                           {"attempt_id", entry.attempt_id},
                                           {"uid", entry.uid},
                                           {"recurrence_id", entry.recurrence_id},
                                           {"sequence", entry.sequence},
                                           {"method", entry.method},
                                           {"time", iso_time(entry.time)},
                                           {"outcome", entry.outcome},
                                           {"dropped", entry.dropped},
                                           {"file", entry.file},
                                           {"reply", reply}});
  }

  using Counts = std::map<std::string, std::uint64_t>;
  std::uint64_t requests_ = 0, accepted_ = 0, account_ = 0, without_attempt_ = 0, dropped_ = 0;
  Counts refused_, attempts_, keys_, methods_, replies_, partstats_, prodids_;
  Counts outcomes_ = {{"delivered", 0}, {"bounced", 0}, {"suppressed", 0}, {"complained", 0}};
  std::map<std::string, json> addresses_;
};

}  // namespace

bool Ledger::open(const std::string& directory, const std::function<void(const Entry&)>& on_entry,
                  const std::function<void(const std::string&)>& on_refused) {
  if (!log_.open(directory + "/ledger.jsonl")) return false;
  return for_each_line(directory, [&](const json& line) {
    if (line.value("kind", "") == "accepted") on_entry(from_json(line));
    if (line.value("kind", "") == "refused") on_refused(line.value("error_type", ""));
  });
}

bool Ledger::accepted(const Entry& entry) { return log_.append(line_of(to_json(entry))); }

bool Ledger::refused(const std::string& error_type, Instant time) {
  return log_.append(
      line_of({{"kind", "refused"}, {"error_type", error_type}, {"time", iso_time(time)}}));
}

bool Ledger::account_asked(Instant time) {
  return log_.append(line_of({{"kind", "account"}, {"time", iso_time(time)}}));
}

std::optional<json> summarize(const std::string& directory, bool with_addresses) {
  Summary summary;
  if (!for_each_line(directory, [&](const json& line) { summary.add(line); })) return std::nullopt;
  json result = {{"totals", summary.totals()}};
  if (with_addresses) result["addresses"] = summary.addresses();
  return result;
}

}  // namespace ses_simulator
