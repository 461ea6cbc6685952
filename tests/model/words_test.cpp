#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "calinvite/model.hpp"

using namespace calinvite;

namespace {

/// Every enumerator up to `last` has a word of its own that reads back, in any case.
template <class Enum, class Parse>
void check_words(Enum last, Parse parse) {
  std::set<std::string> seen;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    const std::string word(to_string(value));
    INFO(word);
    CHECK(seen.insert(word).second);
    REQUIRE(parse(word));
    CHECK(*parse(word) == value);
  }
  CHECK_FALSE(parse("no such word"));
  CHECK_FALSE(parse(""));
}

}  // namespace

TEST_CASE("every word reads back as what it was written for", "[model]") {
  check_words(Method::decline_counter, parse_method);
  check_words(Partstat::delegated, parse_partstat);
  check_words(EventStatus::cancelled, parse_event_status);
  check_words(OutboxState::expired, parse_outbox_state);
  check_words(ReceiptKind::unsubscribed, parse_receipt_kind);
}

TEST_CASE("iTIP words are read in any case and written as RFC 5545 writes them", "[model]") {
  CHECK(to_string(Method::decline_counter) == "DECLINECOUNTER");
  CHECK(parse_method("request") == Method::request);
  CHECK(to_string(Partstat::needs_action) == "NEEDS-ACTION");
  CHECK(parse_partstat("Accepted") == Partstat::accepted);
  CHECK_FALSE(parse_partstat("X-MAYBE"));
}

TEST_CASE("reports know four answers, a delegated one is none", "[model]") {
  CHECK(status_word(Partstat::accepted) == "accepted");
  CHECK(status_word(Partstat::declined) == "declined");
  CHECK(status_word(Partstat::tentative) == "tentative");
  CHECK(status_word(Partstat::needs_action) == "noaction");
  CHECK(status_word(Partstat::delegated) == "noaction");
  CHECK(parse_status_word("noaction") == Partstat::needs_action);
  CHECK_FALSE(parse_status_word("delegated"));
}

TEST_CASE("the delivery status is the strongest evidence, in whatever order it came", "[model]") {
  using enum ReceiptKind;
  CHECK(delivery_word({queued, accepted, delivered}) == "delivered");
  CHECK(delivery_word({delivered, accepted, queued}) == "delivered");
  CHECK(delivery_word({delivered, bounced}) == "bounced");
  CHECK(delivery_word({complained, delivered, bounced}) == "complained");
  CHECK(delivery_word({queued, in_doubt, accepted}) == "accepted");
  CHECK(delivery_word({queued, delayed}) == "delayed");
  CHECK(delivery_word({opened, clicked, replied}).empty());
  CHECK(delivery_word({}).empty());
}

TEST_CASE("origins are known by their exact name", "[model]") {
  CHECK(is_known_origin("api"));
  CHECK(is_known_origin("test"));
  CHECK(is_known_origin("klaviyocta"));
  CHECK_FALSE(is_known_origin("API"));
  CHECK_FALSE(is_known_origin(""));
}
