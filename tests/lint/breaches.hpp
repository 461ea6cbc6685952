/// Breaches of rules: how to make each, and the finding that it must give.
#pragma once

#include <string>
#include <vector>

#include "calinvite/lint.hpp"
#include "lint/samples.hpp"

namespace calinvite::testing {

enum class In { mail, plain, html, calendar, attached, raw };

struct Change {
  In where;
  std::string from, to;  ///< all occurrences
};

/// One breach, and the finding that it must give.
struct Breach {
  std::string name;
  std::string rule;
  Severity severity;
  Sample sample;
  std::vector<Change> changes;
  In source;                             ///< where the finding is placed
  std::string at;                        ///< stands on the line of the finding; empty: line 1
  std::string field;                     ///< of the finding's place
  std::vector<std::string> others = {};  ///< rules that can't but be broken, too
};

// One table a file, named after it.
const std::vector<Breach>& mail_breaches();
const std::vector<Breach>& object_breaches();
const std::vector<Breach>& time_breaches();
const std::vector<Breach>& text_breaches();

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;
constexpr auto hint = Severity::hint;
constexpr auto single = Sample::single;

inline std::string letters(std::size_t count) { return std::string(count, 'a'); }
/// A further line of the calendar's event.
inline Change comment(const std::string& line) {
  return {In::calendar, "SEQUENCE:1\n", "SEQUENCE:1\n" + line + "\n"};
}

}  // namespace calinvite::testing
