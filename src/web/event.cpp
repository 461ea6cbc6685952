// The page of an event, for whoever knows its uid, and its calendar file.
#include "base/text.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite::web {
namespace {

constexpr int gone = 410;
constexpr int not_found = 404;

}  // namespace

WebResponse answer_event(const Visit& visit, std::string_view event) {
  const auto page = visit.engine.find_event_page(event);
  if (!page) return failed(visit.request, page.error(), not_found);
  const std::string language = language_for(visit.request, &*page);
  texts::Values values = about(*page, language);
  const bool open = page->state == PageState::open;
  if (open) values["file"] = text::percent_encode(event) + ".ics";
  if (!open) values["told"] = texts::phrase(texts::best_language(language), "page_closed");
  return show(open ? 200 : gone, "page_event", language, std::move(values));
}

WebResponse answer_event_file(const Visit& visit, std::string_view event) {
  const auto page = visit.engine.find_event_page(event);
  if (!page) return failed(visit.request, page.error(), not_found);
  return calendar_file(visit.engine, *page, visit.request);
}

}  // namespace calinvite::web
