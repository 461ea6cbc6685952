// Unsubscribing by a mail's link, suppressions in lists, and what people agreed to.
#include "mails.hpp"

using namespace league;

namespace {

/// Somebody with a mail, and the token of its unsubscribe link.
struct Reader : League {
  Reader() {
    uid = event().uid;
    invite(uid, {"a@example.com"});
    dispatch();
    token = unsubscribe_token(sent_to("a@example.com"));
  }
  std::size_t receipts(ReceiptKind kind) {
    std::size_t found = 0;
    for (const auto& receipt : engine->list_receipts(kScope, uid, {})->items) {
      found += receipt.kind == kind;
    }
    return found;
  }
  std::vector<Suppression> rows() {
    return engine->list_suppressions(kScope, "a@example.com", {})->items;
  }
  std::uint64_t invited_anew(const std::string& organizer = kOrganizer) {
    Event next = event("next");
    if (organizer != kOrganizer) {
      next.organizer = organizer;
      next = *engine->create_event(kScope, next);
    }
    return invite(next.uid, {"a@example.com"}).invite;
  }
  std::string uid;
  std::string token;
};

ReadBytes pieces(std::string text, std::size_t size = 7) {
  return [text = std::move(text), size, at = std::size_t{0},
          piece = std::string()]() mutable -> Result<std::string_view> {
    piece = text.substr(std::min(at, text.size()), size);
    at += piece.size();
    return std::string_view(piece);
  };
}

}  // namespace

TEST_CASE("an unsubscribe link says what it is about, and changes nothing by that", "[engine]") {
  Reader reader;
  const auto view = reader.engine->find_unsubscribe(reader.token);

  REQUIRE(view);
  CHECK(view->domain == "league");
  CHECK(view->event == reader.uid);
  CHECK(view->summary == "Harbour v Hill");
  CHECK(view->organizer_name == "League Office");
  CHECK_FALSE(view->organizer_unsubscribed);
  CHECK_FALSE(view->domain_unsubscribed);
  CHECK(reader.rows().empty());
}

TEST_CASE(
    "R139: unsubscribing ends an organizer's mail, or all of the domain's, and declines nothing",
    "[engine]") {
  Reader reader;
  const std::string other = "other@league.example";
  REQUIRE(reader.engine->add_organizer({.domain = "league", .address = other}));

  REQUIRE(reader.engine->unsubscribe(reader.token, SuppressionScope::organizer));
  CHECK(reader.engine->find_unsubscribe(reader.token)->organizer_unsubscribed);
  CHECK_FALSE(reader.engine->find_unsubscribe(reader.token)->domain_unsubscribed);
  CHECK(reader.invited_anew() == 0);
  CHECK(reader.invited_anew(other) == 1);

  REQUIRE(reader.engine->unsubscribe(reader.token, SuppressionScope::domain));
  CHECK(reader.engine->find_unsubscribe(reader.token)->domain_unsubscribed);
  reader.dispatch();
  CHECK(reader.sent.empty());
  CHECK(reader.invited_anew(other) == 0);
  CHECK(reader.rows().size() == 2);
  const auto people = reader.engine->list_attendees(kScope, reader.uid, {})->items;
  CHECK(people.at(0).partstat == Partstat::needs_action);
}

TEST_CASE("R138: pressing unsubscribe twice is recorded once, and can be taken back", "[engine]") {
  Reader reader;
  const auto press = [&] {
    REQUIRE(reader.engine->unsubscribe(reader.token, SuppressionScope::organizer));
    reader.now += std::chrono::seconds(60);
  };
  press();
  press();
  CHECK(reader.receipts(ReceiptKind::unsubscribed) == 1);
  const auto consent = reader.engine->list_consents(kScope, "a@example.com", {});
  REQUIRE(consent->items.size() == 1);
  CHECK(consent->items[0].withdrawn.has_value());

  REQUIRE(reader.engine->resubscribe(reader.token, SuppressionScope::organizer));
  REQUIRE(reader.engine->resubscribe(reader.token, SuppressionScope::organizer));
  CHECK(reader.rows().empty());
  CHECK(reader.invited_anew() == 1);
  const auto again = reader.engine->list_consents(kScope, "a@example.com", {});
  CHECK_FALSE(again->items.at(0).withdrawn.has_value());
  CHECK(again->items.at(0).source == "resubscribe link");
  press();
  CHECK(reader.receipts(ReceiptKind::unsubscribed) == 2);
}

