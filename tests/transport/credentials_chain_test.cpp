#include "transport/credentials/chain.hpp"

#include <catch2/catch.hpp>
#include <iostream>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/transport.hpp"
#include "transport/environment.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1);

/// A service that must not be asked.
const credentials::Ask nobody = [](const http::Request& request, auto) -> Result<http::Exchange> {
  FAIL_CHECK("asked " << request.url);
  return fail(Code::unavailable, "nobody is there");
};

http::Exchange answer(int status, std::string body) {
  http::Exchange exchange;
  exchange.status = status;
  exchange.answer = std::move(body);
  return exchange;
}

Result<AwsCredentials> keys_of(const Environment& environment,
                               const credentials::Ask& ask = nobody) {
  const auto chain = credentials::open_chain(environment.view(), "", ask);
  if (!chain) return tl::unexpected<Error>(chain.error());
  const auto keys = (*chain)->get(now);
  if (!keys) return tl::unexpected<Error>(keys.error());
  return (*keys)->credentials;
}

/// Why there are no keys; whatever the reason, it shows none.
Error failure_of(const Environment& environment, const credentials::Ask& ask = nobody) {
  const auto keys = keys_of(environment, ask);
  REQUIRE_FALSE(keys);
  INFO(keys.error().message);
  CHECK(to_string(keys.error()).find("CANARY") == std::string::npos);
  CHECK(to_string(keys.error()).find('\n') == std::string::npos);
  return keys.error();
}

bool says(const Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

// --- the recorded cases of another implementation -----------------------------------------------

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void set_up(Environment& environment, const Json& test_case) {
  const std::string token_file = environment.path("token.jwt");
  for (const auto& [name, value] : test_case["env"].object()) {
    environment.set(name, replaced(std::string(value.string()), "/token.jwt", token_file));
  }
  for (const auto& [path, text] : test_case["fs"].object()) {
    environment.write(path.substr(1),
                      replaced(std::string(text.string()), "/token.jwt", token_file));
  }
}

/// Answers as recorded, and demands the recorded requests in their order.
class Replay {
 public:
  explicit Replay(const Json& test_case) : traffic_(test_case["http"].array()) {}

  Result<http::Exchange> operator()(const http::Request& request, std::chrono::milliseconds time) {
    CHECK(time <= 10s);
    REQUIRE(next_ < traffic_.size());
    const Json& recorded = traffic_[next_]["request"];
    CHECK(request.method == recorded["method"].string());
    CHECK(request.url == recorded["uri"].string());
    check_headers(request, recorded);
    check_form(request.body, recorded["body"].string());
    const Json& response = traffic_[next_++]["response"];
    return answer(static_cast<int>(response["status"].integer()),
                  std::string(response["body"].string()));
  }
  std::size_t asked() const { return next_; }

 private:
  static void check_headers(const http::Request& request, const Json& recorded) {
    std::map<std::string, std::string> sent;
    for (const auto& [name, value] : request.headers) sent[text::lower(name)] = value;
    for (const char* name : {"accept", "content-type", "x-aws-ec2-metadata-token",
                             "x-aws-ec2-metadata-token-ttl-seconds", "authorization"}) {
      const auto value = recorded["headers"][name].string();
      if (!value.empty()) CHECK(sent[name] == value);
    }
  }
  /// The recordings come from other roles and tokens than the cases name: names are compared.
  static void check_form(std::string_view sent, std::string_view recorded) {
    const auto names = [](std::string_view form) {
      std::set<std::string> all;
      for (const auto field : text::split(form, '&')) all.emplace(field.substr(0, field.find('=')));
      return all;
    };
    CHECK(names(sent) == names(recorded));
    CHECK(sent.substr(0, sent.find("&RoleArn")) == recorded.substr(0, recorded.find("&RoleArn")));
  }

  Json::Array traffic_;
  std::size_t next_ = 0;
};

/// Cases that chain roles: here they end with a way out, before any request.
const std::set<std::string> chained_roles = {"ecs_assume_role",
                                             "imds_assume_role",
                                             "imds_no_iam_role",
                                             "imds_token_fail",
                                             "profile_overrides_web_identity",
                                             "web_identity_source_profile_no_env",
                                             "web_identity_token_invalid_jwt",
                                             "web_identity_token_source_profile"};

void run_case(const Json& test_case) {
  const std::string name(test_case["dir"].string());
  INFO(name);
  Environment environment;
  set_up(environment, test_case);
  const auto replay = std::make_shared<Replay>(test_case);
  const auto chain = credentials::open_chain(
      environment.view(), "",
      [replay](const http::Request& request, auto time) { return (*replay)(request, time); });
  const auto keys = chain ? (*chain)->get(now) : tl::unexpected<Error>(chain.error());

  if (chained_roles.contains(name)) {
    REQUIRE_FALSE(keys);
    CHECK(keys.error().code == Code::unsupported);
    CHECK(says(keys.error(), "role_arn with "));
    CHECK(replay->asked() == 0);
    return;
  }
  CHECK(replay->asked() == test_case["http"].array().size());
  const Json& wanted = test_case["result"]["Ok"];
  if (wanted.is_null()) {
    CHECK_FALSE(keys);
    return;
  }
  if (!keys) FAIL(keys.error().message);
  const TimedCredentials& got = **keys;
  CHECK(got.credentials.access_key_id == wanted["access_key_id"].string());
  CHECK(got.credentials.secret_access_key == wanted["secret_access_key"].string());
  CHECK(got.credentials.session_token == wanted["session_token"].string());
  CHECK(got.expires.has_value() == wanted["expiry"].is_number());
  if (got.expires) CHECK(got.expires->time_since_epoch().count() == wanted["expiry"].integer());
}

}  // namespace

