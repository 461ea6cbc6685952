#include <catch2/catch.hpp>

#include "calinvite/aws.hpp"

using namespace calinvite;
using Words = std::vector<std::string>;

TEST_CASE("questions about identities and configuration sets are GETs with the name in the path",
          "[aws]") {
  const auto identity = ses_identity_request("ana+x@league.example", "ses.example");
  const auto set = ses_configuration_set_request("invites", "ses.example");
  const auto destinations = ses_event_destinations_request("in vites", "ses.example");
  CHECK(identity.method == "GET");
  CHECK(identity.path == "/v2/email/identities/ana%2Bx%40league.example");
  CHECK(identity.headers ==
        std::vector<std::pair<std::string, std::string>>{{"Host", "ses.example"}});
  CHECK(set.path == "/v2/email/configuration-sets/invites");
  CHECK(destinations.path == "/v2/email/configuration-sets/in%20vites/event-destinations");
}

TEST_CASE("GetEmailIdentity's answer gives verification, DKIM and MAIL FROM", "[aws]") {
  const auto identity = read_identity_answer(R"({"IdentityType": "DOMAIN",
      "VerifiedForSendingStatus": true, "ConfigurationSetName": "invites",
      "DkimAttributes": {"SigningEnabled": true, "Status": "SUCCESS",
                         "Tokens": ["aaa", "bbb", "ccc"], "SigningAttributesOrigin": "AWS_SES"},
      "MailFromAttributes": {"MailFromDomain": "Bounce.League.example",
                             "MailFromDomainStatus": "PENDING",
                             "BehaviorOnMxFailure": "REJECT_MESSAGE"}})");
  REQUIRE(identity);
  CHECK(identity->type == "DOMAIN");
  CHECK(identity->verified);
  CHECK(identity->dkim_enabled);
  CHECK(identity->dkim_status == "SUCCESS");
  CHECK(identity->dkim_origin == "AWS_SES");
  CHECK(identity->dkim_tokens == Words{"aaa", "bbb", "ccc"});
  CHECK(identity->mail_from_domain == "bounce.league.example");
  CHECK(identity->mail_from_status == "PENDING");
  CHECK(identity->mail_from_required);
  CHECK(identity->configuration_set == "invites");
}

TEST_CASE("what an identity's answer leaves out is not so", "[aws]") {
  const auto identity = read_identity_answer(R"({"IdentityType": "DOMAIN"})");
  REQUIRE(identity);
  CHECK_FALSE(identity->verified);
  CHECK_FALSE(identity->dkim_enabled);
  CHECK(identity->dkim_tokens.empty());
  CHECK(identity->mail_from_domain.empty());
  CHECK_FALSE(identity->mail_from_required);
}

TEST_CASE(
    "a configuration set sends unless it says otherwise, and may leave tracking to the account",
    "[aws]") {
  const auto plain = read_configuration_set_answer(R"({"ConfigurationSetName": "invites"})");
  const auto full = read_configuration_set_answer(R"({"ConfigurationSetName": "invites",
      "SendingOptions": {"SendingEnabled": false},
      "VdmOptions": {"DashboardOptions": {"EngagementMetrics": "DISABLED"}}})");
  REQUIRE(plain);
  REQUIRE(full);
  CHECK(plain->sending_enabled);
  CHECK_FALSE(plain->engagement_metrics.has_value());
  CHECK_FALSE(full->sending_enabled);
  CHECK(full->engagement_metrics == false);
}

TEST_CASE("of event destinations, those that tell of each mail are told from those that count",
          "[aws]") {
  const auto destinations = read_event_destinations_answer(R"({"EventDestinations": [
      {"Name": "facts", "Enabled": true, "MatchingEventTypes": ["SEND", "BOUNCE"],
       "SnsDestination": {"TopicArn": "arn:aws:sns:eu-central-1:111122223333:facts"}},
      {"Name": "bus", "Enabled": true, "MatchingEventTypes": ["SEND"],
       "EventBridgeDestination": {"EventBusArn": "arn"}},
      {"Name": "counts", "Enabled": false, "MatchingEventTypes": ["CLICK"],
       "CloudWatchDestination": {"DimensionConfigurations": []}}]})");
  REQUIRE(destinations);
  REQUIRE(destinations->size() == 3);
  CHECK((*destinations)[0].kinds == Words{"SEND", "BOUNCE"});
  CHECK((*destinations)[0].per_mail);
  CHECK((*destinations)[1].per_mail);
  CHECK_FALSE((*destinations)[2].per_mail);
  CHECK_FALSE((*destinations)[2].enabled);
}

TEST_CASE("a set without destinations has none", "[aws]") {
  const auto destinations = read_event_destinations_answer("{}");
  REQUIRE(destinations);
  CHECK(destinations->empty());
}

TEST_CASE("answers that are not SES's are refused", "[aws]") {
  const std::string body =
      GENERATE(as<std::string>(), "", "<html>", "[]", "null", R"({"message":"x")", "7");
  INFO(body);
  CHECK_FALSE(read_identity_answer(body));
  CHECK_FALSE(read_configuration_set_answer(body));
  CHECK_FALSE(read_event_destinations_answer(body));
}

TEST_CASE("engagement tracking of an account counts where its manager is on", "[aws]") {
  const auto with = [](const std::string& manager) {
    const auto account = read_account_answer(
        R"({"SendQuota":{"MaxSendRate":1},"VdmAttributes":{"VdmEnabled":")" + manager +
        R"(","DashboardAttributes":{"EngagementMetrics":"ENABLED"}}})");
    REQUIRE(account);
    return account->engagement_metrics;
  };
  CHECK(with("ENABLED"));
  CHECK_FALSE(with("DISABLED"));
}