TEST_CASE("a link says that mails have ended, whatever ended them", "[engine]") {
  for (const Scope& scope : {kScope, Scope::system()}) {
    Reader reader;
    REQUIRE(reader.engine->add_suppression(
        scope, {.domain = {}, .organizer = {}, .address = "a@example.com", .reason = "complaint"}));
    const auto view = reader.engine->find_unsubscribe(reader.token);
    REQUIRE(view);
    CHECK(view->domain_unsubscribed);
    CHECK_FALSE(view->organizer_unsubscribed);
  }
  Reader reader;
  REQUIRE(reader.engine->add_suppression(
      kScope, {.domain = {}, .organizer = kOrganizer, .address = "a@example.com", .reason = {}}));
  CHECK(reader.engine->find_unsubscribe(reader.token)->organizer_unsubscribed);
}

TEST_CASE("a link takes back nothing but the person's own unsubscribe", "[engine]") {
  Reader reader;
  REQUIRE(reader.engine->add_suppression(
      kScope, {.domain = {}, .organizer = kOrganizer, .address = "A@Example.com", .reason = {}}));
  for (int i = 0; i < 2; ++i) {
    REQUIRE(reader.engine->unsubscribe(reader.token, SuppressionScope::organizer));
    reader.now += std::chrono::seconds(60);
  }
  CHECK(reader.receipts(ReceiptKind::unsubscribed) == 1);

  const auto back = reader.engine->resubscribe(reader.token, SuppressionScope::organizer);
  REQUIRE_FALSE(back);
  CHECK(back.error().code == Code::conflict);
  REQUIRE(reader.rows().size() == 1);
  CHECK(reader.rows()[0].reason == "manual");
}

TEST_CASE("unsubscribe tokens that are bad, foreign or too old all read the same", "[engine]") {
  Reader reader;
  auto changed = reader.token;
  changed[20] = changed[20] == 'A' ? 'B' : 'A';
  const auto rsvp = *reader.engine->rsvp_token(kScope, reader.uid, "a@example.com");
  const std::string first = to_string(reader.engine->find_unsubscribe("x").error());
  const auto refused = [&](const std::string& token) {
    for (const auto scope : {SuppressionScope::organizer, SuppressionScope::domain}) {
      const auto done = reader.engine->unsubscribe(token, scope);
      const auto undone = reader.engine->resubscribe(token, scope);
      REQUIRE_FALSE(done);
      REQUIRE_FALSE(undone);
      CHECK(done.error().code == Code::unauthenticated);
      CHECK(to_string(done.error()) == first);
      CHECK(to_string(undone.error()) == first);
    }
    CHECK(to_string(reader.engine->find_unsubscribe(token).error()) == first);
  };
  refused("");
  refused(changed);
  refused(rsvp);
  reader.now += std::chrono::days(800);
  refused(reader.token);
  CHECK(reader.rows().empty());
}

TEST_CASE("unsubscribing works for a copy that was withdrawn, too", "[engine]") {
  Reader reader;
  REQUIRE(reader.engine->uninvite(kScope, reader.uid, "a@example.com"));
  REQUIRE(reader.engine->unsubscribe(reader.token, SuppressionScope::domain));
  reader.dispatch();

  CHECK(reader.sent.empty());
  CHECK(reader.engine->totals(kScope)->suppressed == 1);
}

