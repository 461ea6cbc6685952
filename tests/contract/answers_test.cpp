// Answers beside the one to the series: single dates, proposals, shared attendees, sending again.
#include <thread>

#include "contract/world.hpp"

using namespace contract;

namespace {

const OccurrenceId first{local_seconds{100'000s}};
const OccurrenceId second{local_seconds{200'000s}};

/// An event with fans who hold it.
void invite_fans(World& world, int number) {
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < number; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);
  world.send_all();
}

AnswerRecord answer_of(World& world, const std::string& address, Partstat partstat,
                       const std::string& key, sys_seconds dtstamp) {
  AnswerRecord record;
  record.attendee = world.attendee("cup", address);
  record.attendee.partstat = partstat;
  record.attendee.answer_sequence = 0;
  record.attendee.answer_dtstamp = dtstamp;
  record.attendee.channel = "mail";
  record.receipt.kind = ReceiptKind::replied;
  record.receipt.time = dtstamp;
  record.dedupe_key = key;
  return record;
}

std::vector<OccurrenceAnswer> dates_of(World& world) {
  return must(world->list_occurrence_answers(world.scope, "cup", {100, {}})).items;
}

}  // namespace

TEST_CASE("an answer to one date leaves the series and the other dates", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  auto record = answer_of(world, fan(0), Partstat::declined, "one", world.now);
  record.occurrence = first;
  record.attendee.comment = "not that day";
  CHECK(must(world->record_reply(world.scope, record)));
  CHECK_FALSE(must(world->record_reply(world.scope, record)));

  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::needs_action);
  const auto standing = must(world->get_occurrence(world.scope, "cup", fan(0), first));
  REQUIRE(standing.answer);
  CHECK(standing.answer->partstat == Partstat::declined);
  CHECK(standing.answer->comment == "not that day");
  CHECK(standing.answer->occurrence == first);
  CHECK_FALSE(must(world->get_occurrence(world.scope, "cup", fan(0), second)).answer);
  CHECK(code_of(world->get_occurrence(world.scope, "none", fan(0), first)) == Code::not_found);
}

TEST_CASE("an answer to the series ends those to dates that are not newer", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  auto early = answer_of(world, fan(0), Partstat::declined, "early", world.now);
  early.occurrence = first;
  auto late = answer_of(world, fan(0), Partstat::tentative, "late", world.now + 2h);
  late.occurrence = second;
  must(world->record_reply(world.scope, early));
  must(world->record_reply(world.scope, late));
  must(world->record_reply(world.scope,
                           answer_of(world, fan(0), Partstat::accepted, "series", world.now + 1h)));

  const auto dates = dates_of(world);
  REQUIRE(dates.size() == 1);
  CHECK(dates[0].occurrence == second);
  CHECK(world.attendee("cup", fan(0)).partstat == Partstat::accepted);
}

TEST_CASE("R72: a changed date forgets its own answers and remembers its revision", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  for (const auto& [date, key] : {std::pair(first, "a"), std::pair(second, "b")}) {
    auto record = answer_of(world, fan(0), Partstat::accepted, key, world.now);
    record.occurrence = date;
    must(world->record_reply(world.scope, record));
  }
  must(world->apply_change(world.scope, world.event(), 0, {Method::request, 1, true, {first}},
                           {Mailing{Method::request, first, std::nullopt}}, false, world.now));

  const auto dates = dates_of(world);
  REQUIRE(dates.size() == 1);
  CHECK(dates[0].occurrence == second);
  CHECK(must(world->get_occurrence(world.scope, "cup", fan(0), first)).key_sequence == 1);
  CHECK(must(world->get_occurrence(world.scope, "cup", fan(0), second)).key_sequence == 0);

  must(world->apply_change(world.scope, world.event(), 1, {Method::request, 2, true, {}},
                           {World::series()}, false, world.now));
  CHECK(dates_of(world).empty());
}

TEST_CASE("who is invited anew starts without answers to dates", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  auto record = answer_of(world, fan(0), Partstat::declined, "one", world.now);
  record.occurrence = first;
  must(world->record_reply(world.scope, record));
  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  world.invite("cup", {fan(0)});

  CHECK(dates_of(world).empty());
}

TEST_CASE("answers to dates are listed page by page", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 4);
  for (int i = 0; i < 4; ++i) {
    for (const auto& date : {first, second}) {
      auto record =
          answer_of(world, fan(i), Partstat::tentative,
                    std::to_string(date.original_start.time_since_epoch().count()), world.now);
      record.occurrence = date;
      must(world->record_reply(world.scope, record));
    }
  }
  std::vector<std::pair<std::string, OccurrenceId>> listed;
  Page page{3, {}};
  do {
    const auto part = must(world->list_occurrence_answers(world.scope, "cup", page));
    for (const auto& one : part.items) listed.emplace_back(one.address, one.occurrence);
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(listed.size() == 8);
  CHECK(std::is_sorted(listed.begin(), listed.end()));
}

TEST_CASE("a proposal is listed until another answer is in force", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  auto record = answer_of(world, fan(1), Partstat::tentative, "counter", world.now);
  record.attendee.proposal = record.receipt.proposal = "2027-01-01T10:00:00/2027-01-01T11:00:00";
  must(world->record_reply(world.scope, record));

  const auto listed = must(world->list_proposals(world.scope, "cup", {})).items;
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].address == fan(1));
  CHECK(listed[0].proposal == record.attendee.proposal);
  CHECK(world.receipts("cup").back().proposal == record.attendee.proposal);
  must(world->record_reply(world.scope,
                           answer_of(world, fan(1), Partstat::accepted, "yes", world.now + 1h)));
  CHECK(must(world->list_proposals(world.scope, "cup", {})).items.size() == 1);

