#include "texts/texts.hpp"

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/plurrule.h>
#include <unicode/strenum.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "embedded/text_catalogs.hpp"
#include "embedded/text_templates.hpp"

using calinvite::Code;
using calinvite::Json;
namespace texts = calinvite::texts;

namespace {

using Keys = std::map<std::string, std::set<std::string>>;

/// The {names} in a phrase.
std::set<std::string> placeholders(std::string_view phrase) {
  std::set<std::string> names;
  int depth = 0;
  for (std::size_t at = 0; at < phrase.size(); ++at) {
    if (phrase[at] == '}') --depth;
    if (phrase[at] != '{' || depth++ > 0) continue;
    names.emplace(phrase.substr(at + 1, phrase.find_first_of(",}", at) - at - 1));
  }
  return names;
}

Keys keys_of(const Json& catalog) {
  Keys keys;
  for (const auto& [key, words] : catalog["phrases"].object()) {
    keys[key] = placeholders(words.string());
  }
  return keys;
}

std::vector<Json> catalogs() {
  std::vector<Json> all;
  for (const auto& file : calinvite::text_catalogs) {
    auto json = Json::parse(file.contents);
    REQUIRE(json);
    all.push_back(std::move(*json));
  }
  return all;
}

Keys english_keys() {
  for (const auto& catalog : catalogs()) {
    if (catalog["language"].string() == "en") return keys_of(catalog);
  }
  FAIL("no English catalog");
  return {};
}

/// The {{names}} that a template uses, without section marks.
std::set<std::string> tags_of(std::string_view page) {
  std::set<std::string> tags;
  for (auto open = page.find("{{"); open != std::string_view::npos; open = page.find("{{", open)) {
    open += 2;
    auto tag = page.substr(open, page.find("}}", open) - open);
    if (tag.find_first_of("#^/") == 0) tag.remove_prefix(1);
    tags.emplace(tag);
  }
  return tags;
}

/// The plural forms that CLDR knows in a language.
std::set<std::string> forms_in(const std::string& language) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(language, status);
  const std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(locale, status));
  REQUIRE(U_SUCCESS(status));
  const std::unique_ptr<icu::StringEnumeration> names(rules->getKeywords(status));
  std::set<std::string> forms;
  while (const char* name = names->next(nullptr, status)) forms.insert(name);
  REQUIRE(U_SUCCESS(status));
  return forms;
}

/// The plural forms that a phrase gives, read by ICU; those for one number alone (=0) left out. No
/// form holds a placeholder: fill would not see it.
std::set<std::string> forms_of(std::string_view phrase) {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = icu::UnicodeString::fromUTF8(std::string(phrase));
  const icu::MessagePattern pattern(text, nullptr, status);
  REQUIRE(U_SUCCESS(status));
  std::set<std::string> forms;
  int depth = 0;
  for (int32_t i = 0; i < pattern.countParts(); ++i) {
    const auto part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) CHECK(++depth == 1);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_LIMIT) --depth;
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_SELECTOR) continue;
    std::string form;
    pattern.getSubstring(part).toUTF8String(form);
    if (!form.starts_with('=')) CHECK(forms.insert(form).second);
  }
  return forms;
}

}  // namespace

TEST_CASE("all catalogs have the same keys with the same placeholders", "[texts]") {
  const auto all = catalogs();
  REQUIRE(all.size() == 18);
  const auto english = english_keys();
  CHECK(english.size() > 20);

  for (const auto& catalog : all) {
    INFO(catalog["language"].string());
    CHECK(keys_of(catalog) == english);
    for (const auto& [key, words] : catalog["phrases"].object()) {
      INFO(key);
      CHECK_FALSE(calinvite::text::trim(words.string()).empty());
      CHECK(calinvite::text::check_single_line(words.string(), key).has_value());
    }
  }
}

TEST_CASE("docs/languages.md lists each catalog, and says which ones a speaker has reviewed",
          "[texts]") {
  std::map<std::string, std::string> reviewed, listed;
  for (const auto& catalog : catalogs()) {
    const auto& said = catalog["reviewed"];
    REQUIRE(said.boolean(true) == said.boolean(false));
    reviewed[std::string(catalog["language"].string())] = said.boolean() ? "yes" : "no";
  }
  std::ifstream page(CALINVITE_SOURCE_DIR "/docs/languages.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const auto cells = calinvite::text::split(line, '|');
    REQUIRE(cells.size() == 6);
    const auto tag = calinvite::text::trim(cells[1]);
    listed[std::string(tag.substr(1, tag.size() - 2))] = calinvite::text::trim(cells[4]);
  }
  CHECK(listed == reviewed);
}

TEST_CASE("plurals parse and have exactly the forms of their language", "[texts]") {
  int plurals = 0;
  for (const auto& catalog : catalogs()) {
    const std::string language(catalog["language"].string());
    for (const auto& [key, words] : catalog["phrases"].object()) {
      if (words.string().find(", plural,") == std::string_view::npos) continue;
      INFO(language << " " << key);
      CHECK(forms_of(words.string()) == forms_in(language));
      ++plurals;
    }
  }
  CHECK(plurals >= 2 * static_cast<int>(texts::languages().size()));
}

