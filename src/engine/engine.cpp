#include "calinvite/engine.hpp"

#include <thread>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/impl.hpp"
#include "locale/locale.hpp"
#include "outbox/allowance.hpp"
#include "report/report.hpp"
#include "texts/texts.hpp"

namespace calinvite {

Result<void> require_whole_domain(const Scope& scope) {
  if (scope.organizer_address().empty()) return {};
  return fail(Code::not_found, "this call needs the scope of a whole domain");
}

Plan to_plan(std::string_view event, const ChangeCounts& counts) {
  Plan plan;
  plan.event = std::string(event);
  plan.update = counts.update;
  plan.cancel = counts.cancel;
  plan.skip = counts.skip;
  return plan;
}

namespace {

/// A local part with the longest token must still make an address (R25).
Result<void> check_sender(const std::string& local_part, const Domain& domain) {
  const auto sound =
      token_address(local_part, std::string(16, 'a'), domain.reply_domain, domain.separator);
  if (!sound) return tl::unexpected(sound.error());
  const auto normal = normalize_address(*sound);
  if (normal && *normal == *sound) return {};
  return fail(Code::invalid_argument,
              "\"" + local_part + "\" makes no address on " + domain.reply_domain +
                  "; expected lower-case ASCII",
              {.source = {}, .line = 0, .column = 0, .field = "local_part"});
}

std::string local_part_of(std::string_view address) {
  return std::string(address.substr(0, address.rfind('@')));
}

/// `create@`, `bulk@` and `notices@` receive mail for the domain itself.
bool is_reserved(std::string_view local_part) {
  return local_part == "create" || local_part == "bulk" || local_part == "notices";
}

constexpr std::uint32_t longest_description = 20'000;  // the HTML part must stay small (R19)

/// Plain http to this machine: nobody can listen, and trying out needs no certificate.
bool is_on_this_machine(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return false;
  const auto rest = url.substr(scheme.size());
  for (const std::string_view host : {"127.0.0.1", "[::1]", "localhost"}) {
    if (!rest.starts_with(host)) continue;
    const auto port = rest.substr(host.size());
    return port.empty() || port.front() == '/' ||
           (port.front() == ':' &&
            port.find_first_not_of("0123456789/", 1) == std::string_view::npos);
  }
  return false;
}

Result<void> check_domain(Domain& domain) {
  auto from = normalize_address(domain.from);
  if (!from) return tl::unexpected(from.error());
  domain.from = *std::move(from);
  domain.reply_domain = text::lower(domain.reply_domain);
  const auto field = [](const char* name) {
    return Place{.source = {}, .line = 0, .column = 0, .field = name};
  };
  if (domain.name.empty())
    return fail(Code::invalid_argument, "a domain needs a name", field("name"));
  if (auto line = text::check_single_line(domain.name, "name"); !line) return line;
  if (address_domain(domain.from) != domain.reply_domain) {
    return fail(Code::invalid_argument,
                "from " + domain.from + " does not lie on the reply domain " + domain.reply_domain,
                field("from"));
  }
  if (is_consumer_domain(domain.reply_domain)) {
    return fail(Code::invalid_argument,
                domain.reply_domain +
                    " is a mail provider's: answers would not come back, and Google keeps those "
                    "between two of its calendars to itself; expected a DNS name whose mail you "
                    "receive",
                field("reply_domain"));
  }
  if (!domain.base_url.starts_with("https://") && !is_on_this_machine(domain.base_url)) {
    return fail(Code::invalid_argument,
                "base URL " + text::one_line(domain.base_url, 80) +
                    " is not https, as links in mails must be; expected https://host (http only "
                    "for 127.0.0.1, [::1] and localhost)",
                field("base_url"));
  }
  while (domain.base_url.ends_with('/')) domain.base_url.pop_back();
  if (domain.description_limit == 0 || domain.description_limit > longest_description) {
    return fail(Code::invalid_argument,
                "description limit " + std::to_string(domain.description_limit) +
                    " is not between 1 and " + std::to_string(longest_description) + " characters",
                field("description_limit"));
  }
  if (!domain.super_user.empty()) {
    auto super_user = normalize_address(domain.super_user);
    if (!super_user) return tl::unexpected(super_user.error());
    domain.super_user = *std::move(super_user);
  }
  for (const std::string& landing : domain.landings) {
    if (auto sound = check_web_address("landings", landing); !sound) return sound;
  }
  if (is_reserved(local_part_of(domain.from))) {
    return fail(Code::invalid_argument, domain.from + " is reserved", field("from"));
  }
  return check_sender(local_part_of(domain.from), domain);
}

}  // namespace

// ---- what the calls share --------------------------------------------------------------------

Result<Domain> Engine::Impl::get_domain(std::string_view name) {
  auto domain = store->find_domain(name);
  if (!domain) return tl::unexpected(domain.error());
  if (!*domain) return fail(Code::not_found, "no domain " + std::string(name));
  return **std::move(domain);
}

Result<Domain> Engine::Impl::choose_domain(std::string_view name) {
  if (!name.empty()) return get_domain(name);
  auto domains = store->list_domains();
  if (!domains) return tl::unexpected(domains.error());
  if (domains->size() == 1) return std::move(domains->front());
  return fail(Code::not_found, domains->empty() ? "no domain yet; add one first"
                                                : "several domains: name the one that is meant");
}

Result<ingest::Context> Engine::Impl::context_of(const Scope& scope) {
  auto domain = get_domain(scope.domain_name());
  if (!domain) return tl::unexpected(domain.error());
  return context(*std::move(domain));
}

// ---- opening ---------------------------------------------------------------------------------

std::chrono::sys_seconds system_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<Engine> Engine::open(EngineOptions options) {
  auto store = open_store(options.store, options.zoneinfo);
  if (!store) return tl::unexpected(store.error());
  auto impl = std::make_unique<Impl>();
  impl->store = *std::move(store);
  impl->zones = ZoneTable(options.zoneinfo);
  impl->clock = options.clock ? std::move(options.clock) : Clock(system_time);
  impl->fine_clock = [] {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  impl->sleep = [](std::chrono::microseconds time) { std::this_thread::sleep_for(time); };
  impl->random = options.random ? std::move(options.random) : Random(system_random);
  impl->verifier = std::move(options.verifier);
  impl->master_key = options.master_key;
  impl->store->set_erasure_key(
      crypto::hmac_sha256(options.master_key, "calinvite hashes of erased addresses"));
  return Engine(std::move(impl));
}

// ---- domains and organizers ------------------------------------------------------------------

Result<Domain> Engine::add_domain(Domain domain) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = check_domain(domain); !sound) return tl::unexpected(sound.error());
  const auto added = impl_->store->atomically([&]() -> Result<void> {
    if (auto stored = impl_->store->add_domain(domain); !stored) return stored;
    const auto key = impl_->add_signing_key(domain.name);
    return key ? Result<void>() : Result<void>(tl::unexpected(key.error()));
  });
  if (!added) return tl::unexpected(added.error());
  return domain;
}

