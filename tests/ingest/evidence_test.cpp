// Whose answer it is: R101 to R107.
#include "ingest/answers.hpp"

using namespace answers;
using Catch::Contains;

namespace {
const std::string a = "a@example.com";
const std::string b = "b@example.com";
const std::string plain = "cal@reply.league.example";  // the sender without a token
}  // namespace

TEST_CASE("R101: an answer finds its copy by the address it was sent to and its UID", "[ingest]") {
  Match match({a, b});
  const auto item = match.take(Letter(match.invitation(a)).raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(item.event == match.uid);
  CHECK(match.attendee(a).partstat == Partstat::accepted);
  CHECK(match.attendee(b).partstat == Partstat::needs_action);
}

TEST_CASE("R101: without a UID the one copy that the token's person holds is meant", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.uid.clear();

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R101: without a UID nothing is guessed between several copies", "[ingest]") {
  Match match;
  match.invite(match.event("Return leg").uid, {a});
  Letter letter(match.invitation());
  letter.uid.clear();
  const auto item = match.take(letter.raw());

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK_THAT(item.reason, Contains("holds 2 invitations"));
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R101: the envelope names the person when the headers do not", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.to = letter.organizer = plain;
  const std::string raw = letter.raw();
  IngestInput input{.bytes = raw, .source = "answer.eml"};
  input.envelope_recipients = {match.invitation().from};
  std::vector<IngestItem> items;
  REQUIRE(match.engine->ingest(input, [&](const IngestItem& item) { items.push_back(item); }));

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R103: envelope and headers that name different people are ambiguous", "[ingest]") {
  Match match({a, b});
  const std::string raw = Letter(match.invitation(a)).raw();
  IngestInput input{.bytes = raw, .source = "answer.eml"};
  input.envelope_recipients = {match.invitation(b).from};
  std::vector<IngestItem> items;
  REQUIRE(match.engine->ingest(input, [&](const IngestItem& item) { items.push_back(item); }));

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK_THAT(items[0].reason, Contains("ambiguous: the envelope names " + b));
}

TEST_CASE("R101: the token in ORGANIZER vouches when a client changed the address", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.to = plain;

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
}

TEST_CASE("R101: with nothing but the UID a vouched-for invitee is believed, nobody else",
          "[ingest]") {
  Match match({a, b});
  Letter letter(match.invitation(a));
  letter.to = letter.organizer = plain;

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::quarantined);
  CHECK(match.take(letter.raw() + " ", b).outcome == IngestOutcome::quarantined);
  CHECK(match.attendee(a).partstat == Partstat::needs_action);
  CHECK(match.take(letter.raw(), a).outcome == IngestOutcome::replied);
  CHECK(match.attendee(a).partstat == Partstat::accepted);
}

