#include "report/report.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "calinvite/csv.hpp"
#include "calinvite/time.hpp"
#include "store/pages.hpp"

namespace calinvite::report {
namespace {

Result<void> put(const ReportSink& sink, std::string_view piece) {
  if (sink(piece)) return {};
  return fail(Code::stopped, "the report's reader ended it");
}

Result<std::vector<std::string>> events_in(Store& store, const Scope& scope,
                                           std::string_view event) {
  if (!event.empty()) {
    if (const auto known = store.get_event(scope, event); !known) {
      return tl::unexpected(known.error());
    }
    return std::vector<std::string>{std::string(event)};
  }
  std::vector<std::string> uids;
  const auto listed =
      for_each_item([&](const Page& page) { return store.list_events(scope, {}, page); },
                    [&](const EventSummary& summary) -> Result<void> {
                      uids.push_back(summary.event.uid);
                      return {};
                    });
  if (!listed) return tl::unexpected(listed.error());
  return uids;
}

/// What somebody agreed to towards the organizer, else towards the domain; empty: nothing is known.
Result<Consent> consent_of(Store& store, const Scope& scope, std::string_view organizer,
                           std::string_view address) {
  Consent known;
  const auto listed =
      for_each_item([&](const Page& page) { return store.list_consents(scope, address, page); },
                    [&](const Consent& consent) -> Result<void> {
                      if (consent.organizer == organizer) known = consent;
                      if (consent.organizer.empty() && known.address.empty()) known = consent;
                      return {};
                    });
  if (!listed) return tl::unexpected(listed.error());
  return known;
}

std::string csv_row(const Attendee& attendee, const Consent& consent) {
  const std::string held = attendee.held_sequence < 0 ? "" : std::to_string(attendee.held_sequence);
  const std::string answered =
      attendee.answer_sequence < 0 ? "" : format_iso(attendee.answer_dtstamp);
  const std::string agreed = consent.source.empty() ? "" : format_iso(consent.time);
  const std::string withdrawn = consent.withdrawn ? format_iso(*consent.withdrawn) : "";
  std::string row;
  append_csv_row(row, {attendee.address, attendee.name, status_word(attendee.partstat),
                       attendee.origin, attendee.prodid, attendee.event, attendee.uid,
                       attendee.delivery, held, attendee.uninvited ? "yes" : "no", attendee.channel,
                       answered, attendee.comment, attendee.proposal, consent.source, agreed,
                       consent.text, withdrawn, client_name(attendee.prodid)});
  return row;
}

Result<void> write_csv(Store& store, const Scope& scope, const std::vector<std::string>& events,
                       const ReportSink& sink) {
  std::string header;
  append_csv_row(header,
                 {"email", "name", "status", "origin", "prodid", "event", "uid", "delivery",
                  "held_sequence", "uninvited", "channel", "answered", "comment", "proposal",
                  "consent_source", "consent_time", "consent_text", "consent_withdrawn", "client"});
  if (auto written = put(sink, header); !written) return written;
  for (const std::string& uid : events) {
    const auto event = store.get_event(scope, uid);
    if (!event) return tl::unexpected(event.error());
    auto written = for_each_item(
        [&](const Page& page) { return store.list_attendees(scope, uid, page); },
        [&](const Attendee& attendee) -> Result<void> {
          const auto consent = consent_of(store, scope, event->organizer, attendee.address);
          if (!consent) return tl::unexpected(consent.error());
          return put(sink, csv_row(attendee, *consent));
        });
    if (!written) return written;
  }
  return {};
}

/// What attendees of one event say beyond one answer to the whole of it: a line each.
struct Voices {
  std::function<std::string(const Attendee&)> proposal;
  std::function<std::string(const OccurrenceAnswer&)> date;
  std::function<std::string(const SharedAttendee&)> shared;
};

Result<void> write_voices(Store& store, const Scope& scope, std::string_view event,
                          const Voices& voices, const ReportSink& sink) {
  const auto write = [&](const auto& list, const auto& line) {
    return for_each_item([&](const Page& page) { return (store.*list)(scope, event, page); },
                         [&](const auto& item) { return put(sink, line(item) + '\n'); });
  };
  if (auto done = write(&Store::list_proposals, voices.proposal); !done) return done;
  if (auto done = write(&Store::list_occurrence_answers, voices.date); !done) return done;
  return write(&Store::list_shared_attendees, voices.shared);
}

std::string json_proposal(const Attendee& attendee) {
  Json line;
  line.set("proposal", attendee.address);
  line.set("interval", attendee.proposal);
  line.set("status", status_word(attendee.partstat));
  line.set("sequence", attendee.answer_sequence);
  line.set("comment", attendee.comment);
  line.set("client", client_name(attendee.prodid));
  return line.write();
}

std::string json_date(const OccurrenceAnswer& answer) {
  Json line;
  line.set("occurrence", format_iso(answer.occurrence.original_start));
  line.set("email", answer.address);
  line.set("status", status_word(answer.partstat));
  line.set("interval", answer.proposal);
  line.set("comment", answer.comment);
  line.set("client", client_name(answer.prodid));
  return line.write();
}

std::string json_shared(const SharedAttendee& person) {
  Json line;
  line.set("shared", person.address);
  line.set("name", person.name);
  line.set("status", status_word(person.partstat));
  line.set("via", person.via);
  line.set("time", format_iso(person.time));
  return line.write();
}

std::string table_proposal(const Attendee& attendee) {
  return "proposal: " + attendee.address + " proposes " + attendee.proposal;
}

std::string table_date(const OccurrenceAnswer& answer) {
  return "one date: " + answer.address + ' ' + std::string(status_word(answer.partstat)) + " on " +
         format_iso(answer.occurrence.original_start);
}

std::string table_shared(const SharedAttendee& person) {
  return "shared: " + person.address + ' ' + std::string(status_word(person.partstat)) +
         ", passed on by " + person.via;
}

Json in_doubt_line(const OutboxEntry& entry) {
  Json line;
  line.set("in_doubt", entry.address);
  line.set("event", entry.event);
  line.set("method", to_string(entry.method));
  line.set("sequence", entry.sequence);
  line.set("attempt_id", entry.attempt_id);
  line.set("time", format_iso(entry.changed));
  line.set("reason", entry.reason);
  return line;
}

/// Why invites wait: for the accounts that take mail, and for a person.
struct Holds {
  std::vector<SendingAccount> accounts;
  Reputation domain;
};

Result<Holds> holds_of(Store& store, const Scope& scope) {
  Holds holds;
  auto accounts = store.list_accounts(Scope::system());
  if (!accounts) return tl::unexpected(accounts.error());
  for (SendingAccount& account : *accounts) {
    if (account.hold != AccountHold::none) holds.accounts.push_back(std::move(account));
  }
  if (scope.domain_name().empty()) return holds;
  auto domain = store.reputation(Scope::domain(scope.domain_name()), {});
  if (!domain) return tl::unexpected(domain.error());
  holds.domain = *std::move(domain);
  return holds;
}

std::string words_of(const SendingAccount& account) {
  return std::string(to_string(account.hold)) + ": " + account.reason;
}

std::string json_holds(const Holds& holds) {
  std::string lines;
  for (const SendingAccount& account : holds.accounts) {
    Json line;
    line.set("held", "account");
    line.set("reason", words_of(account));
    line.set("until", format_iso(account.until));
    lines += line.write() + '\n';
  }
  if (holds.domain.hold.empty()) return lines;
  Json line;
  line.set("held", "domain");
  line.set("reason", holds.domain.hold);
  line.set("since", format_iso(holds.domain.held));
  return lines + line.write() + '\n';
}

std::string table_holds(const Holds& holds) {
  std::string lines;
  for (const SendingAccount& account : holds.accounts) {
    lines += "held: " + words_of(account) + "; next try " + format_iso(account.until) + '\n';
  }
  if (holds.domain.hold.empty()) return lines;
  return lines + "held: " + holds.domain.hold + "; since " + format_iso(holds.domain.held) + '\n';
}

Result<void> write_json(Store& store, const Scope& scope, std::string_view event,
                        const Statistics& statistics, const ReportSink& sink) {
  std::string head = write_statistics_json(statistics) + "\n";
  if (event.empty()) {
    const auto holds = holds_of(store, scope);
    if (!holds) return tl::unexpected(holds.error());
    const auto totals = store.totals(scope);
    if (!totals) return tl::unexpected(totals.error());
    head += write_totals_json(*totals) + "\n" + json_holds(*holds);
  }
  if (auto done = put(sink, head); !done) return done;
  if (!event.empty()) {
    auto done = write_voices(store, scope, event, {json_proposal, json_date, json_shared}, sink);
    if (!done) return done;
  }
  return for_each_item(
      [&](const Page& page) {
        return store.list_outbox(scope, OutboxState::in_doubt, event, page);
      },
      [&](const OutboxEntry& entry) { return put(sink, in_doubt_line(entry).write() + "\n"); });
}

std::string table_block(std::string_view title,
                        const std::map<std::string, std::uint64_t>& counts) {
  std::string block;
  for (const auto& [name, count] : counts) {
    std::string line = "  " + std::string(title) + ' ' + (name.empty() ? "(none)" : name);
    line.resize(std::max<std::size_t>(line.size() + 1, 58), ' ');
    block += line + std::to_string(count) + '\n';
  }
  return block;
}

/// Several versions of a client write PRODIDs of their own.
std::map<std::string, std::uint64_t> by_client(const std::map<std::string, std::uint64_t>& prodid) {
  std::map<std::string, std::uint64_t> clients;
  for (const auto& [raw, count] : prodid) clients[std::string(client_name(raw))] += count;
  return clients;
}

Result<void> write_table(Store& store, const Scope& scope, std::string_view event,
                         const Statistics& statistics, const ReportSink& sink) {
  std::string head = "attendees " + std::to_string(statistics.attendees) + '\n';
  head += table_block("rsvp", statistics.rsvp) + table_block("delivery", statistics.delivery) +
          table_block("origin", statistics.origin) +
          table_block("client", by_client(statistics.prodid));
  if (event.empty()) {
    const auto holds = holds_of(store, scope);
    if (!holds) return tl::unexpected(holds.error());
    const auto totals = store.totals(scope);
    if (!totals) return tl::unexpected(totals.error());
    const auto n = [](std::uint64_t count) { return std::to_string(count); };
    head += "outbox: " + n(totals->planned) + " planned = " + n(totals->accepted) + " accepted + " +
            n(totals->refused) + " refused + " + n(totals->suppressed) + " suppressed + " +
            n(totals->superseded) + " superseded + " + n(totals->expired) + " expired + " +
            n(totals->in_doubt) + " in doubt + " + n(totals->pending) + " pending + " +
            n(totals->claimed) + " claimed + " + n(totals->held) + " held\n" + table_holds(*holds);
  }
  if (auto done = put(sink, head); !done) return done;
  if (!event.empty()) {
    auto done = write_voices(store, scope, event, {table_proposal, table_date, table_shared}, sink);
    if (!done) return done;
  }
  return for_each_item(
      [&](const Page& page) {
        return store.list_outbox(scope, OutboxState::in_doubt, event, page);
      },
      [&](const OutboxEntry& entry) {
        return put(sink, "in doubt: " + entry.address + ' ' + std::string(to_string(entry.method)) +
                             " of " + entry.event + " since " + format_iso(entry.changed) +
                             " (attempt " + entry.attempt_id + "): " + entry.reason + '\n');
      });
}

}  // namespace

Result<void> write(Store& store, const Scope& scope, std::string_view event, ReportFormat format,
                   const ReportSink& sink) {
  if (format == ReportFormat::csv || !event.empty()) {
    const auto events = events_in(store, scope, event);
    if (!events) return tl::unexpected(events.error());
    if (format == ReportFormat::csv) return write_csv(store, scope, *events, sink);
  }
  const auto statistics = store.statistics(scope, event);
  if (!statistics) return tl::unexpected(statistics.error());
  const auto write = format == ReportFormat::json ? write_json : write_table;
  return write(store, scope, event, *statistics, sink);
}

}  // namespace calinvite::report