Result<Domain> Engine::update_domain(Domain domain) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = check_domain(domain); !sound) return tl::unexpected(sound.error());
  const auto updated = impl_->store->atomically([&]() -> Result<void> {
    const auto stored = impl_->get_domain(domain.name);
    if (!stored) return tl::unexpected(stored.error());
    const bool moved = stored->reply_domain != domain.reply_domain;
    if (moved || stored->separator != domain.separator) {
      return fail(
          Code::conflict,
          "calendars know organizers by addresses with " + std::string(1, stored->separator) +
              " on " + stored->reply_domain + "; for others add another domain",
          {.source = {}, .line = 0, .column = 0, .field = moved ? "reply_domain" : "separator"});
    }
    return impl_->store->save_domain(domain);
  });
  if (!updated) return tl::unexpected(updated.error());
  return domain;
}

Result<std::vector<Domain>> Engine::list_domains() {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_domains();
}

namespace {

/// Brings what people say of an organizer into the form in which it is kept.
Result<void> check_organizer(Organizer& organizer) {
  auto address = normalize_address(organizer.address);
  if (!address) return tl::unexpected(address.error());
  organizer.address = *std::move(address);
  if (auto line = text::check_single_line(organizer.name, "name"); !line) return line;
  if (organizer.language.empty()) return {};
  const auto tag = locale::canonical_language(organizer.language);
  if (!tag) {
    return fail(Code::invalid_argument, organizer.language + " is no language tag",
                {.source = {}, .line = 0, .column = 0, .field = "language"});
  }
  organizer.language = *tag;
  return {};
}

}  // namespace

Result<Organizer> Engine::add_organizer(Organizer organizer) {
  const std::lock_guard lock(impl_->mutex);
  const auto domain = impl_->choose_domain(organizer.domain);
  if (!domain) return tl::unexpected(domain.error());
  organizer.domain = domain->name;
  if (auto sound = check_organizer(organizer); !sound) return tl::unexpected(sound.error());
  if (organizer.local_part.empty()) organizer.local_part = local_part_of(domain->from);
  if (is_reserved(organizer.local_part)) {
    return fail(Code::invalid_argument, organizer.local_part + "@ is reserved",
                {.source = {}, .line = 0, .column = 0, .field = "local_part"});
  }
  if (auto sound = check_sender(organizer.local_part, *domain); !sound) {
    return tl::unexpected(sound.error());
  }
  const auto scope = Scope::domain(domain->name);
  auto known = impl_->store->find_organizer(scope, organizer.address);
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->state == OrganizerState::suspended) {
    (*known)->state = OrganizerState::registered;
    const auto back = impl_->store->set_organizer_state(scope, organizer.address, (*known)->state);
    if (!back) return tl::unexpected(back.error());
    return **std::move(known);
  }
  if (auto added = impl_->store->add_organizer(organizer); !added) {
    return tl::unexpected(added.error());
  }
  return organizer;
}

