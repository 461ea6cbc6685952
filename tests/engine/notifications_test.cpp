#include <algorithm>
#include <deque>
#include <random>
#include <set>

#include "aws/sns_signer.hpp"
#include "engine/league.hpp"

using namespace league;
using calinvite::test::sns_message;
using calinvite::test::sns_topic;
using calinvite::test::SnsSigner;
using calinvite::test::write_sns;
using namespace std::chrono_literals;

namespace {

std::string delivery(const OutgoingMessage& message) {
  return R"({"eventType":"Delivery","mail":{"timestamp":"2027-01-01T12:00:00.000Z","messageId":"ses-)" +
         message.attempt_id + R"(","tags":{"attempt_id":[")" + message.attempt_id +
         R"("]},"destination":[")" + message.to +
         R"("]},"delivery":{"timestamp":"2027-01-01T12:00:05.000Z","recipients":[")" + message.to +
         R"("],"smtpResponse":"250 ok"}})";
}

/// A league that sent an event to some people.
struct Sent : League {
  explicit Sent(int people) {
    uid = event().uid;
    std::vector<std::string> addresses;
    for (int i = 0; i < people; ++i)
      addresses.push_back("fan" + std::to_string(i) + "@fans.example");
    invite(uid, addresses);
    dispatch();
    for (const auto& message : sent) facts.push_back(delivery(message));
  }
  std::uint64_t delivered() {
    const auto statistics = engine->statistics(kScope, uid);
    REQUIRE(statistics);
    const auto found = statistics->delivery.find("delivered");
    return found == statistics->delivery.end() ? 0 : found->second;
  }
  std::string uid;
  std::vector<std::string> facts;
};

/// A queue in memory that delivers at least once.
class Queue : public NotificationQueue {
 public:
  struct Item {
    QueueMessage message;
    bool out = false;
  };
  explicit Queue(const std::vector<std::string>& bodies) {
    for (const auto& body : bodies) {
      items.push_back({{std::to_string(items.size()), std::to_string(items.size()), body, 0}});
    }
  }
  std::string name() const override { return "queue"; }
  std::chrono::seconds visibility() const override { return 60s; }
  Result<std::vector<QueueMessage>> receive(std::size_t most, std::chrono::seconds,
                                            const std::function<bool()>&) override {
    if (on_receive) on_receive();
    if (failures > 0) {
      --failures;
      return fail(Code::throttled, "slower");
    }
    std::vector<QueueMessage> got;
    for (Item& item : items) {
      if (item.out || got.size() == most) continue;
      item.out = true;
      ++item.message.receives;
      got.push_back(item.message);
      if (duplicates) got.push_back(item.message);
    }
    return got;
  }
  Result<std::size_t> remove(std::span<const QueueMessage> messages) override {
    if (on_remove) on_remove();
    if (removes_fail > 0) {
      --removes_fail;
      return fail(Code::unavailable, "away");
    }
    std::size_t gone = 0;
    for (const auto& message : messages) {
      gone += std::erase_if(items, [&](const Item& item) { return item.message.id == message.id; });
    }
    return gone;
  }
  Result<void> extend(std::span<const QueueMessage> messages) override {
    extended += messages.size();
    return {};
  }
  /// What was handed out and not removed is handed out again.
  void time_out() {
    for (Item& item : items) item.out = false;
  }

  std::deque<Item> items;
  int failures = 0, removes_fail = 0;
  bool duplicates = false;
  std::size_t extended = 0;
  std::function<void()> on_receive, on_remove;
};

struct Received {
  ReceiveResult result;
  std::vector<IngestItem> items;
  std::size_t count(IngestOutcome outcome) const {
    return std::count_if(items.begin(), items.end(),
                         [&](const IngestItem& item) { return item.outcome == outcome; });
  }
};

Received receive(League& league, Queue& queue, ReceiveOptions options = {}) {
  Received received;
  options.until_empty = true;
  const auto done = league.engine->receive(
      queue, options, [&](const IngestItem& item) { received.items.push_back(item); });
  if (!done) FAIL(to_string(done.error()));
  received.result = *done;
  return received;
}

