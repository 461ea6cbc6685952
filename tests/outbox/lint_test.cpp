// What lint calls an error is not sent.
#include <algorithm>
#include <catch2/catch.hpp>

#include "outbox/world.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

/// Adds a person whose copy has this UID.
void add_attendee(World& world, const Event& event, const std::string& address,
                  const std::string& language, const std::string& uid) {
  NewAttendee attendee;
  attendee.request = {address, "Fan", language};
  attendee.origin = "api";
  attendee.id = mint_row_id(world.random, world.clock());
  attendee.uid = uid;
  attendee.address_token = mint_address_token(world.random);
  const auto mailings =
      plan_mailings(event, {Method::request, event.sequence, true, {}}, world.zones, world.clock());
  REQUIRE(world.store->add_invites(Scope::domain("league"), event.uid, std::vector{attendee},
                                   mailings, world.clock()));
}

}  // namespace

TEST_CASE("a copy that lints as an error is refused with the finding, and no other of its kind",
          "[outbox]") {
  World world;
  const Event event = world.invite("ci-event-1", 1, 3);
  const std::string like_exchange = "040000008200e00074c5b7101a82e00800000000";  // R30
  add_attendee(world, event, "un@example.com", "fr", like_exchange);
  add_attendee(world, event, "deux@example.com", "fr", mint_uid(world.random, world.clock()));
  // Unlike what we mint in letter case, so it is composed whole.
  add_attendee(world, event, "trois@example.com", "fr", "040000008200E00074C5B7101A82E00800000001");
  add_attendee(world, event, "four@example.com", "en", mint_uid(world.random, world.clock()));
  ScriptedTransport transport;

  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->accepted == 5);
  CHECK(result->refused == 2);
  CHECK(is_conserved(result->totals));
  CHECK(transport.copies().count("un@example.com") == 0);
  CHECK(transport.copies().count("deux@example.com") == 1);
  CHECK(transport.copies().count("trois@example.com") == 0);
  const auto refused = world.entries(OutboxState::refused);
  REQUIRE(refused.size() == 2);
  for (const auto& entry : refused) {
    INFO(entry.reason);
    CHECK(entry.reason.starts_with("R30: "));
    CHECK(entry.attempt_id.empty());  // no byte was about to leave
  }
  const auto receipts = world.store->list_receipts(Scope::domain("league"), event.uid, {1000, {}});
  REQUIRE(receipts);
  CHECK(std::count_if(receipts->items.begin(), receipts->items.end(), [](const Receipt& r) {
          return r.kind == ReceiptKind::refused && r.detail.starts_with("R30: ");
        }) == 2);
}