Result<std::vector<Organizer>> Engine::list_organizers(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_organizers(scope);
}

Result<Organizer> Engine::update_organizer(const Scope& scope, Organizer organizer) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = check_organizer(organizer); !sound) return tl::unexpected(sound.error());
  // Nobody gives themselves a right, or lets their own changes through.
  if (auto whole = require_whole_domain(scope); !whole) return tl::unexpected(whole.error());
  const auto known = impl_->store->find_organizer(scope, organizer.address);
  if (!known) return tl::unexpected(known.error());
  if (!*known) return fail(Code::not_found, "no organizer " + organizer.address);
  organizer.domain = (*known)->domain;
  organizer.local_part = (*known)->local_part;
  organizer.state = (*known)->state;
  const auto saved = impl_->store->save_organizer(scope, organizer);
  if (!saved) return tl::unexpected(saved.error());
  return organizer;
}

Result<void> Engine::suspend_organizer(const Scope& scope, std::string_view address) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->set_organizer_state(scope, address, OrganizerState::suspended);
}

Result<void> Engine::set_delegate(const Scope& scope, std::string_view organizer,
                                  std::string_view address, bool allowed) {
  const std::lock_guard lock(impl_->mutex);
  const auto delegate = normalize_address(address);
  if (!delegate) return tl::unexpected(delegate.error());
  return impl_->store->set_delegate(scope, organizer, *delegate, allowed);
}

// ---- sending ---------------------------------------------------------------------------------

Result<DispatchResult> Engine::dispatch(Transport& transport, const DispatchOptions& options) {
  const std::lock_guard lock(impl_->mutex);
  auto with = impl_->surroundings(transport);
  with.pace = &impl_->paces[&transport];
  return outbox::dispatch(with, options);
}

Result<OutboxTotals> Engine::totals(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->totals(scope);
}

Result<std::vector<SendingAccount>> Engine::list_accounts() {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_accounts(Scope::system());
}

Result<void> Engine::resume_account(std::string_view key) {
  const std::lock_guard lock(impl_->mutex);
  const auto accounts = impl_->store->list_accounts(Scope::system());
  if (!accounts) return tl::unexpected(accounts.error());
  for (const SendingAccount& account : *accounts) {
    if (account.key != key || account.hold == AccountHold::none) continue;
    return impl_->store->edit_account(Scope::system(), key, outbox::resume);
  }
  return fail(Code::not_found, "no account " + std::string(key) + " is held");
}

Result<Reputation> Engine::reputation(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->reputation(scope, impl_->clock() - outbox::reputation_window);
}

Result<void> Engine::lift_hold(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->lift_hold(scope, impl_->clock());
}

Result<OutboxTotals> Engine::notice_totals(const Scope& scope) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->notice_totals(scope);
}

Result<Paged<Notice>> Engine::list_notices(const Scope& scope, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_notices(scope, page);
}

Result<void> Engine::set_template(const Scope& scope, std::string_view name,
                                  std::string_view contents) {
  const std::lock_guard lock(impl_->mutex);
  if (auto sound = texts::check_override(name, contents); !sound) return sound;
  return impl_->store->set_template(scope, name, contents);
}

// ---- reports ---------------------------------------------------------------------------------

Result<Statistics> Engine::statistics(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->statistics(scope, event);
}

Result<Paged<Attendee>> Engine::list_attendees(const Scope& scope, std::string_view event,
                                               const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_attendees(scope, event, page);
}

Result<Paged<Attendee>> Engine::list_attendees(const Scope& scope, std::string_view event,
                                               const AttendeeFilter& filter, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_attendees(scope, event, filter, page);
}

Result<Paged<Receipt>> Engine::list_receipts(const Scope& scope, std::string_view event,
                                             const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_receipts(scope, event, page);
}

Result<Paged<OutboxEntry>> Engine::list_outbox(const Scope& scope, OutboxState state,
                                               std::string_view event, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_outbox(scope, state, event, page);
}

Result<Paged<SharedAttendee>> Engine::list_shared_attendees(const Scope& scope,
                                                            std::string_view event,
                                                            const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_shared_attendees(scope, event, page);
}

Result<void> Engine::report(const Scope& scope, std::string_view event, ReportFormat format,
                            const ReportSink& sink) {
  const std::lock_guard lock(impl_->mutex);
  return report::write(*impl_->store, scope, event, format, sink);
}

}  // namespace calinvite
