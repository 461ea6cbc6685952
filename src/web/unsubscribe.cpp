// The page of an unsubscribe link: GET asks; the POST of a person, or of a mail program's one click
// (RFC 8058), ends the mails.
#include "base/text.hpp"
#include "compose/words.hpp"
#include "web/fields.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite::web {
namespace {

constexpr int not_found = 404;

WebResponse show_page(const Visit& visit, std::string_view token, const UnsubscribeView& view) {
  const std::string language =
      view.language.empty() ? browser_language(visit.request) : view.language;
  const std::string catalog = texts::best_language(language);
  const bool stopped = view.organizer_unsubscribed || view.domain_unsubscribed;
  texts::Values values = {{"title", std::string(texts::phrase(
                                        catalog, stopped ? "page_stopped" : "page_stop_question"))},
                          {"organizer", compose::without_text_controls(view.organizer_name)}};
  if (!view.domain_unsubscribed) {
    const auto nonce = visit.engine.issue_nonce(token, TokenPurpose::unsubscribe);
    if (!nonce) return failed(visit.request, nonce.error(), not_found);
    values["form"] = *nonce;
    values["action"] = text::percent_encode(token);
    if (!stopped) values["of_organizer"] = "yes";
  }
  return show(200, "page_unsubscribe", language, std::move(values));
}

/// What the POST asks for; absent when nobody of ours made it.
Result<SuppressionScope> asked_scope(const Visit& visit, std::string_view token) {
  // Mail programs have no page to bring a nonce from (RFC 8058 3.1).
  if (is_one_click(visit.request)) return SuppressionScope::organizer;
  const Fields form = form_of(visit.request);
  const auto opened = visit.engine.check_nonce(token, form.get("form"));
  if (!opened) return tl::unexpected(opened.error());
  const std::string scope = form.get("scope");
  if (scope == "organizer") return SuppressionScope::organizer;
  if (scope == "domain") return SuppressionScope::domain;
  return fail(Code::unauthenticated, "not a button of that form");
}

}  // namespace

WebResponse answer_unsubscribe(const Visit& visit, std::string_view token) {
  if (visit.is_post()) {
    const auto scope = asked_scope(visit, token);
    if (!scope) return failed(visit.request, scope.error(), not_found);
    const auto ended = visit.engine.unsubscribe(token, *scope);
    if (!ended) return failed(visit.request, ended.error(), not_found);
  } else {
    note_visit(visit, token, TokenPurpose::unsubscribe, "unsubscribe");
  }
  const auto view = visit.engine.find_unsubscribe(token);
  if (!view) return failed(visit.request, view.error(), not_found);
  return show_page(visit, token, *view);
}

}  // namespace calinvite::web
