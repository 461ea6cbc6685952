#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "calinvite/model.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_shown = 80;

tl::unexpected<Error> flaw(std::string_view field, std::string_view what) {
  return fail(Code::invalid_input, "event: " + std::string(field) + " " + std::string(what),
              Place{{}, 0, 0, std::string(field)});
}

Result<void> check_lines(const Event& event) {
  const std::pair<std::string_view, const std::string&> single_lines[] = {
      {"uid", event.uid},
      {"source_uid", event.source_uid},
      {"summary", event.summary},
      {"organizer", event.organizer},
      {"url", event.url},
      {"source_organizer", event.source_organizer},
      {"landing", event.landing},
      {"language", event.language},
      {"timezone", event.timezone},
      {"rrule", event.rrule},
      {"conference", event.conference}};
  for (const auto& [field, value] : single_lines) {
    if (auto line = text::check_single_line(value, field); !line) return line;
  }
  return {};
}

// What other controls these may hold, writers leave out; a NUL would end them early.
Result<void> check_text(std::string_view field, std::string_view value) {
  if (!text::is_utf8(value)) return flaw(field, "is not UTF-8");
  if (value.find('\0') != std::string_view::npos) return flaw(field, "holds a NUL");
  return {};
}

/// RFC 3986: neither reserved nor unreserved; what is not ASCII was looked at before.
constexpr auto must_be_encoded = [] {
  std::array<bool, 256> table{};
  for (const char c : {' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}'}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool must_encode(std::string_view url) {
  return std::any_of(url.begin(), url.end(),
                     [](char c) { return must_be_encoded[static_cast<unsigned char>(c)]; });
}

bool is_web_scheme(std::string_view scheme) {
  return text::iequals(scheme, "https") || text::iequals(scheme, "http");
}

Result<void> check_url(std::string_view field, std::string_view url) {
  if (url.empty()) return {};
  const auto colon = url.find("://");
  const bool web = colon != std::string_view::npos && is_web_scheme(url.substr(0, colon));
  if (!web || url.size() == colon + 3) return flaw(field, "is no http or https address");
  if (must_encode(url)) {
    return flaw(field, "holds a character that an address must percent-encode");
  }
  return {};
}

Result<void> check_conference(std::string_view field, std::string_view link) {
  if (auto url = check_url(field, link); !url) return url;
  if (link.empty() || text::is_https(link)) return {};
  return flaw(field, "is no https address");
}

Result<void> check_reminder(const Event& event) {
  if (!event.reminder) return {};
  if (*event.reminder >= event.reminder->zero() && *event.reminder <= longest_reminder) return {};
  return flaw("reminder", "is not between 0 minutes and four weeks before the start");
}

bool is_midnight(std::chrono::local_seconds wall) {
  return wall == std::chrono::floor<std::chrono::days>(wall);
}

Result<void> check_span(std::string_view where, std::chrono::local_seconds start,
                        std::chrono::local_seconds end, bool all_day) {
  if (end <= start) return flaw("end", std::string(where) + "must be after start");
  if (all_day && !(is_midnight(start) && is_midnight(end))) {
    return flaw("start", std::string(where) + "and end of an all-day event are dates");
  }
  return {};
}

Result<void> check_overrides(const Event& event) {
  for (const Override& changed : event.overrides) {
    if (changed.cancelled) continue;
    if (auto span = check_span("of an override ", changed.start, changed.end, event.all_day);
        !span) {
      return span;
    }
    const std::string& join = conference_of(event, changed);
    for (const auto& value : {changed.summary, join}) {
      if (auto line = text::check_single_line(value, "overrides"); !line) return line;
    }
    if (auto link = check_conference("overrides", join); !link) return link;
    for (const auto& value : {changed.description, changed.location}) {
      if (auto sound = check_text("overrides", value); !sound) return sound;
    }
  }
  return {};
}

// Strictly: the same occurrence twice would make two messages of one key.
bool ascends(const std::vector<std::chrono::local_seconds>& walls) {
  return std::adjacent_find(walls.begin(), walls.end(), std::greater_equal<>()) == walls.end();
}

bool ascends(const std::vector<Override>& overrides) {
  return std::adjacent_find(overrides.begin(), overrides.end(), [](const auto& a, const auto& b) {
           return a.occurrence >= b.occurrence;
         }) == overrides.end();
}

}  // namespace

Result<void> check_web_address(std::string_view field, std::string_view address) {
  if (auto line = text::check_single_line(address, field); !line) return line;
  const auto scheme = address.find("://");
  const auto host = address.substr(std::min(scheme + 3, address.size()));
  const bool web = scheme != std::string_view::npos && is_web_scheme(address.substr(0, scheme)) &&
                   !host.empty() &&
                   std::string_view("/?#@:").find(host.front()) == std::string_view::npos;
  if (web && !must_encode(address)) return {};
  return fail(Code::invalid_input,
              text::one_line(address, max_shown) + " is no web address; expected https://host/path",
              Place{{}, 0, 0, std::string(field)});
}

Result<void> check_event(const Event& event) {
  if (auto lines = check_lines(event); !lines) return lines;
  if (text::trim(event.summary).empty()) return flaw("summary", "is empty");
  if (auto sound = check_text("description", event.description); !sound) return sound;
  if (auto sound = check_text("location", event.location); !sound) return sound;
  if (auto url = check_url("url", event.url); !url) return url;
  if (auto url = check_url("landing", event.landing); !url) return url;
  if (auto link = check_conference("conference", event.conference); !link) return link;
  if (auto sound = check_reminder(event); !sound) return sound;
  if (auto span = check_span("", event.start, event.end, event.all_day); !span) return span;
  if (event.all_day && !event.timezone.empty()) {
    return flaw("timezone", "must be empty for an all-day event");
  }
  if (!event.all_day && event.timezone.empty()) {
    return flaw("timezone", "is missing; expected an IANA name such as Europe/Berlin");
  }
  if (!ascends(event.exdates)) return flaw("exdates", "must ascend, each once");
  if (!ascends(event.overrides)) return flaw("overrides", "must ascend, each occurrence once");
  return check_overrides(event);
}

const std::string& conference_of(const Event& series, const Override& changed) noexcept {
  return changed.conference ? *changed.conference : series.conference;
}

bool is_no_place(std::string_view location) {
  constexpr std::array<std::string_view, 17> words = {"",
                                                      "online",
                                                      "virtual",
                                                      "remote",
                                                      "webinar",
                                                      "hybrid",
                                                      "tba",
                                                      "tbd",
                                                      "n/a",
                                                      "none",
                                                      "web",
                                                      "in person",
                                                      "zoom",
                                                      "zoom meeting",
                                                      "google meet",
                                                      "teams",
                                                      "microsoft teams meeting"};
  const std::string word = text::lower(text::trim(location));
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace calinvite