const SnsSigner& signer() {
  static const SnsSigner one(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1),
                             std::chrono::sys_days(std::chrono::year(2030) / 1 / 1));
  return one;
}

std::string posted(const std::string& text, const std::string& id = "message-1",
                   const std::string& topic = sns_topic, SnsType type = SnsType::notification) {
  SnsMessage message = sns_message(text, type);
  message.message_id = id;
  message.topic_arn = topic;
  signer().sign(message);
  return write_sns(message);
}

SnsOptions pinned() {
  return {.trust = {.topics = {sns_topic}, .accounts = {}},
          .certificate = [](const std::string&) -> Result<std::string> {
            return signer().certificate();
          },
          .confirm = {}};
}

}  // namespace

TEST_CASE("notifications in one call are one step, each with its verdict", "[engine]") {
  Sent league(3);
  std::vector<std::string> texts = league.facts;
  texts.insert(texts.begin() + 1, "no JSON");
  texts.push_back(texts.front());
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<IngestItem> items;

  const auto refused = league.engine->ingest_notifications(
      views, [&](const IngestItem& item) { items.push_back(item); });

  REQUIRE(refused);
  REQUIRE(refused->size() == 5);
  CHECK((*refused)[1].has_value());
  CHECK(std::count_if(refused->begin(), refused->end(), [](auto& r) { return r.has_value(); }) ==
        1);
  REQUIRE(items.size() == 5);
  CHECK(items[0].outcome == IngestOutcome::recorded);
  CHECK(items[1].outcome == IngestOutcome::refused);
  CHECK(items[1].place.line == 2);
  CHECK(items[4].outcome == IngestOutcome::already_seen);
  CHECK(league.delivered() == 3);
}

TEST_CASE("Lambda's records count one by one", "[engine]") {
  Sent league(2);
  const auto body = [](const std::string& text) {
    std::string json = R"({"eventSource":"aws:sqs","body":)";
    append_json_string(json, text);
    return json + "}";
  };
  const std::string event = R"({"Records":[)" + body(league.facts[0]) + "," + body("poison") + "," +
                            R"({"EventSource":"aws:sns","Sns":)" + posted(league.facts[1]) + "}]}";

  const auto items = league.ingest(event, "lambda.json", "");

  REQUIRE(items.size() == 3);
  CHECK(items[1].outcome == IngestOutcome::refused);
  CHECK(league.delivered() == 2);
}

