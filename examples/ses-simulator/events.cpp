#include "events.hpp"

#include <nlohmann/json.hpp>

#include "clients.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t max_headers = 10240;  // beyond, SES truncates
constexpr auto reporting_host = "a8-21.smtp-out.amazonses.com";

/// The record's own tags beside the sender's; every value is a list.
json tags_of(const Entry& entry, const std::string& from_domain) {
  json tags = {{"ses:operation", {"SendEmail"}},
               {"ses:source-ip", {"192.0.2.10"}},
               {"ses:from-domain", {from_domain}},
               {"ses:caller-identity", {"ses-simulator"}}};
  if (!entry.configuration_set.empty()) tags["ses:configuration-set"] = {entry.configuration_set};
  for (const auto& [name, value] : entry.tags) tags[name].push_back(value);
  return tags;
}

json mail_of(const Entry& entry, const Mail& mail) {
  const std::string from = address_of(entry.source).value_or("");
  const std::string domain = lower(from.substr(from.rfind('@') + 1));
  json headers = json::array();
  std::size_t size = 0;
  bool truncated = false;
  for (const Header& header : mail.headers) {
    size += header.name.size() + header.value.size() + 4;
    truncated = size > max_headers;
    if (truncated) break;
    headers.push_back({{"name", header.name}, {"value", header.value}});
  }
  json common = json::object();
  const auto copy = [&](const char* header, const char* field, bool list) {
    const auto value = find_header(mail.headers, header);
    if (value) common[field] = list ? json::array({*value}) : json(*value);
  };
  copy("From", "from", true);
  copy("Date", "date", false);
  copy("To", "to", true);
  copy("Reply-To", "replyTo", true);
  copy("Message-ID", "messageId", false);
  copy("Subject", "subject", false);
  return {{"timestamp", iso_time(entry.time)},
          {"source", entry.source},
          {"sourceArn", "arn:aws:ses:" + entry.region + ":111122223333:identity/" + domain},
          {"sendingAccountId", "111122223333"},
          {"messageId", entry.message_id},
          {"destination", {entry.to}},
          {"headersTruncated", truncated},
          {"headers", headers},
          {"commonHeaders", common},
          {"tags", tags_of(entry, domain)}};
}

std::string feedback_id(const Entry& entry, const char* tail) {
  return entry.message_id.substr(0, 16) + "-" + tail + entry.message_id.substr(25);
}

json delivery_of(const Entry& entry, const Seed& seed) {
  const auto took = milliseconds(300 + seed.number({"delivery", entry.message_id}) % 2500);
  return {{"timestamp", iso_time(entry.time + took)},
          {"processingTimeMillis", took.count()},
          {"recipients", {entry.to}},
          {"smtpResponse", "250 2.0.0 OK accepted"},
          {"remoteMtaIp", "203.0.113.25"},
          {"reportingMTA", reporting_host}};
}

json bounce_of(const Entry& entry) {
  const char* subtype = "General";
  const char* diagnostic = "smtp; 550 5.1.1 user unknown";
  if (entry.outcome == "suppressed") {
    subtype = "OnAccountSuppressionList";
    diagnostic = "Amazon SES did not send: the address is on the account's suppression list.";
  }
  if (entry.outcome == "suppressed" && is_mailbox_simulator(entry.to)) {
    subtype = "Suppressed";
    diagnostic = "Amazon SES has suppressed the address: it has bounced of late.";
  }
  return {{"feedbackId", feedback_id(entry, "000000b0")},
          {"bounceType", "Permanent"},
          {"bounceSubType", subtype},
          {"bouncedRecipients",
           {{{"emailAddress", entry.to},
             {"action", "failed"},
             {"status", "5.1.1"},
             {"diagnosticCode", diagnostic}}}},
          {"timestamp", iso_time(entry.time + milliseconds(1700))},
          {"reportingMTA", std::string("dns; ") + reporting_host}};
}

json complaint_of(const Entry& entry) {
  return {{"feedbackId", feedback_id(entry, "000000c0")},
          {"complaintSubType", nullptr},
          {"complainedRecipients", {{{"emailAddress", entry.to}}}},
          {"timestamp", iso_time(entry.time + milliseconds(9000))},
          {"userAgent", "ExampleMail FBL/1.0"},
          {"complaintFeedbackType", "abuse"},
          {"arrivalDate", iso_time(entry.time + milliseconds(5000))}};
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// @param mail  JSON text, which is the same in most records of a message
std::string line_of(const char* type, const char* field, const json& details,
                    const std::string& mail) {
  return std::string("{\"eventType\":\"") + type + "\",\"mail\":" + mail + ",\"" + field +
         "\":" + text_of(details) + "}\n";
}

}  // namespace

std::string event_lines(const Entry& entry, const Mail& mail, const Seed& seed) {
  json record = mail_of(entry, mail);
  const std::string submitted = text_of(record);
  std::string lines = line_of("Send", "send", json::object(), submitted);
  if (entry.outcome == "bounced" || entry.outcome == "suppressed") {
    return lines + line_of("Bounce", "bounce", bounce_of(entry), submitted);
  }
  record["tags"]["ses:outgoing-ip"] = {"198.51.100.7"};
  lines += line_of("Delivery", "delivery", delivery_of(entry, seed), text_of(record));
  if (entry.outcome == "complained") {
    lines += line_of("Complaint", "complaint", complaint_of(entry), submitted);
  }
  return lines;
}

}  // namespace ses_simulator
