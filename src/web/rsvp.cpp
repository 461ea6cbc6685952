// The page of an RSVP link: what is asked, what was answered, and the form to change it.
#include "base/text.hpp"
#include "web/fields.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite::web {
namespace {

constexpr int gone = 410;
constexpr int not_found = 404;
constexpr int conflict = 409;

/// Only what a form of ours offers.
std::optional<Partstat> answer_of(std::string_view word) {
  if (word == "accepted") return Partstat::accepted;
  if (word == "tentative") return Partstat::tentative;
  if (word == "declined") return Partstat::declined;
  return std::nullopt;
}

/// @param chosen  what the form shows as chosen
/// @param told    phrase that stands above; empty: none
WebResponse show_page(const Visit& visit, std::string_view token, const EventPage& page,
                      Partstat chosen, std::string_view told) {
  const std::string language = language_for(visit.request, &page);
  const std::string catalog = texts::best_language(language);
  texts::Values values = about(page, language);
  const bool open = page.state == PageState::open;
  const std::string own_path = text::percent_encode(token);
  if (!open) told = "page_closed";
  if (!told.empty()) values["told"] = texts::phrase(catalog, told);
  if (open) values["file"] = own_path + "/invite.ics";
  if (open && page.event.wants_answers) {
    const auto nonce = visit.engine.issue_nonce(token, TokenPurpose::rsvp, page.event.sequence);
    if (!nonce) return failed(visit.request, nonce.error(), not_found);
    values["form"] = *nonce;
    values["action"] = own_path;
    values["is_" + std::string(status_word(chosen))] = "yes";
  }
  return show(open ? 200 : gone, "page_rsvp", language, std::move(values));
}

WebResponse record(const Visit& visit, std::string_view token, const EventPage& page) {
  const Fields form = form_of(visit.request);
  const auto answer = answer_of(form.get("answer"));
  const auto opened = visit.engine.check_nonce(token, form.get("form"));
  if (!opened) return failed(visit.request, opened.error(), not_found);
  if (page.state != PageState::open)
    return show_page(visit, token, page, Partstat::needs_action, {});
  if (!answer || !page.event.wants_answers) {
    return show_page(visit, token, page, page.attendee->partstat, {});
  }
  const auto recorded = visit.engine.rsvp(token, *answer, form.get("comment"), opened->sequence);
  const bool changed = !recorded && recorded.error().code == Code::conflict;
  if (!recorded && !changed) return failed(visit.request, recorded.error(), not_found);
  const auto stored = visit.engine.find_rsvp(token);
  if (!stored) return failed(visit.request, stored.error(), not_found);
  WebResponse shown = show_page(visit, token, *stored, stored->attendee->partstat,
                                changed ? "page_event_changed" : "page_answer_saved");
  if (changed && shown.status == 200) shown.status = conflict;
  return shown;
}

}  // namespace

WebResponse answer_rsvp(const Visit& visit, std::string_view token) {
  const auto page = visit.engine.find_rsvp(token);
  if (!page) return failed(visit.request, page.error(), not_found);
  if (visit.is_post()) return record(visit, token, *page);
  const auto asked = answer_of(Fields(visit.request.query).get("answer"));
  if (asked) note_visit(visit, token, TokenPurpose::rsvp, status_word(*asked));
  return show_page(visit, token, *page, asked.value_or(page->attendee->partstat), {});
}

WebResponse answer_rsvp_file(const Visit& visit, std::string_view token) {
  const auto page = visit.engine.find_rsvp(token);
  if (!page) return failed(visit.request, page.error(), not_found);
  return calendar_file(visit.engine, *page, visit.request);
}

}  // namespace calinvite::web
