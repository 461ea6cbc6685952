#include "compose/words.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "locale/locale.hpp"

namespace calinvite::compose {
namespace {

constexpr std::size_t max_description = 4000;  // characters (R60)

/// Bytes that the first `count` characters take.
std::size_t prefix_of_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && count-- == 0) break;
  }
  return at;
}

/// Running text as mails show it: LF line ends, no other control characters, no blank edges.
std::string readable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool lone_return = c == '\r' && text.substr(at + 1, 1) != "\n";
    if (c == '\n' || lone_return) out += '\n';
    if (c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7f)) out += c;
  }
  return std::string(text::trim(out));
}

/// The language that dates are written in: the reader's own variant when the phrases speak it.
std::string date_language(std::string_view wanted, const std::string& catalog) {
  const auto tag = locale::canonical_language(wanted);
  const auto bare = [](std::string_view name) { return name.substr(0, name.find('-')); };
  return tag && texts::best_language(*tag) == catalog && bare(*tag) == bare(catalog) ? *tag
                                                                                     : catalog;
}

}  // namespace

Shown what_is_shown(const Revision& revision) {
  const Event& event = revision.event;
  Shown shown{event.summary, event.description, false, event.location, event.start, event.end};
  if (revision.occurrence) {
    shown.start = revision.occurrence->original_start;
    shown.end = shown.start + (event.end - event.start);
    const auto changed =
        std::find_if(event.overrides.begin(), event.overrides.end(),
                     [&](const Override& o) { return o.occurrence == *revision.occurrence; });
    if (changed != event.overrides.end() && !changed->cancelled) {
      shown = {changed->summary,  changed->description, false,
               changed->location, changed->start,       changed->end};
      if (shown.summary.empty()) shown.summary = event.summary;
    }
  }
  shown.description = readable(shown.description);
  shown.location = readable(shown.location);
  const auto kept = prefix_of_characters(shown.description, max_description);
  if (kept < shown.description.size()) {
    shown.description.resize(kept);
    shown.description += "…";
    shown.cut = true;
  }
  return shown;
}

Words make_words(const Revision& revision, const Shown& shown, std::string_view language) {
  const Event& event = revision.event;
  Words words;
  words.catalog = texts::best_language(language);
  const std::string dates = date_language(language, words.catalog);
  const bool right_to_left = locale::is_right_to_left(words.catalog);
  const auto end = event.all_day ? shown.end - std::chrono::days(1) : shown.end;
  const bool repeats =
      !event.rrule.empty() && !revision.occurrence && revision.method == Method::request;
  const bool link = shown.location.starts_with("https://") || shown.location.starts_with("http://");
  words.values = {
      {"language", words.catalog},
      {"direction", right_to_left ? "rtl" : "ltr"},
      {"side", right_to_left ? "right" : "left"},
      {"summary", shown.summary},
      {"when", locale::format_range(shown.start, end, event.all_day, dates)},
      {"zone", event.all_day ? std::string() : locale::zone_display_name(event.timezone, dates)},
      {"where", shown.location},
      {"join", link ? shown.location : std::string()},
      {"description", shown.description},
      {"url", event.url},
      {"occurrence", revision.occurrence ? "yes" : ""},
      {"repeats", repeats ? "yes" : ""},
  };
  return words;
}

std::string without_text_controls(std::string_view text) {
  const auto hidden = [](std::string_view character) {
    return character == "\u200b" || character == "\ufeff" ||
           (character >= "\u202a" && character <= "\u202e") ||  // embeddings and overrides
           (character >= "\u2060" && character <= "\u206f");    // joiner, isolates, invisible signs
  };
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (hidden(text.substr(at, 3))) {
      at += 3;
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace calinvite::compose
