#include <cassert>
#include <functional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "embedded/text_catalogs.hpp"
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

}  // namespace

std::string best_language(std::string_view wanted) {
  std::string tag = text::lower(wanted);
  while (!tag.empty()) {
    if (catalogs().count(tag) > 0) return tag;
    const auto cut = tag.find_last_of("-_");
    tag.resize(cut == std::string::npos ? 0 : cut);
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

std::string fill(std::string_view phrase, const Values& values) {
  std::string out;
  while (!phrase.empty()) {
    const auto open = phrase.find('{');
    const auto close = phrase.find('}', open == std::string_view::npos ? phrase.size() : open);
    if (close == std::string_view::npos) break;
    const auto value = values.find(std::string(phrase.substr(open + 1, close - open - 1)));
    out += phrase.substr(0, open);
    if (value != values.end()) out += value->second;
    phrase.remove_prefix(close + 1);
  }
  out += phrase;
  return out;
}

}  // namespace calinvite::texts
