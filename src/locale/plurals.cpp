#include <unicode/plurfmt.h>

#include "locale/locale.hpp"
#include "locale/printed.hpp"

namespace calinvite::locale {

std::string plural_form(std::int64_t count, std::string_view pattern, std::string_view language) {
  const icu::StringPiece forms(pattern.data(), static_cast<int32_t>(pattern.size()));
  UErrorCode status = U_ZERO_ERROR;
  const icu::PluralFormat format(reader_locale(language), icu::UnicodeString::fromUTF8(forms),
                                 status);
  icu::UnicodeString text;
  icu::FieldPosition position(icu::FieldPosition::DONT_CARE);
  format.format(icu::Formattable(static_cast<int64_t>(count)), text, position, status);
  // A catalog's pattern is sound; without ICU's data the bare number still says the most.
  if (U_FAILURE(status)) return std::to_string(count);
  return to_utf8(text);
}

}  // namespace calinvite::locale
