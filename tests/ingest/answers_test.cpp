// What an answer does: R108 to R117.
#include "ingest/answers.hpp"

using namespace answers;
using Catch::Contains;

namespace {

const std::string a = "a@example.com";

/// A league with a weekly series of four dates and one attendee.
struct Series : Match {
  Series() {
    Event weekly{.organizer = kOrganizer, .summary = "Training"};
    weekly.start = parse_iso("2027-05-03T18:00")->wall;
    weekly.end = weekly.start + std::chrono::hours(1);
    weekly.timezone = "Europe/London";
    weekly.rrule = "FREQ=WEEKLY;COUNT=4";
    const auto created = engine->create_event(kScope, weekly);
    REQUIRE(created);
    uid = created->uid;
    invite(uid, {a});
    dispatch();
    invitations = sent;
  }
  Letter to_date(const std::string& partstat, const std::string& date, const std::string& dtstamp) {
    Letter letter(invitation());
    letter.answers(partstat, a);
    letter.more = "RECURRENCE-ID" + date + "\r\n";
    letter.dtstamp = dtstamp;
    return letter;
  }
  bool tells(const std::string& line) {
    return report(ReportFormat::json).find(line) != std::string::npos;
  }
};

/// The answer with one more part behind it.
std::string with_part(const Letter& letter, const std::string& part) {
  return "From: <" + letter.from + ">\r\nTo: <" + letter.to +
         ">\r\nSubject: answer\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
         "boundary=m\r\n\r\n--m\r\nContent-Type: text/calendar; charset=UTF-8; method=REPLY"
         "\r\n\r\n" +
         letter.calendar() + "\r\n--m\r\n" + part + "\r\n--m--\r\n";
}

const std::string may_10 =
    R"("occurrence":"2027-05-10T18:00:00","email":"a@example.com","status":)";

}  // namespace

