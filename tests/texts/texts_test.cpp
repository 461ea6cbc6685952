#include "texts/texts.hpp"

#include <catch2/catch.hpp>
#include <map>
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
  for (auto open = phrase.find('{'); open != std::string_view::npos;
       open = phrase.find('{', open + 1)) {
    names.emplace(phrase.substr(open + 1, phrase.find('}', open) - open - 1));
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

}  // namespace

TEST_CASE("all catalogs have the same keys with the same placeholders", "[texts]") {
  const auto all = catalogs();
  REQUIRE(all.size() == 6);
  const auto english = keys_of(all[2]);
  REQUIRE(all[2]["language"].string() == "en");
  CHECK(english.size() > 20);

  for (const auto& catalog : all) {
    INFO(catalog["language"].string());
    CHECK(keys_of(catalog) == english);
    CHECK(catalog["reviewed"].boolean(true) == false);
    for (const auto& [key, words] : catalog["phrases"].object()) {
      INFO(key);
      CHECK_FALSE(calinvite::text::trim(words.string()).empty());
      CHECK(calinvite::text::check_single_line(words.string(), key).has_value());
    }
  }
}

TEST_CASE("a language falls back from its variant to itself to English", "[texts]") {
  CHECK(texts::best_language("de") == "de");
  CHECK(texts::best_language("de-AT") == "de");
  CHECK(texts::best_language("DE_ch") == "de");
  CHECK(texts::best_language("ja-Jpan-JP") == "ja");
  CHECK(texts::best_language("tlh") == "en");
  CHECK(texts::best_language("") == "en");
  CHECK(texts::languages() == std::vector<std::string>{"en", "ar", "de", "es", "fr", "ja"});
}

TEST_CASE("placeholders are filled once and values are not read again", "[texts]") {
  const texts::Values values = {{"a", "{b}"}, {"b", "x"}};

  CHECK(texts::fill("1 {a} 2 {b} 3 {c}.", values) == "1 {b} 2 x 3 .");
  CHECK(texts::fill("open { brace", values) == "open { brace");
  CHECK(texts::fill("", values) == "");
}

TEST_CASE("templates use existing phrases only and never write values unescaped", "[texts]") {
  const auto english = keys_of(catalogs()[2]);
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
