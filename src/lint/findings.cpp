#include "lint/findings.hpp"

#include "base/text.hpp"

namespace calinvite {

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::hint:
      return "hint";
  }
  return "error";
}

namespace lint {
namespace {

constexpr std::size_t most_of_one = 10;
constexpr std::size_t longest = 500;  // names of components and parts come from the input

}  // namespace

void Findings::add(Check check, std::string_view what, std::uint32_t line, std::uint32_t column,
                   std::string_view field) {
  Seen& seen = seen_[check];
  if (++seen.count > most_of_one) return;
  seen.last = list_.size();
  const LintRule& rule = lint_rules()[static_cast<std::size_t>(check)];
  list_.push_back({std::string(rule.rule), rule.severity,
                   Place{source_, line, column, text::one_line(field, 80)},
                   text::one_line(what, longest), std::string(rule.why),
                   std::string(rule.clients)});
}

std::vector<Finding> Findings::take() {
  for (const auto& [check, seen] : seen_) {
    if (seen.count <= most_of_one) continue;
    list_[seen.last].what += ", and " + std::to_string(seen.count - most_of_one) + " more like it";
  }
  seen_.clear();
  return std::move(list_);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t most_shown = 60;
  std::string shown = '"' + text::one_line(text, most_shown);
  if (text.size() > most_shown) shown += "…";
  return shown + '"';
}

}  // namespace lint
}  // namespace calinvite
