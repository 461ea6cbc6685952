#include "aws/credentials_answer.hpp"

#include <utility>

#include "aws/time.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace calinvite::aws {
namespace {

constexpr std::size_t longest_words = 300;  ///< bytes of a service's own text in an error

/// They become a header and a signature.
bool is_printable(std::string_view value) noexcept {
  for (const char c : value) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

Result<IssuedKeys> checked(AwsCredentials keys, std::string_view expiration,
                           std::string_view service) {
  const bool whole = !keys.access_key_id.empty() && !keys.secret_access_key.empty();
  if (!whole || !is_printable(keys.access_key_id) || !is_printable(keys.secret_access_key) ||
      !is_printable(keys.session_token)) {
    return fail(Code::invalid_input, std::string(service) + ": an answer without usable keys");
  }
  IssuedKeys issued{std::move(keys), std::nullopt};
  if (!expiration.empty()) {
    issued.expires = parse_time(expiration);
    if (!issued.expires) {
      return fail(Code::invalid_input, std::string(service) + ": an Expiration that is no time");
    }
  }
  return issued;
}

/// Text of an XML element that has no elements inside; absent when there is none or it has an
/// entity that XML itself does not define.
std::optional<std::string> leaf(std::string_view xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const auto start = xml.find(open);
  if (start == std::string_view::npos) return std::nullopt;
  std::string_view rest = xml.substr(start + open.size());
  const auto end = rest.find('<');
  if (end == std::string_view::npos || !rest.substr(end).starts_with("</" + name + ">")) {
    return std::nullopt;
  }
  rest = rest.substr(0, end);
  constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string value;
  while (!rest.empty()) {
    char c = rest[0];
    std::size_t length = 1;
    for (const auto& [entity, meant] : entities) {
      if (!rest.starts_with(entity)) continue;
      c = meant;
      length = entity.size();
    }
    if (rest[0] == '&' && length == 1) return std::nullopt;
    value += c;
    rest.remove_prefix(length);
  }
  return value;
}

/// What stands inside the only element of that name.
std::string_view inside(std::string_view xml, const std::string& name) {
  const auto start = xml.find("<" + name + ">");
  const auto end = xml.find("</" + name + ">");
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) return {};
  return xml.substr(start, end - start);
}

std::string words_of(std::string_view xml) {
  const std::string_view error = inside(xml, "Error");
  std::string words = leaf(error, "Code").value_or("an answer of another kind");
  if (const auto message = leaf(error, "Message")) words += ": " + *message;
  return text::one_line(words, longest_words);
}

}  // namespace

Result<IssuedKeys> read_json_keys(std::string_view body) {
  const auto json = Json::parse(body);
  if (!json || !json->is_object()) {
    return fail(Code::invalid_input, "the credentials service: an answer that is no JSON object");
  }
  // The instance's service says 200 even when it has no keys to give.
  const std::string_view code = (*json)["Code"].string("Success");
  if (code != "Success") {
    return fail(Code::unavailable,
                "the credentials service: " + text::one_line(code, longest_words));
  }
  return checked(
      {std::string((*json)["AccessKeyId"].string()),
       std::string((*json)["SecretAccessKey"].string()), std::string((*json)["Token"].string())},
      (*json)["Expiration"].string(), "the credentials service");
}

std::string web_identity_form(std::string_view role_arn, std::string_view session_name,
                              std::string_view token) {
  std::string form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=";
  text::append_percent(form, role_arn);
  form += "&RoleSessionName=";
  text::append_percent(form, session_name);
  form += "&WebIdentityToken=";
  text::append_percent(form, token);
  return form;
}

// Four elements that hold plain text, each found by its name inside Credentials: a whole XML reader
// would be more code to trust than this. What could hide an element from the search (a comment,
// CDATA, a DOCTYPE) starts with "<!", which STS never writes, and is refused.
Result<IssuedKeys> read_web_identity_answer(int http_status, std::string_view body) {
  const bool plain = body.find("<!") == std::string_view::npos;
  if (http_status != 200) {
    const std::string words =
        "STS answered " + std::to_string(http_status) + ", " + words_of(plain ? body : "");
    const bool passes = http_status >= 500 || words.find("IDPCommunicationError") != words.npos;
    return fail(passes ? Code::unavailable : Code::unauthenticated, words);
  }
  const std::string_view keys = plain ? inside(body, "Credentials") : std::string_view();
  const auto expiration = leaf(keys, "Expiration");
  const auto token = leaf(keys, "SessionToken");
  if (!expiration || expiration->empty() || !token || token->empty()) {
    return fail(Code::invalid_input, "STS: an answer without Credentials and their Expiration");
  }
  return checked(
      {leaf(keys, "AccessKeyId").value_or(""), leaf(keys, "SecretAccessKey").value_or(""), *token},
      *expiration, "STS");
}

}  // namespace calinvite::aws
