#include <calinvite/csv.hpp>
#include <calinvite/mime.hpp>
#include <iostream>
#include <memory>
#include <vector>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

struct Wanted {
  std::string event, list, origin = "api";
  std::vector<std::string> to;
  bool yes = false;
};

/// Everybody the command line names; bad lines are complained about and left out.
Result<std::vector<calinvite::InviteRequest>> read_requests(const Wanted& wanted,
                                                            const calinvite::Event& event,
                                                            std::size_t& bad) {
  std::vector<calinvite::InviteRequest> requests;
  const auto on_error = [&](const calinvite::Error& error) {
    ++bad;
    complain(error);
  };
  for (const std::string& text : wanted.to) {
    const auto mailbox = calinvite::parse_mailbox(text);
    if (mailbox) {
      requests.push_back({mailbox->address, mailbox->name, {}});
    } else {
      on_error(mailbox.error());
    }
  }
  if (wanted.list.empty()) return requests;
  auto file = FileReader::open(wanted.list);
  if (!file) return tl::unexpected(file.error());
  calinvite::AddressListReader reader(
      wanted.list,
      [&](calinvite::AddressRow&& row) -> Result<void> {
        if (row.event.empty() || row.event == event.uid || row.event == event.source_uid) {
          requests.push_back(row.request);
        } else {
          const calinvite::Place place{wanted.list, row.line, 0, "uid"};
          on_error({calinvite::Code::invalid_input, "is for another event, " + row.event, place});
        }
        return {};
      },
      on_error,
      [](const calinvite::Diagnostic& remark) {
        complain({calinvite::Code::invalid_input, remark.message, remark.place});
      });
  for (bool last = false; !last;) {
    const auto piece = file->read();
    if (!piece) return tl::unexpected(piece.error());
    last = piece->empty();
    if (auto fed = reader.feed(*piece, last); !fed) return tl::unexpected(fed.error());
  }
  return requests;
}

Result<void> invite(Session& session, const Wanted& wanted, calinvite::Engine& engine,
                    const calinvite::Scope& scope) {
  std::size_t bad = 0;
  const auto event = engine.get_event(scope, wanted.event);
  if (!event) return tl::unexpected(event.error());
  const auto requests = read_requests(wanted, *event, bad);
  if (!requests) return tl::unexpected(requests.error());
  const auto plan = wanted.yes ? engine.invite(scope, wanted.event, *requests, wanted.origin)
                               : engine.plan_invites(scope, wanted.event, *requests, wanted.origin);
  if (!plan) return tl::unexpected(plan.error());
  print(session, plan_line(*plan), plan_text(*plan));
  if (!wanted.yes && plan->invite > 0 && !session.json) {
    std::cout << "nothing was stored; say --yes to enqueue this\n";
  }
  if (bad > 0) session.exit_code = requests->empty() ? refused : partly;
  return {};
}

struct Again {
  std::string event, person;
  bool in_doubt = false, outdated = false;
};

Result<void> resend(Session& session, const Again& again, calinvite::Engine& engine,
                    const calinvite::Scope& scope) {
  const auto done = [&]() -> Result<calinvite::Plan> {
    if (again.in_doubt) return engine.resend_in_doubt(scope, again.event);
    if (again.outdated) return engine.resend_outdated(scope, again.event);
    const auto who = address(again.person);
    if (!who) return tl::unexpected(who.error());
    return engine.resend(scope, again.event, *who);
  };
  const auto plan = done();
  if (!plan) return tl::unexpected(plan.error());
  print(session, plan_line(*plan), plan_text(*plan));
  if (!again.person.empty() && !plan->skip.empty()) session.exit_code = refused;
  return {};
}

void add_resend(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("resend", "Sends one person's invitation again, or several");
  const auto again = std::make_shared<Again>();
  command->add_option("EVENT", again->event, "uid of the event")->required();
  auto* group = command->add_option_group("whom");
  group->require_option(1);
  group->add_option("ADDR", again->person, "One person");
  group->add_flag("--in-doubt", again->in_doubt, "Those whose message may have been lost");
  group->add_flag("--outdated", again->outdated, "Those who hold an older revision");
  command->callback([&session, again] {
    run_scoped(session,
               [&](auto& engine, auto& scope) { return resend(session, *again, engine, scope); });
  });
}

struct Previewed {
  std::string event, attendee, format = "eml";
};

Result<void> preview(const Session& session, const Previewed& wanted, calinvite::Engine& engine,
                     const calinvite::Scope& scope) {
  const auto message = engine.preview(scope, wanted.event, wanted.attendee);
  if (!message) return tl::unexpected(message.error());
  std::string shown = message->bytes;
  if (wanted.format == "html") {
    const auto mail = calinvite::parse_mail(message->bytes);
    if (!mail) return tl::unexpected(mail.error());
    for (const auto& part : mail->parts) {
      if (part.content_type == "text/html") shown = part.content;
    }
  }
  if (session.json) {
    print(session, Line{{"event", wanted.event}, {"attendee", message->to}, {wanted.format, shown}},
          {});
  } else {
    std::cout << shown;
  }
  return {};
}

void add_preview(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand(
      "preview",
      "The message that somebody would be sent now; its links answer for them, so keep it to "
      "yourself. For somebody not invited a sample, whose links lead nowhere");
  const auto wanted = std::make_shared<Previewed>();
  command->add_option("EVENT", wanted->event, "uid of the event")->required();
  command->add_option("--attendee", wanted->attendee, "Whose")->required();
  command->add_option("--format", wanted->format, "The message, or its page")
      ->check(CLI::IsMember({"eml", "html"}))
      ->capture_default_str();
  command->callback([&session, wanted] {
    run_scoped(session,
               [&](auto& engine, auto& scope) { return preview(session, *wanted, engine, scope); });
  });
}

}  // namespace

void add_invite_commands(CLI::App& app, Session& session) {
  add_preview(app, session);
  auto* command = app.add_subcommand("invite", "Plans, and with --yes enqueues, invitations");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("EVENT", wanted->event, "uid of the event")->required();
  command->add_option("--list", wanted->list, "Address list, TXT or CSV; - is stdin");
  command->add_option("--to", wanted->to, "Addresses")->delimiter(',');
  command->add_option("--origin", wanted->origin, "Where they came from")->capture_default_str();
  command->add_flag("--yes", wanted->yes, "Enqueue it");
  command->callback([&session, wanted] {
    if (wanted->list.empty() && wanted->to.empty()) {
      throw CLI::RequiredError("--list or --to");
    }
    run_scoped(session,
               [&](auto& engine, auto& scope) { return invite(session, *wanted, engine, scope); });
  });

  add_resend(app, session);

  auto* uninvite = app.add_subcommand("uninvite", "Withdraws one invitation");
  const auto one = std::make_shared<std::pair<std::string, std::string>>();
  uninvite->add_option("EVENT", one->first, "uid of the event")->required();
  uninvite->add_option("ADDR", one->second, "Who")->required();
  uninvite->callback([&session, one] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto who = address(one->second);
      if (!who) return Result<void>(tl::unexpected(who.error()));
      const auto plan = engine.uninvite(scope, one->first, *who);
      if (!plan) return Result<void>(tl::unexpected(plan.error()));
      print(session, plan_line(*plan), plan_text(*plan));
      return Result<void>();
    });
  });
}

}  // namespace cli
