#include "calinvite/c/reports.h"
#include "engine.hpp"

namespace calinvite::capi {

static void fill(calinvite_suppression& to, const Suppression& from, Arena& arena) {
  LEND(domain);
  LEND(organizer);
  LEND(address);
  LEND(reason);
  LEND(time);
}
CALINVITE_FILL_LIST(calinvite_suppression, Suppression)

static void fill(calinvite_suppression_import& to, const SuppressionImport& from, Arena& arena) {
  LEND(added);
  LEND(known);
  LEND(bad);
}

static void fill(calinvite_consent& to, const Consent& from, Arena& arena) {
  LEND(domain);
  LEND(organizer);
  LEND(address);
  LEND(source);
  LEND(text);
  LEND(time);
  LEND(withdrawn);
}
CALINVITE_FILL_LIST(calinvite_consent, Consent)

static void fill(calinvite_unsubscribe_view& to, const UnsubscribeView& from, Arena& arena) {
  LEND(domain);
  LEND(event);
  LEND(summary);
  LEND(organizer_name);
  LEND(language);
  LEND(organizer_unsubscribed);
  LEND(domain_unsubscribed);
}

static void fill(calinvite_erasure& to, const Erasure& from, Arena& arena) {
  LEND(attendees);
  LEND(receipts);
  LEND(suppressed);
  LEND(consents);
  LEND(quarantined);
  LEND(notices);
  LEND_LIST(named, named);
}

namespace {

Suppression suppression_of(const calinvite_suppression* pointed) {
  const auto given = read(needed(pointed, "row"), "row");
  return {std::string(text_or(given.domain)), std::string(text_or(given.organizer)),
          std::string(needed_text(given.address, "row.address")),
          std::string(text_or(given.reason)), time_of(given.time)};
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_add_suppression(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_suppression* row, uint32_t* added_out,
                                           calinvite_error** error_out) noexcept {
  capi::clear(added_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const bool added =
        capi::value(own.add_suppression(capi::scope_of(scope), capi::suppression_of(row)));
    if (added_out != nullptr) *added_out = added ? 1 : 0;
  });
}

calinvite_status calinvite_remove_suppression(calinvite_engine* engine,
                                              const calinvite_scope* scope,
                                              const calinvite_suppression* row,
                                              calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.remove_suppression(capi::scope_of(scope), capi::suppression_of(row)));
  });
}

calinvite_status calinvite_list_suppressions(calinvite_engine* engine, const calinvite_scope* scope,
                                             const char* address, const calinvite_page* page,
                                             const calinvite_suppression_list** rows_out,
                                             calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, rows_out, error_out, [&](calinvite::Engine& own) {
    return own.list_suppressions(capi::scope_of(scope), capi::text_or(address),
                                 capi::page_of(page));
  });
}

calinvite_status calinvite_import_suppressions(calinvite_engine* engine,
                                               const calinvite_scope* scope, const char* source,
                                               calinvite_read_fn read,
                                               calinvite_row_error_fn on_error, void* user_data,
                                               const calinvite_suppression_import** import_out,
                                               calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, import_out, error_out, [&](calinvite::Engine& own) {
    return own.import_suppressions(capi::scope_of(scope), std::string(capi::text_or(source)),
                                   capi::pieces_of(read, user_data, nullptr),
                                   capi::errors_to(on_error, user_data));
  });
}

calinvite_status calinvite_export_suppressions(calinvite_engine* engine,
                                               const calinvite_scope* scope,
                                               calinvite_write_fn on_piece, void* user_data,
                                               calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(
        own.export_suppressions(capi::scope_of(scope), capi::pieces_to(on_piece, user_data)));
  });
}

calinvite_status calinvite_list_consents(calinvite_engine* engine, const calinvite_scope* scope,
                                         const char* address, const calinvite_page* page,
                                         const calinvite_consent_list** consents_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, consents_out, error_out, [&](calinvite::Engine& own) {
    return own.list_consents(capi::scope_of(scope), capi::text_or(address), capi::page_of(page));
  });
}

calinvite_status calinvite_find_unsubscribe(calinvite_engine* engine, const char* token,
                                            const calinvite_unsubscribe_view** view_out,
                                            calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, view_out, error_out, [&](calinvite::Engine& own) {
    return own.find_unsubscribe(capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_unsubscribe(calinvite_engine* engine, const char* token,
                                       const char* from, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.unsubscribe(capi::needed_text(token, "token"),
                                capi::needed_choice<calinvite::SuppressionScope>(from, "from")));
  });
}

calinvite_status calinvite_resubscribe(calinvite_engine* engine, const char* token,
                                       const char* from, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.resubscribe(capi::needed_text(token, "token"),
                                capi::needed_choice<calinvite::SuppressionScope>(from, "from")));
  });
}

calinvite_status calinvite_erase(calinvite_engine* engine, const calinvite_scope* scope,
                                 const char* address, uint32_t compact,
                                 const calinvite_erasure** erasure_out,
                                 calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, erasure_out, error_out, [&](calinvite::Engine& own) {
    return own.erase(capi::scope_of(scope), capi::needed_text(address, "address"), compact != 0);
  });
}

calinvite_status calinvite_compact(calinvite_engine* engine, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out,
                         [&](calinvite::Engine& own) { capi::value(own.compact()); });
}