TEST_CASE("a long file of lines is read piece by piece, bad lines refused by number", "[engine]") {
  Sent league(3);
  const std::string long_line = "{" + std::string(3'000'000, ' ') + "}";
  const std::string file = "\xef\xbb\xbf" + league.facts[0] + "\r\n\r\n" + long_line + "\n" +
                           league.facts[1] + "\nno JSON\n" + league.facts[2];
  const std::size_t piece = GENERATE(1, 7, 1000, 65536, 100'000'000);
  std::size_t at = 0;
  std::vector<IngestItem> items;
  const IngestInput input{
      .bytes = {}, .source = "queue.jsonl", .read = [&]() -> Result<std::string_view> {
        const std::size_t from = at;
        // A byte at a time where it matters, without a million calls.
        const bool inside = piece < 1000 && file[from] == ' ';
        at = std::min(file.size(), from + (inside ? 900'001 : piece));
        return std::string_view(file).substr(from, at - from);
      }};

  REQUIRE(league.engine->ingest(input, [&](const IngestItem& item) { items.push_back(item); }));

  REQUIRE(items.size() == 5);
  CHECK(items[1].outcome == IngestOutcome::refused);
  CHECK(items[1].code == Code::too_large);
  CHECK(items[1].place.line == 3);
  CHECK(items[3].outcome == IngestOutcome::refused);
  CHECK(items[3].place.line == 5);
  CHECK(items[4].place.line == 6);
  CHECK(league.delivered() == 3);
}

TEST_CASE("a message that SNS posted is believed, and taken in once", "[engine][sns]") {
  Sent league(1);
  std::vector<IngestItem> items;
  const auto post = [&](const std::string& body) {
    return league.engine->ingest_sns(body, pinned(),
                                     [&](const IngestItem& item) { items.push_back(item); });
  };
  REQUIRE(post(posted(league.facts[0])));
  CHECK(league.delivered() == 1);
  REQUIRE(post(posted(league.facts[0])));
  league.now += 30min;
  REQUIRE(post(posted(league.facts[0], "another envelope of the same")));
  REQUIRE(post(posted("Successfully validated SNS topic for Amazon SES event publishing.", "x")));

  REQUIRE(items.size() == 4);
  CHECK(items[0].outcome == IngestOutcome::recorded);
  CHECK(items[1].outcome == IngestOutcome::already_seen);
  CHECK(items[2].outcome == IngestOutcome::already_seen);
  CHECK(items[3].outcome == IngestOutcome::recorded);
  league.now += 40min;
  const auto late = post(posted(league.facts[0]));
  REQUIRE_FALSE(late);
  CHECK(late.error().code == Code::unauthenticated);
}

TEST_CASE("a validly signed message of a foreign topic changes nothing", "[engine][sns]") {
  Sent league(1);
  const std::string body =
      posted(league.facts[0], "m", "arn:aws:sns:eu-central-1:444455556666:ses-events");
  const auto done = league.engine->ingest_sns(
      body, pinned(), [](const IngestItem&) { FAIL("something was made of it"); });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::forbidden);
  CHECK(league.delivered() == 0);

  Queue queue({body, posted(league.facts[0])});
  ReceiveOptions options{.sns = pinned()};
  const Received received = receive(league, queue, options);
  CHECK(received.result.left == 1);
  CHECK(received.result.removed == 1);
  CHECK(league.delivered() == 1);
}

TEST_CASE("what stands unsigned beside a signed message is not read", "[engine][sns]") {
  Sent league(2);
  const std::string forged = R"({"Records":[{"body":)" + Json(league.facts[1]).write() +
                             R"(}],"eventType":"Complaint","receipt":{},"detail":)" +
                             league.facts[1] + ",";
  const std::string body = forged + posted(league.facts[0]).substr(1);
  REQUIRE(league.engine->ingest_sns(body, pinned(), [](const IngestItem&) {}));
  CHECK(league.delivered() == 1);

  Queue queue({body});
  ReceiveOptions options{.sns = pinned()};
  CHECK(receive(league, queue, options).result.removed == 1);
  CHECK(league.delivered() == 1);
}

TEST_CASE("only subscriptions of our topics are confirmed, by their token", "[engine][sns]") {
  Sent league(0);
  std::vector<std::string> confirmed, told;
  SnsOptions options = pinned();
  options.confirm = [&](const SnsMessage& message) -> Result<void> {
    confirmed.push_back(message.topic_arn + ' ' + message.token);
    return {};
  };
  const auto post = [&](const std::string& body) {
    return league.engine->ingest_sns(body, options,
                                     [&](const IngestItem& item) { told.push_back(item.reason); });
  };
  const auto type = SnsType::subscription_confirmation;
  REQUIRE(post(posted("You have chosen", "a", sns_topic, type)));
  CHECK_FALSE(post(posted("You have chosen", "b", sns_topic + "2", type)));
  REQUIRE(post(posted("You left", "c", sns_topic, SnsType::unsubscribe_confirmation)));
  CHECK(confirmed == std::vector{sns_topic + ' ' + sns_message("", type).token});
  options.confirm = {};
  REQUIRE(post(posted("You have chosen", "d", sns_topic, type)));
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "topic " + sns_topic + ": subscription confirmed");
  CHECK(told[1].find("unsubscribed") != std::string::npos);
  CHECK(told[2] == "topic " + sns_topic + " waits for ConfirmSubscription");
}