TEST_CASE("a list of suppressions is imported once, its bad rows named", "[engine]") {
  League league;
  const std::string list =
      "email,reason,organizer,time,note\r\n"
      "a@example.com,left,,2026-05-01T10:00:00Z,x\r\n"
      "nobody,left,,,\r\n"
      "b@example.com,,fixtures@league.example,2026-05-02,\r\n"
      "c@example.com,,stranger@league.example,,\r\n"
      "d@example.com,,,yesterday,\r\n"
      "e@example.com,,,,\r\n";
  std::vector<std::string> bad;
  const auto import = [&] {
    bad.clear();
    const auto done = league.engine->import_suppressions(
        kScope, "stop.csv", pieces(list), [&](const Error& error) {
          bad.push_back(std::to_string(error.place.line) + ':' +
                        std::to_string(error.place.column) + ' ' + error.place.field);
        });
    REQUIRE(done);
    return std::to_string(done->added) + ' ' + std::to_string(done->known) + ' ' +
           std::to_string(done->bad);
  };

  CHECK(import() == "3 0 3");
  CHECK(bad == std::vector<std::string>{"3:1 email", "5:3 organizer", "6:4 time"});
  CHECK(import() == "0 3 3");
  const auto rows = league.engine->list_suppressions(kScope, {}, {})->items;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].address == "a@example.com");
  CHECK(rows[0].reason == "left");
  CHECK(format_iso(rows[0].time) == "2026-05-01T10:00:00Z");
  CHECK(rows[1].reason == "manual");
  CHECK(rows[1].time == league.now);
  CHECK(rows[2].organizer == kOrganizer);

  const auto no_email = league.engine->import_suppressions(
      kScope, "stop.csv", pieces("name,reason\r\nA,x\r\n"), [](const Error&) {});
  REQUIRE_FALSE(no_email);
  CHECK(no_email.error().code == Code::invalid_input);
}

TEST_CASE("an export of suppressions is safe to open, and reads back as it was", "[engine]") {
  League league;
  REQUIRE(league.engine->add_suppression(
      kScope, {.domain = {}, .organizer = {}, .address = "-a@example.com", .reason = "=1+1"}));
  std::string csv;
  REQUIRE(league.engine->export_suppressions(kScope, [&](std::string_view piece) {
    csv += piece;
    return true;
  }));
  CHECK(csv.starts_with("\"email\",\"domain\",\"organizer\",\"reason\",\"time\"\r\n"));
  CHECK(csv.find("\"'-a@example.com\",\"league\",\"\",\"'=1+1\"") != std::string::npos);

  League other;
  const auto done = other.engine->import_suppressions(kScope, "out.csv", pieces(csv), {});
  REQUIRE(done);
  CHECK(done->added == 1);
  const auto rows = other.engine->list_suppressions(kScope, {}, {})->items;
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].address == "-a@example.com");
  CHECK(rows[0].reason == "=1+1");
}

TEST_CASE("an import of an export gives the same list, of all domains and the erased", "[engine]") {
  League league;
  const Domain other{.name = "other",
                     .from = "cal@other.example",
                     .reply_domain = "other.example",
                     .base_url = "https://other.example"};
  REQUIRE(league.engine->add_domain(other));
  const auto put = [&](const char* domain, const std::string& organizer, const char* address) {
    REQUIRE(league.engine->add_suppression(
        Scope::system(),
        {.domain = domain, .organizer = organizer, .address = address, .reason = "asked"}));
  };
  put("", "", "all@example.com");
  put("league", "", "a@example.com");
  put("league", kOrganizer, "b@example.com");
  put("other", "", "c@example.com");
  REQUIRE(league.engine->erase(Scope::system(), "gone@example.com"));
  const auto export_of = [](League& from) {
    std::string csv;
    REQUIRE(from.engine->export_suppressions(Scope::system(), [&](std::string_view piece) {
      csv += piece;
      return true;
    }));
    return csv;
  };
  const std::string csv = export_of(league);

  const auto again =
      league.engine->import_suppressions(Scope::system(), "out.csv", pieces(csv), {});
  REQUIRE(again);
  CHECK(again->added + again->bad == 0);
  CHECK(export_of(league) == csv);

  // Elsewhere the same rows come back, but for the hash that only its own store understands.
  League empty;
  REQUIRE(empty.engine->add_domain(other));
  const auto taken = empty.engine->import_suppressions(Scope::system(), "out.csv", pieces(csv), {});
  REQUIRE(taken);
  CHECK(taken->added == 4);
  CHECK(taken->bad == 1);
  const auto rows = empty.engine->list_suppressions(Scope::system(), {}, {})->items;
  REQUIRE(rows.size() == 4);
  CHECK(rows[2].organizer == kOrganizer);
  CHECK(rows[3].domain == "other");
}

