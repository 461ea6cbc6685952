#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "aws/sigv4_case.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

namespace fs = std::filesystem;

const fs::path api = CALINVITE_AWS_DIR "/api";

bool is_absent(const fs::path& folder) {
  if (fs::exists(folder)) return false;
  std::cout << "skipped: no corpus at " << folder.string() << '\n';
  return true;
}

}  // namespace

TEST_CASE("each error of the corpus means what SES means by it", "[aws][corpus]") {
  if (is_absent(api)) return;
  using V = SendVerdict;
  const std::map<std::string, SendVerdict> expected = {
      {"error-accessdenied.json", V::paused},
      {"error-accountsuspended.json", V::suspended},
      {"error-badrequest.json", V::refused},
      {"error-expiredtoken.json", V::credentials},
      {"error-gateway-html-502.json", V::in_doubt},
      {"error-header-with-suffix.json", V::throttled},
      {"error-internalfailure.json", V::in_doubt},
      {"error-invalidsignature-expired.json", V::skew},
      {"error-invalidsignature-mismatch.json", V::credentials},
      {"error-limitexceeded-daily-quota.json", V::quota},
      {"error-mailfromdomainnotverified.json", V::paused},
      {"error-messagerejected-not-verified.json", V::paused},
      {"error-notfound-configuration-set.json", V::paused},
      {"error-requestentitytoolarge.json", V::refused},
      {"error-requesttimeout.json", V::in_doubt},
      {"error-sendingpaused-account.json", V::suspended},
      {"error-serviceunavailable.json", V::unavailable},
      {"error-throttlingexception-daily-quota.json", V::quota},
      {"error-throttlingexception.json", V::throttled},
      {"error-toomanyrequests-maximum-sending-rate.json", V::throttled},
      {"error-unrecognizedclient.json", V::credentials},
  };
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(api)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("error-")) continue;
    INFO(name);
    REQUIRE(expected.count(name) == 1);
    const Json file = read_json(entry.path());
    const auto status = static_cast<int>(file["status"].integer());
    const std::string_view type = file["headers"]["x-amzn-ErrorType"].string();
    const std::string body =
        file["body"].is_object() ? file["body"].write() : std::string(file["body_text"].string());
    CHECK(read_send_answer(status, type, body).verdict == expected.at(name));
    // A gateway's page in place of SES's JSON must not change what the headers say.
    if (!type.empty() && file["body"].object().empty()) {
      CHECK(read_send_answer(status, type, "<html><body>error</body></html>").verdict ==
            expected.at(name));
    }
    ++seen;
  }
  CHECK(seen == expected.size());
  std::cout << seen << " error answers\n";
}

TEST_CASE("the accepted answer of the corpus gives its MessageId", "[aws][corpus]") {
  if (is_absent(api)) return;
  const Json file = read_json(api / "sendemail-response.json");
  const SendAnswer answer = read_send_answer(200, {}, file["body"].write());

  CHECK(answer.verdict == SendVerdict::accepted);
  CHECK(answer.message_id == file["body"]["MessageId"].string());
}

TEST_CASE("the five account states of the corpus are read", "[aws][corpus]") {
  if (is_absent(api)) return;
  const auto read = [](const std::string& state) {
    const Json file = read_json(api / ("getaccount-response-" + state + ".json"));
    auto account = read_account_answer(file["body"].write());
    REQUIRE(account);
    return *account;
  };
  const SesAccount production = read("production");
  CHECK(production.max_send_rate == 300);
  CHECK(production.max_24_hour_send == 6'000'000);
  CHECK(production.sent_last_24_hours == 125'310);
  CHECK(production.sending_enabled);
  CHECK(production.production_access);
  CHECK(production.enforcement_status == "HEALTHY");
  CHECK(read("probation").enforcement_status == "PROBATION");
  CHECK_FALSE(read("sandbox").production_access);
  CHECK(read("sandbox").max_send_rate == 1);
  CHECK_FALSE(read("shutdown").sending_enabled);
  CHECK(read("unlimited-daily").max_24_hour_send == -1);
}