TEST_CASE("the recorded cases of the default chain end as recorded, chained roles unsupported",
          "[credentials]") {
  const std::string path = CALINVITE_AWS_DIR "/credentials/default-chain-cases.json";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: no recorded cases at " << path << '\n';
    return;
  }
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto cases = Json::parse(text, 1024 * 1024);
  REQUIRE(cases);
  for (const Json& test_case : (*cases)["cases"].array()) run_case(test_case);
  std::cout << (*cases)["cases"].array().size() << " recorded cases of the credentials chain\n";
  CHECK((*cases)["cases"].array().size() == 25);
}

TEST_CASE("the first place that is set up gives the keys", "[credentials]") {
  Environment environment;
  environment.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/keys");
  std::string asked;
  const auto note = [&asked](const http::Request& request, auto) -> Result<http::Exchange> {
    asked = request.url;
    return fail(Code::unavailable, "nobody is there");
  };
  failure_of(environment, note);
  CHECK(asked == "http://127.0.0.1:1/keys");

  environment.write("token", "jwt").set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.path("token"));
  environment.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/r").set("AWS_REGION", "eu-central-1");
  failure_of(environment, note);
  CHECK(asked == "https://sts.eu-central-1.amazonaws.com/");

  environment.credentials("[default]\naws_access_key_id = P\naws_secret_access_key = s\n");
  CHECK(keys_of(environment)->access_key_id == "P");
  environment.set("AWS_ACCESS_KEY_ID", "E").set("AWS_SECRET_ACCESS_KEY", "s");
  CHECK(keys_of(environment)->access_key_id == "E");
}

TEST_CASE("with nothing set up the instance is asked, unless that is switched off",
          "[credentials]") {
  Environment environment;
  const auto silent = [](const http::Request& request, std::chrono::milliseconds time) {
    CHECK(request.method == "PUT");
    CHECK(request.url == "http://169.254.169.254/latest/api/token");
    CHECK(time == 1s);
    return Result<http::Exchange>(fail(Code::unavailable, "no answer within 1 s"));
  };
  CHECK(says(failure_of(environment, silent), "no AWS keys in environment"));
  environment.set("AWS_EC2_METADATA_DISABLED", "TRUE");
  CHECK(says(failure_of(environment), "set AWS_ACCESS_KEY_ID"));
}