TEST_CASE("a domain's import takes no row of another domain", "[engine]") {
  League league;
  std::vector<std::string> bad;
  const auto done = league.engine->import_suppressions(
      kScope, "out.csv",
      pieces("email,domain\r\na@example.com,league\r\nb@example.com,other\r\nc@example.com,\r\n"),
      [&](const Error& error) { bad.push_back(error.place.field); });
  REQUIRE(done);
  CHECK(done->added == 2);
  CHECK(bad == std::vector<std::string>{"domain"});
}

TEST_CASE("many rows of a list land in several steps", "[engine]") {
  League league;
  std::string list;
  for (int i = 0; i < 2500; ++i) list += "fan" + std::to_string(i) + "@example.com\n";
  const auto done = league.engine->import_suppressions(kScope, "stop.txt", pieces(list, 4096), {});
  REQUIRE(done);
  CHECK(done->added == 2500);
}

TEST_CASE("consent comes with a list, is reported beside the attendee, and is withdrawn by link",
          "[engine]") {
  League league;
  const auto event = league.event();
  const ConsentGiven consent{"membership form", league.now - std::chrono::days(30),
                             "=Yes, mail me\r\nabout matches"};
  REQUIRE(league.engine->invite(
      kScope, event.uid, std::vector<InviteRequest>{{"a@example.com", "A", {}, consent}}, "api"));
  std::string list = "uid,email,consent_source,consent_time,consent_text\r\n" + event.uid +
                     ",b@example.com,shop,2026-11-30,ok\r\n" + event.uid +
                     ",c@example.com,shop,soon,ok\r\n" + event.uid + ",d@example.com,,,ok\r\n";
  const auto items = league.ingest(list, "people.csv");
  std::size_t refused = 0;
  for (const auto& item : items) refused += item.outcome == IngestOutcome::refused;
  CHECK(refused == 2);

  const auto kept = league.engine->list_consents(kScope, {}, {})->items;
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].text == consent.text);
  CHECK(kept[1].source == "shop");
  CHECK(format_iso(kept[1].time) == "2026-11-30T00:00:00Z");

  league.dispatch();
  REQUIRE(league.engine->unsubscribe(unsubscribe_token(league.sent_to("a@example.com")),
                                     SuppressionScope::organizer));
  std::string csv;
  REQUIRE(league.engine->report(kScope, event.uid, ReportFormat::csv, [&](std::string_view piece) {
    csv += piece;
    return true;
  }));
  CHECK(csv.find("\"membership form\",\"2026-12-02T12:00:00Z\",\"'=Yes, mail me\r\nabout "
                 "matches\",\"2027-01-01T12:00:00Z\"") != std::string::npos);
  CHECK(csv.find("\"shop\",\"2026-11-30T00:00:00Z\",\"ok\",\"\"") != std::string::npos);

  const ConsentGiven broken{"two\nlines", {}, {}};
  const auto refused_consent = league.engine->invite(
      kScope, event.uid, std::vector<InviteRequest>{{"e@example.com", {}, {}, broken}}, "api");
  REQUIRE_FALSE(refused_consent);
  CHECK(refused_consent.error().place.field == "consent_source");
}
