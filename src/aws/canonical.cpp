#include "aws/canonical.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace calinvite::aws {
namespace {

std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : text::split(path, '/')) {
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string result;
  for (const std::string_view segment : kept) result.append("/").append(segment);
  if (result.empty() || path.back() == '/') result += '/';
  return result;
}

/// Nothing to drop: the common case, worth no copy.
bool is_normal(std::string_view path) {
  return !path.empty() && path.front() == '/' && path.find("//") == std::string_view::npos &&
         path.find("/.") == std::string_view::npos;
}

bool is_unsigned(std::string_view name) {
  static constexpr std::array<std::string_view, 9> names = {
      "connection",        "expect",         "keep-alive", "te", "trailer", "upgrade", "user-agent",
      "transfer-encoding", "x-amzn-trace-id"};
  return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("proxy-");
}

/// Trimmed, every run of white space (folded lines too) as one space.
void append_value(std::string& out, std::string_view value) {
  bool space = false;
  for (const char c : text::trim(value)) {
    const bool white = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (white && !space) out += ' ';
    if (!white) out += c;
    space = white;
  }
}

}  // namespace

void append_canonical_path(std::string& out, std::string_view path, bool normalize, bool encode) {
  std::string changed;
  if (normalize && !is_normal(path)) {
    changed = normalized(path);
    path = changed;
  }
  if (path.empty()) path = "/";
  if (!encode) {
    out += path;
    return;
  }
  const char* separator = "";
  for (const std::string_view segment : text::split(path, '/')) {
    out.append(separator).append(text::percent_encode(segment));
    separator = "/";
  }
}

void append_canonical_query(std::string& out, std::string_view query) {
  if (query.empty()) return;
  // Decoded first, so that a client's way of encoding makes no difference.
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view parameter : text::split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::size_t value_at = std::min(equals + 1, parameter.size());
    parameters.emplace_back(text::percent_encode(text::percent_decode(parameter.substr(0, equals))),
                            text::percent_encode(text::percent_decode(parameter.substr(value_at))));
  }
  std::sort(parameters.begin(), parameters.end());
  const char* separator = "";
  for (const auto& [name, value] : parameters) {
    out.append(separator).append(name).append("=").append(value);
    separator = "&";
  }
}

void CanonicalHeaders::read(const std::vector<std::pair<std::string, std::string>>& headers) {
  count_ = 0;
  if (headers_.size() < headers.size()) headers_.resize(headers.size());
  for (const auto& [name, value] : headers) {
    Header& header = headers_[count_];
    header.name.assign(name);
    for (char& c : header.name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (is_unsigned(header.name)) continue;
    header.value = value;
    header.order = count_++;
  }
  std::sort(headers_.begin(), headers_.begin() + static_cast<std::ptrdiff_t>(count_),
            [](const Header& a, const Header& b) {
              const int names = a.name.compare(b.name);
              return names != 0 ? names < 0 : a.order < b.order;
            });
}

void CanonicalHeaders::append_block(std::string& out) const {
  for (std::size_t i = 0; i < count_; ++i) {
    const bool repeated = i > 0 && headers_[i].name == headers_[i - 1].name;
    if (repeated) {
      out.back() = ',';
    } else {
      out.append(headers_[i].name).append(":");
    }
    append_value(out, headers_[i].value);
    out += '\n';
  }
}

void CanonicalHeaders::append_names(std::string& out) const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (i > 0 && headers_[i].name == headers_[i - 1].name) continue;
    if (i > 0) out += ';';
    out += headers_[i].name;
  }
}

}  // namespace calinvite::aws