TEST_CASE("R102: a UID in other case, with blanks or wrapped by Exchange is the same", "[ingest]") {
  Match match;
  Letter upper(match.invitation());
  for (auto& c : upper.uid) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  Letter blank(match.invitation());
  blank.uid = "  " + blank.uid + " ";
  blank.answers("DECLINED", a).dtstamp = "20270101T110100Z";
  Letter wrapped(match.invitation());
  const std::string data = std::string("vCal-Uid\x01\0\0\0", 12) + wrapped.uid + '\0';
  std::string hex = "040000008200E00074C5B7101A82E008" + std::string(8, '0') +
                    std::string(16, '0') + std::string(16, '0');
  const auto put = [&](unsigned char c) {
    hex += "0123456789ABCDEF"[c / 16];
    hex += "0123456789ABCDEF"[c % 16];
  };
  put(static_cast<unsigned char>(data.size()));
  for (int i = 0; i < 3; ++i) put(0);
  for (const char c : data) put(static_cast<unsigned char>(c));
  wrapped.uid = hex;
  wrapped.answers("TENTATIVE", a).dtstamp = "20270101T110200Z";

  CHECK(match.take(upper.raw()).outcome == IngestOutcome::replied);
  CHECK(match.take(blank.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::declined);
  CHECK(match.take(wrapped.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::tentative);
}

TEST_CASE("R103: evidence that names different people is set aside with both", "[ingest]") {
  Match match({a, b});
  Letter letter(match.invitation(a));
  letter.uid = League::property(match.invitation(b), "UID");
  const auto item = match.take(letter.raw());

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK_THAT(item.reason, Contains("ambiguous") && Contains(a) && Contains(b) && Contains("UID"));
  CHECK(match.attendee(a).partstat == Partstat::needs_action);
  CHECK(match.attendee(b).partstat == Partstat::needs_action);
}

TEST_CASE("R103: two tokens of different people are ambiguous", "[ingest]") {
  Match match({a, b});
  Letter letter(match.invitation(a));
  letter.headers = "Cc: <" + match.invitation(b).from + ">\r\n";

  CHECK_THAT(match.take(letter.raw()).reason, Contains("ambiguous"));
  CHECK(match.attendee(a).partstat == Partstat::needs_action);
}

TEST_CASE("R103: an invitee who answers another's copy is ambiguous", "[ingest]") {
  Match match({a, b});
  Letter letter(match.invitation(a));
  letter.answers("DECLINED", b).from = b;
  const auto item = match.take(letter.raw());

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK_THAT(item.reason, Contains("ambiguous") && Contains(a) && Contains(b));
  CHECK(match.attendee(b).partstat == Partstat::needs_action);
}

TEST_CASE("R104: of several ATTENDEEs the invited one answers", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.attendees =
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.com\r\n"
      "ATTENDEE;PARTSTAT=DECLINED:MAILTO:A@example.com\r\n";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::declined);
}

TEST_CASE("R104: several ATTENDEEs without the invited one answer nothing", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.attendees =
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.com\r\n"
      "ATTENDEE;PARTSTAT=DECLINED:mailto:d@example.com\r\n";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::quarantined);
}

TEST_CASE("R105: an alias of the invited address answers for it", "[ingest]") {
  const std::string invited = "first.last@gmail.com";
  for (const std::string alias :
       {"firstlast@gmail.com", "first.last+cup@gmail.com", "firstlast@googlemail.com"}) {
    INFO(alias);
    Match match({invited});
    Letter letter(match.invitation(invited));
    letter.answers("ACCEPTED", alias).from = alias;

    CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
    CHECK(match.attendee(invited).partstat == Partstat::accepted);
    CHECK_THAT(match.last_receipt().detail, Contains("by " + alias));
  }
}

