#include "compose/words.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "locale/locale.hpp"

namespace calinvite::compose {
namespace {

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

std::string time_range(const Event& event, const Shown& shown, const std::string& dates) {
  const auto last = event.all_day ? shown.end - std::chrono::days(1) : shown.end;
  return locale::format_range(shown.start, last, event.all_day, dates);
}

}  // namespace

Shown what_is_shown(const Event& event, const std::optional<OccurrenceId>& occurrence,
                    std::size_t description_limit) {
  Shown shown{event.summary,    event.description, false,    event.location,
              event.conference, event.start,       event.end};
  if (occurrence) {
    shown.start = occurrence->original_start;
    shown.end = shown.start + (event.end - event.start);
    const auto changed =
        std::find_if(event.overrides.begin(), event.overrides.end(),
                     [&](const Override& o) { return o.occurrence == *occurrence; });
    if (changed != event.overrides.end() && !changed->cancelled) {
      shown = {changed->summary,  changed->description,           false,
               changed->location, conference_of(event, *changed), changed->start,
               changed->end};
      if (shown.summary.empty()) shown.summary = event.summary;
    }
  }
  shown.summary = without_text_controls(shown.summary);
  shown.description = readable(shown.description);
  shown.location = readable(shown.location);
  // "Online" beside the link says nothing; alone it is all that readers learn of the place.
  const bool link_says_it = is_no_place(shown.location) || shown.location == shown.conference;
  if (!shown.conference.empty() && link_says_it) shown.location.clear();
  const auto kept = locale::whole_characters(
      shown.description, prefix_of_characters(shown.description, description_limit));
  if (kept < shown.description.size()) {
    shown.description.resize(kept);
    shown.description += "…";
    shown.cut = true;
  }
  return shown;
}

void take_place_for_link(Shown& shown, const Shown& other) {
  const bool bare = shown.location.find_first_of(" \t\n") == std::string::npos;
  const bool is_its_link = is_link(shown.location) && bare && shown.conference.empty();
  if (!is_its_link || other.conference.empty() || is_link(other.location)) return;
  shown.conference = std::exchange(shown.location, {});
}

std::string when_text(const Event& event, const Shown& shown, const std::string& dates) {
  const std::string range = time_range(event, shown, dates);
  return event.all_day ? range
                       : range + " (" + locale::zone_display_name(event.timezone, dates) + ")";
}

Words make_words(const Event& event, const Shown& shown, std::string_view language) {
  Words words;
  words.catalog = texts::best_language(language);
  words.dates = date_language(language, words.catalog);
  const bool right_to_left = locale::is_right_to_left(words.catalog);
  words.values = {
      {"language", words.catalog},
      {"direction", right_to_left ? "rtl" : "ltr"},
      {"side", right_to_left ? "right" : "left"},
      {"arrow", right_to_left ? "←" : "→"},
      {"summary", shown.summary},
      {"when", time_range(event, shown, words.dates)},
      {"zone", event.all_day ? "" : locale::zone_display_name(event.timezone, words.dates)},
      {"where", shown.location},
      {"join", is_link(shown.location) ? shown.location : ""},
      {"conference", shown.conference},
      {"description", shown.description},
      {"url", event.url},
  };
  return words;
}

bool is_link(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

std::string without_text_controls(std::string_view text) {
  std::string out;
  for (auto at = text::find_hidden(text); at != text.npos; at = text::find_hidden(text)) {
    out += text.substr(0, at);
    text.remove_prefix(at + 3);
  }
  return out.append(text);
}

}  // namespace calinvite::compose
