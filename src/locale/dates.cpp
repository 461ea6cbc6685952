#include <unicode/calendar.h>
#include <unicode/dtintrv.h>
#include <unicode/dtitvfmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/tzfmt.h>
#include <unicode/tznames.h>
#include <unicode/ures.h>

#include <memory>

#include "locale/locale.hpp"
#include "locale/printed.hpp"

namespace calinvite::locale {
namespace {

UDate date_of(std::chrono::local_seconds wall) {
  return static_cast<UDate>(wall.time_since_epoch().count()) * U_MILLIS_PER_SECOND;
}

icu::UnicodeString skeleton(bool date_only) {
  return {date_only ? u"yMMMMEEEEd" : u"yMMMMEEEEdjm"};
}

/// What is left when ICU fails, as it may without its data: better a plain date than none.
std::string plain(std::chrono::local_seconds wall, bool date_only) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  std::string text = std::to_string(static_cast<int>(date.year())) + '-' +
                     two(static_cast<unsigned>(date.month())) + '-' +
                     two(static_cast<unsigned>(date.day()));
  if (date_only) return text;
  const std::chrono::hh_mm_ss time(wall - day);
  return text + ' ' + two(static_cast<unsigned>(time.hours().count())) + ':' +
         two(static_cast<unsigned>(time.minutes().count()));
}

}  // namespace

icu::Locale reader_locale(std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale wanted =
      icu::Locale::forLanguageTag({language.data(), static_cast<int32_t>(language.size())}, status);
  const bool empty = U_FAILURE(status) || wanted.isBogus() || wanted.getLanguage()[0] == '\0';
  if (empty) return icu::Locale::getEnglish();
  UResourceBundle* bundle = ures_open(nullptr, wanted.getName(), &status);
  ures_close(bundle);
  if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING) return icu::Locale::getEnglish();
  // The calendar of every other surface: the same event must not have two dates.
  wanted.setKeywordValue("calendar", "gregorian", status);
  return wanted;
}

std::string to_utf8(const icu::UnicodeString& text) {
  // Narrow and thin spaces are holes or boxes in many mail readers' fonts.
  icu::UnicodeString plain(text);
  for (int32_t i = 0; i < plain.length(); ++i) {
    if (plain[i] == u'\u202f' || plain[i] == u'\u2009') plain.setCharAt(i, u' ');
  }
  std::string bytes;
  plain.toUTF8String(bytes);
  return bytes;
}

std::string format_date_time(std::chrono::local_seconds wall, bool date_only,
                             std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::DateFormat> format(icu::DateFormat::createInstanceForSkeleton(
      skeleton(date_only), reader_locale(language), status));
  if (U_FAILURE(status)) return plain(wall, date_only);
  // The wall time is shifted already; GMT prints it as it is.
  format->setTimeZone(*icu::TimeZone::getGMT());
  icu::UnicodeString text;
  return to_utf8(format->format(date_of(wall), text));
}

std::string format_range(std::chrono::local_seconds start, std::chrono::local_seconds end,
                         bool date_only, std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::DateIntervalFormat> format(icu::DateIntervalFormat::createInstance(
      skeleton(date_only), reader_locale(language), status));
  icu::UnicodeString text;
  if (U_SUCCESS(status)) {
    format->setTimeZone(*icu::TimeZone::getGMT());
    const icu::DateInterval interval(date_of(start), date_of(end));
    icu::FieldPosition position(icu::FieldPosition::DONT_CARE);
    format->format(&interval, text, position, status);
  }
  if (U_SUCCESS(status)) return to_utf8(text);
  return plain(start, date_only) + " - " + plain(end, date_only);
}

std::string zone_display_name(std::string_view iana_name, std::string_view language) {
  const icu::StringPiece piece(iana_name.data(), static_cast<int32_t>(iana_name.size()));
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString id;
  icu::TimeZone::getCanonicalID(icu::UnicodeString::fromUTF8(piece), id, status);
  const std::unique_ptr<icu::TimeZoneNames> names(
      icu::TimeZoneNames::createInstance(reader_locale(language), status));
  if (U_FAILURE(status)) return std::string(iana_name);
  // ICU's names hold from a date on; in 2037 those of today still do.
  const UDate date = 2114380800.0 * U_MILLIS_PER_SECOND;
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  for (const UTimeZoneNameType kind : {UTZNM_LONG_GENERIC, UTZNM_LONG_STANDARD}) {
    // The standard name is right all year only where there is no summer time: London in May is not
    // on Greenwich Mean Time.
    if (kind == UTZNM_LONG_STANDARD && zone->useDaylightTime()) break;
    icu::UnicodeString name;
    names->getDisplayName(id, kind, date, name);
    if (!name.isBogus() && !name.isEmpty()) return to_utf8(name);
  }
  // A zone without a place ("Etc/GMT+5") would be printed as an offset by ICU's own rules.
  char region[8] = "";
  icu::TimeZone::getRegion(id, region, sizeof region, status);
  const std::unique_ptr<icu::TimeZoneFormat> places(
      icu::TimeZoneFormat::createInstance(reader_locale(language), status));
  if (U_FAILURE(status) || std::string_view(region) == "001") return std::string(iana_name);
  icu::UnicodeString name;
  places->format(UTZFMT_STYLE_GENERIC_LOCATION, *zone, date, name);
  return to_utf8(name);
}

}  // namespace calinvite::locale
