#include "send_email.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "encoding.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t max_message = std::size_t{40} << 20;  // after base64, SES quotas
constexpr std::size_t max_line = 998;

/// Those that may occur once (SES developer guide, "Amazon SES header fields"), and the recipient
/// fields that RFC 5322 3.6 allows once.
constexpr std::array single_headers = {"accept-language",
                                       "acceptlanguage",
                                       "archived-at",
                                       "auto-submitted",
                                       "bcc",
                                       "bounces-to",
                                       "cc",
                                       "comments",
                                       "content-alternative",
                                       "content-base",
                                       "content-class",
                                       "content-description",
                                       "content-disposition",
                                       "content-duration",
                                       "content-id",
                                       "content-language",
                                       "content-length",
                                       "content-location",
                                       "content-md5",
                                       "content-transfer-encoding",
                                       "content-type",
                                       "date",
                                       "delivered-to",
                                       "disposition-notification-options",
                                       "disposition-notification-to",
                                       "dkim-signature",
                                       "domainkey-signature",
                                       "errors-to",
                                       "from",
                                       "importance",
                                       "in-reply-to",
                                       "keywords",
                                       "list-archive",
                                       "list-help",
                                       "list-id",
                                       "list-owner",
                                       "list-post",
                                       "list-subscribe",
                                       "list-unsubscribe",
                                       "list-unsubscribe-post",
                                       "message-context",
                                       "message-id",
                                       "mime-version",
                                       "organization",
                                       "original-from",
                                       "original-message-id",
                                       "original-recipient",
                                       "original-subject",
                                       "precedence",
                                       "priority",
                                       "references",
                                       "reply-to",
                                       "return-path",
                                       "return-receipt-to",
                                       "sender",
                                       "solicitation",
                                       "sensitivity",
                                       "subject",
                                       "thread-index",
                                       "thread-topic",
                                       "to",
                                       "user-agent",
                                       "vbr-info"};

Refusal bad_request(const std::string& message) { return {400, "BadRequestException", message}; }

/// The text at `name`, or an empty one when it is absent or no text.
std::string text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& object_at(const json& object, const char* name) {
  static const json empty = json::object();
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : empty;
}

bool is_tag(const std::string& text) {
  if (text.empty() || text.size() > 256) return false;
  for (const char c : text) {
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
          c == '-')) {
      return false;
    }
  }
  return true;
}

std::optional<Refusal> read_tags(const json& body, SendEmail& into) {
  const auto tags = body.find("EmailTags");
  if (tags == body.end() || tags->is_null()) return std::nullopt;
  if (!tags->is_array()) return bad_request("EmailTags must be a list.");
  for (const json& tag : *tags) {
    if (!tag.is_object()) return bad_request("An email tag must have a Name and a Value.");
    const std::string name = text_at(tag, "Name");
    const std::string value = text_at(tag, "Value");
    if (!is_tag(name) || !is_tag(value)) {
      return bad_request("Invalid tag <" + name.substr(0, 40) +
                         ">: name and value take 1 to 256 of A-Z, a-z, 0-9, _ and -.");
    }
    into.tags.emplace_back(name, value);
  }
  return std::nullopt;
}

/// SES takes up to 50; here one person gets one message, so that attempts can be counted.
std::optional<Refusal> read_recipient(const json& body, SendEmail& into) {
  const json& destination = object_at(body, "Destination");
  std::string to;
  std::size_t count = 0;
  for (const std::string field : {"ToAddresses", "CcAddresses", "BccAddresses"}) {
    const auto list = destination.find(field);
    if (list == destination.end() || !list->is_array()) continue;
    count += list->size();
    if (field == "ToAddresses" && !list->empty() && list->front().is_string()) to = list->front();
  }
  if (count != 1) return bad_request("Expected exactly one recipient, in Destination.ToAddresses.");
  const auto address = address_of(to);
  if (!address) return bad_request("Invalid recipient address.");
  into.to = *address;
  return std::nullopt;
}

std::optional<Refusal> check_lines(std::string_view raw) {
  bool in_headers = true;
  std::size_t number = 0;
  while (!raw.empty()) {
    ++number;
    const std::string_view line = raw.substr(0, std::min(raw.find('\n'), raw.find('\r')));
    const std::string where = "Line " + std::to_string(number) + " of the message ";
    if (line.size() > max_line) return bad_request(where + "is longer than 998 characters.");
    if (line.find('\0') != line.npos) return bad_request(where + "holds a NUL.");
    if (raw.substr(line.size(), 2) != "\r\n") return bad_request(where + "does not end in CRLF.");
    if (line.empty()) in_headers = false;
    for (const char c : line) {
      if (in_headers && static_cast<unsigned char>(c) > 0x7f) {
        return bad_request(where + "is a header with 8-bit characters.");
      }
    }
    raw.remove_prefix(line.size() + 2);
  }
  return std::nullopt;
}

std::optional<Refusal> check_headers(const SendEmail& request) {
  std::set<std::string> seen;
  for (const Header& header : request.mail.headers) {
    const std::string name = lower(header.name);
    const bool single =
        std::find(single_headers.begin(), single_headers.end(), name) != single_headers.end();
    if (single && !seen.insert(name).second) {
      return bad_request("Duplicate header '" + header.name + "'.");
    }
  }
  const auto from = find_header(request.mail.headers, "from");
  if (!from) return bad_request("Missing required header 'From'.");
  const auto address = address_of(*from);
  if (!address) return bad_request("Header 'From' must hold one address.");
  if (*address != address_of(request.source)) {
    return bad_request("Header 'From' and FromEmailAddress name different addresses.");
  }
  return std::nullopt;
}

}  // namespace

std::variant<SendEmail, Refusal> read_send_email(std::string_view body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) {
    return Refusal{400, "SerializationException", "The request body is not a JSON object."};
  }
  SendEmail request;
  request.source = text_at(parsed, "FromEmailAddress");
  request.configuration_set = text_at(parsed, "ConfigurationSetName");
  if (!address_of(request.source)) return bad_request("Missing or invalid FromEmailAddress.");
  if (auto refusal = read_recipient(parsed, request)) return *refusal;
  if (auto refusal = read_tags(parsed, request)) return *refusal;

  const std::string data = text_at(object_at(object_at(parsed, "Content"), "Raw"), "Data");
  if (data.empty()) return bad_request("Content.Raw.Data is missing.");
  if (data.size() > max_message) {
    return Refusal{413, "RequestEntityTooLargeException", "The message is larger than 40 MB."};
  }
  auto raw = decode_base64(data, false);
  if (!raw) return Refusal{400, "SerializationException", "Content.Raw.Data is not base64."};
  request.raw = std::move(*raw);
  if (auto refusal = check_lines(request.raw)) return *refusal;
  auto mail = read_mail(request.raw);
  if (const auto* problem = std::get_if<std::string>(&mail)) {
    return bad_request("Invalid message: " + *problem + ".");
  }
  request.mail = std::move(std::get<Mail>(mail));
  if (auto refusal = check_headers(request)) return *refusal;
  return request;
}

}  // namespace ses_simulator
