#include "web/page.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "compose/words.hpp"
#include "locale/locale.hpp"
#include "web/fields.hpp"

namespace calinvite::web {
namespace {

constexpr std::size_t max_languages = 20;
constexpr int gone = 410;
constexpr int not_found = 404;
constexpr int internal_error = 500;
constexpr int unavailable = 503;

/// No page is kept, indexed, framed, or named to another site; none loads or runs anything (R127).
WebHeaders headers_of_every_page() {
  return {{"Cache-Control", "no-store"},
          {"Referrer-Policy", "no-referrer"},
          {"X-Robots-Tag", "noindex, nofollow"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"}};
}

/// Our own style is let in by its digest, so that no other is.
std::string policy(std::string_view html, std::string_view sends_to) {
  constexpr std::string_view open = "<style>";
  const auto begin = html.find(open) + open.size();
  const auto style = html.substr(begin, html.find("</style>") - begin);
  const crypto::Digest digest = crypto::sha256(style);
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  std::string form = "form-action 'self'";
  if (!sends_to.empty()) form.append(" ").append(origin_of(sends_to));
  return "default-src 'none'; style-src 'sha256-" + text::base64(bytes) + "'; " + form +
         "; base-uri 'none'; frame-ancestors 'none'";
}

/// One language of Accept-Language with its weight (RFC 9110 12.5.4).
struct Wish {
  std::string_view tag;
  double weight = 1;
};

std::vector<Wish> wishes_of(std::string_view header) {
  std::vector<Wish> wishes;
  for (const auto part : text::split(header, ',')) {
    if (wishes.size() == max_languages) break;
    Wish wish{text::trim(part.substr(0, part.find(';')))};
    const auto weight = part.find("q=");
    if (weight != part.npos) {
      std::from_chars(part.data() + weight + 2, part.data() + part.size(), wish.weight);
    }
    if (!wish.tag.empty() && wish.weight > 0) wishes.push_back(wish);
  }
  std::stable_sort(wishes.begin(), wishes.end(),
                   [](const Wish& a, const Wish& b) { return a.weight > b.weight; });
  return wishes;
}

}  // namespace

std::string browser_language(const WebRequest& request) {
  for (const Wish& wish : wishes_of(header(request, "Accept-Language"))) {
    const auto tag = locale::canonical_language(wish.tag);
    if (!tag) continue;
    // English is what best_language says when there is nothing else.
    if (texts::best_language(*tag) != "en" || *tag == "en" || tag->starts_with("en-")) return *tag;
  }
  return {};
}

std::string language_for(const WebRequest& request, const EventPage* page) {
  if (page != nullptr && page->attendee && !page->attendee->language.empty()) {
    return page->attendee->language;
  }
  std::string language = browser_language(request);
  if (language.empty() && page != nullptr) language = page->event.language;
  return language;
}

WebResponse show(int status, std::string_view page, std::string_view language, texts::Values values,
                 std::string_view sends_to) {
  const std::string catalog = texts::best_language(language);
  values["language"] = catalog;
  values["direction"] = locale::is_right_to_left(catalog) ? "rtl" : "ltr";
  auto html = texts::render(std::string(page) + ".html", catalog, values);
  if (!html) return {internal_error, headers_of_every_page(), {}};
  WebResponse response{status, headers_of_every_page(), *std::move(html)};
  response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  response.headers.emplace_back("Content-Language", catalog);
  response.headers.emplace_back("Vary", "Accept-Language");
  response.headers.emplace_back("Content-Security-Policy", policy(response.body, sends_to));
  return response;
}

WebResponse tell(int status, std::string_view language, std::string_view phrase) {
  const std::string words(texts::phrase(texts::best_language(language), phrase));
  return show(status, "page_message", language, {{"title", words}});
}

WebResponse not_valid(const WebRequest& request, int status) {
  return tell(status, language_for(request), "page_invalid");
}

texts::Values about(const EventPage& page, std::string_view language) {
  const auto shown = compose::what_is_shown(page.event, std::nullopt, Domain().description_limit);
  texts::Values values = compose::make_words(page.event, shown, language).values;
  values["title"] = shown.summary;
  values["organizer"] = compose::without_text_controls(
      page.organizer.empty() ? page.organizer_address : page.organizer);
  if (!page.event.rrule.empty()) values["repeats"] = "yes";
  return values;
}

WebResponse redirect(std::string_view to) {
  constexpr int found = 302;
  WebResponse response{found, headers_of_every_page(), {}};
  response.headers.emplace_back("Location", to);
  return response;
}

WebResponse calendar_file(Engine& engine, const EventPage& page, const WebRequest& request) {
  if (page.state != PageState::open) return tell(gone, language_for(request, &page), "page_closed");
  auto file = engine.calendar_file(page);
  if (!file) return failed(request, file.error(), not_found);
  WebResponse response;
  response.headers = headers_of_every_page();
  response.headers.emplace_back("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH");
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"invite.ics\"");
  response.body = *std::move(file);
  return response;
}

WebResponse failed(const WebRequest& request, const Error& error, int invalid) {
  const std::string language = language_for(request);
  switch (error.code) {
    case Code::unauthenticated:
      return not_valid(request, invalid);
    case Code::not_found:
      return tell(not_found, language, "page_missing");
    case Code::conflict:
      return tell(gone, language, "page_closed");
    default:
      break;
  }
  WebResponse response =
      tell(error.retryable() ? unavailable : internal_error, language, "page_later");
  if (error.retryable()) response.headers.emplace_back("Retry-After", "30");
  return response;
}

std::string_view origin_of(std::string_view address) {
  const bool plain =
      std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain || !check_web_address("landing", address)) return {};
  const auto host = address.find("://") + 3;
  const auto origin = address.substr(0, address.find_first_of("/?#", host));
  // A name before an @ would say who answers to those who do not look closely.
  const auto rest = origin.substr(host);
  return rest.find_first_of("@;,'\\") == rest.npos ? origin : std::string_view();
}

}  // namespace calinvite::web
