#include <calinvite/csv.hpp>
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

}  // namespace

void add_invite_commands(CLI::App& app, Session& session) {
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

  auto* resend = app.add_subcommand("resend", "Sends one person's invitation again");
  const auto again = std::make_shared<std::pair<std::string, std::string>>();
  resend->add_option("EVENT", again->first, "uid of the event")->required();
  resend->add_option("ADDR", again->second, "Who")->required();
  resend->callback([&session, again] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto who = address(again->second);
      if (!who) return Result<void>(tl::unexpected(who.error()));
      const auto plan = engine.resend(scope, again->first, *who);
      if (!plan) return Result<void>(tl::unexpected(plan.error()));
      print(session, plan_line(*plan), plan_text(*plan));
      if (!plan->skip.empty()) session.exit_code = refused;
      return Result<void>();
    });
  });

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
