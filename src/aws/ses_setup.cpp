#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {
namespace {

constexpr std::size_t longest_word = 256;

AwsRequest get(std::string path, std::string_view host) {
  AwsRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.headers = {{"Host", std::string(host)}};
  return request;
}

std::string word(const Json& value) { return text::one_line(value.string(), longest_word); }

std::vector<std::string> words(const Json& values) {
  std::vector<std::string> all;
  for (const Json& value : values.array()) all.push_back(word(value));
  return all;
}

tl::unexpected<Error> not_an_answer(const char* call, const char* member) {
  return fail(Code::invalid_input, std::string("not ") + call + "'s answer: no " + member,
              {{}, 0, 0, member});
}

}  // namespace

AwsRequest ses_identity_request(std::string_view identity, std::string_view host) {
  return get("/v2/email/identities/" + text::percent_encode(identity), host);
}

AwsRequest ses_configuration_set_request(std::string_view name, std::string_view host) {
  return get("/v2/email/configuration-sets/" + text::percent_encode(name), host);
}

AwsRequest ses_event_destinations_request(std::string_view name, std::string_view host) {
  AwsRequest request = ses_configuration_set_request(name, host);
  request.path += "/event-destinations";
  return request;
}

Result<SesIdentity> read_identity_answer(std::string_view body) {
  const auto json = Json::parse(body);
  if (!json) return tl::unexpected(json.error());
  const Json& type = (*json)["IdentityType"];
  if (!type.is_string()) return not_an_answer("GetEmailIdentity", "IdentityType");
  const Json& dkim = (*json)["DkimAttributes"];
  const Json& mail_from = (*json)["MailFromAttributes"];
  SesIdentity identity;
  identity.type = word(type);
  identity.verified = (*json)["VerifiedForSendingStatus"].boolean();
  identity.dkim_enabled = dkim["SigningEnabled"].boolean();
  identity.dkim_status = word(dkim["Status"]);
  identity.dkim_origin = word(dkim["SigningAttributesOrigin"]);
  identity.dkim_tokens = words(dkim["Tokens"]);
  identity.mail_from_domain = text::lower(word(mail_from["MailFromDomain"]));
  identity.mail_from_status = word(mail_from["MailFromDomainStatus"]);
  identity.mail_from_required = mail_from["BehaviorOnMxFailure"].string() == "REJECT_MESSAGE";
  identity.configuration_set = word((*json)["ConfigurationSetName"]);
  return identity;
}

Result<SesConfigurationSet> read_configuration_set_answer(std::string_view body) {
  const auto json = Json::parse(body);
  if (!json) return tl::unexpected(json.error());
  if (!(*json)["ConfigurationSetName"].is_string()) {
    return not_an_answer("GetConfigurationSet", "ConfigurationSetName");
  }
  SesConfigurationSet set;
  set.sending_enabled = (*json)["SendingOptions"]["SendingEnabled"].boolean(true);
  const Json& metrics = (*json)["VdmOptions"]["DashboardOptions"]["EngagementMetrics"];
  if (metrics.is_string()) set.engagement_metrics = metrics.string() == "ENABLED";
  return set;
}

Result<std::vector<SesEventDestination>> read_event_destinations_answer(std::string_view body) {
  const auto json = Json::parse(body);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object()) {
    return not_an_answer("GetConfigurationSetEventDestinations", "EventDestinations");
  }
  std::vector<SesEventDestination> destinations;
  for (const Json& each : (*json)["EventDestinations"].array()) {
    const auto goes_to = [&](const char* place) { return each[place].is_object(); };
    destinations.push_back({word(each["Name"]), each["Enabled"].boolean(),
                            goes_to("SnsDestination") || goes_to("EventBridgeDestination") ||
                                goes_to("KinesisFirehoseDestination"),
                            words(each["MatchingEventTypes"])});
  }
  return destinations;
}

}  // namespace calinvite
