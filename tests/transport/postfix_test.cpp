#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <thread>

#include "transport/server_process.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// Why Debian's Postfix can't be tried here; empty: it can.
std::string obstacle() {
  if (::geteuid() != 0) return "Postfix needs root";
  if (!fs::exists("/usr/lib/postfix/sbin/master")) return "no Postfix is installed";
  return {};
}

SmtpOptions options_of(const ServerProcess& postfix) {
  SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(postfix.port());
  options.user = "league";
  options.password = "se cret/+=";
  options.ca_file = (postfix.folder() / "good.crt").string();
  options.max_connections = 4;
  return options;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What stands in the Maildir once `count` mails are there, without CR and what Postfix put before.
std::vector<std::string> delivered(const ServerProcess& postfix, std::size_t count) {
  const fs::path box = postfix.folder() / "box" / "new";
  std::vector<std::string> mails;
  for (int tries = 0; tries < 300 && mails.size() < count; ++tries) {
    std::this_thread::sleep_for(100ms);
    mails.clear();
    if (!fs::exists(box)) continue;
    for (const auto& file : fs::directory_iterator(box)) {
      const std::string mail = contents(file.path());
      mails.push_back(mail.substr(std::min(mail.size(), mail.find("From: fixtures"))));
    }
  }
  return mails;
}

std::size_t lines_with(const std::string& text, std::string_view words) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

std::string without_cr(std::string bytes) {
  bytes.erase(std::remove(bytes.begin(), bytes.end(), '\r'), bytes.end());
  return bytes;
}

}  // namespace

TEST_CASE("Debian's Postfix takes messages over STARTTLS and AUTH, each once and unchanged",
          "[transport]") {
  if (const auto why = obstacle(); !why.empty()) {
    std::cout << "skipped: " << why << '\n';
    return;
  }
  const ServerProcess postfix("postfix.py", {});
  auto wrong = options_of(postfix);
  wrong.password = "wrong";
  CHECK(send_one(*open_smtp_transport(wrong).value(), "attempt-0").verdict ==
        SendVerdict::credentials);

  auto transport = std::move(open_smtp_transport(options_of(postfix)).value());
  std::vector<std::string> sent;
  std::vector<SendOutcome> accepted;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) {
      auto next = message("r" + std::to_string(round) + "-" + std::to_string(i));
      // Postfix adds these where they are missing.
      next.bytes =
          "From: fixtures@reply.league.example\r\nDate: Sun, 28 Mar 2027 01:30:00 +0100\r\n"
          "Message-ID: <" +
          next.attempt_id + "@reply.league.example>\r\n\r\n";
      next.bytes += ".\r\n..\r\n.dot\r\n\r\n" + std::string(998, 'x') + "\r\n";
      if (i == 3)
        next.bytes +=
            "Gr\xc3\xbc\xc3\x9f"
            "e\r\n";
      if (i == 2 && round % 2 == 1) next.to = "nobody@example.com";
      if (next.to != "nobody@example.com") sent.push_back(without_cr(next.bytes));
      REQUIRE(transport->submit(std::move(next)));
    }
    for (const auto& outcome : wait_for(*transport, 4)) {
      INFO(outcome.detail);
      const bool refused = outcome.attempt_id.ends_with("-2") && round % 2 == 1;
      CHECK(outcome.verdict == (refused ? SendVerdict::refused : SendVerdict::accepted));
      if (outcome.verdict == SendVerdict::accepted) accepted.push_back(outcome);
    }
  }
  auto mails = delivered(postfix, sent.size());
  std::sort(mails.begin(), mails.end());
  std::sort(sent.begin(), sent.end());
  CHECK(sent.size() == 35);
  CHECK(mails == sent);

  const std::string log = contents(postfix.folder() / "mail.log");
  for (const auto& outcome : accepted) {
    CHECK(outcome.message_id == outcome.attempt_id + "@reply.league.example");
    const auto queue_id = outcome.detail.substr(outcome.detail.rfind(' ') + 1);
    CHECK(log.find(queue_id + ": message-id=<" + outcome.message_id + ">") != std::string::npos);
  }
  CHECK(lines_with(log, "sasl_username=league") == 35);
  // One to look whether it listens, one with the wrong password, four that were kept.
  CHECK(lines_with(log, ": connect from") == 6);
}
