#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "calinvite/csv.hpp"
#include "engine/impl.hpp"
#include "ingest/context.hpp"
#include "ingest/forget.hpp"
#include "store/pages.hpp"

namespace calinvite {
namespace {

/// Makes a row what the store compares.
Result<void> normalize(Suppression& row) {
  auto address = normalize_address(row.address);
  if (!address) return tl::unexpected(address.error());
  row.address = *std::move(address);
  if (!row.organizer.empty()) {
    auto organizer = normalize_address(row.organizer);
    if (!organizer) return tl::unexpected(organizer.error());
    row.organizer = *std::move(organizer);
  }
  if (row.reason.empty()) row.reason = suppression_reason::manual;
  return text::check_single_line(row.reason, "reason");
}

/// Stores the rows of a list, many in one step.
class SuppressionBatch {
 public:
  SuppressionBatch(Store& store, const Scope& scope, std::chrono::sys_seconds now)
      : store_(store), scope_(scope), now_(now) {}

  /// Why a row can't be taken; it would take its whole step with it.
  Result<void> check(const SuppressionRow& row) {
    const Suppression& wanted = row.suppression;
    if (wanted.address.ends_with(erased_host)) return check_erased(row);
    const std::string& own = scope_.domain_name();
    const std::string& domain = wanted.domain.empty() ? own : wanted.domain;
    const auto refuse = [&](const char* field, std::uint32_t column, std::string why) {
      return fail(Code::not_found, std::move(why), {{}, row.line, column, field});
    };
    if (domain.empty()) {
      if (wanted.organizer.empty()) return {};
      return refuse("organizer", row.organizer_column,
                    "an organizer is one of a domain; name that");
    }
    const auto organizers = organizers_of(domain);
    if (!organizers) return tl::unexpected(organizers.error());
    if (*organizers == nullptr || (!own.empty() && domain != own)) {
      return refuse("domain", row.domain_column, "no domain " + domain + " in this scope");
    }
    if (wanted.organizer.empty() || (*organizers)->count(wanted.organizer) > 0) return {};
    return refuse("organizer", row.organizer_column,
                  "no organizer " + wanted.organizer + " in this scope");
  }

  Result<void> add(Suppression&& row) {
    if (row.reason.empty()) row.reason = suppression_reason::manual;
    if (row.time == std::chrono::sys_seconds{}) row.time = now_;
    waiting_.push_back(std::move(row));
    return waiting_.size() < rows_per_step ? Result<void>() : flush();
  }

  Result<void> flush() {
    SuppressionImport part;
    const auto stored = store_.atomically([&]() -> Result<void> {
      for (const Suppression& row : waiting_) {
        const auto added = store_.add_suppression(scope_, row);
        if (!added) return tl::unexpected(added.error());
        ++(*added ? part.added : part.known);
      }
      return {};
    });
    waiting_.clear();
    if (!stored) return stored;
    done.added += part.added;
    done.known += part.known;
    return {};
  }

  SuppressionImport done;

 private:
  static constexpr std::size_t rows_per_step = 1000;

  /// Those of a domain that are in the scope; nullptr: there is no such domain.
  Result<const std::set<std::string>*> organizers_of(const std::string& domain) {
    auto place = organizers_.find(domain);
    if (place == organizers_.end()) {
      const auto known = store_.find_domain(domain);
      if (!known) return tl::unexpected(known.error());
      if (!*known) return nullptr;
      const auto scope = scope_.domain_name() == domain ? scope_ : Scope::domain(domain);
      const auto listed = store_.list_organizers(scope);
      if (!listed) return tl::unexpected(listed.error());
      place = organizers_.emplace(domain, std::set<std::string>()).first;
      for (const Organizer& one : *listed) place->second.insert(one.address);
    }
    return &place->second;
  }

  /// Its own export brings a store the hashes that it has.
  Result<void> check_erased(const SuppressionRow& row) {
    const auto listed = store_.list_suppressions(scope_, row.suppression.address, {1, {}});
    if (!listed) return tl::unexpected(listed.error());
    if (!listed->items.empty()) return {};
    return fail(Code::invalid_input,
                "is the hash of somebody erased, which only its own store understands",
                {{}, row.line, row.email_column, "email"});
  }

