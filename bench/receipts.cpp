// Receipts from what SES reports: facts that find their send, are folded into its attendee and are
// durable, beside a bare loop that writes as many rows into one table of a database of its own; and
// the same from the JSON that SES sends. Processor time is what compares while others use the
// machine.
//
//   calinvite_bench_receipts FOLDER [EVENTS [PEOPLE]]     the databases are made in FOLDER
#include <SQLiteCpp/SQLiteCpp.h>

#include <calinvite/aws.hpp>
#include <cstring>
#include <filesystem>
#include <span>
#include <tuple>

#include "base/text.hpp"
#include "bench/engine.hpp"
#include "bench/workload.hpp"

using namespace bench;

namespace {

struct Usage {
  double wall = 0;
  double cpu = 0;
};

Usage usage() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {std::chrono::duration<double>(Steady::now().time_since_epoch()).count(),
          seconds(used.ru_utime) + seconds(used.ru_stime)};
}

template <class Work>
Usage measure(const Work& work) {
  const Usage before = usage();
  work();
  const Usage after = usage();
  return {after.wall - before.wall, after.cpu - before.cpu};
}

void tell(const char* what, Usage used, std::size_t count, Usage beside = {}) {
  const auto n = static_cast<double>(count);
  std::printf("%-44s %9.0f/s  %6.2f us of processor", what, n / used.wall, used.cpu / n * 1e6);
  if (beside.cpu > 0) {
    std::printf("  %.2f x the bare loop (%.2f by the clock)", beside.cpu / used.cpu,
                beside.wall / used.wall);
  }
  std::printf("\n");
}

/// One message that was sent, as the facts about it name it.
struct Send {
  std::string address;
  std::string attempt_id;
  std::string message_id;
};

std::string message_id_of(std::size_t number) {
  char id[80];
  std::snprintf(id, sizeof id, "0107019a%08zx-5f0c1d2e-3a4b-4c5d-8e6f-%012zx-000000", number,
                number);
  return id;
}