TEST_CASE("R105: the invited one answers in From or SENT-BY, whatever ATTENDEE says", "[ingest]") {
  Match from;
  Letter letter(from.invitation());
  letter.answers("ACCEPTED", "other@example.net");
  Match sent_by;
  Letter on_behalf(sent_by.invitation());
  on_behalf.answers("DECLINED", "room@example.net", ";SENT-BY=\"mailto:a@example.com\"").from =
      "room@example.net";

  CHECK(from.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(from.attendee().partstat == Partstat::accepted);
  CHECK(sent_by.take(on_behalf.raw()).outcome == IngestOutcome::replied);
  CHECK(sent_by.attendee().partstat == Partstat::declined);
}

TEST_CASE("R105: whoever was passed the invitation on is a shared attendee, counted nowhere",
          "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.answers("ACCEPTED", "friend@example.net", ";CN=A Friend").from = "friend@example.net";
  const auto item = match.take(letter.raw());

  CHECK(item.outcome == IngestOutcome::recorded);
  CHECK_THAT(item.reason, Contains("friend@example.net") && Contains("shared"));
  CHECK(match.attendee().partstat == Partstat::needs_action);
  CHECK(match.engine->statistics(kScope, match.uid)->attendees == 1);
  CHECK(match.engine->statistics(kScope, match.uid)->rsvp.at("accepted") == 0);
  const auto shared = match.engine->list_shared_attendees(kScope, match.uid, {});
  REQUIRE(shared);
  REQUIRE(shared->items.size() == 1);
  CHECK(shared->items[0].address == "friend@example.net");
  CHECK(shared->items[0].name == "A Friend");
  CHECK(shared->items[0].via == a);
  CHECK(shared->items[0].partstat == Partstat::accepted);
  CHECK_THAT(match.report(ReportFormat::json), Contains(R"("shared":"friend@example.net")"));
  CHECK(match.take(letter.raw()).outcome == IngestOutcome::already_seen);
  CHECK(match.dispatch().totals.accepted == 1);
}

namespace {

const std::string guest = "friend@example.net";

void set_policy(Match& match, SharedPolicy policy) {
  Domain domain = match.engine->list_domains()->front();
  domain.shared_attendees = policy;
  REQUIRE(match.engine->update_domain(domain));
}

/// The answer of somebody whom the invitation was passed on to.
Letter passed_on(Match& match, const std::string& partstat = "ACCEPTED") {
  Letter letter(match.invitation());
  letter.answers(partstat, guest, ";CN=A Friend").from = guest;
  return letter;
}

std::size_t kept_beside(Match& match) {
  return match.engine->list_shared_attendees(kScope, match.uid, {})->items.size();
}

}  // namespace

TEST_CASE("R105: a domain may take whoever was passed the invitation on as an attendee",
          "[ingest]") {
  Match match;
  set_policy(match, SharedPolicy::accept);
  const auto item = match.take(passed_on(match).raw(), guest);

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::needs_action);
  CHECK(match.attendee(guest).partstat == Partstat::accepted);
  CHECK(match.attendee(guest).origin == "shared");
  CHECK(match.attendee(guest).name == "A Friend");
  CHECK(kept_beside(match) == 0);
  const auto statistics = match.engine->statistics(kScope, match.uid);
  CHECK(statistics->attendees == 2);
  CHECK(statistics->rsvp.at("accepted") == 1);
  CHECK(statistics->origin.at("shared") == 1);
  CHECK_THAT(match.last_receipt().detail, Contains("accepted, passed on by " + a));
  match.dispatch();
  REQUIRE(match.sent.size() == 1);  // a copy of their own, so that changes reach them
  CHECK(match.sent[0].to == guest);

  CHECK(match.take(passed_on(match).raw(), guest).outcome == IngestOutcome::already_seen);
  Letter again = passed_on(match, "DECLINED");  // by the copy that was passed on, once more
  again.dtstamp = "20270101T113000Z";
  CHECK(match.take(again.raw(), guest).outcome == IngestOutcome::replied);
  CHECK(match.attendee(guest).partstat == Partstat::declined);
  CHECK(match.attendee().partstat == Partstat::needs_action);
  match.dispatch();
  CHECK(match.sent.empty());
}

TEST_CASE("R120c: nobody is invited by an answer whose sender is not known", "[ingest]") {
  Match match;
  set_policy(match, SharedPolicy::accept);
  CHECK(match.take(passed_on(match).raw()).outcome == IngestOutcome::recorded);
  Letter other = passed_on(match);
  other.headers = "Message-ID: <2@example.net>\r\n";
  CHECK(match.take(other.raw(), "else@example.net").outcome == IngestOutcome::recorded);

  CHECK(kept_beside(match) == 1);
  CHECK(match.engine->statistics(kScope, match.uid)->attendees == 1);
  match.dispatch();
  CHECK(match.sent.empty());
}

TEST_CASE("R105: who may not be invited is kept beside the event, whatever the domain takes",
          "[ingest]") {
  Match match;
  set_policy(match, SharedPolicy::accept);
  SECTION("suppressed") {
    REQUIRE(match.engine->add_suppression(kScope, {.domain = "league", .address = guest}));
  }
  SECTION("the event is full") {
    Event event = *match.engine->get_event(kScope, match.uid);
    event.invite_limit = 1;
    REQUIRE(match.engine->update_event(kScope, event));
  }
  SECTION("uninvited by the organizer") {
    match.invite(match.uid, {guest});
    REQUIRE(match.engine->uninvite(kScope, match.uid, guest));
  }
  SECTION("the event is cancelled") { REQUIRE(match.engine->cancel_event(kScope, match.uid)); }
  match.dispatch();
  const auto item = match.take(passed_on(match).raw(), guest);

  CHECK(item.outcome == IngestOutcome::recorded);
  CHECK_THAT(item.reason, Contains("kept as a shared attendee"));
  CHECK(kept_beside(match) == 1);
  match.dispatch();
  for (const auto& message : match.sent) CHECK(message.to != guest);
}

