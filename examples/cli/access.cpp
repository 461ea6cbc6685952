// Who may do what: API keys, organizers, changes that wait for a go-ahead.
#include <calinvite/time.hpp>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::ApiKey;
using calinvite::Engine;
using calinvite::Result;
using calinvite::Scope;

std::string time_text(const std::optional<std::chrono::sys_seconds>& time) {
  return time ? calinvite::format_iso(*time) : std::string();
}

Line key_line(const ApiKey& key) {
  return Line{{"id", key.id},
              {"label", key.label},
              {"domain", key.scope.domain_name()},
              {"organizer", key.scope.organizer_address()},
              {"created", calinvite::format_iso(key.created)},
              {"last_used", time_text(key.last_used)},
              {"revoked", time_text(key.revoked)}};
}

std::string key_text(const ApiKey& key) {
  const Scope& scope = key.scope;
  std::string opens = scope.domain_name().empty() ? "every domain" : scope.domain_name();
  if (!scope.organizer_address().empty()) opens = scope.organizer_address() + " of " + opens;
  std::string text = key.id + "  " + key.label + "  opens " + opens + ", ";
  text += key.last_used ? "last used " + time_text(key.last_used) : "never used";
  if (key.revoked) text += ", revoked " + time_text(key.revoked);
  return text;
}

/// Which scope the command line means.
struct Wanted {
  std::string label, id, organizer;
  bool all_domains = false;

  Result<Scope> scope(const Session& session, Engine& engine) const {
    if (all_domains) return Scope::system();
    auto whole = session.scope(engine);
    if (!whole || organizer.empty()) return whole;
    const auto normal = address(organizer);
    if (!normal) return tl::unexpected(normal.error());
    return Scope::organizer(whole->domain_name(), *normal);
  }
};

void run_in(Session& session, const Wanted& wanted,
            const std::function<Result<void>(Engine&, const Scope&)>& work) {
  run(session, [&](Engine& engine) -> Result<void> {
    const auto scope = wanted.scope(session, engine);
    return scope ? work(engine, *scope) : Result<void>(tl::unexpected(scope.error()));
  });
}

/// What a change that waits would make of an event.
void print_held(const Session& session, const calinvite::Event& after) {
  Line line = event_line({after, 0});
  line.erase("attendees");
  line["waits"] = true;
  print(session, line,
        after.uid + "  waits for approval: " + calinvite::format_iso(after.start, after.all_day) +
            ' ' + after.timezone + "  " + after.summary + "  [" +
            std::string(to_string(after.status)) + ']');
}

void add_approvals(CLI::App& app, Session& session) {
  app.add_subcommand("approvals", "Changes that wait for a go-ahead: update EVENT --yes")
      ->callback([&session] {
        run_scoped(session, [&](Engine& engine, const Scope& scope) {
          calinvite::Page page{1000, {}};
          do {
            const auto part = engine.list_held_changes(scope, page);
            if (!part) return Result<void>(tl::unexpected(part.error()));
            for (const auto& change : part->items) print_held(session, change.event);
            page.after = part->next;
          } while (!page.after.empty());
          return Result<void>();
        });
      });
}

void add_organizer_set(CLI::App& organizer, Session& session) {
  struct Fields {
    std::string address;
    std::optional<std::string> name, language, approval;
    std::optional<bool> bulk;
  };
  auto* command = organizer.add_subcommand("set", "Changes what an organizer may and is called");
  const auto fields = std::make_shared<Fields>();
  command->add_option("ADDR", fields->address, "Mail address")->required();
  command->add_option("--name", fields->name, "Display name on invitations");
  command->add_option("--language", fields->language, "Of notices, such as de");
  add_choice(*command, "--bulk,!--no-bulk", fields->bulk, "Whether they may mail event lists");
  command
      ->add_option("--approval", fields->approval,
                   "Whether their mailed changes wait for a go-ahead; domain: as it says")
      ->check(CLI::IsMember({"on", "off", "domain"}));
  command->callback([&session, fields] {
    run_scoped(session, [&](Engine& engine, const Scope& scope) -> Result<void> {
      const auto normal = address(fields->address);
      if (!normal) return tl::unexpected(normal.error());
      const auto all = engine.list_organizers(scope);
      if (!all) return tl::unexpected(all.error());
      for (calinvite::Organizer one : *all) {
        if (one.address != *normal) continue;
        if (fields->name) one.name = *fields->name;
        if (fields->language) one.language = *fields->language;
        if (fields->bulk) one.bulk = *fields->bulk;
        if (fields->approval) {
          one.approval.reset();
          if (*fields->approval != "domain") one.approval = *fields->approval == "on";
        }
        const auto updated = engine.update_organizer(scope, std::move(one));
        if (!updated) return tl::unexpected(updated.error());
        print_organizer(session, *updated);
        return {};
      }
      return calinvite::fail(calinvite::Code::not_found, "no organizer " + *normal);
    });
  });
}

void add_organizer_confirm(CLI::App& organizer, Session& session) {
  auto* command = organizer.add_subcommand(
      "confirm", "Registers whoever got this link, and takes in what they mailed");
  const auto token = std::make_shared<std::string>();
  command->add_option("TOKEN", *token, "The last part of the link")->required();
  command->callback([&session, token] {
    run(session, [&](Engine& engine) -> Result<void> {
      bool all = true;
      const auto confirmed = engine.confirm_registration(
          *token,
          [&](const calinvite::IngestItem& item) { all = print_item(session, item) && all; });
      if (!confirmed) return tl::unexpected(confirmed.error());
      print_organizer(session, *confirmed);
      if (!all) session.exit_code = partly;
      return {};
    });
  });
}