/// A store that has sent every event to its people; the sends in the order they went out.
std::vector<Send> send_all(Store& store, std::size_t events, std::size_t people) {
  must(store.add_domain({.name = "bench",
                         .from = "events@reply.example.com",
                         .reply_domain = "reply.example.com",
                         .base_url = "https://rsvp.example.com"}));
  must(store.add_organizer({"bench", "organizer@example.com", "Ana Almeida", "ana"}));
  std::vector<Send> sends;
  std::uint64_t drawn = 0;
  for (std::size_t e = 0; e < events; ++e) {
    Event event = make_workload("").event;
    event.uid = "ci-bench-" + std::to_string(e);
    event.start += std::chrono::days(365 * 20);
    event.end += std::chrono::days(365 * 20);
    event.invite_limit = people;
    must(store.add_event(scope, event));
    std::vector<NewAttendee> attendees;
    for (std::size_t i = 0; i < people; ++i) {
      RowId id{};
      std::memcpy(id.data(), &++drawn, sizeof drawn);
      const std::string number = std::to_string(1'000'000'000 + drawn);
      attendees.push_back({{"user" + number + "@example.com", "Guest " + number, ""},
                           "api",
                           id,
                           "copy-" + number + "@reply.example.com",
                           "token" + number});
    }
    must(store.add_invites(scope, event.uid, attendees, {{}}, now));
    const auto fence = must(store.new_fence());
    const auto claimed = must(store.claim(fence, people, now, now + std::chrono::hours(1)));
    std::vector<Intent> intents;
    std::vector<Settlement> settled;
    for (const ClaimedInvite& invite : claimed) {
      RowId random{};
      system_random(random);
      const std::string attempt = text::hex(random);
      sends.push_back({invite.attendee.address, attempt, message_id_of(sends.size())});
      intents.push_back({.entry = invite.entry, .attempt_id = attempt, .dtstamp = now});
      settled.push_back({.entry = invite.entry,
                         .attempt_id = attempt,
                         .state = OutboxState::accepted,
                         .message_id = sends.back().message_id});
    }
    must(store.commit_intents(intents, fence, now));
    if (must(store.settle(settled, fence, now)) != people) std::abort();
  }
  return sends;
}

std::vector<DeliveryFact> facts_of(const std::vector<Send>& sends, ReceiptKind kind) {
  std::vector<DeliveryFact> facts;
  for (const Send& send : sends) {
    DeliveryFact& fact = facts.emplace_back();
    fact.receipt.kind = kind;
    fact.receipt.time = now;
    fact.receipt.address = send.address;
    fact.receipt.attempt_id = send.attempt_id;
    fact.receipt.message_id = send.message_id;
    fact.receipt.detail = "250 2.0.0 OK accepted";
    fact.dedupe_key =
        send.message_id + ' ' + std::string(to_string(kind)) + ' ' + send.address + " 1767614400";
  }
  return facts;
}

/// As SES publishes it, with the headers of an invitation.
std::string json_of(const Send& send) {
  return R"({"eventType":"Delivery","mail":{"timestamp":"2026-01-05T12:00:00.412Z","source":)"
         R"("Ana Almeida <events@reply.example.com>","sourceArn":"arn:aws:ses:us-east-1:)"
         R"(111122223333:identity/reply.example.com","sendingAccountId":"111122223333",)"
         R"("messageId":")" +
         send.message_id + R"(","destination":[")" + send.address +
         R"("],"headersTruncated":false,"headers":[{"name":"From","value":"Ana Almeida )"
         R"(<events@reply.example.com>"},{"name":"To","value":")" +
         send.address +
         R"("},{"name":"Subject","value":"Invitation: Quarterly review"},{"name":"Message-ID",)"
         R"("value":"<ci-0001.0@reply.example.com>"},{"name":"Date","value":"Mon, 05 Jan 2026 )"
         R"(12:00:00 +0000"},{"name":"MIME-Version","value":"1.0"},{"name":"Content-Type",)"
         R"("value":"multipart/alternative; boundary=\"=_b1\""}],"commonHeaders":{"from":[)"
         R"("Ana Almeida <events@reply.example.com>"],"date":"Mon, 05 Jan 2026 12:00:00 +0000",)"
         R"("to":[")" +
         send.address +
         R"("],"messageId":"<ci-0001.0@reply.example.com>","subject":"Invitation: Quarterly )"
         R"(review"},"tags":{"ses:operation":["SendEmail"],"ses:configuration-set":["invites"],)"
         R"("ses:source-ip":["192.0.2.10"],"ses:from-domain":["reply.example.com"],)"
         R"("ses:caller-identity":["sender"],"attempt_id":[")" +
         send.attempt_id +
         R"("]}},"delivery":{"timestamp":"2026-01-05T12:00:02.100Z","processingTimeMillis":1688,)"
         R"("recipients":[")" +
         send.address +
         R"("],"smtpResponse":"250 2.0.0 OK accepted","reportingMTA":"a8-21.smtp-out.amazonses.com"}})"
         "\n";
}

/// Rows as the peers' programs write them, by the best schema that they found.
Usage write_bare(const std::string& file, const std::vector<Send>& sends, std::size_t people,
                 std::size_t together) {
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
  SQLite::Database database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "CREATE TABLE receipts (event_id INT NOT NULL, organizer_id INT NOT NULL, recipient TEXT NOT "
      "NULL, status INT NOT NULL, http INT NOT NULL, ts INT NOT NULL, message_id TEXT NOT NULL,"
      " PRIMARY KEY (event_id, recipient)) WITHOUT ROWID");
  return measure([&] {
    SQLite::Statement insert(database, "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < sends.size(); ++i) {
      if (i % together == 0) database.exec("BEGIN IMMEDIATE");
      insert.bind(1, static_cast<std::int64_t>(i / people));
      insert.bind(2, static_cast<std::int64_t>(i / people % 50));
      insert.bindNoCopy(3, sends[i].address);
      insert.bind(4, 0);
      insert.bind(5, 200);
      insert.bind(6, std::int64_t{1767600000});
      insert.bindNoCopy(7, sends[i].message_id);
      insert.exec();
      insert.reset();
      if ((i + 1) % together == 0 || i + 1 == sends.size()) database.exec("COMMIT");
    }
  });
}

