#include "calinvite/lint.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void lint(std::string_view input) {
  static const ZoneTable zones;
  const auto findings = lint_message(input, zones, "message");
  if (!findings) return check_error(findings.error());
  promise(findings->size() <= lint_rules().size() * 10, "findings are bounded");
  for (const Finding& one : *findings) {
    promise(!one.what.empty() && one.what.find_first_of("\r\n") == std::string::npos,
            "a finding is one line");
    promise(one.place.source.starts_with("message"), "a finding has a place");
    promise(one.place.line <= input.size() + 1, "a place is within the input");
  }
}

}  // namespace calinvite::fuzz
