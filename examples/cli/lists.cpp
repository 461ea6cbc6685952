#include <calinvite/time.hpp>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Result;

// ---- attendees -------------------------------------------------------------------------------

struct WantedAttendees {
  std::string event;
  calinvite::AttendeeFilter filter;
  bool masked = false;
};

void print_attendee(const Session& session, calinvite::Attendee attendee, bool masked) {
  if (masked) {
    attendee.address = calinvite::mask_address(attendee.address);
    attendee.name.clear();
  }
  const std::string status(calinvite::status_word(attendee.partstat));
  std::string text =
      attendee.address + "  " + status + ", " + attendee.delivery + ", from " + attendee.origin;
  if (attendee.held_sequence >= 0) {
    text += ", holds SEQUENCE " + std::to_string(attendee.held_sequence);
  }
  if (attendee.uninvited) text += ", uninvited";
  print(session,
        Line{{"email", attendee.address},
             {"name", attendee.name},
             {"status", status},
             {"origin", attendee.origin},
             {"prodid", attendee.prodid},
             {"event", attendee.event},
             {"delivery", attendee.delivery},
             {"held_sequence", attendee.held_sequence},
             {"uninvited", attendee.uninvited}},
        text);
}

Result<void> show_attendees(Session& session, calinvite::Engine& engine,
                            const calinvite::Scope& scope, const WantedAttendees& wanted) {
  calinvite::Page page{1000, {}};
  do {
    const auto part = engine.list_attendees(scope, wanted.event, wanted.filter, page);
    if (!part) return tl::unexpected(part.error());
    for (const auto& attendee : part->items) print_attendee(session, attendee, wanted.masked);
    page.after = part->next;
  } while (!page.after.empty());
  return {};
}

void add_attendees(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("attendees", "Lists who is invited to an event");
  const auto wanted = std::make_shared<WantedAttendees>();
  auto& filter = wanted->filter;
  command->add_option("EVENT", wanted->event, "uid of the event")->required();
  command->add_option("--status", filter.status, "Only these")
      ->check(CLI::IsMember({"accepted", "declined", "tentative", "noaction"}));
  command->add_option("--origin", filter.origin, "Only who came from there");
  command->add_option("--delivery", filter.delivery, "Only these, such as bounced");
  command->add_flag("--outdated", filter.outdated,
                    "Only who holds an older revision; 'resend EVENT --outdated' mails them");
  command->add_flag("--masked", wanted->masked, "Without names, addresses shortened");
  command->callback([&session, wanted] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      return show_attendees(session, engine, scope, *wanted);
    });
  });
}

// ---- search ----------------------------------------------------------------------------------

struct WantedHits {
  std::string text, organizer;
  std::size_t limit = 100;
};

void print_hit(const Session& session, const calinvite::SearchHit& hit) {
  const std::string start = calinvite::format_iso(hit.start);
  std::string text = hit.event + "  " + start + "  " + hit.summary;
  if (!hit.address.empty()) text += "  " + hit.address + (hit.name.empty() ? "" : ' ' + hit.name);
  Line line{{"event", hit.event},
            {"summary", hit.summary},
            {"start", start},
            {"organizer", hit.organizer}};
  if (!hit.address.empty()) {
    line["email"] = hit.address;
    line["name"] = hit.name;
  }
  print(session, line, text);
}

void add_search(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("search", "Finds events, then attendees, by words");
  const auto wanted = std::make_shared<WantedHits>();
  command->add_option("TEXT", wanted->text, "Words, the last one by its beginning")->required();
  command->add_option("--organizer", wanted->organizer, "Only in their events");
  command->add_option("--limit", wanted->limit, "Most hits")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([&session, wanted] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& domain) {
      const auto scope = narrowed(domain, wanted->organizer);
      if (!scope) return Result<void>(tl::unexpected(scope.error()));
      const auto hits = engine.search(*scope, wanted->text, {wanted->limit, {}});
      if (!hits) return Result<void>(tl::unexpected(hits.error()));
      for (const auto& hit : hits->items) print_hit(session, hit);
      return Result<void>();
    });
  });
}

// ---- changes ---------------------------------------------------------------------------------

struct WantedChanges {
  std::string organizer, after;
  std::size_t limit = 1000;
};

void print_change(const Session& session, const calinvite::FeedItem& item) {
  if (!item.receipt) {
    print(session, Line{{"event", item.event}, {"organizer", item.organizer}, {"kind", "event"}},
          item.event + "  made or changed");
    return;
  }
  const calinvite::Receipt& receipt = *item.receipt;
  const std::string kind(calinvite::to_string(receipt.kind));
  const std::string time = calinvite::format_iso(receipt.time);
  print(session,
        Line{{"event", item.event},
             {"organizer", item.organizer},
             {"kind", kind},
             {"time", time},
             {"email", receipt.address},
             {"sequence", receipt.sequence},
             {"method", calinvite::to_string(receipt.method)},
             {"attempt_id", receipt.attempt_id},
             {"message_id", receipt.message_id},
             {"detail", receipt.detail},
             {"channel", receipt.channel},
             {"prodid", receipt.prodid},
             {"comment", receipt.comment},
             {"proposal", receipt.proposal}},
        item.event + "  " + time + "  " + receipt.address + ' ' + kind +
            (receipt.detail.empty() ? "" : ": " + receipt.detail));
}

void add_changes(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("changes",
                                     "What happened, in order; the last line says where "
                                     "to go on");
  const auto wanted = std::make_shared<WantedChanges>();
  command->add_option("--organizer", wanted->organizer, "Only to their events");
  command->add_option("--after", wanted->after, "'next' of an earlier run: only what came since");
  command->add_option("--limit", wanted->limit, "Most lines")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([&session, wanted] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& domain) {
      const auto scope = narrowed(domain, wanted->organizer);
      if (!scope) return Result<void>(tl::unexpected(scope.error()));
      const auto feed = engine.list_changes(*scope, wanted->after, wanted->limit);
      if (!feed) return Result<void>(tl::unexpected(feed.error()));
      for (const auto& item : feed->items) print_change(session, item);
      print(session, Line{{"next", feed->next}, {"more", feed->more}},
            "next: '" + feed->next + (feed->more ? "', there is more" : "'"));
      return Result<void>();
    });
  });
}

}  // namespace

void add_list_commands(CLI::App& app, Session& session) {
  add_attendees(app, session);
  add_search(app, session);
  add_changes(app, session);
}

}  // namespace cli
