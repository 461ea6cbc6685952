#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "transport/smtp_server.hpp"
#include "transport/tls_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// A folder of one test, gone with it.
struct Folder {
  Folder() {
    static int count = 0;
    path = fs::path(CALINVITE_BUILD_DIR) / "tests" / "spool" /
           (std::to_string(::getpid()) + "-" + std::to_string(count++));
    fs::remove_all(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

/// message() puts it into the body.
std::string attempt_of(const std::string& bytes) {
  const auto start = bytes.find("\r\n\r\n") + 4;
  return bytes.substr(start, bytes.find('\r', start) - start);
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

using Received = std::map<std::string, std::string>;  ///< attempt id -> bytes

/// A transport, and what its other side got.
struct Subject {
  std::unique_ptr<Transport> transport;
  std::function<Received()> received;
};

/// How the other side behaves.
enum class Peer { accepts, refuses, loses_answers, is_away };

Subject over_ses(Peer peer) {
  const Json refusal =
      Json::Object{{"status", 400}, {"type", "MessageRejected"}, {"body", R"({"message":"no"})"}};
  auto server = std::make_shared<TlsServer>(Json::Array{peer == Peer::refuses   ? refusal
                                                        : peer == Peer::accepts ? "accept"
                                                                                : "close"});
  auto options = server->ses_options();
  if (peer == Peer::is_away) options.endpoint = "https://127.0.0.1:1";
  auto transport = open_ses_transport(options);
  REQUIRE(transport);
  return {std::move(*transport), [server] {
            Received received;
            for (const Json& request : server->requests()) {
              received.emplace(request["attempt_id"].string(), request["message"].string());
            }
            return received;
          }};
}

Subject over_smtp(Peer peer) {
  Json::Object step;
  if (peer == Peer::refuses) step = {{"final", "554 5.7.1 no"}};
  if (peer == Peer::loses_answers) step = {{"final", "close"}};
  auto server = std::make_shared<SmtpServer>(Json::Object{{"steps", Json::Array{step}}});
  auto options = server->options();
  if (peer == Peer::is_away) options.port = 1;
  auto transport = open_smtp_transport(options);
  REQUIRE(transport);
  return {std::move(*transport), [server] {
            Received received;
            for (const Json& each : server->messages()) {
              const std::string bytes(each["message"].string());
              received.emplace(attempt_of(bytes), bytes);
            }
            return received;
          }};
}

Subject over_spool(Peer peer) {
  auto folder = std::make_shared<Folder>();
  auto transport = open_spool_transport(folder->path);
  REQUIRE(transport);
  if (peer == Peer::is_away) fs::remove(folder->path / "tmp");
  return {std::move(*transport), [folder] {
            Received received;
            for (const auto& file : fs::directory_iterator(folder->path / "new")) {
              received.emplace(file.path().stem().string(), contents(file.path()));
            }
            return received;
          }};
}

Subject over_callback(Peer peer) {
  auto received = std::make_shared<Received>();
  auto transport = make_callback_transport([received, peer](const OutgoingMessage& message) {
    if (peer == Peer::is_away) return SendOutcome{"", SendVerdict::unavailable, "", "away"};
    received->emplace(message.attempt_id, message.bytes);
    if (peer == Peer::refuses) return SendOutcome{"", SendVerdict::refused, "", "no"};
    if (peer == Peer::loses_answers) return SendOutcome{"", SendVerdict::in_doubt, "", "lost"};
    return SendOutcome{"", SendVerdict::accepted, "host-" + message.attempt_id, ""};
  });
  return {std::move(transport), [received] { return *received; }};
}

struct Kind {
  const char* name;
  Subject (*open)(Peer);
  bool answers = true;  ///< somebody there can refuse a message or lose the answer
};
constexpr Kind kinds[] = {{"ses", over_ses},
                          {"smtp", over_smtp},
                          {"spool", over_spool, false},
                          {"callback", over_callback}};

/// As many messages as may be in flight, each with lines that a transport might trip over.
std::vector<OutgoingMessage> fill(Transport& transport, const std::string& round) {
  std::vector<OutgoingMessage> messages;
  for (std::size_t i = 0; i < transport.max_in_flight(); ++i) {
    auto next = message("A_" + round + "-" + std::to_string(i));
    next.bytes += "\r\n.\r\n..\r\n.dot\r\nFrom here\r\n \t\r\n\r\n";
    for (std::size_t line = 0; line < i * 50; ++line) next.bytes += std::string(900, 'x') + "\r\n";
    next.bytes += std::string(998, 'y') + "\r\n\r\n";
    messages.push_back(next);
    REQUIRE(transport.submit(std::move(next)));
  }
  return messages;
}

}  // namespace

TEST_CASE("every transport gives each message one outcome and leaves its bytes alone",
          "[transport]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Subject subject = kind.open(Peer::accepts);
    Transport& transport = *subject.transport;
    REQUIRE(transport.max_in_flight() > 0);
    Received sent;
    for (const char* round : {"1", "2", "3"}) {
      std::set<std::string> waiting;
      for (const auto& each : fill(transport, round)) {
        sent.emplace(each.attempt_id, each.bytes);
        waiting.insert(each.attempt_id);
      }
      for (const auto& outcome : wait_for(transport, waiting.size())) {
        CHECK(outcome.verdict == SendVerdict::accepted);
        CHECK_FALSE(outcome.message_id.empty());
        CHECK(waiting.erase(outcome.attempt_id) == 1);
      }
      CHECK(transport.poll(0ms).empty());
    }
    CHECK(subject.received() == sent);
  }
}

TEST_CASE("no transport waits for outcomes while nothing is in flight", "[transport]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Subject subject = kind.open(Peer::accepts);
    CHECK(subject.transport->poll(1h).empty());
    send_one(*subject.transport, "attempt-1");
    CHECK(subject.transport->poll(1h).empty());
  }
}

TEST_CASE("no transport takes more messages than it says, and those it refused leave no trace",
          "[transport]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Subject subject = kind.open(Peer::accepts);
    Transport& transport = *subject.transport;
    const auto messages = fill(transport, "1");
    const auto refused = transport.submit(message("one-too-many"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid_argument);

    for (const auto& outcome : wait_for(transport, messages.size())) {
      CHECK(outcome.attempt_id != "one-too-many");
    }
    CHECK(transport.poll(0ms).empty());
    CHECK(subject.received().count("one-too-many") == 0);
    CHECK(send_one(transport, "room-again").verdict == SendVerdict::accepted);
  }
}

TEST_CASE("a transport whose other side is away has accepted nothing, and nothing is in doubt",
          "[transport]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Subject subject = kind.open(Peer::is_away);
    for (const char* id : {"attempt-1", "attempt-2"}) {
      const auto submitted = subject.transport->submit(message(id));
      if (!submitted) {
        CHECK(submitted.error().retryable());
        CHECK(subject.transport->poll(0ms).empty());
        continue;
      }
      const auto outcome = wait_for(*subject.transport, 1).front();
      CHECK(outcome.verdict == SendVerdict::unavailable);
      CHECK(outcome.attempt_id == id);
      CHECK_FALSE(outcome.detail.empty());
    }
    CHECK(subject.received().empty());
  }
}

