#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "outbox/world.hpp"
#include "outbox/writer.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

bool each_once(const std::map<std::string, int>& copies) {
  return std::all_of(copies.begin(), copies.end(),
                     [](const auto& each) { return each.second == 1; });
}

bool holds(const OutgoingMessage& message, std::string_view text) {
  return message.bytes.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("dispatch sends every invite once and everything adds up", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 60);
  world.invite("ci-event-2", 31, 60);
  ScriptedTransport transport;
  std::vector<Receipt> receipts;
  const auto result = world.dispatch(transport, {.on_receipt = [&](const Receipt& receipt) {
                                       receipts.push_back(receipt);
                                       return true;
                                     }});

  REQUIRE(result);
  CHECK(result->accepted == 120);
  CHECK(result->totals.accepted == 120);
  CHECK(result->totals.planned == 120);
  CHECK(is_conserved(result->totals));
  CHECK_FALSE(result->stopped);
  CHECK(transport.seen.size() == 120);
  CHECK(transport.most_seen == transport.max_in_flight());
  CHECK(receipts.size() == 120);
  CHECK(std::all_of(receipts.begin(), receipts.end(), [](const Receipt& receipt) {
    return receipt.kind == ReceiptKind::accepted && receipt.message_id == "m-" + receipt.attempt_id;
  }));
}

TEST_CASE("a dispatched message is for its attendee alone and comes from their own address",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 2);
  ScriptedTransport transport;
  REQUIRE(world.dispatch(transport));

  REQUIRE(transport.seen.size() == 2);
  const auto& [first, second] = std::pair(transport.seen[0], transport.seen[1]);
  CHECK(first.to != second.to);
  CHECK(first.from != second.from);
  CHECK(first.from.starts_with("fixtures+"));
  CHECK(first.from.ends_with("@reply.league.example"));
  CHECK(holds(first, first.from));
  CHECK(holds(first, first.to));
  CHECK_FALSE(holds(first, second.to));
  CHECK_FALSE(holds(first, second.from));
}

TEST_CASE("I5: the intent is durable for others before a byte can leave", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 20);
  const auto observer = world.another_store();
  ScriptedTransport transport;
  transport.on_submit = [&](const OutgoingMessage& message) {
    const auto claimed =
        observer->list_outbox(Scope::system(), OutboxState::claimed, "", {100, ""});
    REQUIRE(claimed);
    CHECK(std::any_of(claimed->items.begin(), claimed->items.end(), [&](const OutboxEntry& entry) {
      return entry.attempt_id == message.attempt_id && entry.address == message.to;
    }));
  };

  REQUIRE(world.dispatch(transport));
  CHECK(transport.seen.size() == 20);
}

TEST_CASE("refused and in-doubt sends are settled as such and never sent again", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 30);
  ScriptedTransport transport([n = 0](const OutgoingMessage& message) mutable {
    switch (n++ % 3) {
      case 0:
        return ScriptedTransport::say(message, SendVerdict::refused, "MessageRejected: no");
      case 1:
        return ScriptedTransport::say(message, SendVerdict::in_doubt, "connection closed");
      default:
        return ScriptedTransport::accept(message);
    }
  });
  const auto first = world.dispatch(transport);
  const auto second = world.dispatch(transport);

  REQUIRE(first);
  CHECK(first->accepted == 10);
  CHECK(first->refused == 10);
  CHECK(first->in_doubt == 10);
  CHECK(is_conserved(first->totals));
  REQUIRE(second);
  CHECK(transport.seen.size() == 30);
  const auto doubtful = world.entries(OutboxState::in_doubt);
  REQUIRE(doubtful.size() == 10);
  CHECK(doubtful[0].reason == "connection closed");
  CHECK_FALSE(doubtful[0].attempt_id.empty());
}