TEST_CASE("R108: an unknown PARTSTAT is kept as written and changes nothing", "[ingest]") {
  Match match;
  match.take(Letter(match.invitation()).raw());
  Letter letter(match.invitation());
  letter.dtstamp = "20270101T113000Z";
  const auto item = match.take(letter.answers("X-PERHAPS", a).raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
  CHECK_THAT(match.last_receipt().detail, Contains("PARTSTAT=X-PERHAPS"));
}

TEST_CASE("R108: answers are read in any letter case", "[ingest]") {
  Match match;
  match.take(Letter(match.invitation()).answers("declined", a).raw());
  CHECK(match.attendee().partstat == Partstat::declined);
}

TEST_CASE("R109: an answer that is history is recorded once, with or without DTSTAMP", "[ingest]") {
  Match match;
  Letter newer(match.invitation());
  newer.dtstamp = "20270101T115000Z";
  match.take(newer.raw());
  Letter old(match.invitation());
  old.answers("DECLINED", a);
  Letter bare(match.invitation());
  bare.answers("TENTATIVE", a).dtstamp.clear();
  bare.headers = "Message-ID: <one@example.com>\r\n";

  CHECK(match.take(old.raw()).outcome == IngestOutcome::replied);
  CHECK(match.take(bare.raw()).outcome == IngestOutcome::replied);
  match.now += std::chrono::hours(1);
  CHECK(match.take(old.raw()).outcome == IngestOutcome::already_seen);
  CHECK(match.take(bare.raw()).outcome == IngestOutcome::already_seen);
  CHECK(match.attendee().partstat == Partstat::tentative);
  CHECK(match.engine->list_receipts(kScope, match.uid, {})->items.size() == 5);
}

TEST_CASE("R109: who changes their mind twice within one DTSTAMP is heard each time", "[ingest]") {
  Match match;
  const auto mail = [&](const std::string& partstat, const std::string& id) {
    Letter letter(match.invitation());
    letter.headers = "Message-ID: <" + id + "@example.com>\r\n";
    return letter.answers(partstat, a).raw();
  };
  for (const auto& [partstat, id] : {std::pair("ACCEPTED", "one"), std::pair("DECLINED", "two"),
                                     std::pair("ACCEPTED", "three")}) {
    CHECK(match.take(mail(partstat, id)).outcome == IngestOutcome::replied);
  }

  CHECK(match.attendee().partstat == Partstat::accepted);
  CHECK(match.take(mail("DECLINED", "two")).outcome == IngestOutcome::already_seen);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R109: a clock that runs ahead makes no second answer of the same mail", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.dtstamp = "20290101T000000Z";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  match.now += std::chrono::hours(1);
  CHECK(match.take(letter.raw()).outcome == IngestOutcome::already_seen);
  Letter later(match.invitation());
  later.dtstamp = "20270101T125000Z";
  match.take(later.answers("DECLINED", a).raw());
  CHECK(match.attendee().partstat == Partstat::declined);
}

TEST_CASE("R110: an answer to the time before a change is history", "[ingest]") {
  Match match;
  const Letter old(match.invitation());
  auto event = *match.engine->get_event(kScope, match.uid);
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  REQUIRE(match.engine->update_event(kScope, event));
  const auto item = match.take(old.raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK_THAT(item.reason, Contains("before the last change of time"));
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R111: an answer without SEQUENCE or above ours counts, and the receipt says so",
          "[ingest]") {
  Match match;
  Letter none(match.invitation());
  none.sequence.clear();
  Letter high(match.invitation());
  high.sequence = "SEQUENCE:7\r\n";
  high.answers("DECLINED", a).dtstamp = "20270101T113000Z";

  match.take(none.raw());
  CHECK(match.attendee().partstat == Partstat::accepted);
  CHECK_THAT(match.last_receipt().detail, Contains("without SEQUENCE"));
  match.take(high.raw());
  CHECK(match.attendee().partstat == Partstat::declined);
  CHECK_THAT(match.last_receipt().detail, Contains("SEQUENCE above ours"));
}

TEST_CASE("R109: a newer answer that another process takes meanwhile stays in force", "[ingest]") {
  Match match;
  Engine another = match.open();
  Letter newer(match.invitation());
  newer.answers("DECLINED", a).dtstamp = "20270101T113000Z";
  bool taken = false;
  match.on_clock = [&] {
    if (std::exchange(taken, true)) return;
    const std::string raw = newer.raw();
    REQUIRE(another.ingest({.bytes = raw, .source = "newer.eml"}, [](const IngestItem&) {}));
  };
  const auto item = match.take(Letter(match.invitation()).raw());
  match.on_clock = nullptr;

  REQUIRE(taken);
  CHECK_THAT(item.reason, Contains("older than the answer in force"));
  CHECK(match.attendee().partstat == Partstat::declined);
}

TEST_CASE("R110: an answer to a time that another process changes meanwhile is history",
          "[ingest]") {
  Match match;
  Engine another = match.open();
  auto event = *match.engine->get_event(kScope, match.uid);
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  bool changed = false;
  match.on_clock = [&] {
    if (std::exchange(changed, true)) return;
    REQUIRE(another.update_event(kScope, event));
  };
  const auto item = match.take(Letter(match.invitation()).raw());
  match.on_clock = nullptr;

  REQUIRE(changed);
  CHECK(item.outcome == IngestOutcome::replied);
  CHECK_THAT(item.reason, Contains("before the last change of time"));
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R112: of a web and a mail answer the later one is in force", "[ingest]") {
  Match match;
  const auto token = match.engine->rsvp_token(kScope, match.uid, a);
  REQUIRE(match.engine->rsvp(*token, Partstat::declined));
  match.take(Letter(match.invitation()).raw());
  CHECK(match.attendee().partstat == Partstat::declined);

  match.now += std::chrono::hours(2);
  Letter later(match.invitation());
  later.dtstamp = "20270101T133000Z";
  match.take(later.raw());
  CHECK(match.attendee().partstat == Partstat::accepted);
  CHECK(match.attendee().channel == "mail");
}

TEST_CASE("R113: an answer to one date is that date's alone, whatever the zone", "[ingest]") {
  Series series;
  series.take(Letter(series.invitation()).raw());
  const auto item =
      series.take(series.to_date("DECLINED", ":20270510T170000Z", "20270101T113000Z").raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK_THAT(item.reason, Contains("declined for 20270510T180000"));
  CHECK(series.attendee().partstat == Partstat::accepted);
  CHECK(series.tells(may_10 + R"("declined")"));
  CHECK_THAT(series.report(ReportFormat::table), Contains("one date: " + a + " declined"));
}

TEST_CASE("R113: a date keeps its answer until the answer to the series is newer", "[ingest]") {
  Series series;
  series.take(
      series.to_date("DECLINED", ";TZID=Europe/Berlin:20270510T190000", "20270101T113000Z").raw());
  Letter older(series.invitation());
  older.dtstamp = "20270101T112000Z";
  series.take(older.raw());
  CHECK(series.attendee().partstat == Partstat::accepted);
  CHECK(series.tells(may_10 + R"("declined")"));

  Letter newer(series.invitation());
  newer.dtstamp = "20270101T114000Z";
  series.take(newer.answers("TENTATIVE", a).raw());
  CHECK_FALSE(series.tells(may_10));
  const auto late =
      series.take(series.to_date("DECLINED", ":20270510T170000Z", "20270101T113500Z").raw());
  CHECK_THAT(late.reason, Contains("older than the answer to the series"));
  CHECK_FALSE(series.tells(may_10));
}

TEST_CASE("R113: a date that the series does not have gets no answer", "[ingest]") {
  Series series;
  const auto item =
      series.take(series.to_date("DECLINED", ":20270511T170000Z", "20270101T113000Z").raw());

  CHECK_THAT(item.reason, Contains("a date that the event does not have"));
  CHECK(series.attendee().partstat == Partstat::needs_action);
  CHECK_FALSE(series.tells(R"("occurrence")"));
}

TEST_CASE("R113: RANGE=THISANDFUTURE answers its date and is noted", "[ingest]") {
  Series series;
  const auto item = series.take(
      series.to_date("DECLINED", ";RANGE=THISANDFUTURE:20270510T170000Z", "20270101T113000Z")
          .raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(series.tells(may_10 + R"("declined")"));
  CHECK(series.attendee().partstat == Partstat::needs_action);
  CHECK_THAT(series.last_receipt().detail, Contains("RANGE=THISANDFUTURE"));
}

TEST_CASE("R113: a day without a time names the date that starts on it", "[ingest]") {
  for (const std::string times :
       {"DTSTART;TZID=Europe/London:20270510T180000\r\n", "DTSTART;VALUE=DATE:20270510\r\n", ""}) {
    INFO(times);
    Series series;
    auto letter = series.to_date("DECLINED", ";VALUE=DATE:20270510", "20270101T113000Z");
    letter.times = times;
    const auto item = series.take(letter.raw());

    CHECK_THAT(item.reason, Contains("declined for 20270510T180000"));
    CHECK(series.tells(may_10 + R"("declined")"));
  }
}

TEST_CASE("R113: a date of what happens once is the whole of it", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.more = "RECURRENCE-ID:20270508T140000Z\r\n";

  CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R110: a changed date forgets its answers, and older ones come too late", "[ingest]") {
  Series series;
  const auto answer = series.to_date("ACCEPTED", ":20270510T170000Z", "20270101T113000Z");
  const auto other = series.to_date("DECLINED", ":20270517T170000Z", "20270101T113000Z");
  series.take(answer.raw());
  series.take(other.raw());
  auto event = *series.engine->get_event(kScope, series.uid);
  Override moved{.occurrence = {parse_iso("2027-05-10T18:00")->wall}};
  moved.start = moved.occurrence.original_start + std::chrono::hours(2);
  moved.end = moved.start + std::chrono::hours(1);
  event.overrides.push_back(moved);
  REQUIRE(series.engine->update_event(kScope, event));

  CHECK_FALSE(series.tells(may_10));
  CHECK(series.tells(R"("occurrence":"2027-05-17T18:00:00")"));
  auto late = answer;
  late.dtstamp = "20270101T115000Z";
  CHECK_THAT(series.take(late.raw()).reason, Contains("before the last change of time"));
  CHECK_FALSE(series.tells(may_10));
}

TEST_CASE("regression D12: a reschedule of the series forgets the answers to its dates",
          "[ingest][regression]") {
  Series series;
  series.take(series.to_date("DECLINED", ":20270510T170000Z", "20270101T113000Z").raw());
  auto event = *series.engine->get_event(kScope, series.uid);
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  REQUIRE(series.engine->update_event(kScope, event));

  CHECK_FALSE(series.tells(R"("occurrence")"));
}

TEST_CASE("R114: a counter-proposal is a tentative answer that changes nothing", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "COUNTER";
  letter.attendees = "ATTENDEE:mailto:" + a + "\r\n";
  letter.times =
      "DTSTART;TZID=Europe/Berlin:20270508T180000\r\nDTEND;TZID=Europe/Berlin:"
      "20270508T200000\r\n";
  letter.more = "COMMENT:My train is late\r\nSUMMARY:Harbour v Hill\r\n";
  const auto item = match.take(letter.raw());

  CHECK(item.outcome == IngestOutcome::replied);
  const auto person = match.attendee();
  CHECK(person.partstat == Partstat::tentative);
  CHECK(person.proposal == "2027-05-08T17:00:00/2027-05-08T19:00:00");
  const auto receipt = match.last_receipt();
  CHECK(receipt.method == Method::counter);
  CHECK(receipt.proposal == person.proposal);
  CHECK(receipt.comment == "My train is late");
  CHECK(receipt.sequence == 0);
  CHECK(format_iso(match.engine->get_event(kScope, match.uid)->start) == "2027-05-08T15:00:00");
  CHECK_THAT(match.report(ReportFormat::csv), Contains(person.proposal));
  CHECK_THAT(match.report(ReportFormat::json), Contains(R"("proposal":"a@example.com")"));
  CHECK_THAT(match.report(ReportFormat::table), Contains("proposal: a@example.com proposes"));
}

TEST_CASE("R114: each counter-proposal is recorded, also of one second with the answer before",
          "[ingest]") {
  Match match;
  match.take(Letter(match.invitation()).answers("TENTATIVE", a).raw());
  Letter first(match.invitation());
  first.method = "COUNTER";
  first.answers("TENTATIVE", a).times = "DTSTART:20270508T130000Z\r\nDTEND:20270508T150000Z\r\n";
  Letter second = first;
  second.times = "DTSTART:20270508T160000Z\r\nDTEND:20270508T180000Z\r\n";

  CHECK(match.take(first.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().proposal == "2027-05-08T14:00:00/2027-05-08T16:00:00");
  CHECK(match.take(second.raw()).outcome == IngestOutcome::replied);
  CHECK(match.attendee().proposal == "2027-05-08T17:00:00/2027-05-08T19:00:00");
  CHECK(match.take(second.raw()).outcome == IngestOutcome::already_seen);
  CHECK(match.take(first.raw()).outcome == IngestOutcome::already_seen);
  CHECK(match.attendee().proposal == "2027-05-08T17:00:00/2027-05-08T19:00:00");
}

TEST_CASE("R114: each counter-proposal for one date is recorded", "[ingest]") {
  Series series;
  Letter first = series.to_date("TENTATIVE", ":20270510T170000Z", "20270101T113000Z");
  first.method = "COUNTER";
  first.times = "DTSTART:20270510T160000Z\r\nDTEND:20270510T170000Z\r\n";
  Letter second = first;
  second.times = "DTSTART:20270510T190000Z\r\nDTEND:20270510T200000Z\r\n";

  CHECK(series.take(first.raw()).outcome == IngestOutcome::replied);
  CHECK(series.take(second.raw()).outcome == IngestOutcome::replied);
  CHECK(series.tells("2027-05-10T20:00:00/2027-05-10T21:00:00"));
  CHECK(series.take(second.raw()).outcome == IngestOutcome::already_seen);
}

TEST_CASE("R114: a counter-proposal with an answer is that answer", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "COUNTER";
  letter.answers("DECLINED", a).more = "SUMMARY:Harbour v Hill\r\n";
  match.take(letter.raw());
  CHECK(match.attendee().partstat == Partstat::declined);
  CHECK(match.attendee().proposal.empty());  // the times are the event's own
}

TEST_CASE("R114: an answer after the proposal ends it", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "COUNTER";
  letter.times = "DTSTART:20270508T170000Z\r\nDTEND:20270508T180000Z\r\n";
  match.take(letter.raw());
  REQUIRE_FALSE(match.attendee().proposal.empty());
  Letter answer(match.invitation());
  answer.dtstamp = "20270101T114000Z";
  match.take(answer.raw());

  CHECK(match.attendee().proposal.empty());
  CHECK(match.report(ReportFormat::json).find("proposal") == std::string::npos);
}

TEST_CASE("R116: a delegate is told of and not invited", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.answers("DELEGATED", a, ";DELEGATED-TO=\"mailto:deputy@example.net\"");
  match.take(letter.raw());
  CHECK_THAT(match.last_receipt().detail, Contains("delegated to deputy@example.net"));
  Letter deputy(match.invitation());
  deputy.answers("ACCEPTED", "deputy@example.net", ";DELEGATED-FROM=\"mailto:a@example.com\"")
      .from = "deputy@example.net";
  const auto item = match.take(deputy.raw());

  CHECK(match.attendee().partstat == Partstat::delegated);
  CHECK(item.outcome == IngestOutcome::recorded);
  CHECK(match.engine->list_shared_attendees(kScope, match.uid, {})->items.size() == 1);
  CHECK(match.engine->statistics(kScope, match.uid)->attendees == 1);
}

TEST_CASE("regression D12: DELEGATED counts as no action, and the counters add up",
          "[ingest][regression]") {
  Match match({a, "b@example.com"});
  match.take(Letter(match.invitation(a)).answers("DELEGATED", a).raw());
  match.take(Letter(match.invitation("b@example.com")).raw());
  const auto rsvp = match.engine->statistics(kScope, match.uid)->rsvp;

  CHECK(rsvp.at("noaction") == 1);
  CHECK(rsvp.at("accepted") == 1);
  CHECK(rsvp.at("declined") + rsvp.at("tentative") == 0);
  CHECK_THAT(match.report(ReportFormat::csv), Contains(R"("a@example.com","","noaction")"));
}

TEST_CASE("regression D12: who declined hears of no further change", "[ingest][regression]") {
  Match match({a, "b@example.com"});
  match.take(Letter(match.invitation(a)).answers("DECLINED", a).raw());
  for (int i = 0; i < 2; ++i) {
    auto event = *match.engine->get_event(kScope, match.uid);
    event.start += std::chrono::hours(1);
    event.end += std::chrono::hours(1);
    REQUIRE(match.engine->update_event(kScope, event));
    match.dispatch();
    REQUIRE(match.sent.size() == 1);
    CHECK(match.sent[0].to == "b@example.com");
  }
}

TEST_CASE("R117: the note is COMMENT, else what the person wrote, never DESCRIPTION", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.more = "COMMENT:Two of us\\, with a dog\r\nDESCRIPTION:Copied by the client\r\n";
  match.take(letter.raw());
  CHECK(match.last_receipt().comment == "Two of us, with a dog");

  Letter plain(match.invitation());
  plain.dtstamp = "20270101T114000Z";
  plain.more = "DESCRIPTION:Copied by the client\r\n";
  const std::string mixed =
      "From: <" + a + ">\r\nTo: <" + plain.to +
      ">\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
      "boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nLooking forward!\r\n> You are "
      "invited\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n" +
      plain.calendar() + "--b--\r\n";
  match.take(mixed);
  CHECK(match.last_receipt().comment == "Looking forward!");
}

TEST_CASE("R93: an answer counts whatever is wrong with what it need not say", "[ingest]") {
  for (const std::string flaw :
       {"DTSTART:20270508T140000Z\r\nDTEND:20270508T130000Z\r\n",
        "DTSTART:20270508T140000Z\r\nDURATION:xx\r\n",
        "DTSTART:20270508T140000Z\r\nDTEND;TZID=Nowhere:20270508T160000\r\n",
        "DTSTART:20270508T140000Z\r\nEXRULE:FREQ=DAILY\r\n",
        "DTSTART:20270508T140000Z\r\nRRULE:FREQ=FOO\r\n",
        "DTSTART:20270508T140000Z\r\nEXDATE:never\r\n"}) {
    INFO(flaw);
    Match match;
    Letter letter(match.invitation());
    letter.times = flaw;

    CHECK(match.take(letter.raw()).outcome == IngestOutcome::replied);
    CHECK(match.attendee().partstat == Partstat::accepted);
  }
}

TEST_CASE("R114: a counter-proposal without a readable time says so", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.method = "COUNTER";
  letter.times = "DTSTART;TZID=Nowhere:20270508T150000\r\n";
  const auto item = match.take(letter.answers("TENTATIVE", a).raw());

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().proposal.empty());
  CHECK_THAT(match.last_receipt().detail, Contains("proposes no time that can be read"));
}

TEST_CASE("an answer that can't be read is kept in quarantine with the place", "[ingest]") {
  Match match;
  Letter dateless(match.invitation());
  dateless.more = "RECURRENCE-ID;TZID=Nowhere:20270508T150000\r\n";
  Letter nameless(match.invitation());
  nameless.method = "REFRESH";
  nameless.uid.clear();
  Letter empty(match.invitation());
  std::string task = empty.raw();
  for (auto at = task.find("VEVENT"); at != std::string::npos; at = task.find("VEVENT")) {
    task.replace(at, 6, "VTODO");
  }

  for (const auto& [raw, reason] :
       {std::pair(dateless.raw(), std::string("RECURRENCE-ID")),
        std::pair(nameless.raw(), std::string("UID")), std::pair(task, std::string("no VEVENT"))}) {
    const auto item = match.take(raw);
    CHECK(item.outcome == IngestOutcome::quarantined);
    CHECK_THAT(item.reason, Contains(reason));
  }
  CHECK(match.engine->list_quarantine(kScope, {})->items.size() == 3);
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R119: our own invitation inside an answer takes nothing away from it", "[ingest]") {
  Match match;
  const auto item =
      match.take(with_part(Letter(match.invitation()),
                           "Content-Type: message/rfc822\r\n\r\n" + match.invitation().bytes));

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("an attachment that can't be read takes nothing away from an answer", "[ingest]") {
  Match match;
  const auto item = match.take(
      with_part(Letter(match.invitation()),
                "Content-Type: application/ics; name=x.ics\r\nContent-Disposition: attachment; "
                "filename=x.ics\r\n\r\nnot found\r\n"));

  CHECK(item.outcome == IngestOutcome::replied);
  CHECK(match.attendee().partstat == Partstat::accepted);
}

TEST_CASE("R91: a calendar part whose METHODs disagree is no mere attachment", "[ingest]") {
  Match match;
  Letter cancel(match.invitation());
  cancel.method = "CANCEL";
  const auto item = match.take(
      with_part(Letter(match.invitation()),
                "Content-Type: text/calendar; method=REQUEST\r\n\r\n" + cancel.calendar()));

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK(match.attendee().partstat == Partstat::needs_action);
}

TEST_CASE("R118: words of subject and text decide no answer", "[ingest]") {
  Match match;
  Letter letter(match.invitation());
  letter.headers = "X-Mailer: Accepted\r\n";
  std::string raw = letter.answers("DECLINED", a).raw();
  raw.replace(raw.find("Subject: answer"), 15, "Subject: Accepted: Harbour v Hill");
  match.take(raw);

  CHECK(match.attendee().partstat == Partstat::declined);
}