TEST_CASE("R149: a language falls back over region and script to its bare self, then to English",
          "[texts]") {
  CHECK(texts::languages() == std::vector<std::string>{"en", "ar", "cs", "da", "de", "es", "fr",
                                                       "hi", "it", "ja", "nb", "nl", "pl", "pt",
                                                       "sv", "tr", "uk", "zh-Hans"});
  for (const auto& language : texts::languages()) CHECK(texts::best_language(language) == language);
  for (const char* tag : {"de", "de-AT", "DE_ch", "de-DE-1996", "de-DE-u-co-phonebk"}) {
    CHECK(texts::best_language(tag) == "de");
  }
  CHECK(texts::best_language("ja-Jpan-JP") == "ja");
  for (const char* tag : {"pt-BR", "pt-PT", "pt_br"}) CHECK(texts::best_language(tag) == "pt");
  for (const char* tag : {"zh", "zh-CN", "zh-SG", "zh-hans", "zh-Hans-CN", "ZH_cn", "cmn"}) {
    CHECK(texts::best_language(tag) == "zh-Hans");
  }
  for (const char* tag : {"zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-CN", "yue"}) {
    CHECK(texts::best_language(tag) == "en");
  }
  for (const char* tag : {"nb-NO", "no", "nn", "nn-NO"}) CHECK(texts::best_language(tag) == "nb");
  for (const char* tag : {"", "tlh", "e", "not a tag", "uk-Latn", "x-private", "\xff"}) {
    CHECK(texts::best_language(tag) == "en");
  }
}

TEST_CASE("placeholders are filled once and values are not read again", "[texts]") {
  const texts::Values values = {{"a", "{b}"}, {"b", "x"}};

  CHECK(texts::fill("en", "1 {a} 2 {b} 3 {c}.", values) == "1 {b} 2 x 3 .");
  CHECK(texts::fill("en", "open { brace", values) == "open { brace");
  CHECK(texts::fill("en", "", values) == "");
}

TEST_CASE("a plural takes the form and the digits of its language", "[texts]") {
  const auto fill = [](const char* language, std::string_view phrase, std::string told) {
    return texts::fill(language, phrase, {{"told", std::move(told)}});
  };
  constexpr std::string_view english =
      "So: {told, plural, =0 {nobody} one {# person} other {# people}}.";
  constexpr std::string_view polish =
      "{told, plural, one {# osoba} few {# osoby} many {# osób} other {# osoby}}";
  constexpr std::string_view arabic =
      "{told, plural, zero {لا أحد} one {واحد} two {اثنان} few {# أشخاص} many {# شخصًا} other {# "
      "شخص}}";

  CHECK(fill("en", english, "0") == "So: nobody.");
  CHECK(fill("en", english, "1") == "So: 1 person.");
  CHECK(fill("en", english, "12345") == "So: 12,345 people.");
  CHECK(fill("pl", polish, "1") == "1 osoba");
  CHECK(fill("pl", polish, "22") == "22 osoby");
  CHECK(fill("pl", polish, "12") == "12 osób");
  CHECK(fill("ar", arabic, "2") == "اثنان");
  CHECK(fill("ar", arabic, "7") == "٧ أشخاص");
  CHECK(fill("ar", arabic, "100") == "١٠٠ شخص");
}

TEST_CASE("a plural without a whole number is left out or shows what there is", "[texts]") {
  constexpr std::string_view phrase = "a {told, plural, one {#} other {#}} b {told";

  CHECK(texts::fill("en", phrase, {}) == "a  b {told");
  CHECK(texts::fill("en", phrase, {{"told", "some"}}) == "a some b {told");
  CHECK(texts::fill("en", "{told, plural, nonsense}", {{"told", "3"}}) == "3");
}

TEST_CASE("templates use existing phrases only and never write values unescaped", "[texts]") {
  const auto english = english_keys();
  REQUIRE_FALSE(calinvite::text_templates.empty());

  for (const auto& file : calinvite::text_templates) {
    INFO(file.name);
    CHECK(file.contents.find("{{{") == std::string_view::npos);
    CHECK(file.contents.find("{{&") == std::string_view::npos);
    for (const auto& tag : tags_of(file.contents)) {
      INFO(tag);
      if (tag.starts_with("t.")) CHECK(english.count(tag.substr(2)) == 1);
    }
  }
}

TEST_CASE("values are escaped in HTML and plain in text", "[texts]") {
  const texts::Values values = {{"summary", "<b>\"A\" & 'B'</b> {{where}} {{{where}}}"},
                                {"where", "secret"},
                                {"description", "one\ntwo"}};

  const auto html = texts::render("invitation.html", "en", values);
  const auto plain = texts::render("invitation.txt", "en", values);

  REQUIRE((html && plain));
  CHECK(html->find("&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt; {{where}} {{{where}}}") !=
        std::string::npos);
  CHECK(html->find("one<br>\ntwo") != std::string::npos);
  CHECK(plain->find("<b>\"A\" & 'B'</b> {{where}}") != std::string::npos);
}

TEST_CASE("a section shows when its value is there and not empty", "[texts]") {
  const auto with = texts::render("invitation.txt", "de", {{"where", "Halle 3"}});
  const auto without = texts::render("invitation.txt", "de", {{"where", ""}});

  REQUIRE((with && without));
  CHECK(with->find("Wo: Halle 3\n") != std::string::npos);
  CHECK(without->find("Wo:") == std::string::npos);
}

TEST_CASE("an unknown template is not found", "[texts]") {
  const auto page = texts::render("no-such.txt", "en", {});

  REQUIRE_FALSE(page);
  CHECK(page.error().code == Code::not_found);
}
