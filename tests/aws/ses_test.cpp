#include <catch2/catch.hpp>

#include "aws/sigv4_case.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

using namespace calinvite;

namespace {

SesSend small_send() {
  SesSend send;
  send.from = "fixtures+aaaqeayeaudaocaj@reply.league.example";
  send.to = "fan0001@example.net";
  send.message = "From: fixtures@league.example\r\n\r\nhi\r\n";
  send.tags = {{"attempt_id", "a-0001"}};
  return send;
}

Json body_of(const AwsRequest& request) {
  auto json = Json::parse(request.body, request.body.size());
  REQUIRE(json);
  return std::move(*json);
}

SendVerdict verdict(int status, std::string_view type, std::string_view text) {
  Json body;
  body.set("message", text);
  return read_send_answer(status, type, body.write()).verdict;
}

}  // namespace

TEST_CASE("a send request carries one recipient, the message and its tags", "[aws]") {
  SesSend send = small_send();
  send.configuration_set = "invites";
  send.tags.push_back({"event", "e_1"});
  const auto request = ses_send_request(send, "email.eu-central-1.amazonaws.com");
  REQUIRE(request);
  CHECK(request->method == "POST");
  CHECK(request->path == "/v2/email/outbound-emails");
  CHECK(request->query.empty());
  CHECK(request->headers ==
        std::vector<std::pair<std::string, std::string>>{
            {"Host", "email.eu-central-1.amazonaws.com"}, {"Content-Type", "application/json"}});

  const Json body = body_of(*request);
  CHECK(body.object().size() == 5);
  CHECK(body["FromEmailAddress"].string() == send.from);
  CHECK(body["Destination"].object().size() == 1);
  REQUIRE(body["Destination"]["ToAddresses"].array().size() == 1);
  CHECK(body["Destination"]["ToAddresses"].array()[0].string() == send.to);
  CHECK(text::from_base64(body["Content"]["Raw"]["Data"].string()) == std::string(send.message));
  CHECK(body["ConfigurationSetName"].string() == "invites");
  REQUIRE(body["EmailTags"].array().size() == 2);
  CHECK(body["EmailTags"].array()[0]["Name"].string() == "attempt_id");
  CHECK(body["EmailTags"].array()[0]["Value"].string() == "a-0001");
  CHECK(body["EmailTags"].array()[1]["Name"].string() == "event");
}

TEST_CASE("a send request names neither configuration set nor tags when none are given", "[aws]") {
  SesSend send = small_send();
  send.tags.clear();
  const auto request = ses_send_request(send, "example.com");
  REQUIRE(request);
  const Json body = body_of(*request);

  CHECK(body.object().size() == 3);
  CHECK(body["ConfigurationSetName"].is_null());
  CHECK(body["EmailTags"].is_null());
}