TEST_CASE("R80: an event moved in mid-dispatch reaches everybody in its last revision",
          "[outbox]") {
  World world;
  const Event event = world.invite("ci-event-1", 1, 40);
  const auto organizer = world.another_store();
  ScriptedTransport transport;
  std::map<std::string, std::int32_t> last;
  bool late_copy = false;
  transport.on_submit = [&](const OutgoingMessage&) {
    if (transport.seen.size() == 15) world.move(event, *organizer);
  };
  const auto result = world.dispatch(transport, {.on_receipt = [&](const Receipt& receipt) {
                                       if (receipt.kind != ReceiptKind::accepted) return true;
                                       late_copy |= last.contains(receipt.address) &&
                                                    last[receipt.address] >= receipt.sequence;
                                       last[receipt.address] = receipt.sequence;
                                       return true;
                                     }});

  REQUIRE(result);
  CHECK(is_conserved(result->totals));
  CHECK(result->totals.superseded > 0);
  CHECK(last.size() == 40);
  CHECK_FALSE(late_copy);
  CHECK(std::all_of(last.begin(), last.end(), [](const auto& each) { return each.second == 1; }));
}

TEST_CASE(
    "R87: an event cancelled in mid-dispatch is cancelled for those who got it, and only them",
    "[outbox]") {
  World world;
  const Event event = world.invite("ci-event-1", 1, 40);
  const auto organizer = world.another_store();
  ScriptedTransport transport;
  std::map<std::string, std::vector<Method>> received;
  transport.on_submit = [&](const OutgoingMessage&) {
    if (transport.seen.size() == 15) world.cancel(event, *organizer);
  };
  const auto result = world.dispatch(transport, {.on_receipt = [&](const Receipt& receipt) {
                                       if (receipt.kind == ReceiptKind::accepted) {
                                         received[receipt.address].push_back(receipt.method);
                                       }
                                       return true;
                                     }});

  REQUIRE(result);
  CHECK(is_conserved(result->totals));
  CHECK(result->totals.superseded == 40 - received.size());
  CHECK(received.size() >= 15);
  CHECK(received.size() < 40);
  for (const auto& [address, methods] : received) {
    CHECK(methods == std::vector<Method>{Method::request, Method::cancel});
  }
}

TEST_CASE("I11: an address suppressed in mid-dispatch gets nothing more", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  const auto other = world.another_store();
  ScriptedTransport transport;
  transport.on_submit = [&](const OutgoingMessage&) {
    if (transport.seen.empty()) {
      REQUIRE(
          other->suppress(Scope::domain("league"), address_of(40), "unsubscribed", world.clock()));
    }
  };
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->totals.suppressed == 1);
  CHECK(result->totals.accepted == 39);
  CHECK(transport.copies().count(address_of(40)) == 0);
}

TEST_CASE("an event that is over is not announced", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 5);
  world.now += 365 * 86'400;
  ScriptedTransport transport;
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->totals.expired == 5);
  CHECK(transport.seen.empty());
}

TEST_CASE("a dispatch that is told to stop finishes what is in flight and gives back the rest",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 50);
  ScriptedTransport transport;
  std::size_t receipts = 0;
  const auto stopped =
      world.dispatch(transport, {.on_receipt = [&](const Receipt&) { return ++receipts < 10; }});

  REQUIRE(stopped);
  CHECK(stopped->stopped);
  CHECK(stopped->accepted == transport.seen.size());
  // Receipts are told by steps, each of half of what may be in flight, and its intents are durable.
  CHECK(stopped->accepted <= 10 + transport.max_in_flight() * 3 / 2);
  CHECK(stopped->totals.claimed == 0);
  CHECK(stopped->totals.in_doubt == 0);
  CHECK(stopped->totals.pending == 50 - stopped->accepted);

  const auto resumed = world.dispatch(transport);
  REQUIRE(resumed);
  CHECK(resumed->totals.accepted == 50);
  CHECK(each_once(transport.copies()));
}