Usage record(Store& store, std::span<const DeliveryFact> facts, std::size_t together) {
  return measure([&] {
    for (std::size_t i = 0; i < facts.size(); i += together) {
      const auto part = facts.subspan(i, std::min(together, facts.size() - i));
      for (const FactVerdict verdict : must(store.record_facts(part, now))) {
        if (verdict != FactVerdict::recorded) std::abort();
      }
    }
  });
}

Usage ingest(Engine& engine, std::span<const std::string> texts, std::size_t together) {
  std::size_t recorded = 0;
  const auto used = measure([&] {
    for (std::size_t i = 0; i < texts.size(); i += together) {
      const auto part = texts.subspan(i, std::min(together, texts.size() - i));
      const std::vector<std::string_view> views(part.begin(), part.end());
      must(engine.ingest_notifications(views, [&](const IngestItem& item) {
        recorded += item.outcome == IngestOutcome::recorded ? 1 : 0;
      }));
    }
  });
  if (recorded != texts.size()) std::abort();
  return used;
}

/// Sends in the order in which people of 64 events take turns.
std::vector<Send> in_turns(const std::vector<Send>& sends, std::size_t people) {
  std::vector<Send> mixed;
  const std::size_t events = sends.size() / people;
  for (std::size_t group = 0; group < events; group += 64) {
    for (std::size_t i = 0; i < people; ++i) {
      for (std::size_t e = group; e < std::min(group + 64, events); ++e) {
        mixed.push_back(sends[e * people + i]);
      }
    }
  }
  return mixed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: calinvite_bench_receipts FOLDER [EVENTS [PEOPLE]]\n");
    return 2;
  }
  const std::string folder = argv[1];
  const std::size_t events = argc > 2 ? std::stoul(argv[2]) : 128;
  const std::size_t people = argc > 3 ? std::stoul(argv[3]) : 1000;
  const std::string file = folder + "/receipts.db";
  if (std::filesystem::exists(file)) {
    std::fprintf(stderr, "%s is there already\n", file.c_str());
    return 2;
  }
  std::vector<Send> sends;
  {
    const auto store = must(open_store("sqlite:" + file));
    sends = send_all(*store, events, people);
    const auto in_mixed_order = in_turns(sends, people);
    std::printf("%zu events of %zu people\n", events, people);
    for (const auto& [together, kind, mixed_kind] :
         {std::tuple(1000, ReceiptKind::delivered, ReceiptKind::delayed),
          std::tuple(64, ReceiptKind::opened, ReceiptKind::clicked)}) {
      const Usage bare = write_bare(folder + "/bare.db", sends, people, together);
      const std::string each = ", " + std::to_string(together) + " a commit";
      tell(("bare loop" + each).c_str(), bare, sends.size());
      tell(("receipts from facts" + each).c_str(), record(*store, facts_of(sends, kind), together),
           sends.size(), bare);
      tell(("receipts, 64 events in turn" + each).c_str(),
           record(*store, facts_of(in_mixed_order, mixed_kind), together), sends.size(), bare);
      const Usage again = write_bare(folder + "/bare.db", sends, people, together);
      tell(("bare loop once more" + each).c_str(), again, sends.size(), bare);
    }
  }
  Engine engine = open_engine(file);
  std::vector<std::string> texts;
  for (const Send& send : sends) texts.push_back(json_of(send));
  for (auto& text : texts) text.replace(text.find("12:00:02"), 8, "12:00:03");
  std::printf("JSON of %zu bytes\n", texts.front().size());
  tell("receipts from JSON, 1,000 a commit", ingest(engine, texts, 1000), texts.size());
  for (auto& text : texts) text.replace(text.find("12:00:03"), 8, "12:00:04");
  tell("receipts from JSON, 64 a commit", ingest(engine, texts, 64), texts.size());
  return 0;
}
