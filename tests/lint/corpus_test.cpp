#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "calinvite/lint.hpp"
#include "corpus.hpp"

namespace fs = std::filesystem;
using corpus_files::corpus;
using corpus_files::read_file;
using corpus_files::skipped;
using namespace calinvite;

namespace {

const ZoneTable& zones() {
  static const ZoneTable table;
  return table;
}

/// `E` or `W` before the rules of errors and warnings, hints as they are: in the order of numbers.
std::string rules_of(const std::string& bytes) {
  const auto findings = lint_message(bytes, zones());
  if (!findings) return to_string(findings.error());
  std::set<std::pair<int, std::string>> rules;
  for (const Finding& one : *findings) {
    const std::string mark = one.severity == Severity::error     ? "E"
                             : one.severity == Severity::warning ? "W"
                                                                 : "";
    rules.insert({std::atoi(one.rule.c_str() + 1), mark + one.rule});
  }
  std::string text;
  for (const auto& [number, rule] : rules) text += (text.empty() ? "" : " ") + rule;
  return text;
}

}  // namespace

TEST_CASE("every file of the corpus is linted within two seconds or refused", "[corpus]") {
  if (skipped()) return;
  for (const auto* folder : {"eml", "itip", "ics"}) {
    std::map<std::string, int> outcomes;
    for (const auto& entry : fs::recursive_directory_iterator(corpus / folder)) {
      if (!entry.is_regular_file()) continue;
      INFO(entry.path());
      const std::string bytes = read_file(entry.path());
      const auto start = std::clock();
      const auto findings = lint_message(bytes, zones(), "input");
      CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
      ++outcomes[findings ? "linted" : std::string(code_name(findings.error().code))];
      if (findings) continue;
      CHECK((findings.error().code == Code::invalid_input ||
             findings.error().code == Code::too_large));
    }
    std::printf("corpus %s:", folder);
    for (const auto& [outcome, count] : outcomes) std::printf(" %d %s", count, outcome.c_str());
    std::printf("\n");
    CHECK(outcomes["linted"] > 0);
  }
}

TEST_CASE("the findings on vendors' invitations are those of docs/lint.md", "[corpus]") {
  if (skipped()) return;
  // clang-format off
  const std::map<std::string, std::string> known = {
      {"itip/mozilla-invitations/teams-meeting-invite.eml", "WR1 WR10 WR11 R16 R31 WR35 WR47 WR48 R57 R128 R137"},
      {"itip/mozilla-invitations/repeat-event.eml", "WR1 WR2 R8 R14 R16 WR30 R31 WR31 R34 WR34 WR35 R53 R58 R137 R149"},
      {"itip/mozilla-invitations/cancel-repeat-event.eml", "WR1 WR2 R8 R14 R16 WR30 R31 WR31 WR35 WR82 WR84 R137 R149"},
      {"itip/mozilla-invitations/invite.eml", "WR1 R3 WR6 R8 WR10 R14 R16 ER31 R31 WR31 ER33 WR33 ER42 WR47 R53 WR58 R137"},
      {"itip/mozilla-invitations/message-non-invite.eml", "WR1 WR2 WR6 WR8 R14 R16 ER32 WR43 R137 R149"},
      {"itip/james-project/eml/calendar.eml", "WR1 R14 R16 R31 R42 WR43 R137"},
      {"itip/cyrus-imip/imip_invite_multipart/1-imip.eml", "WR1 WR2 ER6 WR6 R8 WR10 R14 R16 R31 WR33 R34 WR34 WR35 ER42 WR48 R53 WR58 R137 R149"},
      {"itip/cyrus-imip/imip_cancel/2-imip.eml", "WR1 WR2 WR3 R8 R14 R16 R31 WR35 WR82 WR83 R137 R149"},
      {"ics/biweekly/io/text/outlook-2010.ics", "R31 WR33 WR35 WR47 R48 WR48 R52 R58 R64 R65"},
      {"ics/calcard/047.ics", "R31 ER33 WR35 WR47 WR48 R57 R64"},
      {"ics/calcard/089.ics", "R31 ER33 WR33 WR47 WR48 R53 WR58 ER61"},
      {"ics/ical4j/transform/yahoo1.txt", "WR24 WR28 R31 R34 WR34 WR41 WR42 WR43 WR48 R53 WR58 WR64"},
      {"ics/ical4j/transform/timezones/outlook2.txt", "WR24 R31 WR33 WR35 WR47 WR48 R53 R58"},
      {"ics/ical4j/samples/valid/calconnect7.ics", "R31 WR33 WR35 WR43 WR47 WR48 R53 ER73 WR74"},
      {"ics/golang-ical/issue97/google.ics", "WR48 WR58"},
      {"ics/node-ical/exchange_whole_day_moved_recurrence.ics", "R31 R42 WR45 WR47 WR48 R57 WR63"},
  };
  // clang-format on
  std::ifstream page_file(CALINVITE_SOURCE_DIR "/docs/lint.md");
  const std::string page{std::istreambuf_iterator<char>(page_file), {}};
  for (const auto& [file, rules] : known) {
    INFO(file);
    CHECK(rules_of(read_file(corpus / file)) == rules);
    CHECK(page.find('`' + file + '`') != std::string::npos);
  }
}
