// For each thing that lint looks for: a clean message, broken in that one way.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "lint/breaches.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

struct Broken {
  Pieces pieces;
  std::string mail;
};

Broken broken(const Breach& breach) {
  Broken made{Pieces(breach.sample), {}};
  for (const auto& [where, from, to] : breach.changes) {
    Pieces& p = made.pieces;
    if (where == In::attached) p.attached = replaced(p.calendar, from, to);
    if (where == In::mail) p.mail = replaced(p.mail, from, to);
    if (where == In::plain) p.plain = replaced(p.plain, from, to);
    if (where == In::html) p.html = replaced(p.html, from, to);
    if (where == In::calendar) p.calendar = replaced(p.calendar, from, to);
  }
  made.mail = made.pieces.write();
  for (const auto& [where, from, to] : breach.changes) {
    if (where == In::raw) made.mail = replaced(made.mail, from, to);
  }
  return made;
}

std::uint32_t line_of(const std::string& text, const std::string& at) {
  const auto found = text.find(at);
  if (found == std::string::npos) FAIL("nowhere: " << at);
  return static_cast<std::uint32_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found), '\n') + 1);
}

Place expected_place(const Breach& breach, const Broken& made) {
  const Pieces& p = made.pieces;
  const auto in = [&](const std::string& part, const std::string& text) {
    return Place{"a.eml" + part, breach.at.empty() ? 1 : line_of(text, breach.at), 0, breach.field};
  };
  switch (breach.source) {
    case In::plain:
      return in("[text/plain]", p.plain);
    case In::html:
      return in("[text/html]", p.html);
    case In::calendar:
      return in("[text/calendar]", p.calendar);
    default:
      return in("", made.mail);
  }
}

std::vector<Finding> findings_of(const std::string& mail) {
  static const ZoneTable zones;
  auto found = lint_message(mail, zones, "a.eml");
  if (!found) FAIL(to_string(found.error()));
  return std::move(*found);
}

std::string shown(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& one : findings) {
    text += one.place.source + ':' + std::to_string(one.place.line) + " [" + one.place.field +
            "] " + std::string(to_string(one.severity)) + ' ' + one.rule + ' ' + one.what + '\n';
  }
  return text;
}

std::vector<Breach> breaches() {
  std::vector<Breach> all;
  for (const auto* some :
       {&mail_breaches(), &object_breaches(), &time_breaches(), &text_breaches()}) {
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

/// The finding of the breach, if it is there.
const Finding* expected(const Breach& breach, const Place& place,
                        const std::vector<Finding>& findings) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& one) {
    return one.rule == breach.rule && one.severity == breach.severity &&
           one.place.source == place.source && one.place.line == place.line &&
           one.place.field == place.field;
  });
  return found == findings.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("clean messages have no findings", "[lint]") {
  for (const Sample sample :
       {Sample::single, Sample::all_day, Sample::series, Sample::instance, Sample::cancel}) {
    INFO(static_cast<int>(sample));
    CHECK(shown(findings_of(Pieces(sample).write())).empty());
  }
}

TEST_CASE("each breach of a rule gives its one finding, in its place", "[lint]") {
  for (const Breach& breach : breaches()) {
    INFO(breach.rule << ' ' << breach.name);
    const Broken made = broken(breach);
    const auto findings = findings_of(made.mail);
    const Place place = expected_place(breach, made);
    INFO("expected " << place.source << ':' << place.line << " [" << place.field << "], found\n"
                     << shown(findings));
    CHECK(expected(breach, place, findings) != nullptr);
    std::set<std::string> found, allowed(breach.others.begin(), breach.others.end());
    allowed.insert(breach.rule);
    for (const Finding& one : findings) found.insert(one.rule);
    CHECK(found == allowed);
    if (breach.others.empty()) {
      for (const Finding& one : findings) CHECK(one.severity == breach.severity);
    }
  }
}

TEST_CASE("every row of the table of rules has a breach in these tests", "[lint]") {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Breach& breach : breaches()) {
    for (const Finding& one : findings_of(broken(breach).mail)) seen.insert({one.rule, one.why});
  }
  for (const LintRule& rule : lint_rules()) {
    if (rule.rule == "R15") continue;  // size_test: 40 MB
    INFO(rule.rule << ' ' << rule.wants);
    CHECK(seen.contains({std::string(rule.rule), std::string(rule.why)}));
  }
}