TEST_CASE("no more than max_messages leave", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 50);
  ScriptedTransport transport;
  const auto result = world.dispatch(transport, {.max_messages = 13});

  REQUIRE(result);
  CHECK(transport.seen.size() == 13);
  CHECK(result->accepted == 13);
  CHECK_FALSE(result->stopped);
  CHECK(result->totals.pending == 37);
  CHECK(result->totals.claimed == 0);
}

TEST_CASE("an invite that can't be written is refused with its reason, the others go out",
          "[outbox]") {
  World world;
  const Event event = world.invite("ci-event-1", 1, 10);
  NewAttendee poison;
  poison.request = {address_of(99), "Fan\r\nBcc: x", ""};
  poison.origin = "api";
  poison.id = mint_row_id(world.random, world.clock());
  poison.uid = mint_uid(world.random, world.clock());
  poison.address_token = mint_address_token(world.random);
  REQUIRE(world.store->add_invites(Scope::domain("league"), event.uid, std::span(&poison, 1),
                                   {Mailing{}}, world.clock()));
  world.add_attendees(event, 11, 10);
  ScriptedTransport transport;
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->accepted == 20);
  CHECK(result->refused == 1);
  const auto refused = world.entries(OutboxState::refused);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].address == address_of(99));
  CHECK_FALSE(refused[0].reason.empty());
}

TEST_CASE("a suspended organizer's invites are held with the reason", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 3);
  REQUIRE(world.store->set_organizer_state(Scope::domain("league"), "fixtures@league.example",
                                           OrganizerState::suspended));
  ScriptedTransport transport;
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->held == 3);
  CHECK(transport.seen.empty());
  CHECK(world.entries(OutboxState::held)[0].reason ==
        "organizer fixtures@league.example is suspended");
}

TEST_CASE("what changes outside of the outbox during a run is heeded within seconds", "[outbox]") {
  World world;
  Event event = world.invite("ci-event-1", 1, 60);
  const auto other = world.another_store();
  ScriptedTransport transport;
  transport.on_submit = [&](const OutgoingMessage&) {
    if (transport.seen.size() == 10) {
      event.conference = "https://meet.example/1";  // stored anew under the same SEQUENCE
      event.changed = world.clock();
      REQUIRE(other->save_event(Scope::domain("league"), event));
    } else if (transport.seen.size() == 30) {
      REQUIRE(other->set_organizer_state(Scope::domain("league"), "fixtures@league.example",
                                         OrganizerState::suspended));
    } else {
      return;
    }
    world.now += 6;
  };
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  const std::size_t most = transport.max_in_flight();
  REQUIRE(transport.seen.size() > 10 + most);
  CHECK(transport.seen.front().bytes.find("https://meet.example/1") == std::string::npos);
  CHECK(transport.seen.at(10 + most).bytes.find("https://meet.example/1") != std::string::npos);
  CHECK(transport.seen.size() <= 31 + most);
  CHECK(result->held + transport.seen.size() == 60);
}

TEST_CASE("two dispatchers on one store share the work and repeat nothing", "[outbox][threads]") {
  World world;
  world.invite("ci-event-1", 1, 200);
  std::map<std::string, int> copies;
  ScriptedTransport first;
  ScriptedTransport second;
  const auto store = world.another_store();
  const auto run = [&world](Store& through, ScriptedTransport& transport, std::uint64_t& count,
                            bool& sound) {
    // Each waits for the other's last leases: here time must go by.
    const auto begun = std::chrono::steady_clock::now();
    const Clock clock = [begun] {
      return start_of_test +
             std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    };
    const auto key_ring = [&world](const std::string&) -> Result<const KeyRing*> {
      return &world.ring;
    };
    const outbox::Surroundings with{through,      transport, world.zones,      clock,
                                    world.random, key_ring,  world.fine_clock, world.sleep};
    const auto result = outbox::dispatch(with, {});
    sound = result.has_value();
    if (result) count = result->accepted;
  };
  std::uint64_t counts[2] = {};
  bool sound[2] = {};
  std::thread other([&] { run(*store, second, counts[1], sound[1]); });
  run(*world.store, first, counts[0], sound[0]);
  other.join();

  REQUIRE((sound[0] && sound[1]));
  CHECK(counts[0] + counts[1] == 200);
  for (const auto* transport : {&first, &second}) {
    for (const auto& [address, count] : transport->copies()) copies[address] += count;
  }
  CHECK(copies.size() == 200);
  CHECK(each_once(copies));
  CHECK(world.totals().accepted == 200);
}

