#include "locale/locale.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

const local_seconds night = local_days(2027y / March / 28) + 1h + 30min;

/// Names that tzdata keeps only as links to newer ones.
std::set<std::string> old_zone_names() {
  std::set<std::string> names;
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind, target, name;
    if (words >> kind >> target >> name && kind == "L") names.insert(name);
  }
  return names;
}

}  // namespace

TEST_CASE("Windows names lead to the zones of today", "[locale]") {
  CHECK(locale::iana_from_windows("W. Europe Standard Time") == "Europe/Berlin");
  CHECK(locale::iana_from_windows("Eastern Standard Time") == "America/New_York");
  CHECK(locale::iana_from_windows("India Standard Time") == "Asia/Kolkata");
  CHECK(locale::iana_from_windows("FLE Standard Time") == "Europe/Kyiv");
  CHECK_FALSE(locale::iana_from_windows("Europe/Berlin"));
  CHECK_FALSE(locale::iana_from_windows("Nowhere Standard Time"));
  CHECK_FALSE(locale::iana_from_windows(""));
  CHECK_FALSE(locale::iana_from_windows("\xff\xfe"));
}

TEST_CASE("no Windows name leads to a zone that tzdata has renamed", "[locale]") {
  const std::set<std::string> old = old_zone_names();
  REQUIRE(old.count("Asia/Calcutta") == 1);
  const char* const names[] = {"AUS Central Standard Time",
                               "Afghanistan Standard Time",
                               "Alaskan Standard Time",
                               "Arab Standard Time",
                               "Arabian Standard Time",
                               "Arabic Standard Time",
                               "Argentina Standard Time",
                               "Astrakhan Standard Time",
                               "Atlantic Standard Time",
                               "Azerbaijan Standard Time",
                               "Azores Standard Time",
                               "Bangladesh Standard Time",
                               "Belarus Standard Time",
                               "Canada Central Standard Time",
                               "Cape Verde Standard Time",
                               "Caucasus Standard Time",
                               "Central America Standard Time",
                               "Central Asia Standard Time",
                               "Central Europe Standard Time",
                               "Central Pacific Standard Time",
                               "Central Standard Time",
                               "China Standard Time",
                               "E. Africa Standard Time",
                               "E. Australia Standard Time",
                               "E. Europe Standard Time",
                               "E. South America Standard Time",
                               "Egypt Standard Time",
                               "FLE Standard Time",
                               "Fiji Standard Time",
                               "GMT Standard Time",
                               "GTB Standard Time",
                               "Georgian Standard Time",
                               "Greenland Standard Time",
                               "Greenwich Standard Time",
                               "Haiti Standard Time",
                               "Hawaiian Standard Time",
                               "India Standard Time",
                               "Iran Standard Time",
                               "Israel Standard Time",
                               "Jordan Standard Time",
                               "Korea Standard Time",
                               "Libya Standard Time",
                               "Line Islands Standard Time",
                               "Magallanes Standard Time",
                               "Mauritius Standard Time",
                               "Middle East Standard Time",
                               "Montevideo Standard Time",
                               "Morocco Standard Time",
                               "Mountain Standard Time",
                               "Myanmar Standard Time",
                               "Nepal Standard Time",
                               "New Zealand Standard Time",
                               "Newfoundland Standard Time",
                               "Pacific Standard Time",
                               "Pakistan Standard Time",
                               "Paraguay Standard Time",
                               "Qyzylorda Standard Time",
                               "Romance Standard Time",
                               "Russian Standard Time",
                               "SA Eastern Standard Time",
                               "SA Pacific Standard Time",
                               "SA Western Standard Time",
                               "SE Asia Standard Time",
                               "Samoa Standard Time",
                               "Singapore Standard Time",
                               "South Africa Standard Time",
                               "South Sudan Standard Time",
                               "Sri Lanka Standard Time",
                               "Sudan Standard Time",
                               "Syria Standard Time",
                               "Taipei Standard Time",
                               "Tokyo Standard Time",
                               "Turkey Standard Time",
                               "UTC",
                               "UTC+13",
                               "UTC-02",
                               "US Eastern Standard Time",
                               "US Mountain Standard Time",
                               "Ulaanbaatar Standard Time",
                               "Venezuela Standard Time",
                               "Vladivostok Standard Time",
                               "W. Australia Standard Time",
                               "W. Central Africa Standard Time",
                               "W. Europe Standard Time",
                               "West Asia Standard Time",
                               "West Bank Standard Time",
                               "West Pacific Standard Time",
                               "Yakutsk Standard Time",
                               "Yukon Standard Time"};
  for (const char* name : names) {
    const auto zone = locale::iana_from_windows(name);
    INFO(name);
    REQUIRE(zone.has_value());
    CHECK(old.count(*zone) == 0);
  }
}

