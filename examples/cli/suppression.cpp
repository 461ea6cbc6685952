#include <calinvite/csv.hpp>
#include <calinvite/time.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Engine;
using calinvite::Result;
using calinvite::Scope;
using calinvite::Suppression;

struct Given {
  std::string address, organizer, reason, file = "-";
  bool everywhere = false;
};

/// Hands every item of a paged list to `use`.
template <class List, class Use>
Result<void> for_each(const List& list, const Use& use) {
  calinvite::Page page{1000, {}};
  do {
    const auto part = list(page);
    if (!part) return tl::unexpected(part.error());
    for (const auto& item : part->items) use(item);
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

/// An address as it is compared, or nothing where none was said.
Result<std::string> optional_address(const std::string& text) {
  return text.empty() ? Result<std::string>(text) : address(text);
}

/// Whose rows are meant: the domain's, or with --everywhere those of the whole store.
void run_within(Session& session, const Given& given,
                const std::function<Result<void>(Engine&, const Scope&)>& work) {
  if (!given.everywhere) return run_scoped(session, work);
  run(session, [&](Engine& engine) { return work(engine, Scope::system()); });
}

std::string reach_of(const Suppression& row) {
  if (row.domain.empty()) return "everything";
  return row.organizer.empty() ? row.domain : row.organizer + " of " + row.domain;
}

void print_row(const Session& session, const Suppression& row) {
  print(session,
        Line{{"email", row.address},
             {"domain", row.domain},
             {"organizer", row.organizer},
             {"reason", row.reason},
             {"time", calinvite::format_iso(row.time)}},
        row.address + "  " + reach_of(row) + "  " + row.reason + "  " +
            calinvite::format_iso(row.time));
}

void print_consent(const Session& session, const calinvite::Consent& consent) {
  const std::string withdrawn =
      consent.withdrawn ? calinvite::format_iso(*consent.withdrawn) : std::string();
  print(session,
        Line{{"email", consent.address},
             {"domain", consent.domain},
             {"organizer", consent.organizer},
             {"source", consent.source},
             {"time", calinvite::format_iso(consent.time)},
             {"text", consent.text},
             {"withdrawn", withdrawn}},
        consent.address + "  " + (consent.source.empty() ? "(unknown)" : consent.source) + "  " +
            calinvite::format_iso(consent.time) +
            (withdrawn.empty() ? "" : "  withdrawn " + withdrawn));
}

Result<void> add(Session& session, const Given& given, Engine& engine, const Scope& scope) {
  const auto added = engine.add_suppression(
      scope, {scope.domain_name(), given.organizer, given.address, given.reason, {}});
  if (!added) return tl::unexpected(added.error());
  print(session, Line{{"email", given.address}, {"added", *added}},
        *added ? given.address + " is suppressed" : given.address + " was suppressed already");
  return {};
}

Result<void> import(Session& session, const Given& given, Engine& engine, const Scope& scope) {
  auto file = FileReader::open(given.file);
  if (!file) return tl::unexpected(file.error());
  const auto done = engine.import_suppressions(
      scope, given.file, [&] { return file->read(); }, complain);
  if (!done) return tl::unexpected(done.error());
  print(session, Line{{"added", done->added}, {"known", done->known}, {"bad", done->bad}},
        std::to_string(done->added) + " added, " + std::to_string(done->known) + " known, " +
            std::to_string(done->bad) + " bad");
  if (done->bad > 0) session.exit_code = done->added + done->known > 0 ? partly : refused;
  return {};
}

/// CSV on stdout or into a file; JSON lines with --json.
Result<void> write_out(Session& session, const Given& given, Engine& engine, const Scope& scope) {
  if (session.json && given.file == "-") {
    return for_each([&](const auto& page) { return engine.list_suppressions(scope, {}, page); },
                    [&](const Suppression& row) { print_row(session, row); });
  }
  std::ofstream file;
  if (given.file != "-") file.open(given.file, std::ios::binary | std::ios::trunc);
  std::ostream& out = given.file == "-" ? std::cout : file;
  auto written = engine.export_suppressions(scope, [&](std::string_view piece) {
    return static_cast<bool>(out.write(piece.data(), static_cast<std::streamsize>(piece.size())));
  });
  out.flush();
  if (out) return written;
  return calinvite::fail(calinvite::Code::unavailable, given.file + ": can't be written");
}

CLI::App* add_subcommand(CLI::App& command, const std::string& name, const std::string& help,
                         const std::shared_ptr<Given>& given) {
  auto* sub = command.add_subcommand(name, help);
  sub->add_flag("--everywhere", given->everywhere, "What holds for all domains of the store");
  return sub;
}

void add_lists(CLI::App& command, Session& session, const std::shared_ptr<Given>& given) {
  auto* in = add_subcommand(command, "import", "Adds those of a list, text or CSV", given);
  in->add_option("FILE", given->file, "- is stdin; CSV: email, domain, organizer, reason, time")
      ->required();
  in->callback([&session, given] {
    run_within(session, *given,
               [&](auto& engine, auto& scope) { return import(session, *given, engine, scope); });
  });
  auto* out = add_subcommand(command, "export", "Writes them as CSV", given);
  out->add_option("FILE", given->file, "Default stdout");
  out->callback([&session, given] {
    run_within(session, *given, [&](auto& engine, auto& scope) {
      return write_out(session, *given, engine, scope);
    });
  });
}

void add_suppress(CLI::App& app, Session& session) {
  const auto given = std::make_shared<Given>();
  auto* command =
      app.add_subcommand("suppress", "Addresses that must not be mailed")->require_subcommand(1);
  auto* list = add_subcommand(*command, "list", "Lists them, or why one address is", given);
  list->add_option("ADDR", given->address, "Only this address");
  list->callback([&session, given] {
    run_within(session, *given, [&](Engine& engine, const Scope& scope) -> Result<void> {
      const auto who = optional_address(given->address);
      if (!who) return tl::unexpected(who.error());
      return for_each([&](const auto& page) { return engine.list_suppressions(scope, *who, page); },
                      [&](const Suppression& row) { print_row(session, row); });
    });
  });
  auto* put = add_subcommand(*command, "add", "Adds an address", given);
  put->add_option("ADDR", given->address, "Whom not to mail")->required();
  put->add_option("--organizer", given->organizer, "By this organizer alone");
  put->add_option("--reason", given->reason, "In your words; default manual");
  put->callback([&session, given] {
    run_within(session, *given,
               [&](auto& engine, auto& scope) { return add(session, *given, engine, scope); });
  });
  auto* remove = add_subcommand(*command, "remove", "Lets an address be mailed again", given);
  remove->add_option("ADDR", given->address, "Whom")->required();
  remove->add_option("--organizer", given->organizer, "The one of this organizer alone");
  remove->callback([&session, given] {
    run_within(session, *given, [&](Engine& engine, const Scope& scope) {
      auto removed = engine.remove_suppression(
          scope, {scope.domain_name(), given->organizer, given->address, {}, {}});
      if (removed) {
        print(session, Line{{"email", given->address}, {"removed", true}}, "removed");
      }
      return removed;
    });
  });
  add_lists(*command, session, given);
}

void add_consent(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("consent", "What people agreed to")->require_subcommand(1);
  const auto given = std::make_shared<Given>();
  auto* list = command->add_subcommand("list", "Lists it");
  list->add_option("ADDR", given->address, "Only of this address");
  list->callback([&session, given] {
    run_scoped(session, [&](Engine& engine, const Scope& scope) -> Result<void> {
      const auto who = optional_address(given->address);
      if (!who) return tl::unexpected(who.error());
      return for_each([&](const auto& page) { return engine.list_consents(scope, *who, page); },
                      [&](const auto& consent) { print_consent(session, consent); });
    });
  });
}

void print_erasure(const Session& session, const std::string& who, const calinvite::Erasure& done) {
  std::string text = "erased: " + std::to_string(done.attendees) + " attendees, " +
                     std::to_string(done.receipts) + " receipts, " + std::to_string(done.consents) +
                     " consents, " + std::to_string(done.quarantined) + " quarantined inputs, " +
                     std::to_string(done.notices) + " notices; " + std::to_string(done.suppressed) +
                     " messages are not sent any more";
  for (const std::string& uid : done.named) text += "\nevent " + uid + " names them in its text";
  print(session,
        Line{{"email", who},
             {"attendees", done.attendees},
             {"receipts", done.receipts},
             {"suppressed", done.suppressed},
             {"consents", done.consents},
             {"quarantined", done.quarantined},
             {"notices", done.notices},
             {"named", done.named}},
        text);
}

struct Erasing {
  std::vector<std::string> people;
  bool later = false;  ///< the files are rewritten by `compact`
};

/// The files are rewritten once, also when one of several people can't be erased.
Result<void> erase(const Session& session, const Erasing& wanted, Engine& engine,
                   const Scope& scope) {
  Result<void> all;
  for (const std::string& who : wanted.people) {
    const auto done = engine.erase(scope, who, false);
    if (!done) {
      all = tl::unexpected(done.error());
      break;
    }
    print_erasure(session, who, *done);
  }
  auto compacted = wanted.later ? Result<void>() : engine.compact();
  return all ? compacted : all;
}

void add_erase(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("erase", "Forgets people everywhere, for good");
  const auto wanted = std::make_shared<Erasing>();
  command->add_option("ADDR", wanted->people, "Whom; with --domain in that domain alone")
      ->required();
  command->add_flag("--compact-later", wanted->later,
                    "Leave traces in free pages until compact runs, such as at night");
  command->callback([&session, wanted] {
    // Without --domain it is the person that is meant, not a tenant.
    if (session.domain.empty()) {
      return run(session,
                 [&](Engine& engine) { return erase(session, *wanted, engine, Scope::system()); });
    }
    run_scoped(session,
               [&](auto& engine, auto& scope) { return erase(session, *wanted, engine, scope); });
  });
  app.add_subcommand("compact", "Rewrites the store's files without what was deleted")
      ->callback([&session] {
        run(session, [&](Engine& engine) -> Result<void> {
          auto done = engine.compact();
          if (done) print(session, Line{{"compacted", true}}, "the store is compact");
          return done;
        });
      });
}

}  // namespace

void add_suppression_commands(CLI::App& app, Session& session) {
  add_suppress(app, session);
  add_consent(app, session);
  add_erase(app, session);
}

}  // namespace cli