TEST_CASE("every byte of a message survives the send request", "[aws]") {
  std::string message(100'000, '\0');
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<char>(i * 7 / 3);
  SesSend send = small_send();
  send.message = message;
  const auto request = ses_send_request(send, "example.com");
  REQUIRE(request);

  CHECK(text::from_base64(body_of(*request)["Content"]["Raw"]["Data"].string()) == message);
}

TEST_CASE("quotes in an address cannot leave their string", "[aws]") {
  SesSend send = small_send();
  send.to = "\"fan\",\"x\":\"\\\"@example.net";
  const auto request = ses_send_request(send, "example.com");
  REQUIRE(request);

  CHECK(body_of(*request)["Destination"]["ToAddresses"].array()[0].string() == send.to);
}

TEST_CASE("tags outside SES's alphabet are refused before anything is sent", "[aws]") {
  const MessageTag bad[] = {
      {"", "x"},       {"x", ""},         {"a b", "x"},        {"x", "a\"b"},
      {"x", "a\r\nb"}, {"x", "\xc3\xa9"}, {"ses:source", "x"}, {"x", std::string(257, 'a')}};
  for (const MessageTag& tag : bad) {
    SesSend send = small_send();
    send.tags.push_back(tag);
    const auto request = ses_send_request(send, "example.com");
    REQUIRE_FALSE(request);
    CHECK(request.error().code == Code::invalid_argument);
  }
  SesSend longest = small_send();
  longest.tags.push_back({std::string(256, 'a'), std::string(256, '_')});
  CHECK(ses_send_request(longest, "example.com"));
}

TEST_CASE("the account is asked for without a body", "[aws]") {
  const AwsRequest request = ses_account_request("email.us-east-1.amazonaws.com");

  CHECK(request.method == "GET");
  CHECK(request.path == "/v2/email/account");
  CHECK(request.body.empty());
  CHECK(request.headers.size() == 1);
}

TEST_CASE("only a MessageId means that SES took the mail", "[aws]") {
  const SendAnswer accepted = read_send_answer(200, {}, R"({"MessageId":"0100-a","New":1})");
  CHECK(accepted.verdict == SendVerdict::accepted);
  CHECK(accepted.message_id == "0100-a");

  for (const char* const body : {"", "{}", "<html>", R"({"MessageId":""})", R"({"MessageId":7})",
                                 R"({"MessageId":"a b"})", R"({"MessageId":"a\r\nb"})", "[]"}) {
    INFO(body);
    const SendAnswer unclear = read_send_answer(200, {}, body);
    CHECK(unclear.verdict == SendVerdict::in_doubt);
    CHECK(unclear.message_id.empty());
  }
}

TEST_CASE("an answer that leaves the outcome open is in doubt, whatever it says", "[aws]") {
  for (const int status : {0, 100, 408, 500, 501, 502, 504, 520}) {
    CHECK(verdict(status, "ThrottlingException", "Rate exceeded") == SendVerdict::in_doubt);
    CHECK(read_send_answer(status, {}, "<html>").verdict == SendVerdict::in_doubt);
  }
  CHECK(verdict(400, "InternalFailure", "") == SendVerdict::in_doubt);
}

TEST_CASE("503 is not accepted", "[aws]") {
  CHECK(read_send_answer(503, {}, "<html>").verdict == SendVerdict::unavailable);
  CHECK(verdict(503, "ServiceUnavailable", "") == SendVerdict::unavailable);
  CHECK(verdict(503, "InternalFailure", "") == SendVerdict::unavailable);
  CHECK(verdict(503, "Throttling", "Rate exceeded") == SendVerdict::throttled);
}

TEST_CASE("the daily quota and the rate are told apart by the text", "[aws]") {
  for (const char* const code : {"ThrottlingException", "Throttling", "LimitExceededException",
                                 "TooManyRequestsException"}) {
    CHECK(verdict(400, code, "Daily message quota exceeded") == SendVerdict::quota);
    CHECK(verdict(400, code, "Maximum sending rate exceeded.") == SendVerdict::throttled);
  }
  CHECK(verdict(429, "", "") == SendVerdict::throttled);
  CHECK(verdict(400, "LimitExceededException", "") == SendVerdict::quota);
}

TEST_CASE("a rejected message is judged by its own code, not by words it quotes", "[aws]") {
  CHECK(verdict(400, "MessageRejected", "Daily message quota exceeded <fan@example.net>") ==
        SendVerdict::refused);
  CHECK(verdict(400, "MessageRejected", "Email address is not verified.") == SendVerdict::paused);
  CHECK(verdict(413, "", "") == SendVerdict::refused);
}

TEST_CASE("a wrong clock and wrong keys are told apart", "[aws]") {
  CHECK(verdict(403, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2") ==
        SendVerdict::skew);
  CHECK(verdict(403, "InvalidSignatureException", "Signature not yet current: 2 is still later") ==
        SendVerdict::skew);
  CHECK(verdict(403, "RequestTimeTooSkewed", "") == SendVerdict::skew);
  CHECK(verdict(403, "SignatureDoesNotMatch", "The request signature does not match") ==
        SendVerdict::credentials);
  CHECK(verdict(403, "ExpiredToken", "") == SendVerdict::credentials);
}

TEST_CASE("a suspended account is told apart from what stops one domain", "[aws]") {
  for (const char* const code : {"AccountSuspendedException", "SendingPausedException"}) {
    CHECK(verdict(400, code, "Sending is paused for this account.") == SendVerdict::suspended);
  }
  CHECK(verdict(400, "SendingPausedException", "Configuration set league is paused.") ==
        SendVerdict::paused);
  CHECK(verdict(400, "MailFromDomainNotVerifiedException", "") == SendVerdict::paused);
}

TEST_CASE("what SES never answered before holds the sends instead of dropping them", "[aws]") {
  CHECK(verdict(400, "BrandNewException", "") == SendVerdict::paused);
  CHECK(read_send_answer(403, {}, "<html>blocked by proxy</html>").verdict == SendVerdict::paused);
  CHECK(read_send_answer(302, {}, "").verdict == SendVerdict::paused);
}

TEST_CASE("an error's code is found wherever AWS puts it", "[aws]") {
  CHECK(read_send_answer(400, "BadRequestException:http://internal.example/doc/", "").code ==
        "BadRequestException");
  CHECK(read_send_answer(400, "", R"({"code":"BadRequestException"})").code ==
        "BadRequestException");
  CHECK(read_send_answer(400, "", R"({"__type":"com.amazonaws.ses#MessageRejected"})").code ==
        "MessageRejected");
  CHECK(read_send_answer(400, "MessageRejected", R"({"code":"Other","Message":"m"})").code ==
        "MessageRejected");
}

TEST_CASE("SES's text comes as one line of at most 500 bytes", "[aws]") {
  Json body;
  body.set("message", " a\r\nb\x1b[31m\xc2\x9b" + std::string(600, 'x'));
  const SendAnswer answer = read_send_answer(400, "MessageRejected", body.write());

  CHECK(answer.message.size() <= 500);
  CHECK(answer.message.starts_with("a  b [31m xx"));
  CHECK(text::check_single_line(answer.message, "message"));
  CHECK(read_send_answer(502, {}, "<html>").message == "HTTP 502");
}

TEST_CASE("verdicts have their names", "[aws]") {
  CHECK(to_string(SendVerdict::accepted) == "accepted");
  CHECK(to_string(SendVerdict::in_doubt) == "in_doubt");
  CHECK(to_string(SendVerdict::quota) == "quota");
}

TEST_CASE("the account's answer gives the pace", "[aws]") {
  const auto account = read_account_answer(
      R"({"SendQuota":{"Max24HourSend":-1,"MaxSendRate":14.5,"SentLast24Hours":3},
          "SendingEnabled":false,"ProductionAccessEnabled":true,
          "EnforcementStatus":"SHUTDOWN","VdmAttributes":{"x":[]}})");
  REQUIRE(account);
  CHECK(account->max_send_rate == 14.5);
  CHECK(account->max_24_hour_send == -1);
  CHECK(account->sent_last_24_hours == 3);
  CHECK_FALSE(account->sending_enabled);
  CHECK(account->production_access);
  CHECK(account->enforcement_status == "SHUTDOWN");
}

TEST_CASE("what is not the account's answer is refused", "[aws]") {
  for (const char* const body :
       {"", "<html>", "{}", "[]", R"({"SendQuota":7})", R"({"SendQuota":{"MaxSendRate":"14"}})",
        R"({"SendQuota":{"MaxSendRate":-2}})"}) {
    INFO(body);
    const auto account = read_account_answer(body);
    REQUIRE_FALSE(account);
    CHECK(account.error().code == Code::invalid_input);
  }
}
