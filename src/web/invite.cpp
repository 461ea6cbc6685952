// The page of an RSVP button: GET asks, the POST that a person presses sends the invitation.
// Whether one was sent, to whom, and why not, is told to nobody: the page would tell who is
// invited.
#include <algorithm>

#include "base/text.hpp"
#include "web/fields.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite::web {
namespace {

constexpr int bad_request = 400;
constexpr int forbidden = 403;
constexpr int gone = 410;
constexpr std::size_t longest_name = 64;

/// A value of the form, else of the link.
std::string field(const WebRequest& request, std::string_view name) {
  std::string value = request.method == "POST" ? form_of(request).get(name) : std::string();
  return value.empty() ? Fields(request.query).get(name) : value;
}

/// Whether mail programs would make a link of a part of it: letters right behind a dot, but for
/// initials.
bool has_host_name(std::string_view name) {
  const auto is_space = [](char c) { return c == ' '; };
  for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
    const auto behind = name.substr(dot + 1, 2);
    if (behind.size() == 2 && behind[1] != '.' &&
        std::none_of(behind.begin(), behind.end(), is_space)) {
      return true;
    }
  }
  return false;
}

/// Strangers can write it into a mail that goes to others: only what looks like a name. Of a merge
/// tag that nobody filled in nothing stays, either.
std::string name_of(const WebRequest& request) {
  const std::string said = field(request, "name");
  const std::string name(text::trim(said));
  const bool plain = name.size() <= longest_name && text::check_single_line(name, "name") &&
                     name.find_first_of("{}|*$[]<>\"\\/:@%&=#") == std::string::npos &&
                     !has_host_name(name);
  return plain ? name : std::string();
}

/// Where the request wants the reader sent on to, when that is allowed, else the button's usual
/// page; empty: nowhere.
std::string landing_of(const EventPage& page, const WebRequest& request) {
  const std::string wanted = field(request, "landing");
  const bool listed =
      std::find(page.landings.begin(), page.landings.end(), wanted) != page.landings.end();
  const std::string& landing = listed && !origin_of(wanted).empty() ? wanted : page.landing;
  return origin_of(landing).empty() ? std::string() : landing;
}

WebResponse show_form(const Visit& visit, const EventPage& page, int status,
                      const std::string& nonce, std::string_view told) {
  const std::string language = language_for(visit.request, &page);
  texts::Values values = about(page, language);
  const std::string landing = landing_of(page, visit.request);
  const auto address = normalize_address(field(visit.request, "email"));
  values["form"] = nonce;
  values["button"] = field(visit.request, "button");
  values["landing"] = landing;
  values["address"] = address ? *address : std::string();
  values["name"] = name_of(visit.request);
  if (!told.empty()) values["told"] = texts::phrase(texts::best_language(language), told);
  return show(status, "page_invite", language, std::move(values), landing);
}

WebResponse show_closed(const Visit& visit, const EventPage& page) {
  const std::string language = language_for(visit.request, &page);
  texts::Values values = about(page, language);
  values["told"] = texts::phrase(texts::best_language(language), "page_closed");
  return show(gone, "page_event", language, std::move(values));
}

WebResponse thank(const Visit& visit, const EventPage& page) {
  const std::string landing = landing_of(page, visit.request);
  if (!landing.empty()) return redirect(landing);
  return tell(200, language_for(visit.request, &page), "page_invite_sent");
}

WebResponse send(const Visit& visit, const EventPage& page, std::string_view event,
                 std::string_view button) {
  const Fields form = form_of(visit.request);
  const std::string nonce = form.get("form");
  const auto opened = visit.engine.check_nonce(button, nonce);
  if (!opened) return failed(visit.request, opened.error(), bad_request);
  if (page.state != PageState::open) return show_closed(visit, page);
  // People don't see that field; what fills it in fills in all.
  if (!form.get("website").empty()) return thank(visit, page);
  const auto address = normalize_address(field(visit.request, "email"));
  if (!address) return show_form(visit, page, bad_request, nonce, "page_bad_address");
  if (opened->age < visit.options.least_form_age) {
    return show_form(visit, page, 200, nonce, "page_press_again");
  }
  const InviteRequest request{*address, name_of(visit.request), browser_language(visit.request)};
  const auto pressed = visit.engine.press_button(
      event, button, request, network_of(visit.request.remote_address), visit.options.caps);
  if (!pressed) return failed(visit.request, pressed.error(), bad_request);
  return thank(visit, page);
}

}  // namespace

WebResponse answer_invite(const Visit& visit, std::string_view event) {
  const std::string button = field(visit.request, "button");
  // Without a signed button anybody could have anybody mailed (D4).
  if (button.empty()) return not_valid(visit.request, forbidden);
  const auto page = visit.engine.find_button(event, button);
  if (!page) return failed(visit.request, page.error(), bad_request);
  const std::string origin = field(visit.request, "origin");
  // Of whom a button invites is the button's to say; an origin that is none is a broken link.
  if (!origin.empty() && !is_known_origin(origin)) return not_valid(visit.request, bad_request);
  if (visit.is_post()) return send(visit, *page, event, button);
  if (page->state != PageState::open) return show_closed(visit, *page);
  const auto nonce = visit.engine.issue_nonce(button, TokenPurpose::button);
  if (!nonce) return failed(visit.request, nonce.error(), bad_request);
  return show_form(visit, *page, 200, *nonce, {});
}

}  // namespace calinvite::web
