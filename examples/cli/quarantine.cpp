#include <calinvite/time.hpp>
#include <iostream>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

void print_kept(const Session& session, const calinvite::Quarantined& item) {
  print(session,
        Line{{"id", item.id},
             {"time", calinvite::format_iso(item.time)},
             {"file", item.source},
             {"sender", item.sender},
             {"reason", item.reason}},
        std::to_string(item.id) + "  " + calinvite::format_iso(item.time) + "  " + item.source +
            ": " + item.reason);
}

}  // namespace

void add_quarantine_commands(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("quarantine", "Input that was not acted on")->require_subcommand(1);
  command->add_subcommand("list", "Lists it")->callback([&session] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      calinvite::Page page{1000, {}};
      do {
        const auto part = engine.list_quarantine(scope, page);
        if (!part) return Result<void>(tl::unexpected(part.error()));
        for (const auto& item : part->items) print_kept(session, item);
        page.after = part->next;
      } while (!page.after.empty());
      return Result<void>();
    });
  });
  const auto id = std::make_shared<std::int64_t>();
  auto* show = command->add_subcommand("show", "Prints its raw bytes");
  show->add_option("ID", *id, "From the list")->required();
  show->callback([&session, id] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto item = engine.get_quarantined(scope, *id);
      if (!item) return Result<void>(tl::unexpected(item.error()));
      if (session.json) {
        print(session, Line{{"id", item->id}, {"reason", item->reason}, {"raw", item->raw}}, {});
      } else {
        std::cout << item->raw;
      }
      return Result<void>();
    });
  });
  auto* release = command->add_subcommand("release", "Takes it in again on your word");
  const auto options = std::make_shared<calinvite::ReleaseOptions>();
  const auto date_order = std::make_shared<std::string>();
  release->add_option("ID", *id, "From the list")->required();
  release->add_option("--as", options->sender,
                      "Who sent it; default the sender who was vouched for");
  release->add_option("--timezone", options->timezone, "As for ingest");
  release->add_option("--date-order", *date_order, "As for ingest")
      ->check(CLI::IsMember({"mdy", "dmy"}, CLI::ignore_case));
  release->callback([&session, id, options, date_order] {
    options->date_order =
        calinvite::parse_date_order(*date_order).value_or(calinvite::DateOrder::usual);
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto landed = engine.release_quarantined(
          scope, *id, *options,
          [&](const calinvite::IngestItem& item) { print_item(session, item); });
      if (!landed) return Result<void>(tl::unexpected(landed.error()));
      if (!*landed) session.exit_code = refused;
      return Result<void>();
    });
  });
  auto* drop = command->add_subcommand("drop", "Removes it for good");
  drop->add_option("ID", *id, "From the list")->required();
  drop->callback([&session, id] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      auto dropped = engine.drop_quarantined(scope, *id);
      if (dropped) print(session, Line{{"id", *id}, {"dropped", true}}, "dropped");
      return dropped;
    });
  });
}

}  // namespace cli
