#include <calinvite/time.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

struct Wanted {
  std::string event, organizer;
  calinvite::ReportFormat format = calinvite::ReportFormat::table;
  std::string by;        ///< hour or day; empty: not over time
  std::string attendee;  ///< address; empty: not of one
  bool mail = false;
};

/// A line for each hour or day in which something happened.
Result<void> show_over_time(Session& session, calinvite::Engine& engine,
                            const calinvite::Scope& scope, const Wanted& wanted) {
  const auto size = wanted.by == "hour" ? calinvite::BucketSize::hour : calinvite::BucketSize::day;
  calinvite::Page page{1000, {}};
  do {
    const auto part = engine.list_receipt_buckets(scope, wanted.event, size, page);
    if (!part) return tl::unexpected(part.error());
    for (const auto& bucket : part->items) {
      const std::string start = calinvite::format_iso(bucket.start);
      std::string text = start;
      for (const auto& [kind, number] : bucket.counts) {
        text += (text == start ? "  " : ", ") + std::to_string(number) + ' ' + kind;
      }
      print(session, Line{{"start", start}, {"counts", bucket.counts}}, text);
    }
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

/// A receipt as a person reads it.
std::string history_text(const calinvite::HistoryItem& item) {
  const calinvite::Receipt& receipt = item.receipt;
  std::string text =
      calinvite::format_iso(receipt.time) + "  " + std::string(to_string(receipt.kind));
  if (!receipt.channel.empty()) text += " by " + receipt.channel;
  if (!receipt.prodid.empty()) {
    text += " from " + std::string(calinvite::client_name(receipt.prodid));
  }
  if (!receipt.detail.empty()) text += ": " + receipt.detail;
  if (!receipt.proposal.empty()) text += ", proposes " + receipt.proposal;
  if (!receipt.comment.empty()) text += ", says: " + receipt.comment;
  if (item.evidence == calinvite::Evidence::verified) return text;
  return text + "  [" + std::string(to_string(item.evidence)) + ']';
}

Line history_line(const calinvite::HistoryItem& item) {
  const calinvite::Receipt& receipt = item.receipt;
  return Line{{"time", calinvite::format_iso(receipt.time)},
              {"kind", to_string(receipt.kind)},
              {"channel", receipt.channel},
              {"evidence", to_string(item.evidence)},
              {"sequence", receipt.sequence},
              {"method", to_string(receipt.method)},
              {"status", calinvite::answer_word(receipt)},
              {"client", calinvite::client_name(receipt.prodid)},
              {"prodid", receipt.prodid},
              {"comment", receipt.comment},
              {"proposal", receipt.proposal},
              {"detail", receipt.detail},
              {"attempt_id", receipt.attempt_id},
              {"message_id", receipt.message_id}};
}

/// All that is known of one attendee, a line each, by time.
Result<void> show_history(Session& session, calinvite::Engine& engine,
                          const calinvite::Scope& scope, const Wanted& wanted) {
  const auto attendee = address(wanted.attendee);
  if (!attendee) return tl::unexpected(attendee.error());
  calinvite::Page page{1000, {}};
  do {
    const auto part = engine.list_history(scope, wanted.event, *attendee, page);
    if (!part) return tl::unexpected(part.error());
    for (const auto& item : part->items) print(session, history_line(item), history_text(item));
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

Result<void> mail(Session& session, calinvite::Engine& engine, const calinvite::Scope& scope,
                  const std::string& uid) {
  const auto event = engine.get_event(scope, uid);
  if (!event) return tl::unexpected(event.error());
  if (auto mailed = engine.mail_report(scope, uid); !mailed) return mailed;
  print(session, Line{{"event", uid}, {"mailed", event->organizer}},
        "a report of " + uid + " waits for dispatch to " + event->organizer);
  return {};
}

void add_report(CLI::App& app, Session& session) {
  using calinvite::ReportFormat;
  static const std::map<std::string, ReportFormat> formats{
      {"table", ReportFormat::table}, {"csv", ReportFormat::csv}, {"json", ReportFormat::json}};
  auto* command = app.add_subcommand("report", "Receipts of an event, an organizer or a domain");
  const auto wanted = std::make_shared<Wanted>();
  auto* event = command->add_option("EVENT", wanted->event, "uid of the event");
  command->add_option("--organizer", wanted->organizer, "All of theirs")->excludes(event);
  command->add_option("--format", wanted->format, "table, csv or json")
      ->transform(CLI::CheckedTransformer(formats));
  auto* by = command->add_option("--by", wanted->by, "Receipts over time, UTC: hour or day")
                 ->check(CLI::IsMember({"hour", "day"}));
  auto* mailed =
      command->add_flag("--mail", wanted->mail, "Mail the figures to the event's organizer")
          ->needs(event)
          ->excludes(by);
  command->add_option("--attendee", wanted->attendee, "All receipts of that address, by time")
      ->needs(event)
      ->excludes(by)
      ->excludes(mailed);
  command->callback([&session, wanted] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& domain) {
      const auto scope = narrowed(domain, wanted->organizer);
      if (!scope) return Result<void>(tl::unexpected(scope.error()));
      if (!wanted->by.empty()) return show_over_time(session, engine, *scope, *wanted);
      if (!wanted->attendee.empty()) return show_history(session, engine, *scope, *wanted);
      if (wanted->mail) return mail(session, engine, *scope, wanted->event);
      const auto format = session.json ? ReportFormat::json : wanted->format;
      return engine.report(*scope, wanted->event, format, [](std::string_view piece) {
        std::cout << piece;
        return std::cout.good();
      });
    });
  });
}

void add_rsvp(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("rsvp", "Answers by the token of an RSVP link");
  const auto given = std::make_shared<std::pair<std::string, std::string>>();
  command->add_option("TOKEN", given->first, "From the link /r/TOKEN")->required();
  command->add_option("--answer", given->second, "accepted, tentative or declined")
      ->required()
      ->check(CLI::IsMember({"accepted", "tentative", "declined"}));
  command->callback([&session, given] {
    run(session, [&](calinvite::Engine& engine) -> Result<void> {
      const auto item = engine.rsvp(given->first, *calinvite::parse_status_word(given->second));
      if (!item) return tl::unexpected(item.error());
      const std::string outcome(calinvite::to_string(item->outcome));
      print(session, Line{{"event", item->event}, {"outcome", outcome}, {"answer", given->second}},
            outcome + ": " + item->reason + " for " + item->event);
      return {};
    });
  });
}

void add_button(CLI::App& app, Session& session) {
  struct Given {
    std::string event, preset = "generic", landing;
  };
  auto* command = app.add_subcommand("button", "HTML of an RSVP button for a mail template");
  const auto given = std::make_shared<Given>();
  command->add_option("EVENT", given->event, "uid of the event")->required();
  command->add_option("--preset", given->preset, "Whose merge tags")
      ->check(CLI::IsMember(
          {"mailchimp", "klaviyo", "sendgrid", "hubspot", "convertkit", "zoho", "wix", "generic"}))
      ->capture_default_str();
  command->add_option("--landing", given->landing, "https page shown afterwards");
  command->callback([&session, given] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      const auto html = engine.button(
          scope, given->event, *calinvite::parse_button_preset(given->preset), given->landing);
      if (!html) return Result<void>(tl::unexpected(html.error()));
      print(session, Line{{"event", given->event}, {"preset", given->preset}, {"html", *html}},
            *html);
      return Result<void>();
    });
  });
}

}  // namespace

void add_report_commands(CLI::App& app, Session& session) {
  add_report(app, session);
  add_rsvp(app, session);
  add_button(app, session);
}

}  // namespace cli
