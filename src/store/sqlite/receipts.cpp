#include <algorithm>
#include <tuple>

#include "store/mentions.hpp"
#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Scanners open what was just delivered, or is about to be (R126).
constexpr std::chrono::seconds soon{10};

/// What a fact still says when its person has been erased since.
DeliveryFact without_person(DeliveryFact fact, std::string_view stand_in) {
  if (!fact.receipt.address.empty()) {
    fact.dedupe_key = without_mentions(fact.dedupe_key, fact.receipt.address, stand_in);
  }
  fact.receipt.address = stand_in;
  fact.receipt.detail.clear();
  return fact;
}

/// @return false when it is there already
bool keep_orphan(Connection& connection, DeliveryFact fact) {
  if (is_erased_anywhere(connection, fact.receipt.address))
    fact = without_person(std::move(fact), "");
  const Receipt& receipt = fact.receipt;
  return connection.run(
             "INSERT INTO orphan (fact, kind, time, address, attempt_id, message_id, detail,"
             " suppress, harmful, channel) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
             " ON CONFLICT DO NOTHING",
             fact.dedupe_key, receipt.kind, receipt.time, receipt.address, receipt.attempt_id,
             receipt.message_id, receipt.detail, fact.suppress, fact.harmful, receipt.channel) > 0;
}

/// A fact that names no send, but a copy: it settles nothing.
/// @error not_found  no such attendee
Result<FactVerdict> record_of_copy(Connection& connection, const DeliveryFact& fact,
                                   std::chrono::sys_seconds now) {
  const Receipt& receipt = fact.receipt;
  if (!connection
           .query("SELECT 1 FROM attendee WHERE domain = ?1 AND event = ?2 AND address = ?3",
                  fact.domain, receipt.event, receipt.address)
           .step()) {
    return fail(Code::not_found, receipt.address + " is not invited to " + receipt.event);
  }
  if (!append_receipt(connection, fact.domain, receipt, fact.dedupe_key)) {
    return FactVerdict::repeated;
  }
  if (fact.harmful) {
    count_harm(connection, fact.domain, receipt.event, receipt.address, receipt.kind, now);
  }
  if (fact.suppress) {
    suppress_after(connection, fact.domain, receipt.address, receipt.kind, now);
  }
  return FactVerdict::recorded;
}

/// A fact whose send is known.
struct Found {
  EntryRow row;
  std::size_t at = 0;  ///< of the fact
};

bool comes_before(const Found* a, const Found* b) {
  return std::tie(a->row.domain, a->row.event, a->row.entry) <
         std::tie(b->row.domain, b->row.event, b->row.entry);
}

std::optional<EntryRow> find_send(Connection& connection, const Receipt& receipt) {
  auto row = receipt.attempt_id.empty() ? std::nullopt
                                        : find_entry_by_attempt(connection, receipt.attempt_id);
  if (!row && !receipt.message_id.empty()) {
    row = find_entry_by_message(connection, receipt.message_id);
  }
  return row;
}

/// @return whether it is news
bool record_of_send(Connection& connection, EntryRow& row, const DeliveryFact& fact,
                    std::chrono::sys_seconds now) {
  if (!row.address.ends_with(erased_host)) return apply_fact(connection, row, fact, now);
  return apply_fact(connection, row, without_person(fact, row.address), now);
}

/// @param look_again  facts of the same step may have told what message its send became
Result<FactVerdict> record_unknown(Connection& connection, const DeliveryFact& fact,
                                   bool look_again, std::chrono::sys_seconds now) {
  if (look_again) {
    if (auto row = find_send(connection, fact.receipt)) {
      return record_of_send(connection, *row, fact, now) ? FactVerdict::recorded
                                                         : FactVerdict::repeated;
    }
  }
  if (!fact.domain.empty() && !fact.receipt.event.empty()) {
    return record_of_copy(connection, fact, now);
  }
  return keep_orphan(connection, fact) ? FactVerdict::orphan : FactVerdict::repeated;
}

}  // namespace

