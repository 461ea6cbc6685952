#include <unicode/idna.h>
#include <unicode/locid.h>
#include <unicode/timezone.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "locale/locale.hpp"

namespace calinvite::locale {
namespace {

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// CLDR never renames a zone; these are the Windows zones whose name tzdata has changed since.
/// The test beside tzdata.zi fails when one is missing.
struct Renamed {
  std::string_view cldr;
  std::string_view iana;
};
constexpr Renamed renamed[] = {
    {"America/Buenos_Aires", "America/Argentina/Buenos_Aires"},
    {"America/Godthab", "America/Nuuk"},
    {"America/Indianapolis", "America/Indiana/Indianapolis"},
    {"Asia/Calcutta", "Asia/Kolkata"},
    {"Asia/Katmandu", "Asia/Kathmandu"},
    {"Asia/Rangoon", "Asia/Yangon"},
    {"Europe/Kiev", "Europe/Kyiv"},
};

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<int32_t>(text.size())};
}

bool has_only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return letters_and_digits.find(c) != std::string_view::npos ||
           others.find(c) != std::string_view::npos;
  });
}

/// Labels of letters, digits and inner hyphens in their lengths (RFC 1123 2.1, RFC 1035 2.3.4).
bool is_ascii_host(std::string_view host) {
  if (host.empty() || host.size() > 253 || !has_only(host, "-.")) return false;
  const auto labels = text::split(host, '.');
  return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-');
  });
}

}  // namespace

std::optional<std::string> iana_from_windows(std::string_view windows_name) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString id;
  icu::TimeZone::getIDForWindowsID(icu::UnicodeString::fromUTF8(piece(windows_name)), "001", id,
                                   status);
  if (U_FAILURE(status) || id.isEmpty()) return std::nullopt;
  std::string name;
  id.toUTF8String(name);
  for (const Renamed& change : renamed) {
    if (change.cldr == name) return std::string(change.iana);
  }
  return name;
}

bool is_right_to_left(std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(piece(language), status);
  return U_SUCCESS(status) && !locale.isBogus() && locale.isRightToLeft();
}

std::optional<std::string> canonical_language(std::string_view tag) {
  constexpr std::size_t max_size = 100;
  // ICU would take an underscore and stop at the first subtag that is wrong.
  if (tag.empty() || tag.size() > max_size || !has_only(tag, "-")) return std::nullopt;
  const std::string terminated(tag);
  char id[ULOC_FULLNAME_CAPACITY + max_size];
  int32_t parsed = 0;
  UErrorCode status = U_ZERO_ERROR;
  uloc_forLanguageTag(terminated.c_str(), id, sizeof id, &parsed, &status);
  if (U_FAILURE(status) || parsed != static_cast<int32_t>(tag.size())) return std::nullopt;
  char canonical[2 * max_size];
  const int32_t size = uloc_toLanguageTag(id, canonical, sizeof canonical, true, &status);
  if (U_FAILURE(status) || size >= static_cast<int32_t>(sizeof canonical)) return std::nullopt;
  std::string result(canonical, static_cast<std::size_t>(size));
  // Private use alone ("x-foo") names no language.
  if (result == "und" || result.starts_with("und-")) return std::nullopt;
  return result;
}

std::vector<std::string> fallback_languages(std::string_view tag) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale wanted = icu::Locale::forLanguageTag(piece(tag), status);
  wanted.canonicalize(status);
  icu::Locale full = wanted;
  full.addLikelySubtags(status);
  icu::Locale bare(wanted.getLanguage());
  bare.addLikelySubtags(status);
  if (U_FAILURE(status) || wanted.isBogus() || wanted.getLanguage()[0] == '\0') return {};
  const std::string language = wanted.getLanguage();
  const std::string in_script = language + '-' + full.getScript();
  std::vector<std::string> tags = {
      icu::Locale(wanted.getBaseName()).toLanguageTag<std::string>(status)};
  if (full.getCountry()[0] != '\0') tags.push_back(in_script + '-' + full.getCountry());
  tags.push_back(in_script);
  if (std::string_view(bare.getScript()) == full.getScript()) tags.push_back(language);
  if (language == "no" || language == "nn") tags.emplace_back("nb");
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

Result<std::string> host_to_ascii(std::string_view host) {
  const auto refuse = [&] {
    return fail(Code::invalid_input, "\"" + text::one_line(host, 80) + "\" is not a host name");
  };
  std::string ascii = text::lower(host);
  const bool needs_mapping = !has_only(ascii, "-.") || ascii.find("xn--") != std::string::npos;
  if (needs_mapping) {
    if (host.size() > 1024 || !text::is_utf8(host)) return refuse();
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE | UIDNA_USE_STD3_RULES |
            UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ,
        status));
    if (U_FAILURE(status)) return fail(Code::internal, "ICU has no data for host names");
    icu::IDNAInfo info;
    ascii.clear();
    icu::StringByteSink<std::string> sink(&ascii);
    idna->nameToASCII_UTF8(piece(host), sink, info, status);
    if (U_FAILURE(status) || info.hasErrors()) return refuse();
  }
  if (!is_ascii_host(ascii)) return refuse();
  return ascii;
}

}  // namespace calinvite::locale
