#include <algorithm>
#include <calinvite/time.hpp>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

/// All of a file; nothing when none is named.
Result<std::string> read_whole(const std::string& path) {
  std::string contents;
  if (path.empty()) return contents;
  auto reader = FileReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  for (;;) {
    const auto piece = reader->read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return contents;
    contents += *piece;
  }
}

void add_template_command(CLI::App& domain, Session& session) {
  auto* command = domain.add_subcommand("template", "Replaces a template of mails");
  const auto name = std::make_shared<std::string>();
  const auto file = std::make_shared<std::string>();
  command->add_option("NAME", *name, "Such as invitation.html or notice_created.html")->required();
  command->add_option("FILE", *file, "Mustache; leave out for ours again");
  command->callback([&session, name, file] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto contents = read_whole(*file);
      if (!contents) return Result<void>(tl::unexpected(contents.error()));
      auto set = engine.set_template(scope, *name, *contents);
      if (set) {
        print(session, Line{{"template", *name}, {"own", !contents->empty()}},
              *name + (contents->empty() ? " is ours again" : " is replaced"));
      }
      return set;
    });
  });
}

void print_domain(const Session& session, const calinvite::Domain& domain) {
  print(session,
        Line{{"domain", domain.name},
             {"from", domain.from},
             {"reply_domain", domain.reply_domain},
             {"base_url", domain.base_url},
             {"registration", to_string(domain.registration)},
             {"event_limit", domain.event_limit},
             {"invite_limit", domain.invite_limit},
             {"approval", domain.approval},
             {"shared_attendees", to_string(domain.shared_attendees)}},
        "domain " + domain.name + " sends as " + domain.from);
}

/// What may be said of a domain at any time; only what was given is applied.
struct DomainFields {
  std::optional<std::string> from, base_url, super_user, configuration_set;
  std::optional<std::uint32_t> description_limit;
  std::optional<bool> uninvite_status, approval;
  std::optional<std::string> registration, shared_attendees;
  std::optional<std::uint32_t> event_limit, invite_limit;
  std::optional<std::vector<std::string>> landings;

  void apply(calinvite::Domain& domain) const {
    const auto set = [](const auto& given, auto& field) {
      if (given) field = *given;
    };
    set(from, domain.from);
    set(base_url, domain.base_url);
    set(super_user, domain.super_user);
    set(configuration_set, domain.configuration_set);
    set(description_limit, domain.description_limit);
    set(uninvite_status, domain.cancelled_status_on_uninvite);
    set(event_limit, domain.event_limit);
    set(invite_limit, domain.invite_limit);
    set(approval, domain.approval);
    if (registration) domain.registration = *calinvite::parse_registration(*registration);
    if (shared_attendees) {
      domain.shared_attendees = *calinvite::parse_shared_policy(*shared_attendees);
    }
    set(landings, domain.landings);
    std::erase(domain.landings, "");
  }
};

/// @param needed  whether those options are that no domain can be without
void add_field_options(CLI::App& command, DomainFields& fields, bool needed) {
  command
      .add_option("--from", fields.from,
                  "Sender address, on the reply domain, of organizers added from now on")
      ->required(needed);
  command.add_option("--base-url", fields.base_url, "Origin of links, https://…")->required(needed);
  command.add_option("--super-user", fields.super_user, "Address that sees all of it");
  command.add_option("--configuration-set", fields.configuration_set, "SES configuration set");
  command.add_option("--description-limit", fields.description_limit,
                     "Characters of a description that are mailed (4000)");
  command.add_option("--landing", fields.landings,
                     "Web page that readers may be sent on to; repeat it for more, \"\" for none");
  add_choice(command, "--uninvite-status,!--no-uninvite-status", fields.uninvite_status,
             "Whether STATUS:CANCELLED tells one person who is uninvited (yes)");
  command
      .add_option(
          "--registration", fields.registration,
          "Mail of unknown senders: closed, confirm (by a mailed link; the default) or open")
      ->check(CLI::IsMember({"closed", "confirm", "open"}));
  command
      .add_option("--shared-attendees", fields.shared_attendees,
                  "Whoever answers an invitation that was passed on: hold (kept beside the event; "
                  "the default), accept (invited, when the sender is verified) or refuse")
      ->check(CLI::IsMember({"hold", "accept", "refuse"}));
  command.add_option("--event-limit", fields.event_limit,
                     "Most events to come of one organizer; 0: any number (default)");
  command.add_option("--invite-limit", fields.invite_limit,
                     "Most attendees of new events (2500); 0: any number");
  add_choice(command, "--approval,!--no-approval", fields.approval,
             "Whether mailed changes wait for a go-ahead (no)");
}