TEST_CASE("progress counts to the end, and its refusal stops the dispatch", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 5);
  ScriptedTransport transport;
  std::optional<DispatchProgress> first;
  const auto result = world.dispatch(transport, {.on_progress = [&](const DispatchProgress& p) {
                                       if (!first) first = p;
                                       return false;
                                     }});

  REQUIRE(result);
  CHECK(result->stopped);
  REQUIRE(first);
  CHECK(first->totals.planned == 5);
  CHECK(is_conserved(first->totals));
}

TEST_CASE("a lease shorter than a second is refused", "[outbox]") {
  World world;
  ScriptedTransport transport;
  const auto result = world.dispatch(transport, {.lease = 0s});

  REQUIRE_FALSE(result);
  CHECK(result.error().code == Code::invalid_argument);
}

TEST_CASE("R13, R81: an update follows the Message-ID that the first copy was given on its way",
          "[outbox]") {
  for (const std::string host : {"", "email.amazonses.com"}) {
    World world;
    const Event event = world.invite("ci-event-1", 1, 1);
    ScriptedTransport transport;
    transport.host = host;
    REQUIRE(world.dispatch(transport));
    world.move(event, *world.store);
    REQUIRE(world.dispatch(transport));

    REQUIRE(transport.seen.size() == 2);
    const auto id = "m-" + transport.seen[0].attempt_id + (host.empty() ? "" : "@" + host);
    CHECK(transport.seen[0].bytes.find("\r\nReferences:") == std::string::npos);
    CHECK(transport.seen[1].bytes.find("\r\nReferences: <" + id + ">\r\n") != std::string::npos);
    CHECK(transport.seen[1].bytes.find("\r\nIn-Reply-To: <" + id + ">\r\n") != std::string::npos);
  }
}

TEST_CASE("an update is sent also when the host's sender named the first copy as no header can",
          "[outbox]") {
  World world;
  const Event event = world.invite("ci-event-1", 1, 1);
  std::vector<std::string> seen;
  const auto transport = make_callback_transport([&](const OutgoingMessage& message) {
    seen.push_back(message.bytes);
    return SendOutcome{message.attempt_id, SendVerdict::accepted, "queued as 42", ""};
  });
  REQUIRE(world.dispatch(*transport));
  world.move(event, *world.store);
  REQUIRE(world.dispatch(*transport));

  REQUIRE(seen.size() == 2);
  CHECK(seen[1].find("\r\nReferences:") == std::string::npos);
}

TEST_CASE("R70, R79: DTSTAMP is later than the last one even under a clock that was set back",
          "[outbox]") {
  using outbox::Writer;
  ClaimedInvite invite;
  const std::chrono::sys_seconds now = start_of_test;
  CHECK(Writer::dtstamp_of(invite, now) == now);
  invite.last_dtstamp = now - 5s;
  CHECK(Writer::dtstamp_of(invite, now) == now);
  invite.last_dtstamp = now;
  CHECK(Writer::dtstamp_of(invite, now) == now + 1s);
  invite.last_dtstamp = now + 1h;
  CHECK(Writer::dtstamp_of(invite, now) == now + 1h + 1s);
  invite.repeats_doubt = true;
  CHECK(Writer::dtstamp_of(invite, now) == now + 1h);
}
