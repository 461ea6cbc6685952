#include "mime/report.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mime/decode.hpp"
#include "mime/header_values.hpp"

namespace calinvite::mime {
namespace {

constexpr std::size_t max_recipients = 1000;
constexpr std::size_t max_uids = 100;
constexpr std::size_t max_value = 500;

std::string value_of(const Headers& headers, std::string_view name) {
  const auto* value = find_header(headers, name);
  return value ? text::one_line(*value, max_value) : std::string();
}

/// What follows the type in `type; value` (RFC 3464 2.1.2), comments and all.
std::string typed_value_of(const Headers& headers, std::string_view name) {
  const std::string value = value_of(headers, name);
  const auto semicolon = value.find(';');
  return std::string(text::trim(
      std::string_view(value).substr(semicolon == std::string::npos ? 0 : semicolon + 1)));
}

/// Normalised when it is an address, else as it stands.
std::string address_of(std::string_view value) {
  auto mailbox = parse_mailbox(text::trim(value));
  return mailbox ? std::move(mailbox->address) : std::string(text::trim(value));
}

std::optional<std::chrono::sys_seconds> date_of(const Headers& headers, std::string_view name) {
  const auto* value = find_header(headers, name);
  return value ? decode_date(*value) : std::nullopt;
}

/// UID values of a calendar object, unfolded; its other lines are not looked at.
void collect_uids(std::string_view calendar, std::vector<std::string>& uids) {
  std::string line;
  const auto take = [&] {
    const auto colon = line.find(':');
    if (colon == std::string::npos) return;
    const auto name = std::string_view(line).substr(0, std::min(line.find(';'), colon));
    if (!text::iequals(text::trim(name), "UID")) return;
    auto uid = text::one_line(std::string_view(line).substr(colon + 1), max_value);
    if (std::find(uids.begin(), uids.end(), uid) == uids.end()) uids.push_back(std::move(uid));
  };
  for (std::string_view raw : text::split(calendar, '\n')) {
    if (uids.size() >= max_uids) return;
    while (raw.ends_with('\r')) raw.remove_suffix(1);
    if (raw.starts_with(' ') || raw.starts_with('\t')) {
      if (line.size() <= max_value) line += raw.substr(1);
      continue;
    }
    take();
    line = raw.substr(0, max_value);
  }
  take();
}

RecipientStatus read_recipient(const Headers& headers) {
  RecipientStatus status;
  status.recipient = address_of(typed_value_of(headers, "Final-Recipient"));
  status.original_recipient = address_of(typed_value_of(headers, "Original-Recipient"));
  const std::string action = value_of(headers, "Action");
  status.action = text::lower(action.substr(0, action.find_first_of(" (;")));
  const std::string code = value_of(headers, "Status");
  status.status = code.substr(0, code.find_first_of(" (;"));
  status.diagnostic = typed_value_of(headers, "Diagnostic-Code");
  return status;
}

}  // namespace

void ReportReader::take(const Leaf& leaf, const MailPart& part) {
  if (leaf.embedded) {
    if (!has_original_) read_original(*leaf.embedded);
    if (is_calendar(part)) collect_uids(part.content, original_.uids);
    return;
  }
  const std::string& type = part.content_type;
  if (type == "message/delivery-status" || type == "message/global-delivery-status") {
    read_delivery(part.content);
  } else if (type == "message/feedback-report") {
    read_feedback(part.content);
  } else if ((type == "text/rfc822-headers" || type == "message/rfc822-headers" ||
              type == "message/global-headers") &&
             !has_original_) {
    const auto headers = read_entity(part.content, limits_);
    if (headers) read_original(headers->headers);
  }
}

void ReportReader::finish(ParsedMail& mail) {
  if (delivery_) delivery_->original = original_;
  if (feedback_) feedback_->original = std::move(original_);
  mail.delivery = std::move(delivery_);
  mail.feedback = std::move(feedback_);
}

void ReportReader::read_delivery(const std::string& content) {
  if (!delivery_) delivery_.emplace();
  std::string_view rest = content;
  while (!rest.empty() && delivery_->recipients.size() < max_recipients) {
    const auto group = read_entity(rest, limits_);
    if (!group) return;
    const bool moved = group->body.size() < rest.size();
    rest = group->body;
    const Headers& headers = group->headers;
    // Groups are told by what they hold: some reporters leave out the empty line before the first.
    if (find_header(headers, "Reporting-MTA")) {
      delivery_->reporting_mta = typed_value_of(headers, "Reporting-MTA");
    }
    if (const auto date = date_of(headers, "Arrival-Date")) delivery_->arrival_date = date;
    if (find_header(headers, "Final-Recipient") || find_header(headers, "Original-Recipient")) {
      delivery_->recipients.push_back(read_recipient(headers));
    }
    if (!moved) {  // a line that is no field
      rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    }
  }
}

void ReportReader::read_feedback(const std::string& content) {
  const auto report = read_entity(content, limits_);
  if (!report) return;
  const Headers& headers = report->headers;
  feedback_.emplace();
  feedback_->type = text::lower(value_of(headers, "Feedback-Type"));
  feedback_->original_mail_from = address_of(value_of(headers, "Original-Mail-From"));
  for (const auto& [name, value] : headers) {
    if (feedback_->original_recipients.size() >= max_recipients) break;
    if (text::iequals(name, "Original-Rcpt-To")) {
      feedback_->original_recipients.push_back(address_of(text::one_line(value, max_value)));
    }
  }
  feedback_->arrival_date = date_of(headers, "Arrival-Date");
  if (!feedback_->arrival_date) feedback_->arrival_date = date_of(headers, "Received-Date");
  feedback_->source_ip = value_of(headers, "Source-IP");
}

void ReportReader::read_original(const Headers& headers) {
  has_original_ = true;
  if (const auto* id = find_header(headers, "Message-ID")) {
    const auto ids = read_ids(*id);
    if (!ids.empty()) original_.message_id = text::one_line(ids.front(), max_value);
  }
  // Addresses that are not fit for reading are left out: they are the reporter's, not the sender's.
  const auto from = read_address_headers(headers, "From", limits_);
  if (from && from->size() == 1) original_.from = from->front();
  for (const auto name : {"To", "Cc"}) {
    const auto addresses = read_address_headers(headers, name, limits_);
    if (!addresses) continue;
    original_.recipients.insert(original_.recipients.end(), addresses->begin(), addresses->end());
  }
}

}  // namespace calinvite::mime