void print_signing_key(const Session& session, const calinvite::SigningKey& key) {
  const std::string created = calinvite::format_iso(key.created);
  print(session, Line{{"id", key.id}, {"created", created}, {"signs", key.signs}},
        std::to_string(key.id) + "  since " + created +
            (key.signs ? "  signs" : "  verifies what it signed"));
}

void add_signing_keys(CLI::App& app, Session& session) {
  auto* keys = app.add_subcommand("keys", "Keys that sign the links of a domain's mails")
                   ->require_subcommand(1);
  keys->add_subcommand("rotate", "Makes a new one, which signs from now on")->callback([&session] {
    run_scoped(session, [&](Engine& engine, const Scope& scope) -> Result<void> {
      const auto key = engine.rotate_key(scope);
      if (!key) return tl::unexpected(key.error());
      print_signing_key(session, *key);
      return {};
    });
  });
  keys->add_subcommand("list", "Lists them, oldest first")->callback([&session] {
    run_scoped(session, [&](Engine& engine, const Scope& scope) -> Result<void> {
      const auto all = engine.list_keys(scope);
      if (!all) return tl::unexpected(all.error());
      for (const auto& key : *all) print_signing_key(session, key);
      return {};
    });
  });
  auto* withdraw = keys->add_subcommand("withdraw", "Ends all links that a key has signed");
  const auto id = std::make_shared<std::uint16_t>();
  withdraw->add_option("ID", *id, "As keys list names it")->required();
  withdraw->callback([&session, id] {
    run_scoped(session, [&](Engine& engine, const Scope& scope) {
      auto done = engine.withdraw_key(scope, *id);
      if (done) {
        print(session, Line{{"id", *id}, {"withdrawn", true}},
              "key " + std::to_string(*id) + ": its links end now");
      }
      return done;
    });
  });
}

}  // namespace

Result<void> update_held(Session& session, Engine& engine, const Scope& scope,
                         const std::string& event, bool yes, bool drop) {
  if (drop) {
    auto dropped = engine.drop_held_change(scope, event);
    if (dropped) print(session, Line{{"event", event}, {"waits", false}}, event + ": forgotten");
    return dropped;
  }
  const auto held = engine.find_held_change(scope, event);
  if (!held) return tl::unexpected(held.error());
  if (!*held) {
    const auto known = engine.get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    calinvite::Plan nothing;
    nothing.event = event;
    print(session, plan_line(nothing), plan_text(nothing));
    return {};
  }
  if (!yes) print_held(session, (*held)->after);
  const auto plan =
      yes ? engine.approve_change(scope, event) : Result<calinvite::Plan>((*held)->plan);
  if (!plan) return tl::unexpected(plan.error());
  print(session, plan_line(*plan), plan_text(*plan));
  return {};
}

void add_access_commands(CLI::App& app, Session& session) {
  add_approvals(app, session);
  add_organizer_set(*app.get_subcommand("organizer"), session);
  add_organizer_confirm(*app.get_subcommand("organizer"), session);
  add_signing_keys(app, session);
  auto* keys = app.add_subcommand("apikey", "Keys by which programs act")->require_subcommand(1);
  const auto wanted = std::make_shared<Wanted>();

  auto* add = keys->add_subcommand("add", "Makes a key, which is shown this once");
  add->add_option("LABEL", wanted->label, "What it is for")->required();
  auto* one = add->add_option("--organizer", wanted->organizer, "It opens only what is theirs");
  add->add_flag("--all-domains", wanted->all_domains, "It opens the whole store")->excludes(one);
  add->callback([&session, wanted] {
    run_in(session, *wanted, [&](Engine& engine, const Scope& scope) {
      const auto made = engine.add_api_key(scope, wanted->label, scope);
      if (!made) return Result<void>(tl::unexpected(made.error()));
      Line line = key_line(made->entry);
      line["key"] = made->key;
      print(session, line,
            key_text(made->entry) + "\nThe key, which nothing shows again:\n" + made->key);
      return Result<void>();
    });
  });

  auto* list = keys->add_subcommand("list", "Lists them, without the keys themselves");
  list->add_flag("--all-domains", wanted->all_domains, "Of the whole store");
  list->callback([&session, wanted] {
    run_in(session, *wanted, [&](Engine& engine, const Scope& scope) {
      const auto all = engine.list_api_keys(scope);
      if (!all) return Result<void>(tl::unexpected(all.error()));
      for (const ApiKey& key : *all) print(session, key_line(key), key_text(key));
      return Result<void>();
    });
  });

  auto* revoke = keys->add_subcommand("revoke", "Ends a key for good");
  revoke->add_option("ID", wanted->id, "As apikey list names it")->required();
  revoke->add_flag("--all-domains", wanted->all_domains, "One of the whole store");
  revoke->callback([&session, wanted] {
    run_in(session, *wanted, [&](Engine& engine, const Scope& scope) {
      auto revoked = engine.revoke_api_key(scope, wanted->id);
      if (revoked) {
        print(session, Line{{"id", wanted->id}, {"revoked", true}},
              wanted->id + " opens nothing any more");
      }
      return revoked;
    });
  });
}

}  // namespace cli
