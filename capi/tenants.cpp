#include "calinvite/c/tenants.h"

#include <algorithm>
#include <limits>

#include "engine.hpp"

namespace calinvite::capi {

namespace {

constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

std::string string_of(const char* text) { return std::string(text_or(text)); }

/// As a caller's struct of any size says it, over `known`.
template <class Struct, class Value>
void overlay(Block<Struct>& block, const Struct* given, const Value& known, const char* name) {
  if (needed(given, name)->struct_size < sizeof given->struct_size) {
    refuse(std::string(name) + ".struct_size is not set; begin with the _INIT value", name);
  }
  fill(*block.result(), known, block.arena());
  std::memcpy(block.result(), given, std::min(given->struct_size, sizeof *given));
}

Domain domain_of(const calinvite_domain* given, const Domain& known) {
  Block<calinvite_domain> block;
  overlay(block, given, known, "domain");
  const calinvite_domain& from = *block.result();
  Domain domain = known;
  domain.name = needed_text(from.name, "domain.name");
  domain.from = needed_text(from.from, "domain.from");
  domain.reply_domain = needed_text(from.reply_domain, "domain.reply_domain");
  domain.base_url = needed_text(from.base_url, "domain.base_url");
  domain.super_user = string_of(from.super_user);
  domain.configuration_set = string_of(from.configuration_set);
  const std::string_view separator = text_or(from.separator, "+");
  if (separator.size() != 1) refuse("expected + or -", "domain.separator");
  domain.separator = separator.front();
  domain.registration = choice_of(from.registration, "domain.registration", Registration::confirm);
  domain.shared_attendees =
      choice_of(from.shared_attendees, "domain.shared_attendees", SharedPolicy::hold);
  domain.landings = texts_of(from.landings, from.landing_count, "domain.landings");
  domain.description_limit =
      from.description_limit == 0 ? Domain().description_limit : from.description_limit;
  domain.cancelled_status_on_uninvite = from.no_uninvite_status == 0;
  domain.event_limit = from.event_limit;
  domain.invite_limit = from.invite_limit == 0            ? usual_invite_limit
                        : from.invite_limit == any_number ? 0
                                                          : from.invite_limit;
  domain.approval = from.approval != 0;
  return domain;
}

enum : std::uint32_t { as_the_domain = 0, must_wait = 1, need_not_wait = 2 };

Organizer organizer_of(const calinvite_organizer* given, const Organizer& known) {
  Block<calinvite_organizer> block;
  overlay(block, given, known, "organizer");
  const calinvite_organizer& from = *block.result();
  Organizer organizer = known;
  organizer.domain = string_of(from.domain);
  organizer.address = needed_text(from.address, "organizer.address");
  organizer.name = string_of(from.name);
  organizer.local_part = string_of(from.local_part);
  organizer.language = string_of(from.language);
  organizer.bulk = from.bulk != 0;
  if (from.approval > need_not_wait) refuse("expected 0, 1 or 2", "organizer.approval");
  organizer.approval = std::nullopt;
  if (from.approval != as_the_domain) organizer.approval = from.approval == must_wait;
  return organizer;
}

/// The one among `stored` that `is_it`, else one of which nothing is known.
template <class Value, class Test>
Value known_of(const std::vector<Value>& stored, Test is_it) {
  const auto found = std::find_if(stored.begin(), stored.end(), is_it);
  return found != stored.end() ? *found : Value();
}

}  // namespace

static void fill(calinvite_domain& to, const Domain& from, Arena& arena) {
  LEND(name);
  LEND(from);
  LEND(reply_domain);
  LEND(base_url);
  LEND(super_user);
  LEND(configuration_set);
  arena.lend(to.separator, std::string(1, from.separator));
  LEND(registration);
  LEND(shared_attendees);
  LEND_LIST(landings, landing);
  LEND(description_limit);
  to.no_uninvite_status = from.cancelled_status_on_uninvite ? 0 : 1;
  LEND(event_limit);
  to.invite_limit = from.invite_limit == 0 ? any_number : from.invite_limit;
  LEND(approval);
}
CALINVITE_FILL_LIST(calinvite_domain, Domain)

static void fill(calinvite_organizer& to, const Organizer& from, Arena& arena) {
  LEND(domain);
  LEND(address);
  LEND(name);
  LEND(local_part);
  LEND(state);
  LEND(language);
  LEND(bulk);
  to.approval = !from.approval ? as_the_domain : *from.approval ? must_wait : need_not_wait;
}
CALINVITE_FILL_LIST(calinvite_organizer, Organizer)

static void fill(calinvite_registration_page& to, const RegistrationPage& from, Arena& arena) {
  LEND(domain);
  LEND(address);
  LEND(waiting);
}

static void fill(calinvite_signing_key& to, const SigningKey& from, Arena& arena) {
  LEND(created);
  LEND(id);
  LEND(signs);
}
CALINVITE_FILL_LIST(calinvite_signing_key, SigningKey)

static void fill(calinvite_api_key& to, const ApiKey& from, Arena& arena) {
  LEND(id);
  LEND(label);
  LEND(scope);
  to.key = "";
  LEND(created);
  LEND(last_used);
  LEND(revoked);
}
CALINVITE_FILL_LIST(calinvite_api_key, ApiKey)

static void fill(calinvite_api_key& to, const NewApiKey& from, Arena& arena) {
  fill(to, from.entry, arena);
  LEND(key);
}

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_add_domain(calinvite_engine* engine, const calinvite_domain* domain,
                                      const calinvite_domain** domain_out,
                                      calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, domain_out, error_out, [&](calinvite::Engine& own) {
    return own.add_domain(capi::domain_of(domain, {}));
  });
}

