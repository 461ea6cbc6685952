// Reports an event: its figures, its receipts day by day, and what organizers get as CSV.
#include <calinvite/report.hpp>

#include "league.hpp"

static void print(const std::string& title, const std::map<std::string, std::uint64_t>& counts) {
  std::printf("%s:", title.c_str());
  for (const auto& [word, count] : counts) std::printf(" %lu %s", count, word.c_str());
  std::printf("\n");
}

int main() {
  using namespace std::chrono;
  sys_seconds now = sys_days(2037y / March / 1) + hours(12);  // in earnest the system's
  auto engine = open_league("report.db", [&] { return now; });
  const Event match = invite_fans(engine);
  const InviteRequest buyers[] = {{.address = "ana@example.net"}, {.address = "ben@example.net"}};
  check(engine.invite(league, match.uid, buyers, "shop"));
  // A transport of your own; this one knows no Ben.
  const auto transport = make_callback_transport([](const OutgoingMessage& message) {
    const bool known = message.to != "ben@example.net";
    return SendOutcome{message.attempt_id, known ? SendVerdict::accepted : SendVerdict::refused,
                       "1@mta.league.example", ""};
  });
  check(engine.dispatch(*transport, {}));
  const auto answer = [&](const char* address, Partstat partstat) {
    check(engine.rsvp(check(engine.rsvp_token(league, match.uid, address)), partstat));
  };
  now += hours(24);
  answer("fan1@example.com", Partstat::accepted);
  answer("ana@example.net", Partstat::accepted);
  now += hours(24);
  answer("fan2@example.com", Partstat::declined);

  // Of an event; without one, of all that the scope covers.
  const Statistics figures = check(engine.statistics(league, match.uid));
  std::printf("%lu attendees\n", figures.attendees);
  print("origin", figures.origin);
  print("rsvp", figures.rsvp);
  print("delivery", figures.delivery);

  // Long lists come in parts: as long as `after` is not empty there is more.
  Page page;
  do {
    auto days = check(engine.list_receipt_buckets(league, match.uid, BucketSize::day, page));
    for (const auto& day : days.items) print(format_iso(day.start).substr(0, 10), day.counts);
    page.after = std::move(days.next);
  } while (!page.after.empty());

  // Piece by piece, as it may be long. Of its columns these are the first four.
  int column = 0;
  check(engine.report(league, match.uid, ReportFormat::csv, [&](std::string_view piece) {
    for (const char c : piece) {
      if (c == ',') ++column;
      if (c == '\n') column = 0;
      if (column < 4) std::putchar(c);
    }
    return true;
  }));
  return 0;
}