  Store& store_;
  const Scope& scope_;
  const std::chrono::sys_seconds now_;
  std::vector<Suppression> waiting_;
  std::map<std::string, std::set<std::string>> organizers_;  ///< by domain, once asked for
};

std::string csv_row(const Suppression& row) {
  std::string line;
  append_csv_row(line, {row.address, row.domain, row.organizer, row.reason, format_iso(row.time)});
  return line;
}

/// What the person does by the link of a copy.
Suppression unsubscribed_row(const LinkedCopy& copy, SuppressionScope scope,
                             std::chrono::sys_seconds now) {
  const bool organizer = scope == SuppressionScope::organizer;
  return {copy.domain.name, organizer ? copy.event.organizer : std::string(), copy.attendee.address,
          std::string(suppression_reason::unsubscribed), now};
}

/// The reason of the row that reaches exactly as far; absent when there is none.
Result<std::optional<std::string>> find_reason(Store& store, const Suppression& wanted) {
  std::optional<std::string> reason;
  const auto scope = Scope::domain(wanted.domain);
  const auto listed = for_each_item(
      [&](const Page& page) { return store.list_suppressions(scope, wanted.address, page); },
      [&](const Suppression& row) -> Result<void> {
        if (row.organizer == wanted.organizer) reason = row.reason;
        return {};
      });
  if (!listed) return tl::unexpected(listed.error());
  return reason;
}

/// Said once for each time that somebody unsubscribes.
DeliveryFact unsubscribed_fact(const LinkedCopy& copy, SuppressionScope scope, bool anew,
                               std::chrono::sys_seconds now) {
  DeliveryFact fact;
  fact.domain = copy.domain.name;
  fact.receipt.kind = ReceiptKind::unsubscribed;
  fact.receipt.time = now;
  fact.receipt.event = copy.event.uid;
  fact.receipt.address = copy.attendee.address;
  fact.receipt.sequence = copy.attendee.held_sequence;
  fact.receipt.channel = "web";
  fact.receipt.detail = scope == SuppressionScope::organizer ? "organizer" : "domain";
  // Where another reason suppresses the address already, nothing else tells a first press.
  fact.dedupe_key = "unsubscribed " + copy.attendee.uid + ' ' + fact.receipt.detail;
  if (anew) fact.dedupe_key += ' ' + format_iso(now);
  return fact;
}

}  // namespace

// ---- lists -----------------------------------------------------------------------------------

Result<bool> Engine::add_suppression(const Scope& scope, Suppression row) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = normalize(row); !sound) return tl::unexpected(sound.error());
  if (row.time == std::chrono::sys_seconds{}) row.time = impl_->clock();
  return impl_->store->add_suppression(scope, row);
}

Result<void> Engine::remove_suppression(const Scope& scope, Suppression row) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = normalize(row); !sound) return sound;
  return impl_->store->remove_suppression(scope, row);
}

Result<Paged<Suppression>> Engine::list_suppressions(const Scope& scope, std::string_view address,
                                                     const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_suppressions(scope, address, page);
}

Result<SuppressionImport> Engine::import_suppressions(const Scope& scope, const std::string& source,
                                                      const ReadBytes& read,
                                                      const RowErrorHandler& on_error) {
  const std::lock_guard lock(impl_->mutex);
  SuppressionBatch batch(*impl_->store, scope, impl_->clock());
  const auto report = [&](const Error& error) {
    ++batch.done.bad;
    if (on_error) on_error(error);
  };
  SuppressionListReader reader(
      source,
      [&](SuppressionRow&& row) -> Result<void> {
        auto good = batch.check(row);
        if (good) return batch.add(std::move(row.suppression));
        if (ingest::is_store_error(good.error().code)) return good;
        good.error().place.source = source;
        report(good.error());
        return {};
      },
      report);
  for (bool last = false; !last;) {
    const auto piece = read();
    if (!piece) return tl::unexpected(piece.error());
    last = piece->empty();
    if (auto fed = reader.feed(*piece, last); !fed) return tl::unexpected(fed.error());
  }
  if (auto stored = batch.flush(); !stored) return tl::unexpected(stored.error());
  return batch.done;
}

Result<void> Engine::export_suppressions(const Scope& scope, const ReportSink& sink) {
  const std::lock_guard lock(impl_->mutex);
  const auto put = [&](std::string_view piece) -> Result<void> {
    if (sink(piece)) return {};
    return fail(Code::stopped, "the export's reader ended it");
  };
  std::string header;
  append_csv_row(header, {"email", "domain", "organizer", "reason", "time"});
  if (auto written = put(header); !written) return written;
  return for_each_item(
      [&](const Page& page) { return impl_->store->list_suppressions(scope, {}, page); },
      [&](const Suppression& row) { return put(csv_row(row)); });
}

Result<Paged<Consent>> Engine::list_consents(const Scope& scope, std::string_view address,
                                             const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_consents(scope, address, page);
}

// ---- links -----------------------------------------------------------------------------------