  auto plain = answer_of(world, fan(1), Partstat::accepted, "yes, plainly", world.now + 2h);
  plain.attendee.proposal.clear();
  must(world->record_reply(world.scope, plain));
  CHECK(must(world->list_proposals(world.scope, "cup", {})).items.empty());
}

TEST_CASE("what a step reads nobody changes before it has written: no answer of two is lost",
          "[contract][threads]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  constexpr int times = 40;
  const AnswerRecord blank = answer_of(world, fan(0), Partstat::accepted, "", world.now);
  std::string failures[2];
  const auto race = [&](int me) {
    const auto store = world.open_another();
    for (int i = 0; i < times && failures[me].empty(); ++i) {
      const auto done = store->atomically([&]() -> Result<void> {
        const auto known = store->find_attendee(world.scope, "cup", fan(0));
        if (!known) return tl::unexpected(known.error());
        AnswerRecord record = blank;
        record.attendee.answer_dtstamp = (*known)->answer_dtstamp + 1s;
        record.dedupe_key = std::to_string(me) + ' ' + std::to_string(i);
        const auto kept = store->record_reply(world.scope, record);
        return kept ? Result<void>() : tl::unexpected(kept.error());
      });
      if (!done) failures[me] = to_string(done.error());
    }
  };
  const auto before = world.attendee("cup", fan(0)).answer_dtstamp;
  std::thread one(race, 0);
  std::thread two(race, 1);
  one.join();
  two.join();

  CHECK(failures[0].empty());
  CHECK(failures[1].empty());
  CHECK(world.attendee("cup", fan(0)).answer_dtstamp == before + 2 * times * 1s);
}

TEST_CASE("a shared attendee's later answer replaces the earlier one", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  SharedAttendee person{"cup",    "friend@example.net", "Friend", Partstat::tentative, fan(0),
                        world.now};
  CHECK(must(world->record_shared_attendee(world.scope, person)));
  CHECK_FALSE(must(world->record_shared_attendee(world.scope, person)));
  person.partstat = Partstat::accepted;
  person.time += 1h;
  CHECK(must(world->record_shared_attendee(world.scope, person)));
  person.partstat = Partstat::declined;
  person.time -= 30min;
  CHECK_FALSE(must(world->record_shared_attendee(world.scope, person)));

  const auto listed = must(world->list_shared_attendees(world.scope, "cup", {})).items;
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].partstat == Partstat::accepted);
  CHECK(listed[0].via == fan(0));
  CHECK(must(world->statistics(world.scope, "cup")).attendees == 1);
  person.event = "none";
  CHECK(code_of(world->record_shared_attendee(world.scope, person)) == Code::not_found);
}

