/// What ICU prints, as mails show it.
#pragma once

#include <unicode/unistr.h>

#include <string>

namespace calinvite::locale {

/// With plain spaces in place of those that mail readers' fonts lack.
std::string to_utf8(const icu::UnicodeString& text);

}  // namespace calinvite::locale
