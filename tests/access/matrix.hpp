/// Every call × role × owner: what the tests over the store and the engine share.
#pragma once

#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "access/show.hpp"

namespace roles {

/// Whom a call does something for.
enum class For { organizer, domain, system };
/// Whether an owner's own answer holds their canary.
enum class Says { canary, other };

template <class Subject>
struct Call {
  std::string name;  ///< as the header has it
  std::function<std::string(Subject&, const Scope&, const Names&)> run;
  For least = For::organizer;
  Says says = Says::canary;
};

/// A public call of a class, as a header declares it.
struct Declared {
  std::string name;
  bool scoped = false;  ///< its first parameter is a Scope
};

/// Calls that return a Result, of `class NAME` in a header of ours.
inline std::vector<Declared> calls_of(const std::string& header, const std::string& name) {
  std::ifstream file(std::string(CALINVITE_SOURCE_DIR) + "/include/calinvite/" + header);
  std::string code, line;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("class " + name + " ") && line.ends_with("{")) inside = true;
    if (inside && line.starts_with("};")) break;
    if (inside) code += line.substr(0, line.find("//")) + ' ';
  }
  REQUIRE(inside);
  code = code.substr(0, code.find(" private:"));
  std::vector<Declared> calls;
  std::istringstream statements(code);
  for (std::string one; std::getline(statements, one, ';');) {
    const auto type = one.find("Result<");
    const auto open = one.find('(');
    if (type == one.npos || open == one.npos || type > open) continue;
    const auto begin = one.find_last_of(' ', open) + 1;
    calls.push_back(
        {one.substr(begin, open - begin), one.compare(open + 1, 13, "const Scope& ") == 0});
  }
  return calls;
}

/// That the table has a row for each call with a scope, and that those without one are known.
template <class Subject>
void check_complete(const std::vector<Declared>& declared, const std::vector<Call<Subject>>& calls,
                    const std::set<std::string>& without_scope) {
  std::set<std::string> rows, there, unscoped;
  for (const auto& call : calls) rows.insert(call.name);
  for (const Declared& one : declared) {
    (one.scoped ? there : unscoped).insert(one.name);
    INFO(one.name << (one.scoped ? " has no row" : " takes no scope, and nobody says why"));
    CHECK((one.scoped ? rows : without_scope).count(one.name) == 1);
  }
  for (const std::string& name : rows) {
    INFO(name << " has a row, but is no call with a scope");
    CHECK(there.count(name) == 1);
  }
  for (const std::string& name : without_scope) {
    INFO(name << " is no call without a scope");
    CHECK(unscoped.count(name) == 1);
  }
}

/// What somebody said themselves, in a form that is the same whoever's it is.
inline std::string without_own_words(std::string text, const Names& said, const Scope& by) {
  for (const std::string& word : said.texts()) {
    if (word == by.domain_name()) continue;  // theirs already
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      text.replace(at, word.size(), "*");
    }
  }
  return std::regex_replace(text, std::regex("(item|entry) [0-9]+"), "$1 *");
}

inline std::string name_of(const Scope& scope) {
  return scope.domain_name() + '/' + scope.organizer_address();
}

/// Runs each call in a scope with the names of somebody outside: it tells what it tells of names
/// that are nobody's, and no row of theirs changes.
template <class Subject, class Open>
void check_no_trace(const Owners& owners, const std::vector<Call<Subject>>& calls, Open open,
                    const Scope& scope, const Names& outside) {
  const std::string before = rows_of(owners.file(), outside);
  REQUIRE(before.size() > 1000);
  for (const auto& call : calls) {
    INFO(call.name << " in " << name_of(scope) << " with what is " << outside.canary << "'s");
    const auto run = [&](const Names& names) {
      const auto file = owners.copy();
      std::string text;
      {
        auto subject = open(file);
        text = call.run(*subject, scope, names);
      }
      CHECK(rows_of(file, outside) == before);
      return without_own_words(text, names, scope);
    };
    Names none = nobody();
    if (outside.domain == scope.domain_name()) none.domain = outside.domain;
    const std::string of_nobody = run(none);
    CHECK(run(outside) == of_nobody);
    CHECK(of_nobody.find(outside.canary) == of_nobody.npos);
    if (outside.domain != scope.domain_name()) {
      CHECK(of_nobody.find(outside.domain) == of_nobody.npos);
    }
  }
}

/// Runs each call for its owner: it is not refused, and tells what it tells. Without this an empty
/// store would pass.
template <class Subject, class Open>
void check_own(const Owners& owners, const std::vector<Call<Subject>>& calls, Open open,
               const Names& own) {
  for (const auto& call : calls) {
    std::vector<Scope> scopes{own.own(), own.whole()};
    if (call.least == For::domain) scopes = {own.whole()};
    if (call.least == For::system) scopes = {Scope::system()};
    for (const Scope& scope : scopes) {
      INFO(call.name << " in " << name_of(scope));
      auto subject = open(owners.copy());
      const std::string told = call.run(*subject, scope, own);
      CHECK_FALSE(told.starts_with(refusal));
      if (told.starts_with(refusal)) WARN(call.name << ": " << told);
      if (call.says == Says::canary) CHECK(told.find(own.canary) != told.npos);
    }
  }
}

template <class Subject, class Open>
void check_matrix(const Owners& owners, const std::vector<Call<Subject>>& calls, Open open) {
  const Names &one = owners.one, &two = owners.two, &beta = owners.beta;
  check_no_trace(owners, calls, open, one.own(), two);
  check_no_trace(owners, calls, open, one.own(), beta);
  check_no_trace(owners, calls, open, one.whole(), beta);
  check_no_trace(owners, calls, open, beta.own(), one);
  check_no_trace(owners, calls, open, beta.whole(), two);
  check_own(owners, calls, open, one);
  check_own(owners, calls, open, beta);
}

}  // namespace roles