Result<UnsubscribeView> Engine::find_unsubscribe(std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, TokenPurpose::unsubscribe);
  if (!copy) return tl::unexpected(copy.error());
  const auto organizer =
      impl_->store->find_organizer(Scope::domain(copy->domain.name), copy->event.organizer);
  if (!organizer) return tl::unexpected(organizer.error());
  UnsubscribeView view;
  view.domain = copy->domain.name;
  view.event = copy->event.uid;
  view.summary = copy->event.summary;
  view.language = copy->attendee.language.empty() ? copy->event.language : copy->attendee.language;
  if (!*organizer) return fail(Code::not_found, "no organizer of " + view.event);
  view.organizer_name = (*organizer)->name;
  if (view.organizer_name.empty()) {
    view.organizer_name = (*organizer)->local_part + '@' + copy->domain.reply_domain;
  }
  // Whatever the reason, nothing more comes: who complained need not ask again. The operator's rows
  // reach every domain.
  const auto listed = for_each_item(
      [&](const Page& page) {
        return impl_->store->list_suppressions(Scope::system(), copy->attendee.address, page);
      },
      [&](const Suppression& row) -> Result<void> {
        if (!row.domain.empty() && row.domain != view.domain) return {};
        if (row.organizer.empty()) view.domain_unsubscribed = true;
        if (row.organizer == copy->event.organizer) view.organizer_unsubscribed = true;
        return {};
      });
  if (!listed) return tl::unexpected(listed.error());
  return view;
}

Result<void> Engine::unsubscribe(std::string_view token, SuppressionScope scope) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, TokenPurpose::unsubscribe);
  if (!copy) return tl::unexpected(copy.error());
  const auto now = impl_->clock();
  const auto row = unsubscribed_row(*copy, scope, now);
  Store& store = *impl_->store;
  return store.atomically([&]() -> Result<void> {
    const auto reason = find_reason(store, row);
    if (!reason) return tl::unexpected(reason.error());
    if (*reason == suppression_reason::unsubscribed) return {};
    const auto within = Scope::domain(row.domain);
    const auto added = store.add_suppression(within, row);
    if (!added) return tl::unexpected(added.error());
    auto withdrawn = store.withdraw_consent(within, row.organizer, row.address, now);
    if (!withdrawn) return withdrawn;
    const auto told = store.record_fact(unsubscribed_fact(*copy, scope, *added, now), now);
    if (!told) return tl::unexpected(told.error());
    return {};
  });
}

Result<void> Engine::resubscribe(std::string_view token, SuppressionScope scope) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, TokenPurpose::unsubscribe);
  if (!copy) return tl::unexpected(copy.error());
  const auto now = impl_->clock();
  const auto row = unsubscribed_row(*copy, scope, now);
  Store& store = *impl_->store;
  return store.atomically([&]() -> Result<void> {
    const auto reason = find_reason(store, row);
    if (!reason) return tl::unexpected(reason.error());
    if (!*reason) return {};
    if (*reason != suppression_reason::unsubscribed) {
      return fail(Code::conflict, "the address is suppressed for another reason");
    }
    const auto within = Scope::domain(row.domain);
    if (auto lifted = store.remove_suppression(within, row); !lifted) return lifted;
    const auto kept = store.record_consent(
        within, {row.domain, row.organizer, row.address, "resubscribe link", now, {}});
    if (!kept) return tl::unexpected(kept.error());
    return {};
  });
}

// ---- erasure ---------------------------------------------------------------------------------

Result<Erasure> Engine::erase(const Scope& scope, std::string_view address, bool compact) {
  const std::lock_guard lock(impl_->mutex);
  const auto person = normalize_address(address);
  if (!person) return tl::unexpected(person.error());
  std::array<std::uint8_t, 16> draw{};
  impl_->random(draw);
  const std::string stand_in = "erased-" + text::hex(draw) + std::string(erased_host);
  Erasure done;
  Store& store = *impl_->store;
  const auto erased = store.atomically([&]() -> Result<void> {
    auto rows = store.erase(scope, *person, stand_in, impl_->clock());
    if (!rows) return tl::unexpected(rows.error());
    const auto dropped = ingest::drop_mentions(store, scope, *person);
    if (!dropped) return tl::unexpected(dropped.error());
    done = *std::move(rows);
    done.quarantined = *dropped;
    return {};
  });
  if (!erased) return tl::unexpected(erased.error());
  if (!compact) return done;
  if (auto compacted = store.compact(); !compacted) return tl::unexpected(compacted.error());
  return done;
}

Result<void> Engine::compact() {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->compact();
}

}  // namespace calinvite
