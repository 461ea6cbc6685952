#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {

Result<Statistics> SqliteStore::statistics(const Scope& scope, std::string_view event) {
  return connection_->read([&]() -> Result<Statistics> {
    if (!event.empty()) {
      const auto head = get_event_head(*connection_, scope, event);
      if (!head) return tl::unexpected<Error>(head.error());
    }
    auto rows = connection_->query(
        "SELECT a.origin, a.prodid, a.partstat, a.kinds, " + is_suppressed() +
            ", count(*) FROM event AS e"
            " JOIN attendee AS a ON a.domain = e.domain AND a.event = e.uid WHERE " +
            event_in_scope(scope) + " AND " + (event.empty() ? "?3 = ''" : "e.uid = ?3") +
            " AND a.uninvited = 0 GROUP BY 1, 2, 3, 4, 5",
        scope.domain_name(), scope.organizer_address(), event);
    Statistics statistics;
    statistics.rsvp = {{"accepted", 0}, {"declined", 0}, {"noaction", 0}, {"tentative", 0}};
    while (rows.step()) {
      std::string origin;
      std::string prodid;
      Partstat partstat{};
      std::int64_t kinds = 0;
      bool suppressed = false;
      std::uint64_t number = 0;
      rows.read(origin, prodid, partstat, kinds, suppressed, number);
      statistics.delivery[std::string(delivery_word_of(kinds))] += number;
      if (suppressed) continue;
      statistics.attendees += number;
      statistics.origin[origin] += number;
      if (!prodid.empty()) statistics.prodid[prodid] += number;
      statistics.rsvp[std::string(status_word(partstat))] += number;
    }
    return statistics;
  });
}

}  // namespace calinvite::sqlite
