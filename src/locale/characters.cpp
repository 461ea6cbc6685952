#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <memory>

#include "base/text.hpp"
#include "locale/locale.hpp"

namespace calinvite::locale {

std::size_t whole_characters(std::string_view text, std::size_t size) {
  if (size >= text.size()) return text.size();
  const std::size_t encoded = text::utf8_prefix(text, size).size();
  UErrorCode status = U_ZERO_ERROR;
  const icu::LocalUTextPointer bytes(
      utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &status));
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  if (U_SUCCESS(status)) breaks->setText(bytes.getAlias(), status);
  if (U_FAILURE(status) || breaks->isBoundary(static_cast<int32_t>(encoded))) return encoded;
  const auto whole = breaks->preceding(static_cast<int32_t>(encoded));
  // Accents without end make one character of the whole text.
  return whole > 0 ? static_cast<std::size_t>(whole) : encoded;
}

}  // namespace calinvite::locale