/// Calendars take updates only from the organizer address they know (R78): who has one keeps it.
Result<void> print_kept(const Session& session, calinvite::Engine& engine,
                        const calinvite::Domain& before) {
  const auto organizers = engine.list_organizers(calinvite::Scope::domain(before.name));
  if (!organizers) return tl::unexpected(organizers.error());
  const auto local_part = before.from.substr(0, before.from.rfind('@'));
  const auto kept =
      std::count_if(organizers->begin(), organizers->end(),
                    [&](const auto& organizer) { return organizer.local_part == local_part; });
  if (kept == 0) return {};
  print(session, Line{{"domain", before.name}, {"kept_from", before.from}, {"organizers", kept}},
        std::to_string(kept) + (kept == 1 ? " organizer keeps " : " organizers keep ") +
            before.from + ", by which calendars know them");
  return {};
}

void add_set_command(CLI::App& domain, Session& session) {
  auto* command = domain.add_subcommand(
      "set",
      "Changes its settings, for what is sent from now on; organizers keep the sender address they "
      "have");
  const auto name = std::make_shared<std::string>();
  const auto fields = std::make_shared<DomainFields>();
  command->add_option("NAME", *name, "The domain")->required();
  add_field_options(*command, *fields, false);
  command->callback([&session, name, fields] {
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      const auto domains = engine.list_domains();
      if (!domains) return tl::unexpected(domains.error());
      calinvite::Domain wanted;
      for (const auto& known : *domains) {
        if (known.name == *name) wanted = known;
      }
      if (wanted.name.empty()) {
        return calinvite::fail(calinvite::Code::not_found, "no domain " + *name);
      }
      const auto before = wanted;
      fields->apply(wanted);
      const auto updated = engine.update_domain(std::move(wanted));
      if (!updated) return tl::unexpected(updated.error());
      print_domain(session, *updated);
      if (updated->from == before.from) return {};
      return print_kept(session, engine, before);
    });
  });
}

void add_domain_commands(CLI::App& app, Session& session) {
  auto* domain = app.add_subcommand("domain", "Tenants")->require_subcommand(1);
  auto* add = domain->add_subcommand("add", "Registers a domain");
  const auto wanted = std::make_shared<calinvite::Domain>();
  const auto fields = std::make_shared<DomainFields>();
  add->add_option("NAME", wanted->name, "What you call it")->required();
  add->add_option("--reply-domain", wanted->reply_domain, "DNS name whose mail comes back")
      ->required();
  add->add_option("--separator", wanted->separator,
                  "Between local part and token of sender addresses: + (default) or -");
  add_field_options(*add, *fields, true);
  add->callback([&session, wanted, fields] {
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      fields->apply(*wanted);
      const auto added = engine.add_domain(*wanted);
      if (!added) return tl::unexpected(added.error());
      print_domain(session, *added);
      return {};
    });
  });
  add_set_command(*domain, session);
  add_template_command(*domain, session);
}

}  // namespace

void print_organizer(const Session& session, const calinvite::Organizer& organizer) {
  const bool suspended = organizer.state == calinvite::OrganizerState::suspended;
  print(session,
        Line{{"organizer", organizer.address},
             {"domain", organizer.domain},
             {"name", organizer.name},
             {"local_part", organizer.local_part},
             {"state", suspended ? "suspended" : "registered"},
             {"bulk", organizer.bulk},
             {"language", organizer.language},
             {"approval", organizer.approval ? Line(*organizer.approval) : Line()}},
        organizer.address + (organizer.name.empty() ? "" : " (" + organizer.name + ")") + " of " +
            organizer.domain + (organizer.bulk ? ", bulk" : "") + (suspended ? ", suspended" : ""));
}