TEST_CASE("dates read as people of the language write them", "[locale]") {
  CHECK(locale::format_date_time(night, false, "en") == "Sunday, March 28, 2027 at 1:30 AM");
  CHECK(locale::format_date_time(night, true, "en") == "Sunday, March 28, 2027");
  CHECK(locale::format_date_time(night, false, "de") == "Sonntag, 28. März 2027 um 01:30");
  CHECK(locale::format_date_time(night, true, "ja") == "2027年3月28日日曜日");
  CHECK(locale::format_date_time(night, true, "ar") == "الأحد، ٢٨ مارس ٢٠٢٧");
}

TEST_CASE("a wall time is printed as it is, also an hour that a zone skips", "[locale]") {
  // Europe goes from 02:00 to 03:00 on that night.
  CHECK(locale::format_date_time(night + 1h, false, "en-GB") == "Sunday, 28 March 2027 at 02:30");
}

TEST_CASE("a range does not repeat what both ends share", "[locale]") {
  CHECK(locale::format_range(night, night + 90min, false, "en") ==
        "Sunday, March 28, 2027, 1:30 – 3:00 AM");
  CHECK(locale::format_range(night, night + 90min, false, "de") ==
        "Sonntag, 28. März 2027, 01:30–03:00 Uhr");
  CHECK(locale::format_range(night, night + days(1), true, "en-GB") ==
        "Sunday, 28 – Monday, 29 March 2027");
  CHECK(locale::format_range(night, night, true, "en") == "Sunday, March 28, 2027");
}

TEST_CASE("the calendar is the Gregorian one in every language", "[locale]") {
  for (const char* language : {"th", "fa", "ar-SA", "ja-u-ca-japanese", "he-u-ca-hebrew"}) {
    CAPTURE(language);
    const std::string text = locale::format_date_time(night, true, language);
    const bool has_year = text.find("2027") != std::string::npos ||
                          text.find("٢٠٢٧") != std::string::npos ||
                          text.find("۲۰۲۷") != std::string::npos;
    CHECK(has_year);
  }
}

TEST_CASE("a language that ICU does not know is printed in English", "[locale]") {
  const std::string language = GENERATE(""s, "tlh"s, "xx"s, "not a tag"s, "../../etc"s, "\xff"s);
  CAPTURE(language);

  CHECK(locale::format_date_time(night, true, language) == "Sunday, March 28, 2027");
}

TEST_CASE("printed times hold no space that a mail reader's font lacks", "[locale]") {
  for (const char* language : {"en", "fr", "de", "es", "pt-BR", "ru", "ko", "hi"}) {
    const std::string text = locale::format_range(night, night + 14h, false, language);
    CHECK(text.find("\u202f") == std::string::npos);
    CHECK(text.find("\u2009") == std::string::npos);
    CHECK(text::check_single_line(text, language));
  }
}

TEST_CASE("zones have the name that readers use", "[locale]") {
  CHECK(locale::zone_display_name("Europe/Berlin", "en") == "Central European Time");
  CHECK(locale::zone_display_name("Europe/Berlin", "de") == "Mitteleuropäische Zeit");
  CHECK(locale::zone_display_name("America/New_York", "en") == "Eastern Time");
  CHECK(locale::zone_display_name("Asia/Kolkata", "en") == "India Standard Time");
  CHECK(locale::zone_display_name("UTC", "en") == "Coordinated Universal Time");
  CHECK(locale::zone_display_name("Africa/Casablanca", "en") == "Morocco Time");
  CHECK(locale::zone_display_name("Europe/Istanbul", "tr") == "Türkiye Saati");
  CHECK(locale::zone_display_name("Europe/London", "de") == "Vereinigtes Königreich (Ortszeit)");
  CHECK(locale::zone_display_name("Etc/GMT+5", "de") == "Etc/GMT+5");
  CHECK(locale::zone_display_name("Mars/Olympus", "en") == "Mars/Olympus");
}

TEST_CASE("R149: times, zones and direction read as golden in every language of the mails",
          "[locale]") {
  const local_seconds kickoff = night + 12h;
  std::ifstream file(CALINVITE_TEST_DATA_DIR "/locale/readers.tsv");
  int readers = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto fields = text::split(line, '\t');
    REQUIRE(fields.size() == 8);
    const auto language = fields[0];
    CAPTURE(language);
    CHECK(locale::format_range(kickoff, kickoff + 90min, false, language) == fields[1]);
    CHECK(locale::format_range(kickoff, kickoff + 26h, false, language) == fields[2]);
    CHECK(locale::format_range(kickoff, kickoff, true, language) == fields[3]);
    CHECK(locale::format_range(kickoff, kickoff + days(1), true, language) == fields[4]);
    CHECK(locale::zone_display_name("Europe/Berlin", language) == fields[5]);
    CHECK(locale::zone_display_name("UTC", language) == fields[6]);
    CHECK(locale::is_right_to_left(language) == (fields[7] == "rtl"));
    ++readers;
  }
  CHECK(readers == 22);
}

