// Invites two people to an event and writes their invitation mails into the folder "mails".
#include <calinvite/engine.hpp>
#include <calinvite/time.hpp>
#include <cstdio>

int main() {
  using namespace calinvite;  // value() ends the program when there is an error instead
  std::remove("quickstart.db");
  auto engine = Engine::open({.store = "sqlite:quickstart.db", .master_key = {1, 2, 3}}).value();
  engine
      .add_domain({.name = "league",
                   .from = "cal@reply.league.example",
                   .reply_domain = "reply.league.example",
                   .base_url = "https://cal.league.example"})
      .value();
  engine.add_organizer({.address = "fixtures@league.example", .name = "League Office"}).value();
  const auto league = Scope::domain("league");

  Event match{.organizer = "fixtures@league.example", .summary = "Harbour v Hill"};
  match.start = parse_iso("2037-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "Europe/London";
  match = engine.create_event(league, match).value();
  const InviteRequest fans[] = {{"fan1@example.com", "Fan 1", "en"},
                                {"fan2@example.net", "", "de"}};
  engine.invite(league, match.uid, fans, "api").value();

  auto transport = open_spool_transport("mails").value();
  const auto sent = engine.dispatch(*transport, {}).value();
  std::printf("%lu of %lu accepted\n", sent.totals.accepted, sent.totals.planned);
  std::printf("%s\n", write_statistics_json(engine.statistics(league).value()).c_str());
  return sent.totals.accepted == 2 ? 0 : 1;
}
