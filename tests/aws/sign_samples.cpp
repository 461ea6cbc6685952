/// sign_samples COUNT SEED: prints COUNT signed requests as JSON lines, for another implementation
/// to sign again (botocore_check_test.py).
#include <cstdlib>
#include <iostream>
#include <random>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

using namespace calinvite;

namespace {

class Samples {
 public:
  explicit Samples(unsigned seed) : generator_(seed) {}

  Json next() {
    AwsCredentials keys;
    keys.access_key_id = "AKIA" + of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
    keys.secret_access_key = of("ABCDEFabcdef0123456789+/", 40);
    if (one_in(3)) keys.session_token = of("ABCDEFabcdef0123456789+/=", 1 + below(900));
    SigningScope scope;
    scope.region = one_in(2) ? "eu-central-1" : "us-gov-west-1";
    scope.time = std::chrono::sys_seconds(std::chrono::seconds(below(4'000'000'000)));
    AwsRequest request = one_in(6) ? s3_request(scope) : ses_request();
    add_headers(request);
    const AwsSigner signer(keys);
    if (!signer.sign(request, scope)) std::abort();
    return describe(request, keys, scope);
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return generator_() % limit; }
  bool one_in(unsigned n) { return below(n) == 0; }
  std::string of(std::string_view alphabet, std::size_t size) {
    std::string result;
    while (result.size() < size) result += alphabet[below(alphabet.size())];
    return result;
  }
  std::string bytes(std::size_t size) {
    std::string result;
    while (result.size() < size) result += static_cast<char>(below(256));
    return result;
  }

  AwsRequest ses_request() {
    static constexpr const char* hosts[] = {"email.eu-central-1.amazonaws.com", "127.0.0.1:8443",
                                            "localhost"};
    const std::string host = hosts[below(3)];
    if (one_in(2)) return send_request(host);
    AwsRequest request = ses_account_request(host);
    if (one_in(4)) return request;
    request.path = "/v2/email/suppression/addresses";
    if (one_in(2)) request.path += "/" + text::percent_encode(bytes(1 + below(20)));
    if (one_in(4)) request.path += of("/./..//a@$&=+,;:%2F", 1 + below(12));
    request.query = query();
    if (one_in(3)) {
      request.method = "PUT";
      request.body = R"({"EmailAddress":")" + of("abc.+-", 9) + R"(@example.net"})";
      request.headers.emplace_back("Content-Type", "application/json");
    }
    return request;
  }

  AwsRequest send_request(const std::string& host) {
    const std::string from = of("abcdef0123456789+.-", 12) + "@reply.league.example";
    const std::string to = of("abcdef\"\\ \xc3\xa9", 12) + "@example.net";
    const std::string message = bytes(below(20'000));
    SesSend send;
    send.from = from;
    send.to = to;
    send.message = message;
    if (one_in(2)) send.configuration_set = "invites";
    for (auto left = below(4); left > 0; --left) {
      send.tags.push_back({of("abcXYZ019_-", 1 + below(30)), of("abcXYZ019_-", 1 + below(256))});
    }
    auto request = ses_send_request(send, host);
    if (!request) std::abort();
    return std::move(*request);
  }

  std::string query() {
    std::string result;
    for (auto left = below(6); left > 0; --left) {
      if (!result.empty()) result += '&';
      result += text::percent_encode(one_in(2) ? of("ab", 1) : bytes(1 + below(5)));
      if (!one_in(4)) result += "=" + text::percent_encode(bytes(below(8)));
    }
    return result;
  }

  AwsRequest s3_request(SigningScope& scope) {
    scope.service = "s3";
    scope.normalize_path = false;
    scope.double_encode_path = false;
    scope.sign_body_header = true;
    AwsRequest request;
    request.method = one_in(2) ? "GET" : "PUT";
    request.path = "/" + text::percent_encode(bytes(1 + below(10))) + of("/.a", below(8));
    request.headers.emplace_back("Host", "inbound.example.s3.eu-central-1.amazonaws.com");
    if (request.method == "PUT") request.body = bytes(below(300));
    return request;
  }

  void add_headers(AwsRequest& request) {
    static constexpr const char* names[] = {
        "X-Amz-Meta-Fan", "x-amz-meta-fan", "Accept", "User-Agent", "A", "X-Amzn-Trace-Id"};
    for (auto left = below(5); left > 0; --left) {
      request.headers.emplace_back(names[below(6)], of("ab,; \t\"", below(20)));
    }
  }

  static Json describe(const AwsRequest& request, const AwsCredentials& keys,
                       const SigningScope& scope) {
    Json::Array headers;
    for (const auto& [name, value] : request.headers) {
      headers.emplace_back(Json::Array{name, value});
    }
    const std::string question = request.query.empty() ? "" : "?";
    Json json;
    json.set("access_key_id", keys.access_key_id);
    json.set("secret_access_key", keys.secret_access_key);
    json.set("service", scope.service);
    json.set("method", request.method);
    json.set("target", request.path + question + request.query);
    json.set("headers", headers);
    json.set("body", text::base64(request.body));
    return json;
  }

  std::mt19937_64 generator_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  Samples samples(static_cast<unsigned>(std::atoi(arguments[2])));
  for (int left = std::atoi(arguments[1]); left > 0; --left) {
    std::cout << samples.next().write() << '\n';
  }
  return std::cout.good() ? 0 : 1;
}