TEST_CASE("plural forms follow the language, whatever that is, and show a number at least",
          "[locale]") {
  constexpr std::string_view days = "one {# day} other {# days}";

  CHECK(locale::plural_form(1, days, "en") == "1 day");
  CHECK(locale::plural_form(1'234'567, days, "fr") == "1 234 567 days");
  CHECK(locale::plural_form(0, days, "fr") == "0 day");
  CHECK(locale::plural_form(5, days, "ar") == "٥ days");
  CHECK(locale::plural_form(-3, days, "en") == "-3 days");
  for (const char* language : {"", "tlh", "not a tag", "\xff"}) {
    CHECK(locale::plural_form(2, days, language) == "2 days");
  }
  for (const char* broken : {"", "one {#}", "other {#", "other", "{{{"}) {
    CAPTURE(broken);
    CHECK(locale::plural_form(2, broken, "en") == "2");
  }
}

TEST_CASE("direction follows the script", "[locale]") {
  for (const char* language : {"ar", "he", "fa", "ur", "ar-EG", "az-Arab"}) {
    CHECK(locale::is_right_to_left(language));
  }
  for (const char* language : {"en", "ja", "az", "", "not a tag"}) {
    CHECK_FALSE(locale::is_right_to_left(language));
  }
}

TEST_CASE("language tags come in canonical case, or not at all", "[locale]") {
  CHECK(locale::canonical_language("de-at") == "de-AT");
  CHECK(locale::canonical_language("ZH-hant-tw") == "zh-Hant-TW");
  CHECK(locale::canonical_language("en") == "en");
  for (const char* tag : {"", "e", "en_US", "en-", "-en", "en--US", "x-private", "und", "en US",
                          "abcdefghij", "en\n"}) {
    CAPTURE(tag);
    CHECK_FALSE(locale::canonical_language(tag));
  }
  CHECK_FALSE(locale::canonical_language(std::string(500, 'a')));
}

TEST_CASE(
    "R149: a language falls back over region and script to the bare one, never to another "
    "script",
    "[locale]") {
  using Tags = std::vector<std::string>;

  CHECK(locale::fallback_languages("zh-CN") == Tags{"zh-CN", "zh-Hans-CN", "zh-Hans", "zh"});
  CHECK(locale::fallback_languages("zh-TW") == Tags{"zh-TW", "zh-Hant-TW", "zh-Hant"});
  CHECK(locale::fallback_languages("pt-br-u-hc-h12").front() == "pt-BR");
  CHECK(locale::fallback_languages("zh").back() == "zh");
  CHECK(locale::fallback_languages("cmn").back() == "zh");
  CHECK(locale::fallback_languages("sr-Latn").back() == "sr-Latn");
  CHECK(locale::fallback_languages("de-at").back() == "de");
  CHECK(locale::fallback_languages("nn-NO").back() == "nb");
  CHECK(locale::fallback_languages("no").back() == "nb");
  for (const char* tag : {"", "e", "not a tag", "x-private", "und", "../../etc", "\xff"}) {
    CAPTURE(tag);
    CHECK(locale::fallback_languages(tag).empty());
  }
}

TEST_CASE("host names come as lower-case A-labels", "[locale]") {
  CHECK(locale::host_to_ascii("Example.COM").value() == "example.com");
  CHECK(locale::host_to_ascii("bücher.example").value() == "xn--bcher-kva.example");
  CHECK(locale::host_to_ascii("BÜCHER.example").value() == "xn--bcher-kva.example");
  CHECK(locale::host_to_ascii("faß.example").value() == "xn--fa-hia.example");
  CHECK(locale::host_to_ascii("日本語。example").value() == "xn--wgv71a119e.example");
  CHECK(locale::host_to_ascii("r3---x.example").value() == "r3---x.example");
}

TEST_CASE("what is no host name is refused", "[locale]") {
  const std::string host = GENERATE(
      ""s, "."s, "a..b"s, ".a"s, "a."s, "-a.example"s, "a-.example"s, "a b.example"s,
      "a_b.example"s, "a\n.example"s, "a\0.example"s, "xn--a"s, "\xff.example"s, "a@b.example"s,
      "a\u202e.example"s, "[127.0.0.1]"s, std::string(64, 'a') + ".example", std::string(300, 'a'),
      "a/b"s, "ü\n.example"s, std::string(5000, 'x') + "ü");
  CAPTURE(host);
  const auto ascii = locale::host_to_ascii(host);

  REQUIRE_FALSE(ascii.has_value());
  CHECK(ascii.error().code == Code::invalid_input);
}

TEST_CASE("R60: a prefix of whole characters splits no letter from its accents, no emoji",
          "[locale]") {
  const std::string accent = "ab\u0301c";
  CHECK(locale::whole_characters(accent, 9) == accent.size());
  CHECK(locale::whole_characters(accent, 4) == 4);
  CHECK(locale::whole_characters(accent, 3) == 1);  // inside the accent
  CHECK(locale::whole_characters(accent, 2) == 1);
  CHECK(locale::whole_characters("x🇩🇪y", 5) == 1);
  CHECK(locale::whole_characters("x🇩🇪y", 9) == 9);
  std::string endless = "a";
  for (int i = 0; i < 100; ++i) endless += "\u0301";
  CHECK(locale::whole_characters(endless, 50) == 49);
}