TEST_CASE("a refused message is refused in the other side's words", "[transport]") {
  for (const Kind& kind : kinds) {
    if (!kind.answers) continue;
    INFO(kind.name);
    const Subject subject = kind.open(Peer::refuses);
    const auto outcome = send_one(*subject.transport, "attempt-1");
    CHECK(outcome.verdict == SendVerdict::refused);
    CHECK(outcome.detail.find("no") != std::string::npos);
    CHECK(outcome.message_id.empty());
  }
}

TEST_CASE("a message whose answer is lost is in doubt and leaves once", "[transport]") {
  for (const Kind& kind : kinds) {
    if (!kind.answers) continue;
    INFO(kind.name);
    const Subject subject = kind.open(Peer::loses_answers);
    CHECK(send_one(*subject.transport, "attempt-1").verdict == SendVerdict::in_doubt);
    CHECK(subject.received().size() == 1);
  }
}

TEST_CASE("a transport may be closed while messages are in flight", "[transport]") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    Subject subject = kind.open(Peer::accepts);
    const auto messages = fill(*subject.transport, "1");
    subject.transport->poll(0ms);
    subject.transport.reset();
    CHECK(subject.received().size() <= messages.size());
  }
}

TEST_CASE("a spooled message appears whole, readable by its owner alone", "[transport]") {
  const Folder folder;
  auto transport = open_spool_transport(folder.path);
  REQUIRE(transport);
  REQUIRE((*transport)->submit(message("attempt-1")));

  CHECK(contents(folder.path / "new" / "attempt-1.eml") == message("attempt-1").bytes);
  CHECK(fs::is_empty(folder.path / "tmp"));
  CHECK((fs::status(folder.path / "new" / "attempt-1.eml").permissions() &
         (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("a spool writes nowhere but into its folder", "[transport]") {
  const Folder folder;
  auto transport = open_spool_transport(folder.path);
  REQUIRE(transport);

  for (const char* id : {"", "../escaped", "a/b", ".", "a b"}) {
    const auto refused = (*transport)->submit(message(id));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid_argument);
  }
  CHECK((*transport)->poll(0ms).empty());
  CHECK(fs::is_empty(folder.path / "new"));
}

TEST_CASE("a spool folder that went away accepts nothing and takes up again", "[transport]") {
  const Folder folder;
  auto transport = open_spool_transport(folder.path);
  REQUIRE(transport);
  fs::rename(folder.path / "new", folder.path / "away");

  const auto refused = (*transport)->submit(message("attempt-1"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::unavailable);
  CHECK(fs::is_empty(folder.path / "tmp"));

  fs::rename(folder.path / "away", folder.path / "new");
  CHECK(send_one(**transport, "attempt-2").verdict == SendVerdict::accepted);
}

TEST_CASE("a spool under a file can't be opened", "[transport]") {
  const Folder folder;
  fs::create_directories(folder.path.parent_path());
  std::ofstream(folder.path) << "a file";

  const auto transport = open_spool_transport(folder.path);
  REQUIRE_FALSE(transport);
  CHECK(transport.error().code == Code::unavailable);
}

TEST_CASE("the host's sender decides the verdict, and in doubt it is when it throws",
          "[transport]") {
  auto transport = make_callback_transport([](const OutgoingMessage& message) -> SendOutcome {
    if (message.attempt_id == "throws") throw std::runtime_error("lost");
    return {"another id", SendVerdict::refused, "", "no such mailbox"};
  });

  const auto refused = send_one(*transport, "refused");
  CHECK(refused.attempt_id == "refused");
  CHECK(refused.verdict == SendVerdict::refused);
  CHECK(refused.detail == "no such mailbox");
  CHECK(send_one(*transport, "throws").verdict == SendVerdict::in_doubt);
}
