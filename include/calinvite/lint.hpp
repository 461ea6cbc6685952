/// Checks an outgoing invitation, ours or anybody's, against the interoperability rules (R1 to R151
/// of docs/lint.md): what will clients or SES make of these bytes?
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"
#include "calinvite/time.hpp"

namespace calinvite {

enum class Severity {
  error,    ///< a client takes it for no invitation, loses, doubles or shifts it; or SES refuses it
  warning,  ///< a client shows it worse, or people learn what is not theirs
  hint,     ///< a nicety, or a form that we prefer
};
/// "error", "warning" or "hint".
std::string_view to_string(Severity severity) noexcept;

/// One thing that lint looks for. A rule may have several, of different severity.
struct LintRule {
  std::string_view rule;     ///< such as R3
  Severity severity;         ///< of its findings
  std::string_view wants;    ///< what a clean message looks like
  std::string_view why;      ///< in one line
  std::string_view clients;  ///< which of them suffer
};
/// All of them, in the order of their numbers; the table lives as long as the program.
std::span<const LintRule> lint_rules() noexcept;

/// One breach of a rule.
struct Finding {
  std::string rule;  ///< such as R3
  Severity severity = Severity::error;
  /// Of a mail: line of the file and header name. Of a decoded part: `source[text/calendar]` or
  /// `source[invite.ics]`, with line and column in the decoded text and the property's name.
  Place place;
  std::string what;     ///< what was found, one line
  std::string why;      ///< as LintRule::why
  std::string clients;  ///< as LintRule::clients
};

/// Checks a mail or a calendar text, whichever it is. Of a mail the calendar comes first, then its
/// part, headers and texts. What is wrong in many places is told of ten of them, the last of which
/// says how many more there are. Pure: what can't be seen in one message (R23, R67, R70 and the
/// like) is not checked.
/// @param zones   to tell whether a VTIMEZONE is right (R43)
/// @param source  name of the input, for places
/// @error invalid_input  neither a mail nor a calendar, or NUL bytes
/// @error too_large      a header block, nesting, number of parts, calendar part or its lines
///                       beyond the limits of MailLimits and CalendarLimits
Result<std::vector<Finding>> lint_message(std::string_view bytes, const ZoneTable& zones,
                                          std::string_view source = {});

}  // namespace calinvite
