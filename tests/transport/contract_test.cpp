#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

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

Subject over_ses() {
  auto server = std::make_shared<TlsServer>(Json::Array{"accept"});
  auto transport = open_ses_transport(server->ses_options());
  REQUIRE(transport);
  return {std::move(*transport), [server] {
            Received received;
            for (const Json& request : server->requests()) {
              received.emplace(request["attempt_id"].string(), request["message"].string());
            }
            return received;
          }};
}

Subject over_spool() {
  auto folder = std::make_shared<Folder>();
  auto transport = open_spool_transport(folder->path);
  REQUIRE(transport);
  return {std::move(*transport), [folder] {
            Received received;
            for (const auto& file : fs::directory_iterator(folder->path / "new")) {
              received.emplace(file.path().stem().string(), contents(file.path()));
            }
            return received;
          }};
}

Subject over_callback() {
  auto received = std::make_shared<Received>();
  auto transport = make_callback_transport([received](const OutgoingMessage& message) {
    received->emplace(message.attempt_id, message.bytes);
    return SendOutcome{"", SendVerdict::accepted, "host-" + message.attempt_id, ""};
  });
  return {std::move(transport), [received] { return *received; }};
}

}  // namespace

TEST_CASE("every transport gives each message one outcome and leaves its bytes alone",
          "[transport]") {
  for (const auto& make : {over_ses, over_spool, over_callback}) {
    const Subject subject = make();
    Transport& transport = *subject.transport;
    REQUIRE(transport.max_in_flight() > 0);
    Received sent;
    for (int round = 0; round < 3; ++round) {
      std::set<std::string> waiting;
      for (std::size_t i = 0; i < transport.max_in_flight(); ++i) {
        auto next = message("A_" + std::to_string(round) + "-" + std::to_string(i));
        next.bytes += std::string(i * 1000, 'x') + "\r\n";
        sent.emplace(next.attempt_id, next.bytes);
        waiting.insert(next.attempt_id);
        REQUIRE(transport.submit(std::move(next)));
      }
      for (const auto& outcome : wait_for(transport, waiting.size())) {
        CHECK(outcome.verdict == SendVerdict::accepted);
        CHECK_FALSE(outcome.message_id.empty());
        CHECK(waiting.erase(outcome.attempt_id) == 1);
      }
    }
    CHECK(subject.received() == sent);
  }
}

TEST_CASE("no transport waits for outcomes while nothing is in flight", "[transport]") {
  for (const auto& make : {over_ses, over_spool, over_callback}) {
    const Subject subject = make();
    CHECK(subject.transport->poll(1h).empty());
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
