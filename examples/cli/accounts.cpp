// Accounts that take our mail, and holds.
#include <calinvite/time.hpp>
#include <charconv>
#include <cmath>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::AccountHold;
using calinvite::Code;
using calinvite::fail;
using calinvite::Result;
using calinvite::SendingAccount;

std::string number(double value) { return std::to_string(std::llround(value)); }

void print_account(const Session& session, const SendingAccount& account) {
  const bool held = account.hold != AccountHold::none;
  const std::string until = held ? calinvite::format_iso(account.until) : "";
  std::string text = account.key + "  ";
  text += account.max_rate > 0 ? number(account.max_rate) + " a second" : "rate not known";
  if (account.max_24_hours >= 0) {
    text += ", " + number(account.used_24_hours) + " of " + number(account.max_24_hours) +
            " in 24 hours";
  }
  if (held) {
    text += ", held: " + std::string(to_string(account.hold)) + ": " + account.reason +
            "; next try " + until;
  }
  print(session,
        Line{{"account", account.key},
             {"max_rate", account.max_rate},
             {"max_24_hours", account.max_24_hours},
             {"used_24_hours", account.used_24_hours},
             {"hold", to_string(account.hold)},
             {"reason", account.reason},
             {"until", until}},
        text);
}

/// Digits with a unit: 2s or 500ms.
std::optional<std::chrono::milliseconds> parse_span(std::string_view text) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc()) return std::nullopt;
  if (unit == "s") return std::chrono::seconds(count);
  if (unit == "ms") return std::chrono::milliseconds(count);
  return std::nullopt;
}

}  // namespace

Result<calinvite::PaceProfile> parse_pace(std::string_view text) {
  calinvite::PaceProfile pace;
  if (text == "ses") return pace;
  constexpr std::string_view batch = "batch:";
  const auto slash = std::min(text.find('/'), text.size());
  bool sound = text.starts_with(batch) && slash > batch.size();
  if (sound) {
    const char* const end = text.data() + slash;
    const auto read = std::from_chars(text.data() + batch.size(), end, pace.batch);
    sound = read.ec == std::errc() && read.ptr == end && pace.batch > 0;
  }
  if (sound && slash < text.size()) {
    const auto pause = parse_span(text.substr(slash + 1));
    sound = pause.has_value();
    pace.pause = pause.value_or(pace.pause);
  }
  if (sound) return pace;
  return fail(Code::invalid_argument,
              "pace \"" + std::string(text) + "\": expected ses, batch:10000 or batch:1000/2s",
              {.source = {}, .line = 0, .column = 0, .field = "pace"});
}

void add_account_commands(CLI::App& app, Session& session) {
  auto* account =
      app.add_subcommand("account", "Accounts that take our mail")->require_subcommand(1);
  account->add_subcommand("list", "Limits, what is used of them, and holds")->callback([&session] {
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      const auto accounts = engine.list_accounts();
      if (!accounts) return tl::unexpected(accounts.error());
      for (const SendingAccount& one : *accounts) print_account(session, one);
      return {};
    });
  });
  auto* resume = account->add_subcommand("resume", "Ends the hold of an account early");
  const auto name = std::make_shared<std::string>();
  resume->add_option("NAME", *name, "As account list names it")->required();
  resume->callback([&session, name] {
    run(session, [&](calinvite::Engine& engine) {
      auto resumed = engine.resume_account(*name);
      if (resumed) {
        print(session, Line{{"account", *name}, {"hold", "none"}}, *name + " is tried again");
      }
      return resumed;
    });
  });
  app.get_subcommand("domain")
      ->add_subcommand("resume", "Lifts the hold of a domain whose mails bounced or annoyed")
      ->callback([&session] {
        run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
          auto lifted = engine.lift_hold(scope);
          if (lifted) {
            print(session, Line{{"domain", scope.domain_name()}, {"held", false}},
                  scope.domain_name() + " sends again; counting begins anew");
          }
          return lifted;
        });
      });
}

}  // namespace cli
