// What the simulator tells about itself under /simulator/, unsigned: it listens on this machine
// only.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "simulator.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;
using Query = std::map<std::string, std::string>;

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const std::string digits(text.substr(i + 1, 2));
      result += static_cast<char>(std::strtol(digits.c_str(), nullptr, 16));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

Query query_of(std::string_view target) {
  Query query;
  std::size_t at = target.find('?');
  while (at != target.npos) {
    target.remove_prefix(at + 1);
    at = target.find('&');
    const std::string_view pair = target.substr(0, at);
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) continue;
    query[unescaped(pair.substr(0, equals))] = unescaped(pair.substr(equals + 1));
  }
  return query;
}

}  // namespace

Answer Simulator::administer(const ApiRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  Query query = query_of(request.target);
  if (request.method == "GET" && path == "/simulator/ledger" && behaviour_.keep != Keep::counts) {
    const auto ledger = summarize(behaviour_.directory, true);
    return {200, "", ledger ? ledger->dump() : "{}"};
  }
  if (request.method == "GET" && path == "/simulator/counts") {
    if (query.count("attempt_id") != 0) {
      const auto copies = counts_.copies_of_attempt(query["attempt_id"]);
      return {200, "", json{{"copies", copies}}.dump()};
    }
    if (query.count("uid") != 0) {
      const std::int64_t sequence = std::strtoll(query["sequence"].c_str(), nullptr, 10);
      const auto copies = counts_.copies_of_key(
          key_text(query["to"], query["uid"], query["recurrence_id"], sequence, query["method"]));
      return {200, "", json{{"copies", copies}}.dump()};
    }
    return {200, "", counts_.totals().dump()};
  }
  if (request.method == "POST" && path == "/simulator/flush") {
    return {finish() ? 200 : 500, "", "{}"};
  }
  return {404, "UnknownOperationException", "{}"};
}

}  // namespace ses_simulator
