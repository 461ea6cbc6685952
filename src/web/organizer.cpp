// The pages of links that organizers are mailed: to become one, and to let a change through. GET
// asks; the POST of a person does it (docs/access.md).
#include "base/text.hpp"
#include "web/fields.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite::web {
namespace {

constexpr int not_found = 404;
constexpr int gone = 410;

std::string fill(const std::string& language, std::string_view phrase,
                 const texts::Values& values) {
  const std::string catalog = texts::best_language(language);
  return texts::fill(catalog, texts::phrase(catalog, phrase), values);
}

/// Who presses a button has opened its page.
Result<void> check_form(const Visit& visit, std::string_view token) {
  const auto opened = visit.engine.check_nonce(token, form_of(visit.request).get("form"));
  return opened ? Result<void>() : Result<void>(tl::unexpected(opened.error()));
}

/// A page with a form that brings its nonce back.
WebResponse ask(const Visit& visit, std::string_view token, TokenPurpose purpose,
                std::string_view page, const std::string& language, texts::Values values) {
  const auto nonce = visit.engine.issue_nonce(token, purpose);
  if (!nonce) return failed(visit.request, nonce.error(), not_found);
  values["form"] = *nonce;
  values["action"] = text::percent_encode(token);
  return show(200, page, language, std::move(values));
}

WebResponse failed_change(const Visit& visit, const Error& error) {
  if (error.code != Code::conflict) return failed(visit.request, error, not_found);
  return tell(gone, language_for(visit.request), "page_waits_no_more");
}

}  // namespace

WebResponse answer_registration(const Visit& visit, std::string_view token) {
  const auto person = visit.engine.find_registration(token);
  if (!person) return failed(visit.request, person.error(), not_found);
  const std::string language = language_for(visit.request);
  texts::Values values = {{"domain", person->domain}, {"address", person->address}};
  if (!visit.is_post()) {
    values["title"] = fill(language, "notice_registration_subject", values);
    values["intro"] = fill(language, "notice_registration_intro", values);
    return ask(visit, token, TokenPurpose::registration, "page_registration", language,
               std::move(values));
  }
  if (auto sound = check_form(visit, token); !sound) {
    return failed(visit.request, sound.error(), not_found);
  }
  const auto done = visit.engine.confirm_registration(token, [](const IngestItem&) {});
  if (!done && done.error().code == Code::forbidden) return not_valid(visit.request, not_found);
  if (!done) return failed(visit.request, done.error(), not_found);
  const auto left = visit.engine.find_registration(token);
  if (!left) return failed(visit.request, left.error(), not_found);
  values["title"] = fill(language, "page_registered", values);
  if (left->waiting == 0) return show(200, "page_message", language, std::move(values));
  values["waiting"] = std::to_string(left->waiting);
  values["intro"] = fill(language, "page_mails_wait", values);
  return ask(visit, token, TokenPurpose::registration, "page_registration", language,
             std::move(values));
}

WebResponse answer_approval(const Visit& visit, std::string_view token) {
  const auto waits = visit.engine.find_approval(token);
  if (!waits) return failed_change(visit, waits.error());
  EventPage page;
  page.event = waits->after;
  const std::string language = language_for(visit.request, &page);
  if (!visit.is_post()) {
    texts::Values values = about(page, language);
    values["organizer"] = waits->after.organizer;
    values["told"] = std::to_string(waits->plan.update + waits->plan.cancel);
    values["intro"] = fill(language, "notice_approval_intro", values);
    if (waits->after.status == EventStatus::cancelled) values["cancels"] = "yes";
    return ask(visit, token, TokenPurpose::approval, "page_approval", language, std::move(values));
  }
  if (auto sound = check_form(visit, token); !sound) {
    return failed(visit.request, sound.error(), not_found);
  }
  const auto done = visit.engine.approve(token);
  if (!done) return failed_change(visit, done.error());
  return tell(200, language, "page_approved");
}

}  // namespace calinvite::web
