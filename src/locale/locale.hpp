/// Languages, localised dates, Windows zone names and IDN host names, on ICU.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::locale {

/// The IANA zone of a Windows zone name ("W. Europe Standard Time" -> Europe/Berlin; CLDR
/// windowsZones, territory 001); absent when unknown.
std::optional<std::string> iana_from_windows(std::string_view windows_name);

/// "Sunday, March 28, 2027 at 1:30 AM" in the reader's language; date alone when `date_only`.
/// `wall` is printed as it is: no zone is applied (platform: ICU's zones are stale).
std::string format_date_time(std::chrono::local_seconds wall, bool date_only,
                             std::string_view language);
/// The same for a range, without repeating what both ends share. `end` is inclusive for dates.
std::string format_range(std::chrono::local_seconds start, std::chrono::local_seconds end,
                         bool date_only, std::string_view language);
/// The zone's name as the reader calls it ("Central European Time"), else that of its place
/// ("United Kingdom Time"), else the IANA name.
std::string zone_display_name(std::string_view iana_name, std::string_view language);
/// The words for `count` things in the reader's language and digits, from the forms of ICU's
/// MessageFormat: "one {# person} other {# people}" -> "3 people".
std::string plural_form(std::int64_t count, std::string_view pattern, std::string_view language);
/// True for Arabic, Hebrew, Persian and the like.
bool is_right_to_left(std::string_view language);
/// A well-formed BCP 47 tag in canonical case, or absent ("de-at" -> "de-AT").
std::optional<std::string> canonical_language(std::string_view tag);

/// The languages that serve readers of `tag`, nearest first: itself, its region's, its script's,
/// the bare language unless that is written in another script, and Bokmål for all of Norway. Legacy
/// names count as those that replaced them; what is no tag has none.
/// "zh-CN" -> zh-CN, zh-Hans-CN, zh-Hans, zh; "zh-TW" -> zh-TW, zh-Hant-TW, zh-Hant.
std::vector<std::string> fallback_languages(std::string_view tag);

/// Bytes of the longest prefix of at most `size` that ends between characters as readers see them,
/// such as a letter with its accents or a family of emoji (Unicode UAX 29).
std::size_t whole_characters(std::string_view text, std::size_t size);

/// A host name as lower-case A-labels (UTS #46, nontransitional; RFC 5891).
/// @error invalid_input  not a host name
Result<std::string> host_to_ascii(std::string_view host);

}  // namespace calinvite::locale