TEST_CASE("R105: a domain may take no answers of people who are not invited", "[ingest]") {
  Match match;
  set_policy(match, SharedPolicy::refuse);
  const auto item = match.take(passed_on(match).raw(), guest);

  CHECK(item.outcome == IngestOutcome::refused);
  CHECK_THAT(item.reason, Contains(guest) && Contains("not invited"));
  CHECK(kept_beside(match) == 0);
  CHECK(match.attendee().partstat == Partstat::needs_action);
  CHECK(match.engine->statistics(kScope, match.uid)->attendees == 1);
  CHECK_THAT(match.last_receipt().detail, Contains("by " + guest) && Contains("not invited"));
  CHECK(match.take(passed_on(match).raw(), guest).outcome == IngestOutcome::already_seen);
  CHECK(match.take(Letter(match.invitation()).raw()).outcome == IngestOutcome::replied);
}

TEST_CASE("R106: From need not be the one who answers", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.from = "private@example.org";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R107: a token is believed from an unverified sender, and the receipt says so",
          "[ingest]") {
  Match match;
  match.take(Letter(match.invitation()).raw());
  CHECK_THAT(match.last_receipt().detail, Contains("sender not verified"));

  Letter again(match.invitation());
  again.dtstamp = "20270101T113000Z";
  match.take(again.answers("DECLINED", a).raw(), a);
  CHECK(match.last_receipt().detail == "declined");
}

TEST_CASE("regression D3: a reply of a stranger changes nobody's answer", "[ingest][regression]") {
  Match match;
  Letter letter(match.invitation());
  letter.from = "stranger@example.org";
  letter.to = letter.organizer = plain;
  Letter guessed = letter;
  guessed.to = "cal+aaaaaaaaaaaaaaaa@reply.league.example";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::quarantined);
  CHECK(match.take(letter.raw() + " ", "stranger@example.org").outcome ==
        IngestOutcome::quarantined);
  CHECK(match.take(guessed.raw()).outcome == IngestOutcome::quarantined);
  CHECK(match.attendee().partstat == Partstat::needs_action);
  CHECK(match.engine->list_shared_attendees(kScope, match.uid, {})->items.empty());
}

TEST_CASE("regression D3: a vouched-for stranger who knows a UID answers for nobody but themselves",
          "[ingest][regression]") {
  const std::string stranger = "stranger@example.org";
  const std::string theirs = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + stranger + "\r\n";
  struct Row {
    std::string attendees, from;
    IngestOutcome outcome;
  };
  const Row row = GENERATE_COPY(
      Row{theirs, stranger, IngestOutcome::recorded}, Row{theirs, a, IngestOutcome::recorded},
      Row{"ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY=\"mailto:" + a + "\":mailto:" + stranger + "\r\n",
          stranger, IngestOutcome::recorded},
      Row{"ATTENDEE;PARTSTAT=DECLINED:mailto:" + a + "\r\n" + theirs, stranger,
          IngestOutcome::quarantined},
      Row{theirs + "ATTENDEE;PARTSTAT=DECLINED:mailto:" + a + "\r\n", a,
          IngestOutcome::quarantined},
      Row{"ATTENDEE;PARTSTAT=DECLINED;SENT-BY=\"mailto:" + stranger + "\":mailto:" + a + "\r\n",
          stranger, IngestOutcome::quarantined},
      Row{"ATTENDEE;PARTSTAT=DECLINED;SENT-BY=\"mailto:" + stranger +
              "\":mailto:friend@example.net\r\n",
          stranger, IngestOutcome::quarantined},
      Row{"ATTENDEE;PARTSTAT=DECLINED:mailto:\r\n", a, IngestOutcome::quarantined});
  CAPTURE(row.attendees, row.from);
  Match match;
  Letter letter(match.invitation());
  letter.to = letter.organizer = plain;
  letter.attendees = row.attendees;
  letter.from = row.from;
  const auto item = match.take(letter.raw(), stranger);

  CHECK(item.outcome == row.outcome);
  CHECK(match.attendee().partstat == Partstat::needs_action);
  const auto shared = match.engine->list_shared_attendees(kScope, match.uid, {});
  REQUIRE(shared);
  for (const SharedAttendee& person : shared->items) CHECK(person.address == stranger);
}

TEST_CASE("R105: a vouched-for invitee answers their copy whatever ATTENDEE says, without a token",
          "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.to = letter.organizer = plain;
  letter.answers("ACCEPTED", "other@example.net");

  CHECK(match.take(letter.raw(), a).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}