TEST_CASE("R79: a copy is sent again under the same revision, not while one waits or too soon",
          "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto again = [&](sys_seconds not_since) {
    return must(world->resend(world.scope, "cup", fan(0), {World::series()}, not_since, world.now));
  };
  CHECK(again(world.now - 1h).skip.count("too_soon") == 1);
  world.now += 2h;
  CHECK(again(world.now - 1h).update == 1);
  CHECK(again(world.now - 1h).skip.count("on_its_way") == 1);
  const auto sent = world.send_all();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].sequence == 0);
  CHECK(sent[0].method == Method::request);
  CHECK(again(world.now - 1h).skip.count("too_soon") == 1);
  CHECK(again(world.now).update == 1);
  check_conservation(world.totals());

  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  CHECK(code_of(world->resend(world.scope, "cup", fan(0), {World::series()}, world.now,
                              world.now)) == Code::not_found);
}

TEST_CASE("nothing is sent again to a suppressed address", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  must(world->suppress(world.scope, fan(0), "asked to", world.now));
  const auto counts =
      must(world->resend(world.scope, "cup", fan(0), {World::series()}, world.now + 1h, world.now));
  CHECK(counts.skip.count("suppressed") == 1);
  CHECK(world.totals().pending == 0);
}

TEST_CASE("a fact that names a copy alone is recorded and settles nothing", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  world.send(world.claim()[0], OutboxState::in_doubt);
  DeliveryFact fact;
  fact.domain = "league";
  fact.receipt.kind = ReceiptKind::bounced;
  fact.receipt.event = "cup";
  fact.receipt.address = fan(0);
  fact.receipt.time = world.now;
  fact.dedupe_key = "report";

  CHECK(must(world->record_fact(fact, world.now)) == FactVerdict::recorded);
  CHECK(must(world->record_fact(fact, world.now)) == FactVerdict::repeated);
  CHECK(world.totals().in_doubt == 1);
  CHECK(world.attendee("cup", fan(0)).delivery == "bounced");
  CHECK(must(world->statistics(world.scope, "cup")).attendees == 1);
  fact.receipt.address = fan(7);
  CHECK(code_of(world->record_fact(fact, world.now)) == Code::not_found);
}

TEST_CASE("an attendee is found by a message that went to them, in scope", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  world.settle(claimed[0], "attempt", OutboxState::accepted, "ses-message");

  for (const std::string id : {"ses-message", "attempt"}) {
    const auto found = must(world->find_attendee_by_message(world.scope, id));
    REQUIRE(found);
    CHECK(found->address == fan(0));
    CHECK_FALSE(must(world->find_attendee_by_message(Scope::domain("rival"), id)));
  }
  CHECK_FALSE(must(world->find_attendee_by_message(world.scope, "")));
  CHECK_FALSE(must(world->find_attendee_by_message(world.scope, "other")));
}

TEST_CASE("answers, dates and shared attendees of another scope are not there", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const Scope rival = Scope::domain("rival");
  auto record = answer_of(world, fan(0), Partstat::declined, "one", world.now);
  SharedAttendee person{"cup", "friend@example.net", "", Partstat::accepted, fan(0), world.now};

  CHECK(code_of(world->record_reply(rival, record)) == Code::not_found);
  CHECK(code_of(world->get_occurrence(rival, "cup", fan(0), first)) == Code::not_found);
  CHECK(code_of(world->list_occurrence_answers(rival, "cup", {})) == Code::not_found);
  CHECK(code_of(world->list_proposals(rival, "cup", {})) == Code::not_found);
  CHECK(code_of(world->record_shared_attendee(rival, person)) == Code::not_found);
  CHECK(code_of(world->list_shared_attendees(rival, "cup", {})) == Code::not_found);
  CHECK(code_of(world->resend(rival, "cup", fan(0), {World::series()}, world.now, world.now)) ==
        Code::not_found);
}
