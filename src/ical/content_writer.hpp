/// Content lines as R48 to R51 want them: CRLF, folds that respect UTF-8, escapes.
#pragma once

#include <string>
#include <string_view>

namespace calinvite::ical {

/// Appends folded content lines. What it is given must hold no line end.
class ContentWriter {
 public:
  /// `name` may carry parameters.
  void add(std::string_view name, std::string_view value);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::string line_;
};

/// One content line, folded, with its CRLF.
void append_folded(std::string& out, std::string_view line);
/// As escape_text, quote_parameter, and mailto behind its scheme.
void append_text(std::string& out, std::string_view value);
void append_parameter(std::string& out, std::string_view value);
void append_address(std::string& out, std::string_view address);

/// A TEXT value: backslash, semicolon, comma and line feed escaped (R49).
std::string escape_text(std::string_view value);
/// A parameter value, quoted when it has to be; a double quote becomes an apostrophe, and a caret
/// that would escape what follows another one (R50).
std::string quote_parameter(std::string_view value);
/// A mail address as URI: what would end or alter it is percent-encoded (RFC 6068 2).
std::string mailto(std::string_view address);

}  // namespace calinvite::ical
