#include "calinvite/store.hpp"
#include "contract/store_kinds.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

std::unique_ptr<Store> store_with_one_event() {
  static const contract::TemporaryFolder folder;
  auto store = open_store("sqlite:" + folder.file("search.db").string());
  promise(store.has_value(), "the store opens");
  Domain domain;
  domain.name = "league";
  domain.from = "fixtures@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://league.example";
  Organizer organizer;
  organizer.domain = "league";
  organizer.address = "fixtures@league.example";
  organizer.local_part = "fixtures";
  Event event;
  event.uid = "ci-search";
  event.organizer = organizer.address;
  event.summary = "Harbour v Hill";
  event.start = std::chrono::local_days(std::chrono::year(2027) / 3 / 26);
  event.end = event.start + std::chrono::hours(2);
  event.timezone = "UTC";
  promise((*store)->add_domain(domain) && (*store)->add_organizer(organizer) &&
              (*store)->add_event(Scope::domain("league"), event),
          "the store takes one event");
  return std::move(*store);
}

}  // namespace

void search(std::string_view input) {
  static const auto store = store_with_one_event();
  EventFilter filter;
  filter.search = std::string(input);
  const auto found = store->list_events(Scope::domain("league"), filter, {});
  if (!found) return check_error(found.error());
  promise(found->items.size() <= 1, "only what is there is found");
  promise(!input.empty() || found->items.size() == 1, "no text finds everything");
  const auto elsewhere = store->list_events(Scope::domain("other"), filter, {});
  promise(elsewhere && elsewhere->items.empty(), "a search stays in its domain");
}

}  // namespace calinvite::fuzz
