// Sends nothing more to whoever unsubscribes or is suppressed, and forgets a person for good.
#include <calinvite/mime.hpp>

#include "league.hpp"

// The token of the link in a mail by which its reader unsubscribes.
static std::string unsubscribe_token(const OutgoingMessage& message) {
  for (const auto& [name, value] : check(parse_mail(message.bytes)).headers) {
    if (name != "List-Unsubscribe") continue;
    const auto at = value.find("/u/") + 3;
    return value.substr(at, value.find('>', at) - at);
  }
  return {};
}

static void list_suppressed(Engine& engine) {
  for (const auto& row : check(engine.list_suppressions(league, {}, Page{})).items) {
    const bool erased = row.address.ends_with(erased_host);
    std::printf("  %s: %s, by %s\n", row.reason.c_str(),
                erased ? "somebody, by hash" : row.address.c_str(),
                row.organizer.empty() ? "all of the domain" : row.organizer.c_str());
  }
}

int main() {
  auto engine = open_league("suppress.db");
  const Event match = invite_fans(engine);
  const auto mail = check(engine.preview(league, match.uid, "fan1@example.com"));
  check(engine.unsubscribe(unsubscribe_token(mail), SuppressionScope::organizer));
  check(
      engine.add_suppression(league, {.address = "fan2@example.com", .reason = "asked by phone"}));
  std::puts("suppressed:");
  list_suppressed(engine);

  // Both were invited already; nothing leaves all the same.
  const auto sent = check(engine.dispatch(*check(open_spool_transport("mails")), {}));
  std::printf("%lu of %lu sent, %lu suppressed\n", sent.totals.accepted, sent.totals.planned,
              sent.totals.suppressed);
  Event next = match;
  next.source_uid.clear();  // else it would be the same event of its organizer
  next = check(engine.create_event(league, next));
  const InviteRequest fans[] = {{.address = "fan1@example.com"}, {.address = "fan3@example.com"}};
  const Plan plan = check(engine.plan_invites(league, next.uid, fans, "api"));
  std::printf("of the next match: %lu to invite, %lu suppressed\n", plan.invite,
              plan.skip.at("suppressed"));

  // Forgotten: what counts stays and names nobody, and who was erased is not mailed again.
  const Erasure erased = check(engine.erase(league, "fan3@example.com"));
  std::printf("erased: %lu attendee, %lu receipts\n", erased.attendees, erased.receipts);
  list_suppressed(engine);
  return 0;
}
