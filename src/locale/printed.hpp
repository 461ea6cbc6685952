/// What ICU prints in the reader's language, as mails show it.
#pragma once

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace calinvite::locale {

/// The reader's language where ICU has words for it, else English. Left alone, ICU would take the
/// language of the process instead, which an environment variable chooses.
icu::Locale reader_locale(std::string_view language);

/// With plain spaces in place of those that mail readers' fonts lack.
std::string to_utf8(const icu::UnicodeString& text);

}  // namespace calinvite::locale