TEST_CASE("half a pair of keys is told by the name of the missing half", "[credentials]") {
  CHECK(says(failure_of(Environment().set("AWS_SECRET_ACCESS_KEY", "CANARY")),
             "no AWS_ACCESS_KEY_ID"));
  CHECK(says(failure_of(Environment().set("AWS_ACCESS_KEY_ID", "CANARY")),
             "no AWS_SECRET_ACCESS_KEY"));
  CHECK(says(failure_of(Environment().credentials("[default]\naws_secret_access_key = CANARY\n")),
             "profile \"default\" has aws_secret_access_key but no aws_access_key_id"));
}

TEST_CASE("a profile of a kind that is left to others is told with a way out", "[credentials]") {
  const std::string role = "role_arn = arn:aws:iam::1:role/r\n";
  for (const std::string& settings :
       {std::string("credential_process = /bin/print CANARY\n"),
        std::string("sso_session = corp\nsso_account_id = CANARY\n"),
        std::string("sso_start_url = https://corp.example/CANARY\n"), role + "source_profile = b\n",
        role + "credential_source = Environment\n"}) {
    INFO(settings);
    const auto error = failure_of(Environment().config("[default]\n" + settings));
    CHECK(error.code == Code::unsupported);
    CHECK(says(error, "web identity"));
  }
  const auto alone = failure_of(Environment().config("[default]\n" + role));
  CHECK(says(alone, "no web_identity_token_file"));
}

TEST_CASE("shared files are found where their variables say", "[credentials]") {
  Environment environment;
  environment.write("etc/c", "[profile mail]\nregion = us-east-1\n");
  environment.write("home/keys", "[mail]\naws_access_key_id = K\naws_secret_access_key = s\n");
  environment.set("AWS_CONFIG_FILE", environment.path("etc/c"));
  environment.set("AWS_SHARED_CREDENTIALS_FILE", "~/keys").set("AWS_PROFILE", "mail");

  CHECK(keys_of(environment)->access_key_id == "K");
  environment.set("AWS_PROFILE", "gone");
  CHECK(failure_of(environment).code == Code::not_found);
  environment.set("AWS_SHARED_CREDENTIALS_FILE", environment.path("home"));
  CHECK(failure_of(environment).code == Code::invalid_argument);
  environment.write("etc/c", "[profile mail]\nCANARY\n");
  CHECK(failure_of(environment).code == Code::invalid_input);
}

TEST_CASE("new keys in a profile are found when AWS refuses the old ones", "[credentials]") {
  Environment environment;
  environment.credentials("[default]\naws_access_key_id = OLD\naws_secret_access_key = s\n");
  const auto chain = open_credentials_chain(environment.view());
  REQUIRE(chain);
  const auto old = (*chain)->get(now);
  REQUIRE(old);
  CHECK((*chain)->replace(*old, now).error().code == Code::unauthenticated);
  environment.credentials(
      "[default]\naws_access_key_id = NEW\naws_secret_access_key = s\naws_session_token = t\n");

  const auto fresh = (*chain)->replace(*old, now + 10s);
  REQUIRE(fresh);
  CHECK((*fresh)->credentials.access_key_id == "NEW");
  CHECK((*fresh)->credentials.session_token == "t");
}

TEST_CASE("a container's keys go over plain HTTP only to near addresses", "[credentials]") {
  for (const char* url : {"http://169.254.170.2/x", "http://169.254.170.23/v1/credentials",
                          "http://[fd00:ec2::23]/x", "http://localhost:80/x?a=b",
                          "http://127.0.0.1:9/", "http://[::1]/", "https://keys.example/x"}) {
    INFO(url);
    CHECK(credentials::check_container_url(url));
  }
  for (const char* url :
       {"http://keys.example/", "http://169.254.170.22/", "http://127.0.0.1.evil/",
        "http://169.254.170.2@evil/", "http://2130706433/", "ftp://127.0.0.1/", "//127.0.0.1/",
        "http://localhost.evil/", "http://evil?@127.0.0.1/"}) {
    INFO(url);
    const auto checked = credentials::check_container_url(url);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::invalid_argument);
  }
  Environment environment;
  environment.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ".evil.example/x");
  CHECK(says(failure_of(environment), "does not begin with a slash"));
  environment.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/@evil/x");
  CHECK(failure_of(environment).code == Code::invalid_argument);
}