calinvite_status calinvite_update_domain(calinvite_engine* engine, const calinvite_domain* domain,
                                         const calinvite_domain** domain_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, domain_out, error_out, [&](calinvite::Engine& own) {
    const std::string_view name =
        capi::needed_text(capi::read(capi::needed(domain, "domain"), "domain").name, "domain.name");
    const auto known =
        capi::known_of(capi::value(own.list_domains()),
                       [&](const calinvite::Domain& stored) { return stored.name == name; });
    return own.update_domain(capi::domain_of(domain, known));
  });
}

calinvite_status calinvite_list_domains(calinvite_engine* engine,
                                        const calinvite_domain_list** domains_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, domains_out, error_out,
                           [&](calinvite::Engine& own) { return own.list_domains(); });
}

calinvite_status calinvite_set_template(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* name, const char* contents, size_t size,
                                        calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.set_template(capi::scope_of(scope), capi::needed_text(name, "name"),
                                 capi::bytes_of(contents, size, "contents")));
  });
}

calinvite_status calinvite_add_organizer(calinvite_engine* engine,
                                         const calinvite_organizer* organizer,
                                         const calinvite_organizer** organizer_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, organizer_out, error_out, [&](calinvite::Engine& own) {
    return own.add_organizer(capi::organizer_of(organizer, {}));
  });
}

calinvite_status calinvite_update_organizer(calinvite_engine* engine, const calinvite_scope* scope,
                                            const calinvite_organizer* organizer,
                                            const calinvite_organizer** organizer_out,
                                            calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, organizer_out, error_out, [&](calinvite::Engine& own) {
    const auto address = capi::value(calinvite::normalize_address(
        capi::needed_text(capi::read(capi::needed(organizer, "organizer"), "organizer").address,
                          "organizer.address")));
    const auto known = capi::known_of(
        capi::value(own.list_organizers(capi::scope_of(scope))),
        [&](const calinvite::Organizer& stored) { return stored.address == address; });
    return own.update_organizer(capi::scope_of(scope), capi::organizer_of(organizer, known));
  });
}

calinvite_status calinvite_list_organizers(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_organizer_list** organizers_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(
      engine, __func__, organizers_out, error_out,
      [&](calinvite::Engine& own) { return own.list_organizers(capi::scope_of(scope)); });
}

calinvite_status calinvite_suspend_organizer(calinvite_engine* engine, const calinvite_scope* scope,
                                             const char* address,
                                             calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(
        own.suspend_organizer(capi::scope_of(scope), capi::needed_text(address, "address")));
  });
}

calinvite_status calinvite_set_delegate(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* organizer, const char* address,
                                        uint32_t allowed, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.set_delegate(capi::scope_of(scope), capi::needed_text(organizer, "organizer"),
                                 capi::needed_text(address, "address"), allowed != 0));
  });
}

calinvite_status calinvite_find_registration(calinvite_engine* engine, const char* token,
                                             const calinvite_registration_page** page_out,
                                             calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, page_out, error_out, [&](calinvite::Engine& own) {
    return own.find_registration(capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_confirm_registration(calinvite_engine* engine, const char* token,
                                                calinvite_ingest_item_fn on_item, void* user_data,
                                                const calinvite_organizer** organizer_out,
                                                calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, organizer_out, error_out, [&](calinvite::Engine& own) {
    return own.confirm_registration(
        capi::needed_text(token, "token"),
        capi::items_to(engine, "calinvite_confirm_registration", on_item, user_data));
  });
}

calinvite_status calinvite_rotate_key(calinvite_engine* engine, const calinvite_scope* scope,
                                      const calinvite_signing_key** key_out,
                                      calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, key_out, error_out, [&](calinvite::Engine& own) {
    return own.rotate_key(capi::scope_of(scope));
  });
}

calinvite_status calinvite_list_keys(calinvite_engine* engine, const calinvite_scope* scope,
                                     const calinvite_signing_key_list** keys_out,
                                     calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, keys_out, error_out, [&](calinvite::Engine& own) {
    return own.list_keys(capi::scope_of(scope));
  });
}

calinvite_status calinvite_withdraw_key(calinvite_engine* engine, const calinvite_scope* scope,
                                        uint32_t id, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    if (id > UINT16_MAX) capi::refuse("expected an id of calinvite_list_keys", "id");
    capi::value(own.withdraw_key(capi::scope_of(scope), static_cast<std::uint16_t>(id)));
  });
}

calinvite_status calinvite_add_api_key(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* label, const calinvite_scope* of,
                                       const calinvite_api_key** key_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, key_out, error_out, [&](calinvite::Engine& own) {
    return own.add_api_key(capi::scope_of(scope), capi::needed_text(label, "label"),
                           capi::scope_of(of, "of"));
  });
}

calinvite_status calinvite_list_api_keys(calinvite_engine* engine, const calinvite_scope* scope,
                                         const calinvite_api_key_list** keys_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, keys_out, error_out, [&](calinvite::Engine& own) {
    return own.list_api_keys(capi::scope_of(scope));
  });
}

calinvite_status calinvite_revoke_api_key(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* id, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.revoke_api_key(capi::scope_of(scope), capi::needed_text(id, "id")));
  });
}

calinvite_status calinvite_authenticate_key(calinvite_engine* engine, const char* key,
                                            const calinvite_scope** scope_out,
                                            calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, scope_out, error_out, [&](calinvite::Engine& own) {
    return own.authenticate_key(capi::needed_text(key, "key"));
  });
}