Result<std::vector<FactVerdict>> SqliteStore::record_facts(std::span<const DeliveryFact> facts,
                                                           std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<std::vector<FactVerdict>> {
    std::vector<FactVerdict> verdicts(facts.size(), FactVerdict::orphan);
    std::vector<Found> found;
    found.reserve(facts.size());
    std::vector<std::size_t> unknown;
    for (std::size_t at = 0; at < facts.size(); ++at) {
      if (facts[at].dedupe_key.empty()) {
        return fail(Code::invalid_argument, "a fact needs a key that tells it from others",
                    Place{{}, 0, 0, "dedupe_key"});
      }
      if (auto row = find_send(*connection_, facts[at].receipt)) {
        found.push_back({*std::move(row), at});
      } else {
        unknown.push_back(at);
      }
    }
    // Rows of an event lie together: written in mixed order, each would cost a page of its own.
    std::vector<Found*> in_order;
    in_order.reserve(found.size());
    for (Found& each : found) in_order.push_back(&each);
    std::stable_sort(in_order.begin(), in_order.end(), comes_before);
    EntryRow* last = nullptr;
    for (Found* each : in_order) {
      if (last != nullptr && last->entry == each->row.entry) each->row = std::move(*last);
      last = &each->row;
      const bool news = record_of_send(*connection_, *last, facts[each->at], now);
      verdicts[each->at] = news ? FactVerdict::recorded : FactVerdict::repeated;
    }
    for (const std::size_t at : unknown) {
      const auto verdict = record_unknown(*connection_, facts[at], !found.empty(), now);
      if (!verdict) return tl::unexpected<Error>(verdict.error());
      verdicts[at] = *verdict;
    }
    return verdicts;
  });
}

Result<Paged<Receipt>> SqliteStore::list_receipts(const Scope& scope, std::string_view event,
                                                  const Page& page) {
  return connection_->read([&]() -> Result<Paged<Receipt>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    auto rows = connection_->query(
        "SELECT " + receipt_columns +
            " FROM receipt WHERE domain = ?1 AND event = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4",
        head->domain, head->uid, *after, *limit);
    std::vector<Receipt> receipts;
    std::vector<std::int64_t> numbers;
    while (rows.step()) {
      receipts.push_back(read_receipt(rows, numbers.emplace_back()));
    }
    return paged(std::move(receipts), page,
                 [&](const Receipt&) { return std::to_string(numbers[page.limit - 1]); });
  });
}

Result<Paged<HistoryItem>> SqliteStore::list_history(const Scope& scope, std::string_view event,
                                                     std::string_view address, const Page& page) {
  return connection_->read([&]() -> Result<Paged<HistoryItem>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto space = std::min(page.after.size(), page.after.find(' '));
    const auto time = number_of({page.limit, page.after.substr(0, space)});
    const auto seq =
        number_of({page.limit, page.after.substr(std::min(page.after.size(), space + 1))});
    if (!time) return tl::unexpected<Error>(time.error());
    if (!seq) return tl::unexpected<Error>(seq.error());
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    auto rows = connection_->query(
        "SELECT " + receipt_columns +
            ", kind IN ('opened', 'clicked') AND EXISTS (SELECT 1 FROM receipt AS d"
            " WHERE d.domain = ?1 AND d.event = ?2 AND d.address = ?3 AND d.kind = 'delivered'"
            " AND d.time BETWEEN r.time - ?7 AND r.time + ?7)"
            " FROM receipt AS r WHERE domain = ?1 AND event = ?2 AND address = ?3"
            " AND (?4 = '' OR (time, seq) > (?5, ?6)) ORDER BY time, seq LIMIT ?8",
        head->domain, head->uid, address, page.after, *time, *seq, soon.count(), *limit);
    std::vector<HistoryItem> items;
    std::vector<std::int64_t> numbers;
    while (rows.step()) {
      bool at_delivery = false;
      Receipt receipt = read_receipt(rows, numbers.emplace_back(), at_delivery);
      const auto evidence = evidence_of(receipt, at_delivery);
      items.push_back({std::move(receipt), evidence});
    }
    return paged(std::move(items), page, [&](const HistoryItem& last) {
      return std::to_string(last.receipt.time.time_since_epoch().count()) + ' ' +
             std::to_string(numbers[page.limit - 1]);
    });
  });
}

Result<FactVerdict> SqliteStore::record_reported(const Scope& scope, const DeliveryFact& fact,
                                                 std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<FactVerdict> {
    const auto head = get_event_head(*connection_, scope, fact.receipt.event);
    if (!head) return tl::unexpected<Error>(head.error());
    DeliveryFact own = fact;
    own.domain = head->domain;
    auto row = find_entry_by_attempt(*connection_, own.receipt.attempt_id);
    if (!row) row = find_entry_by_message(*connection_, own.receipt.message_id);
    if (!row || row->domain != own.domain) {  // a mail can name the sends of others
      own.receipt.attempt_id.clear();
      own.receipt.message_id.clear();
    }
    return record_fact(own, now);
  });
}

}  // namespace calinvite::sqlite
