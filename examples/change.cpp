// Moves an event, then cancels it: what it costs, and what those get who hold an invitation to it.
// Whoever declined is left alone.
#include <calinvite/ical.hpp>
#include <calinvite/mime.hpp>

#include "league.hpp"

// Sends what is due, by a transport of your own, and prints what each fan's calendar sees.
static void send(Engine& engine, const char* when) {
  std::map<std::string, std::string> got;
  const auto transport = make_callback_transport([&](const OutgoingMessage& message) {
    const auto mail = check(parse_mail(message.bytes));
    const auto calendar = check(parse_calendar(calendar_parts(mail)[0]->content, ZoneTable()));
    got[message.to] = std::string(to_string(*calendar.method)) + " " +
                      std::to_string(calendar.events[0].event.source_sequence) + ", \"" +
                      mail.subject + "\"";
    return SendOutcome{message.attempt_id, SendVerdict::accepted, "1@mta.league.example", ""};
  });
  check(engine.dispatch(*transport, {}));
  std::printf("%s:\n", when);
  for (const auto& [address, what] : got) std::printf("  %s %s\n", address.c_str(), what.c_str());
}

int main() {
  auto engine = open_league("change.db");
  const Event match = invite_fans(engine);
  send(engine, "invited");
  const auto token = check(engine.rsvp_token(league, match.uid, "fan3@example.com"));
  check(engine.rsvp(token, Partstat::declined));

  Event later = match;
  later.start += std::chrono::hours(24);
  later.end += std::chrono::hours(24);
  const Plan cost = check(engine.preview_update(league, later));
  for (const auto& [reason, count] : cost.skip) {
    std::printf("moving it would update %lu, and skip %lu who %s\n", cost.update, count,
                reason.c_str());
  }
  check(engine.update_event(league, later));
  send(engine, "moved");
  // `later` is as it was before: who has not seen the newest can't change it.
  const auto again = engine.update_event(league, later);
  std::printf("%s\n", again ? "changed" : code_name(again.error().code).data());

  check(engine.cancel_event(league, match.uid));
  send(engine, "cancelled");
  return 0;
}
