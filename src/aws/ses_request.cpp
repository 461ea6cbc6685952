#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {
namespace {

bool is_tag_part(std::string_view part) {
  constexpr std::size_t longest = 256;
  return !part.empty() && part.size() <= longest &&
         std::all_of(part.begin(), part.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

Result<void> check_tags(const std::vector<MessageTag>& tags) {
  for (const MessageTag& tag : tags) {
    if (is_tag_part(tag.name) && is_tag_part(tag.value)) continue;
    return fail(Code::invalid_argument,
                "message tag \"" + text::one_line(tag.name, 40) +
                    "\" is not of SES's alphabet; 1 to 256 of A-Z a-z 0-9 - _ in name and value",
                {{}, 0, 0, "tags"});
  }
  return {};
}

}  // namespace

Result<AwsRequest> ses_send_request(const SesSend& send, std::string_view host) {
  if (auto checked = check_tags(send.tags); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  AwsRequest request;
  request.path = "/v2/email/outbound-emails";
  request.headers = {{"Host", std::string(host)}, {"Content-Type", "application/json"}};

  // Written in place: of all copies of the message, this is the only one before the socket.
  std::string& body = request.body;
  constexpr std::size_t around = 1024;
  body.reserve(send.message.size() / 3 * 4 + around);
  body += R"({"FromEmailAddress":)";
  append_json_string(body, send.from);
  body += R"(,"Destination":{"ToAddresses":[)";
  append_json_string(body, send.to);
  body += R"(]},"Content":{"Raw":{"Data":")";
  text::append_base64(body, send.message);
  body += R"("}})";
  if (!send.configuration_set.empty()) {
    body += R"(,"ConfigurationSetName":)";
    append_json_string(body, send.configuration_set);
  }
  const char* separator = R"(,"EmailTags":[)";
  for (const MessageTag& tag : send.tags) {
    body.append(separator).append(R"({"Name":")").append(tag.name);
    body.append(R"(","Value":")").append(tag.value).append(R"("})");
    separator = ",";
  }
  body += send.tags.empty() ? "}" : "]}";
  return request;
}

AwsRequest ses_account_request(std::string_view host) {
  AwsRequest request;
  request.method = "GET";
  request.path = "/v2/email/account";
  request.headers = {{"Host", std::string(host)}};
  return request;
}

}  // namespace calinvite
