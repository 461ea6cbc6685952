#include <catch2/catch.hpp>
#include <iostream>

#include "aws/sigv4_case.hpp"
#include "base/crypto.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

namespace fs = std::filesystem;

const fs::path corpus = CALINVITE_CORPUS_DIR "/sigv4";
const fs::path golden = CALINVITE_AWS_DIR "/golden";

bool is_absent(const fs::path& folder) {
  if (fs::exists(folder)) return false;
  std::cout << "skipped: no corpus at " << folder.string() << '\n';
  return true;
}

/// "GET / HTTP/1.1", header lines (folded ones keep their line end), an empty line, the body.
AwsRequest read_request(std::string_view text) {
  AwsRequest request;
  const auto take_line = [&] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  };
  const std::string_view start = take_line();
  const std::size_t method_end = start.find(' ');
  request.method = start.substr(0, method_end);
  set_target(request, start.substr(method_end + 1, start.rfind(' ') - method_end - 1));
  while (!text.empty()) {
    const std::string_view line = take_line();
    if (line.empty()) break;
    if (line.front() == ' ') {
      request.headers.back().second.append("\n").append(line);
      continue;
    }
    const std::size_t colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  request.body = text;
  return request;
}

/// @param get  text of one file of the case, such as "request"
template <class Get>
SigV4Case suite_case(const std::string& name, const Json& context, Get get) {
  SigV4Case result;
  result.name = name;
  const Json& keys = context["credentials"];
  result.credentials = {std::string(keys["access_key_id"].string()),
                        std::string(keys["secret_access_key"].string()),
                        std::string(keys["token"].string())};
  // The suite adds the token behind the signature there; for us that is signing without it.
  if (context["omit_session_token"].boolean()) result.credentials.session_token.clear();
  result.scope.region = context["region"].string();
  result.scope.service = context["service"].string();
  std::string timestamp(context["timestamp"].string());
  std::erase_if(timestamp, [](char c) { return c == '-' || c == ':'; });
  result.scope.time = time_of(timestamp);
  result.scope.normalize_path = context["normalize"].boolean();
  result.scope.sign_body_header = context["sign_body"].boolean();
  result.request = read_request(get("request"));
  result.canonical_request = get("header-canonical-request");
  result.string_to_sign = get("header-string-to-sign");
  result.signature = get("header-signature");
  const AwsRequest signed_request = read_request(get("header-signed-request"));
  for (const auto& [header, value] : signed_request.headers) {
    if (header == "Authorization") result.authorization = value;
  }
  return result;
}

}  // namespace

TEST_CASE("every header case of the official suite's corpus is signed as it says",
          "[aws][corpus]") {
  const fs::path folder = corpus / "aws-c-auth/v4";
  if (is_absent(folder)) return;
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    check_case(suite_case(
        entry.path().filename(), read_json(entry.path() / "context.json"),
        [&](const std::string& name) { return read_file(entry.path() / (name + ".txt")); }));
    ++cases;
  }
  std::cout << cases << " cases of aws-c-auth v4\n";
  CHECK(cases >= 38);
}

TEST_CASE("every header case of the official suite packed in one file is signed as it says",
          "[aws][corpus]") {
  if (is_absent(golden)) return;
  const Json suite = read_json(golden / "sigv4-test-suite-v4.json");
  int cases = 0;
  for (const auto& [name, files] : suite["cases"].object()) {
    check_case(suite_case(name, files["context"], [&files = files](const std::string& file) {
      return std::string(files[file].string());
    }));
    ++cases;
  }
  std::cout << cases << " packed cases\n";
  CHECK(cases == 38);
}

TEST_CASE("the classic suite's corpus, as botocore ships it, is signed as it says",
          "[aws][corpus]") {
  const fs::path folder = corpus / "botocore-aws4_testsuite";
  if (is_absent(folder)) return;
  int cases = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".req") continue;
    const auto part = [&](const char* extension) {
      return read_file(fs::path(entry.path()).replace_extension(extension));
    };
    SigV4Case expected;
    expected.name = entry.path().stem();
    expected.credentials = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
    expected.scope.region = "us-east-1";
    expected.scope.service = "service";
    expected.scope.time = time_of("20150830T123600Z");
    expected.canonical_request = part(".creq");
    expected.string_to_sign = part(".sts");
    expected.authorization = part(".authz");
    expected.signature = expected.authorization.substr(expected.authorization.rfind('=') + 1);
    expected.request = read_request(part(".req"));
    constexpr std::string_view token = "\nx-amz-security-token:";
    if (const auto at = expected.canonical_request.find(token); at != std::string::npos) {
      const std::size_t value = at + token.size();
      expected.credentials.session_token = expected.canonical_request.substr(
          value, expected.canonical_request.find('\n', value) - value);
    }
    std::erase_if(expected.request.headers, [](const auto& header) {
      return text::iequals(header.first, "x-amz-date") ||
             text::iequals(header.first, "x-amz-security-token");
    });
    check_case(expected);
    ++cases;
  }
  std::cout << cases << " cases of aws4_testsuite\n";
  CHECK(cases >= 30);
}

TEST_CASE("the corpus of requests that AWS's own client sent is signed alike", "[aws][corpus]") {
  if (is_absent(golden)) return;
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(golden)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("golden-") && !name.starts_with("wire-loopback-")) continue;
    check_case(golden_case(read_json(entry.path())));
    ++cases;
  }
  std::cout << cases << " golden requests\n";
  CHECK(cases >= 12);
}

TEST_CASE("the corpus of signing keys is derived step by step", "[aws][corpus]") {
  if (is_absent(golden)) return;
  const Json file = read_json(golden / "sigv4-signing-key-vectors.json");
  REQUIRE_FALSE(file["vectors"].array().empty());
  for (const Json& vector : file["vectors"].array()) {
    SigningScope scope;
    scope.region = vector["region"].string();
    scope.service = vector["service"].string();
    scope.time = time_of(std::string(vector["date"].string()) + "T120000Z");
    const AwsSigner signer({"AKIDEXAMPLE", std::string(vector["secret_access_key"].string()), {}});
    const auto texts = signer.explain(ses_account_request("example.com"), scope);
    REQUIRE(texts);
    // The signer keeps its keys to itself; that it used this one shows in the signature.
    const auto key = text::from_hex(vector["k_signing"].string());
    REQUIRE(key);
    CHECK(texts->signature == text::hex(crypto::hmac_sha256(*key, texts->string_to_sign)));
  }
}
