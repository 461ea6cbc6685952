/// Catalogs and templates: every word a person reads, in their language. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::texts {

/// The language that a catalog exists for, following the fallback chain (R149): exact tag, region,
/// script, bare language, English. "de-AT" -> "de", "zh-CN" -> "zh-Hans", "zh-TW" -> "en".
std::string best_language(std::string_view wanted);
/// Languages with a catalog, English first.
std::vector<std::string> languages();

/// The words under `key` in a language that best_language gave; asserts that the key exists.
std::string_view phrase(std::string_view language, std::string_view key);

bool has_phrase(std::string_view key);

/// Values for a template: {{name}} is escaped for HTML templates, {{#name}}…{{/name}} shows a
/// section when the value is there and not empty.
using Values = std::map<std::string, std::string>;

/// A domain's own texts of templates, by name.
using Overrides = std::map<std::string, std::string>;

/// Renders an embedded template ("invitation.txt", "invitation.html") with phrases of `language`
/// (as {{t.key}}) and values. Text templates are not escaped, HTML ones always are (D15).
/// @error not_found      no such template
/// @error invalid_input  the template does not close a section
Result<std::string> render(std::string_view name, std::string_view language, const Values& values,
                           const Overrides& overrides = {});
/// Whether `contents` may stand for a template: it parses, uses known phrases and parts, and writes
/// no value unescaped, nor what people write into markup, nor a link but into href; its HTML does
/// nothing by itself. One of an invitation holds all that an invitation must say, nothing unknown,
/// and answers only where a cancellation leaves them out. An empty text stands for ours.
/// @error not_found      no such template
/// @error invalid_input  says what is wrong with it, and in which line
/// @error too_large      more than 80,000 bytes
Result<void> check_override(std::string_view name, std::string_view contents);
/// Replaces the placeholders of a phrase of `language`: {name} by its value, and
/// {name, plural, one {# date} other {# dates}} by the form that its value, a whole number, takes
/// in that language. What has no value is left out.
std::string fill(std::string_view language, std::string_view phrase, const Values& values);

}  // namespace calinvite::texts
