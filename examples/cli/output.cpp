#include <calinvite/time.hpp>
#include <iostream>

#include "session.hpp"

namespace cli {

void print(const Session& session, const Line& line, const std::string& text) {
  if (session.json) {
    std::cout << line.dump(-1, ' ', false, Line::error_handler_t::replace) << '\n';
  } else {
    std::cout << text << '\n';
  }
}

Line event_line(const calinvite::EventSummary& summary) {
  const calinvite::Event& event = summary.event;
  return Line{{"uid", event.uid},
              {"source_uid", event.source_uid},
              {"summary", event.summary},
              {"start", calinvite::format_iso(event.start, event.all_day)},
              {"end", calinvite::format_iso(event.end, event.all_day)},
              {"timezone", event.timezone},
              {"all_day", event.all_day},
              {"organizer", event.organizer},
              {"status", calinvite::to_string(event.status)},
              {"sequence", event.sequence},
              {"attendees", summary.attendees}};
}

std::string event_text(const calinvite::EventSummary& summary) {
  const calinvite::Event& event = summary.event;
  std::string text = event.uid + "  " + calinvite::format_iso(event.start, event.all_day);
  if (!event.all_day) text += ' ' + event.timezone;
  text += "  " + event.summary + "  [" + std::string(calinvite::to_string(event.status)) +
          ", SEQUENCE " + std::to_string(event.sequence) + ", " +
          std::to_string(summary.attendees) + " attendees]";
  return text;
}

Line plan_line(const calinvite::Plan& plan) {
  return Line{{"event", plan.event},
              {"invite", plan.invite},
              {"update", plan.update},
              {"cancel", plan.cancel},
              {"skip", plan.skip}};
}

std::string plan_text(const calinvite::Plan& plan) {
  std::string text = plan.event + ": " + std::to_string(plan.invite) + " to invite, " +
                     std::to_string(plan.update) + " to update, " + std::to_string(plan.cancel) +
                     " to cancel";
  for (const auto& [reason, count] : plan.skip) {
    text += ", " + std::to_string(count) + " skipped (" + reason + ")";
  }
  return text;
}

bool print_item(const Session& session, const calinvite::IngestItem& item) {
  std::string text = item.source;
  if (item.place.line > 0) text += ':' + std::to_string(item.place.line);
  text += ": " + item.item + ' ' + std::string(calinvite::to_string(item.outcome));
  if (!item.event.empty()) text += " as " + item.event;
  if (!item.reason.empty()) text += ": " + item.reason;
  print(session,
        Line{{"file", item.source},
             {"item", item.item},
             {"outcome", calinvite::to_string(item.outcome)},
             {"event", item.event},
             {"reason", item.reason},
             {"line", item.place.line},
             {"column", item.place.column}},
        text);
  return item.outcome != calinvite::IngestOutcome::refused &&
         item.outcome != calinvite::IngestOutcome::quarantined;
}

Line totals_line(const calinvite::OutboxTotals& totals) {
  return Line{{"planned", totals.planned},       {"accepted", totals.accepted},
              {"refused", totals.refused},       {"suppressed", totals.suppressed},
              {"superseded", totals.superseded}, {"expired", totals.expired},
              {"in_doubt", totals.in_doubt},     {"pending", totals.pending},
              {"claimed", totals.claimed},       {"held", totals.held}};
}

}  // namespace cli
