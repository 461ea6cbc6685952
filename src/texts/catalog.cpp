#include <algorithm>
#include <cassert>
#include <charconv>
#include <functional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "embedded/text_catalogs.hpp"
#include "locale/locale.hpp"
#include "texts/texts.hpp"

namespace calinvite::texts {
namespace {

using Phrases = std::map<std::string, std::string, std::less<>>;
using Catalogs = std::map<std::string, Phrases, std::less<>>;

constexpr std::string_view fallback = "en";

Catalogs read_catalogs() {
  Catalogs catalogs;
  for (const auto& file : text_catalogs) {
    const auto json = Json::parse(file.contents);
    assert(json.has_value());
    if (!json) continue;
    auto& phrases = catalogs[std::string((*json)["language"].string())];
    for (const auto& [key, words] : (*json)["phrases"].object()) phrases[key] = words.string();
  }
  return catalogs;
}

/// Constant: what the build embedded, read once.
const Catalogs& catalogs() {
  static const Catalogs all = read_catalogs();
  return all;
}

/// Where the brace at `open` is closed; npos when it isn't.
std::size_t closing_brace(std::string_view phrase, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < phrase.size(); ++at) {
    if (phrase[at] == '{') ++depth;
    if (phrase[at] == '}' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

/// What stands for `inside`, the text between two braces: "name" or "name, plural, forms".
std::string placeholder(std::string_view language, std::string_view inside, const Values& values) {
  constexpr std::string_view plural = ", plural,";
  const auto kind = inside.find(plural);
  const auto value = values.find(std::string(inside.substr(0, kind)));
  if (value == values.end()) return {};
  if (kind == std::string_view::npos) return value->second;
  std::int64_t count = 0;
  const char* const end = value->second.data() + value->second.size();
  const auto read = std::from_chars(value->second.data(), end, count);
  if (read.ec != std::errc() || read.ptr != end) return value->second;
  return locale::plural_form(count, inside.substr(kind + plural.size()), language);
}

}  // namespace

std::string best_language(std::string_view wanted) {
  std::string tag(wanted);
  std::replace(tag.begin(), tag.end(), '_', '-');
  for (const auto& served : locale::fallback_languages(tag)) {
    if (catalogs().count(served) > 0) return served;
  }
  return std::string(fallback);
}

std::vector<std::string> languages() {
  std::vector<std::string> tags = {std::string(fallback)};
  for (const auto& [tag, phrases] : catalogs()) {
    if (tag != fallback) tags.push_back(tag);
  }
  return tags;
}

std::string_view phrase(std::string_view language, std::string_view key) {
  const auto catalog = catalogs().find(language);
  assert(catalog != catalogs().end());
  if (catalog == catalogs().end()) return {};
  const auto found = catalog->second.find(key);
  assert(found != catalog->second.end());
  return found == catalog->second.end() ? std::string_view() : found->second;
}

bool has_phrase(std::string_view key) { return catalogs().find(fallback)->second.count(key) > 0; }

std::string fill(std::string_view language, std::string_view phrase, const Values& values) {
  std::string out;
  while (!phrase.empty()) {
    const auto open = std::min(phrase.find('{'), phrase.size());
    const auto close = closing_brace(phrase, open);
    if (close == std::string_view::npos) break;
    out += phrase.substr(0, open);
    out += placeholder(language, phrase.substr(open + 1, close - open - 1), values);
    phrase.remove_prefix(close + 1);
  }
  out += phrase;
  return out;
}

}  // namespace calinvite::texts
