#include "aws/ses_request.hpp"

#include "aws/message_tag.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {

Result<AwsRequest> aws::ses_send_request(const SesSend& send, std::string_view host,
                                         std::string buffer) {
  if (auto checked = check_tags(send.tags); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  AwsRequest request;
  request.path = "/v2/email/outbound-emails";
  request.headers = {{"Host", std::string(host)}, {"Content-Type", "application/json"}};

  // Written in place: of all copies of the message, this is the only one before the socket.
  request.body = std::move(buffer);
  std::string& body = request.body;
  body.clear();
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

Result<AwsRequest> ses_send_request(const SesSend& send, std::string_view host) {
  return aws::ses_send_request(send, host, {});
}

AwsRequest ses_account_request(std::string_view host) {
  AwsRequest request;
  request.method = "GET";
  request.path = "/v2/email/account";
  request.headers = {{"Host", std::string(host)}};
  return request;
}

}  // namespace calinvite