TEST_CASE("a container's token with a line end is sent to nobody and not shown", "[credentials]") {
  Environment environment;
  environment.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/keys");
  environment.write("token", "CANARY\r\nX-Evil: 1");
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", environment.path("token"));
  CHECK(says(failure_of(environment), "line end"));
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "");
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "CANARY\nX-Evil: 1");
  CHECK(says(failure_of(environment), "line end"));
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", environment.path("gone"));
  CHECK(failure_of(environment).code == Code::not_found);
}

TEST_CASE("a container's service is asked three times before it counts as away", "[credentials]") {
  Environment environment;
  environment.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/keys");
  int asked = 0;
  const auto failing = [&asked](const http::Request&, auto) -> Result<http::Exchange> {
    if (++asked % 2 == 0) return fail(Code::unavailable, "no answer within 2 s");
    return answer(503, "CANARY");
  };
  CHECK(failure_of(environment, failing).retryable());
  CHECK(asked == 3);
}

TEST_CASE("an answer of the instance that is no name of a role asks for nothing more",
          "[credentials]") {
  for (const char* role : {"../../../evil", "", "a b", "role/CANARY", "role\x01"}) {
    int asked = 0;
    const auto listing = [&](const http::Request& request, auto) -> Result<http::Exchange> {
      ++asked;
      return answer(200, request.method == "PUT" ? "token" : role);
    };
    CHECK(failure_of(Environment(), listing).code == Code::invalid_input);
    CHECK(asked == 2);
  }
}

TEST_CASE("an outage extends the keys of an instance, and not those of a container",
          "[credentials]") {
  const std::string keys =
      R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2027-03-01T01:00:00Z"})";
  bool away = false;
  const auto ask = [&](const http::Request& request, auto) -> Result<http::Exchange> {
    if (away) return fail(Code::unavailable, "no answer");
    return answer(200,
                  request.url.ends_with("/role") || request.url.ends_with("/keys") ? keys : "role");
  };
  Environment instance;
  Environment container;
  container.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/keys");
  const auto extended = credentials::open_chain(instance.view(), "", ask);
  const auto ended = credentials::open_chain(container.view(), "", ask);
  REQUIRE((*extended)->get(now));
  REQUIRE((*ended)->get(now));
  away = true;

  CHECK((*extended)->get(now + 2h));
  CHECK((*ended)->get(now + 1h - 1s));
  CHECK((*ended)->get(now + 2h).error().code == Code::unavailable);
}

TEST_CASE("a web identity takes STS's address of region, FIPS and override", "[credentials]") {
  Environment environment;
  environment.write("token", "jwt");
  environment.config("[default]\nrole_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = " +
                     environment.path("token") + "\n");
  std::string asked;
  const auto note = [&asked](const http::Request& request, auto) -> Result<http::Exchange> {
    asked = request.url;
    return answer(200, "<html>CANARY</html>");
  };
  CHECK(says(failure_of(environment, note), "no region for STS"));
  environment.set("AWS_REGION", "cn-north-1").set("AWS_USE_FIPS_ENDPOINT", "true");
  CHECK(failure_of(environment, note).code == Code::invalid_input);
  CHECK(asked == "https://sts-fips.cn-north-1.amazonaws.com.cn/");
  environment.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9/sts/");
  CHECK(says(failure_of(environment, note), "together with FIPS"));
  environment.set("AWS_USE_FIPS_ENDPOINT", "false");
  failure_of(environment, note);
  CHECK(asked == "http://127.0.0.1:9/sts/");
}