TEST_CASE("messages leave the queue after they are durable", "[engine][queue]") {
  Sent league(25);
  Queue queue(league.facts);
  queue.on_remove = [&] {
    Engine other = league.open();
    const auto statistics = other.statistics(kScope, league.uid);
    REQUIRE(statistics);
    CHECK(statistics->delivery.at("delivered") == 25);
  };
  queue.duplicates = GENERATE(false, true);

  const Received received = receive(league, queue);

  CHECK(queue.items.empty());
  CHECK(received.result.removed == 25);
  CHECK(received.count(IngestOutcome::recorded) == 25);
  CHECK(received.count(IngestOutcome::already_seen) == (queue.duplicates ? 25 : 0));
  CHECK(league.delivered() == 25);
}

TEST_CASE("what could not be removed comes again and changes nothing", "[engine][queue]") {
  Sent league(5);
  Queue queue(league.facts);
  queue.removes_fail = 1;
  queue.failures = 2;
  CHECK(receive(league, queue).result.removed == 0);
  CHECK(queue.items.size() == 5);
  queue.time_out();
  const Received again = receive(league, queue);
  CHECK(again.result.removed == 5);
  CHECK(again.count(IngestOutcome::already_seen) == 5);
  CHECK(league.delivered() == 5);
}

TEST_CASE("a poison message is quarantined after its chances, the others are not held up",
          "[engine][queue]") {
  Sent league(40);
  std::vector<std::string> bodies = league.facts;
  bodies.insert(bodies.begin() + 7, "{\"eventType\":\"Bounce\"} and more");
  Queue queue(bodies);
  const ReceiveOptions options{.together = 10, .most_receives = 3};

  for (int i = 0; i < 2; ++i) {
    const Received received = receive(league, queue, options);
    CHECK(received.result.left == 1);
    CHECK(received.result.quarantined == 0);
    CHECK(received.count(IngestOutcome::refused) == 0);
    CHECK(league.delivered() == 40);
    CHECK(queue.items.size() == 1);
    queue.time_out();
  }
  const Received last = receive(league, queue, options);
  CHECK(last.result.quarantined == 1);
  CHECK(last.count(IngestOutcome::quarantined) == 1);
  CHECK(queue.items.empty());
  const auto kept = league.engine->list_quarantine(kScope, {});
  REQUIRE(kept);
  REQUIRE(kept->items.size() == 1);
  CHECK(kept->items[0].source == "queue message 7");
  CHECK_FALSE(kept->items[0].reason.empty());
  const auto whole = league.engine->get_quarantined(kScope, kept->items[0].id);
  REQUIRE(whole);
  CHECK(whole->raw == bodies[7]);
}

TEST_CASE("a certificate that is away is not the message's fault", "[engine][queue]") {
  Sent league(1);
  Queue queue({posted(league.facts[0])});
  queue.items[0].message.receives = 100;
  ReceiveOptions options{.sns = pinned()};
  options.sns->certificate = [](const std::string&) -> Result<std::string> {
    return fail(Code::unavailable, "no route");
  };
  const Received received = receive(league, queue, options);
  CHECK(received.result.left == 1);
  CHECK(received.result.quarantined == 0);
  CHECK(queue.items.size() == 1);
}

TEST_CASE("a queue is left when it is stopped, or when enough was taken", "[engine][queue]") {
  Sent league(30);
  Queue queue(league.facts);
  int rounds = 0;
  queue.on_receive = [&] { ++rounds; };
  const Received some = receive(league, queue, {.max_messages = 7, .together = 5});
  CHECK(some.result.received == 7);
  CHECK(rounds == 2);
  const Received none = receive(league, queue, {.stop = [] { return true; }});
  CHECK(none.result.received == 0);
  const auto stopped_soon =
      receive(league, queue, {.together = 5, .stop = [&] { return rounds > 3; }});
  CHECK(queue.items.size() + 7 + stopped_soon.result.removed == 30);
  CHECK(league.delivered() == 7 + stopped_soon.result.removed);
}

TEST_CASE("messages are kept from others while taking them in is slow", "[engine][queue]") {
  Sent league(3);
  Queue queue(league.facts);
  bool slow = false;
  queue.on_receive = [&] { slow = true; };
  league.on_clock = [&] {
    if (slow) league.now += 20s;
  };
  const Received received = receive(league, queue);
  CHECK(received.result.removed == 3);
  CHECK(queue.extended > 0);
}