namespace {

/// What organizers were told, or will be.
void add_notices_command(CLI::App& app, Session& session) {
  app.add_subcommand("notices", "Mails to organizers about their events")->callback([&session] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      calinvite::Page page{1000, {}};
      do {
        const auto part = engine.list_notices(scope, page);
        if (!part) return Result<void>(tl::unexpected(part.error()));
        for (const auto& notice : part->items) {
          print(session,
                Line{{"time", calinvite::format_iso(notice.time)},
                     {"organizer", notice.address},
                     {"kind", calinvite::to_string(notice.kind)},
                     {"event", notice.event},
                     {"subject", notice.subject},
                     {"state", calinvite::to_string(notice.state)},
                     {"reason", notice.reason}},
                calinvite::format_iso(notice.time) + "  " + notice.address + "  " +
                    std::string(calinvite::to_string(notice.state)) + "  " + notice.subject);
        }
        page.after = part->next;
      } while (!page.after.empty());
      return Result<void>();
    });
  });
}

void add_organizer_commands(CLI::App& app, Session& session) {
  auto* organizer = app.add_subcommand("organizer", "Those who own events")->require_subcommand(1);
  auto* add = organizer->add_subcommand("add", "Registers an organizer");
  const auto wanted = std::make_shared<calinvite::Organizer>();
  add->add_option("ADDR", wanted->address, "Mail address")->required();
  add->add_option("--name", wanted->name, "Display name on invitations");
  add->add_option("--local-part", wanted->local_part,
                  "Of the sender address, for good; default that of the domain's --from");
  add->add_flag("--bulk", wanted->bulk, "May mail event lists");
  add->add_option("--language", wanted->language, "Of notices, such as de; default the event's");
  add->callback([&session, wanted] {
    wanted->domain = session.domain;
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      const auto added = engine.add_organizer(*wanted);
      if (!added) return tl::unexpected(added.error());
      print_organizer(session, *added);
      return {};
    });
  });
  organizer->add_subcommand("list", "Lists them")->callback([&session] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto all = engine.list_organizers(scope);
      if (!all) return Result<void>(tl::unexpected(all.error()));
      for (const auto& one : *all) print_organizer(session, one);
      return Result<void>();
    });
  });
  auto* suspend = organizer->add_subcommand("suspend", "Stops acting on their input");
  const auto address = std::make_shared<std::string>();
  suspend->add_option("ADDR", *address, "Mail address")->required();
  suspend->callback([&session, address] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto normal = cli::address(*address);
      if (!normal) return Result<void>(tl::unexpected(normal.error()));
      auto suspended = engine.suspend_organizer(scope, *normal);
      if (suspended) {
        print(session, Line{{"organizer", *normal}, {"state", "suspended"}},
              *normal + " suspended");
      }
      return suspended;
    });
  });
  auto* delegate = organizer->add_subcommand("delegate", "Lets another address mail for them");
  const auto to = std::make_shared<std::string>();
  const auto remove = std::make_shared<bool>(false);
  delegate->add_option("ADDR", *address, "The organizer")->required();
  delegate->add_option("--to", *to, "The delegate's address")->required();
  delegate->add_flag("--remove", *remove, "No longer");
  delegate->callback([&session, address, to, remove] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto normal = cli::address(*address);
      if (!normal) return Result<void>(tl::unexpected(normal.error()));
      auto set = engine.set_delegate(scope, *normal, *to, !*remove);
      if (set) {
        print(session, Line{{"organizer", *normal}, {"delegate", *to}, {"allowed", !*remove}},
              *to + (*remove ? " no longer mails for " : " may mail for ") + *normal);
      }
      return set;
    });
  });
}

}  // namespace

void add_tenant_commands(CLI::App& app, Session& session) {
  add_domain_commands(app, session);
  add_organizer_commands(app, session);
  add_notices_command(app, session);
}

}  // namespace cli
