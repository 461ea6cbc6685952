// Mistakes of earlier systems that were about who may do what (product.md section 6).
#include "access/owners.hpp"

using namespace roles;
using league::League;

TEST_CASE("regression D2: a cancel from anyone but the owner cancels nothing",
          "[access][regression]") {
  League league;
  const std::string rival = "rival@league.example";
  must(league.engine->add_organizer({.domain = "league", .address = rival}));
  must(league.engine->add_domain({.name = "cup",
                                  .from = "cal@reply.cup.example",
                                  .reply_domain = "reply.cup.example",
                                  .base_url = "https://cal.cup.example"}));
  must(league.engine->add_organizer({.domain = "cup", .address = rival}));
  const std::string uid = league.mailed_event();
  league.invite(uid, {"ana@fans.example"});
  league.dispatch();
  const auto cancel_of = [](const std::string& from, const std::string& organizer) {
    return league::mail(
        from,
        league::request("derby", 1, "20270601T193000", "20270601T213000", organizer, "CANCEL"),
        "CANCEL");
  };
  const auto sent_in = [&](const std::string& mail, const std::string& as,
                           const std::string& domain) {
    IngestInput input{.bytes = mail, .source = "cancel.eml", .domain = domain};
    if (!as.empty()) input.authentication = {true, as, "test"};
    std::vector<IngestOutcome> outcomes;
    must(league.engine->ingest(input,
                               [&](const IngestItem& item) { outcomes.push_back(item.outcome); }));
    REQUIRE(outcomes.size() == 1);
    return outcomes[0];
  };

  // Whoever knows the UID: another organizer, in either's name and in either domain; a stranger;
  // and a From that nobody vouches for, or that is not whom they vouch for.
  const std::string& owner = league::kOrganizer;
  for (const auto& [from, organizer, as, domain] : std::vector<std::array<std::string, 4>>{
           {rival, rival, rival, "league"},
           {rival, owner, rival, "league"},
           {rival, owner, rival, "cup"},
           {"x@else.example", owner, "x@else.example", "league"},
           {owner, owner, "", "league"},
           {owner, owner, rival, "league"}}) {
    INFO(from << " as " << as << " in " << domain);
    CHECK(sent_in(cancel_of(from, organizer), as, domain) != IngestOutcome::cancelled);
    const Event event = must(league.engine->get_event(Scope::domain("league"), uid));
    CHECK(event.status == EventStatus::confirmed);
    CHECK(event.sequence == 0);
    CHECK(must(league.engine->totals(Scope::system())).pending == 0);
  }
  CHECK(sent_in(cancel_of(owner, owner), owner, "league") == IngestOutcome::cancelled);
  CHECK(must(league.engine->totals(Scope::system())).pending == 1);
}
