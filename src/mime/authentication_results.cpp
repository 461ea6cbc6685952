#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_comment_depth = 10;

/// Reads a value token by token. What goes wrong once stays wrong.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }
  bool done() {
    skip();
    return failed_ || rest_.empty();
  }
  char next() {
    skip();
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char c) {
    if (next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// A quoted string, or everything up to white space, a comment or one of `ends`.
  std::string value(std::string_view ends);

 private:
  void skip();
  void skip_comment();
  std::string quoted();
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

void Reader::skip() {
  while (!rest_.empty()) {
    if (rest_.front() == '(') {
      skip_comment();
    } else if (text::trim(rest_.substr(0, 1)).empty()) {
      rest_.remove_prefix(1);
    } else {
      return;
    }
  }
}

void Reader::skip_comment() {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const char c = rest_[i];
    // A quoted local part may be echoed in a comment; whether its parentheses count is a matter
    // of opinion, and what follows would be the sender's to write.
    if (c == '"' || depth > max_comment_depth) break;
    if (c == '\\') {
      ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      rest_.remove_prefix(i + 1);
      return;
    }
  }
  fail();
}

std::string Reader::quoted() {
  std::string content;
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == '"') {
      rest_.remove_prefix(i + 1);
      return content;
    }
    if (rest_[i] == '\\' && ++i == rest_.size()) break;
    content += rest_[i];
  }
  fail();
  return {};
}

std::string Reader::value(std::string_view ends) {
  std::string value;
  if (next() == '"') {
    value = quoted();
    // `"local part"@host` goes on.
    if (rest_.empty() || rest_.front() != '@') return value;
  }
  const std::string all_ends = std::string(ends) + " \t\r\n(";
  const auto end = std::min(rest_.find_first_of(all_ends), rest_.size());
  value += rest_.substr(0, end);
  rest_.remove_prefix(end);
  if (value.find('"') != std::string::npos) fail();
  return value;
}

/// `method[/version]=result [reason=value] [ptype.property=value …]`
bool read_clause(Reader& reader, AuthenticationClause& clause) {
  clause.method = text::lower(reader.value("=;/"));
  if (reader.take('/')) reader.value("=;");
  if (clause.method.empty() || !reader.take('=')) return false;
  clause.result = text::lower(reader.value(";"));
  while (!reader.done() && reader.next() != ';') {
    std::string name = text::lower(reader.value("=;"));
    while (name.ends_with('.') || reader.next() == '.') {  // blanks may stand around the dot
      const auto more = reader.value("=;");
      if (more.empty()) return false;
      name += text::lower(more);
    }
    if (name.empty() || !reader.take('=')) return false;
    clause.properties.emplace_back(std::move(name), reader.value(";"));
  }
  return !reader.failed();
}

}  // namespace

std::string_view AuthenticationResults::result(std::string_view method) const {
  std::string_view told;
  for (const AuthenticationClause& clause : clauses) {
    if (clause.method != method) continue;
    if (!told.empty() && told != clause.result) return "fail";
    told = clause.result;
  }
  return told;
}

Result<AuthenticationResults> parse_authentication_results(std::string_view value) {
  const auto broken = [] {
    return fail(Code::invalid_input, "Authentication-Results is not as RFC 8601 has it",
                {{}, 0, 0, "Authentication-Results"});
  };
  Reader reader(value);
  AuthenticationResults results;
  results.authserv_id = text::lower(reader.value(";"));
  if (results.authserv_id.empty()) return broken();
  if (reader.next() != ';' && !reader.done()) reader.value(";");  // the version
  while (reader.take(';')) {
    if (reader.done()) break;  // SES ends with a semicolon
    AuthenticationClause clause;
    if (reader.next() != ';') {
      const bool none = !read_clause(reader, clause);
      // `none` alone says that nothing was checked.
      if (none && (clause.method != "none" || reader.failed() || !results.clauses.empty())) {
        return broken();
      }
      if (none) break;
      results.clauses.push_back(std::move(clause));
    }
  }
  if (reader.failed() || !reader.done()) return broken();
  return results;
}

}  // namespace calinvite
