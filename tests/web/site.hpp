/// The pages over a league, asked as a browser asks.
#pragma once

#include <calinvite/web.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/text.hpp"
#include "engine/league.hpp"

namespace site {

using namespace league;

inline const std::string fan = "fan@fans.example";

struct Site : League {
  WebOptions options;
  std::string remote_address = "192.0.2.7";
  std::string languages;  ///< Accept-Language
  std::string agent;      ///< User-Agent

  WebResponse ask(const std::string& method, const std::string& target,
                  const std::string& body = {}) {
    WebRequest request;
    request.method = method;
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    if (!languages.empty()) request.headers.emplace_back("accept-language", languages);
    if (!agent.empty()) request.headers.emplace_back("user-agent", agent);
    if (method == "POST") {
      request.headers.emplace_back("Content-Type",
                                   "application/x-www-form-urlencoded; charset=UTF-8");
    }
    request.body = body;
    request.remote_address = remote_address;
    return respond(*engine, request, options);
  }
  WebResponse get(const std::string& target) { return ask("GET", target); }
  WebResponse post(const std::string& target, const std::string& body) {
    return ask("POST", target, body);
  }

  /// An event with one attendee, who was sent their invitation.
  Event invited_event(const std::string& summary = "Harbour v Hill") {
    auto made = event(summary);
    invite(made.uid, {fan});
    dispatch();
    return made;
  }
  std::string rsvp_path(const std::string& event) {
    return "/r/" + *engine->rsvp_token(kScope, event, fan);
  }
  /// Path and query of a button of the event, as its HTML links to it, with an address filled in.
  std::string button_target(const std::string& event, const std::string& address = fan,
                            const std::string& landing = {}) {
    const auto html = engine->button(kScope, event, ButtonPreset::generic, landing);
    if (!html) FAIL(to_string(html.error()));
    const auto begin = html->find("/event/");
    std::string target = html->substr(begin, html->find('"', begin) - begin);
    for (auto at = target.find("&amp;"); at != std::string::npos; at = target.find("&amp;")) {
      target.erase(at + 1, 4);
    }
    const std::string tag = "{email}";
    target.replace(target.find(tag), tag.size(), text::percent_encode(address));
    return target.substr(0, target.rfind("&name="));
  }
  Attendee attendee(const std::string& event, const std::string& address = fan) {
    const auto all = engine->list_attendees(kScope, event, {});
    REQUIRE(all);
    for (const auto& one : all->items) {
      if (one.address == address) return one;
    }
    FAIL("no attendee " << address);
    return {};
  }
  std::vector<Receipt> clicks(const std::string& event) {
    auto receipts = engine->list_receipts(kScope, event, {1000, {}});
    REQUIRE(receipts);
    std::erase_if(receipts->items, [](const Receipt& r) { return r.kind != ReceiptKind::clicked; });
    return receipts->items;
  }
  /// Every byte that the store holds on disk.
  std::string stored() const {
    std::string all;
    for (const char* name : {"league.db", "league.db-wal"}) {
      std::ifstream file(folder_ / name, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
};

inline std::string header(const WebResponse& response, const std::string& name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return {};
}

/// The value of an input of a page's form; empty when there is none.
inline std::string input(const WebResponse& response, const std::string& name) {
  const auto field = response.body.find("name=\"" + name + "\"");
  if (field == std::string::npos) return {};
  const std::string mark = "value=\"";
  const auto begin = response.body.find(mark, field) + mark.size();
  return response.body.substr(begin, response.body.find('"', begin) - begin);
}

inline bool has(const WebResponse& response, const std::string& words) {
  return response.body.find(words) != std::string::npos;
}

/// A form of ours with its hidden fields, and what a person adds.
inline std::string filled_in(const WebResponse& page, const std::string& more) {
  std::string body = "form=" + input(page, "form");
  for (const char* name : {"button", "landing"}) {
    const auto value = input(page, name);
    if (!value.empty()) body += "&" + std::string(name) + "=" + text::percent_encode(value);
  }
  return body + "&" + more;
}

}  // namespace site
