#include "sigv4_check.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <chrono>

namespace ses_simulator {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view service = "ses";
constexpr auto tolerance = 5min;

struct Authorization {
  std::string access_key_id, day, region, service;
  std::string signed_headers, signature;
};

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

std::string hmac(std::string_view key, std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, nullptr);
  return {reinterpret_cast<const char*>(digest), sizeof digest};
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (lower({&c, 1}) >= "a" && lower({&c, 1}) <= "f");
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text, bool keep_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (unreserved || (keep_slash && c == '/')) {
      out += c;
    } else {
      out += {'%', digits[static_cast<unsigned char>(c) >> 4],
              digits[static_cast<unsigned char>(c) & 15]};
    }
  }
  return out;
}

/// Every service but S3 signs the path as it is on the wire, percent-encoded once more.
std::string canonical_path(std::string_view path) {
  std::vector<std::string> segments;
  for (const std::string& segment : split(path, '/')) {
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string out;
  for (const std::string& segment : segments) out += "/" + percent_encoded(segment, false);
  if (out.empty() || path.back() == '/') out += '/';
  return out;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& item : split(query, '&')) {
    const std::size_t equals = item.find('=');
    const std::string value = equals == item.npos ? "" : item.substr(equals + 1);
    pairs.emplace_back(percent_encoded(percent_decoded(item.substr(0, equals)), false),
                       percent_encoded(percent_decoded(value), false));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

/// All values of a header, trimmed, inner runs of space made one, joined by commas.
std::string canonical_value(const std::vector<Header>& headers, const std::string& name) {
  std::string out;
  bool first = true;
  for (const Header& header : headers) {
    if (lower(header.name) != name) continue;
    if (!first) out += ',';
    first = false;
    bool space = false;
    for (const char c : trim(header.value)) {
      if (space && c == ' ') continue;
      space = c == ' ';
      out += c;
    }
  }
  return out;
}

std::optional<Authorization> parse_authorization(std::string_view text) {
  if (text.substr(0, algorithm.size()) != algorithm) return std::nullopt;
  Authorization result;
  for (const std::string& item : split(text.substr(algorithm.size()), ',')) {
    const std::string_view part = trim(item);
    const std::size_t equals = part.find('=');
    if (equals == part.npos) return std::nullopt;
    const std::string_view key = part.substr(0, equals);
    const std::string value(part.substr(equals + 1));
    if (key == "SignedHeaders") result.signed_headers = value;
    if (key == "Signature") result.signature = value;
    if (key == "Credential") {
      const std::vector<std::string> scope = split(value, '/');
      if (scope.size() != 5 || scope[4] != "aws4_request") return std::nullopt;
      result.access_key_id = scope[0];
      result.day = scope[1];
      result.region = scope[2];
      result.service = scope[3];
    }
  }
  const bool complete = !result.access_key_id.empty() && !result.region.empty() &&
                        !result.signed_headers.empty() && result.signature.size() == 64;
  return complete ? std::optional(result) : std::nullopt;
}

Refusal invalid_signature(const std::string& message) {
  return {403, "InvalidSignatureException", message};
}

/// What must be under the signature: Host, every X-Amz-* header, and Content-Type when there is
/// one.
std::optional<Refusal> check_signed_headers(const std::vector<Header>& headers,
                                            const std::vector<std::string>& names) {
  if (!std::is_sorted(names.begin(), names.end()) ||
      std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return invalid_signature("SignedHeaders must be sorted and name each header once.");
  }
  for (const Header& header : headers) {
    const std::string name = lower(header.name);
    const bool required = name == "host" || name == "content-type" || name.rfind("x-amz-", 0) == 0;
    if (required && !std::binary_search(names.begin(), names.end(), name)) {
      return invalid_signature("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
  if (!std::binary_search(names.begin(), names.end(), "host")) {
    return invalid_signature("'host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return std::nullopt;
}

std::optional<Refusal> check_clock(const std::string& stamp, std::chrono::sys_seconds signed_at,
                                   Instant now) {
  if (signed_at + tolerance < now) {
    return invalid_signature("Signature expired: " + stamp + " is now earlier than " +
                             basic_time(now - tolerance) + " (" + basic_time(now) + " - 5 min.)");
  }
  if (signed_at > now + tolerance) {
    return invalid_signature("Signature not yet current: " + stamp + " is still later than " +
                             basic_time(now + tolerance) + " (" + basic_time(now) + " + 5 min.)");
  }
  return std::nullopt;
}

std::string canonical_request(const ApiRequest& request, const std::vector<std::string>& names,
                              const std::string& body_hash) {
  const std::size_t question = request.target.find('?');
  const std::string_view target = request.target;
  std::string out = request.method + "\n" + canonical_path(target.substr(0, question)) + "\n";
  out += (question == target.npos ? "" : canonical_query(target.substr(question + 1))) + "\n";
  std::string list;
  for (const std::string& name : names) {
    out += name + ":" + canonical_value(request.headers, name) + "\n";
    list += (list.empty() ? "" : ";") + name;
  }
  return out + "\n" + list + "\n" + body_hash;
}

}  // namespace

std::string SignatureCheck::signing_key(const std::string& access_key_id, const std::string& day,
                                        const std::string& region) {
  const std::string scope = access_key_id + "/" + day + "/" + region;
  const std::lock_guard lock(mutex_);
  if (const auto known = keys_.find(scope); known != keys_.end()) return known->second;
  if (keys_.size() > 100) keys_.clear();  // scopes come from strangers
  const std::string day_key = hmac("AWS4" + secrets_.at(access_key_id), day);
  return keys_[scope] = hmac(hmac(hmac(day_key, region), service), "aws4_request");
}

std::variant<Caller, Refusal> SignatureCheck::check(const ApiRequest& request, Instant now,
                                                    bool prove) {
  const std::string header = canonical_value(request.headers, "authorization");
  if (header.empty()) {
    return Refusal{403, "MissingAuthenticationTokenException", "Missing Authentication Token"};
  }
  const auto authorization = parse_authorization(header);
  const std::string stamp = canonical_value(request.headers, "x-amz-date");
  const auto signed_at = parse_basic_time(stamp);
  if (!authorization || !signed_at) {
    return Refusal{403, "IncompleteSignatureException",
                   "Authorization needs Credential, SignedHeaders, Signature and an X-Amz-Date."};
  }
  if (secrets_.count(authorization->access_key_id) == 0) {
    return Refusal{403, "UnrecognizedClientException",
                   "The security token included in the request is invalid."};
  }
  if (authorization->service != service || authorization->day != stamp.substr(0, 8)) {
    return invalid_signature("Credential should be scoped to service 'ses' and the day of " +
                             stamp + ".");
  }
  const std::vector<std::string> names = split(authorization->signed_headers, ';');
  if (auto refusal = check_signed_headers(request.headers, names)) return *refusal;
  if (auto refusal = check_clock(stamp, *signed_at, now)) return *refusal;

  if (!prove) return Caller{authorization->access_key_id, authorization->region};
  const std::string body_hash = sha256_hex(request.body);
  const std::string claimed = canonical_value(request.headers, "x-amz-content-sha256");
  if (!claimed.empty() && claimed != body_hash) {
    return invalid_signature("The value of x-amz-content-sha256 is not the hash of the body.");
  }
  const std::string scope =
      authorization->day + "/" + authorization->region + "/" + std::string(service);
  const std::string string_to_sign = std::string(algorithm) + "\n" + stamp + "\n" + scope +
                                     "/aws4_request\n" +
                                     sha256_hex(canonical_request(request, names, body_hash));
  const std::string expected =
      hex(hmac(signing_key(authorization->access_key_id, authorization->day, authorization->region),
               string_to_sign));
  if (CRYPTO_memcmp(expected.data(), authorization->signature.data(), expected.size()) != 0) {
    return invalid_signature(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method.");
  }
  return Caller{authorization->access_key_id, authorization->region};
}

}  // namespace ses_simulator
