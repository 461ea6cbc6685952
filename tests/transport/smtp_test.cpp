#include <dirent.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/text.hpp"
#include "transport/smtp_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Transport> open(const SmtpOptions& options) {
  auto transport = open_smtp_transport(options);
  REQUIRE(transport);
  return std::move(*transport);
}

Json script_of(Json::Object step) { return Json::Object{{"steps", Json::Array{std::move(step)}}}; }

/// The outcome of one message at a server that does so.
SendOutcome outcome_of(const Json& script, std::string_view ses_region = {}) {
  const SmtpServer server(script);
  auto options = server.options();
  options.ses_region = ses_region;
  auto transport = open(std::move(options));
  return send_one(*transport, "attempt-1");
}
SendOutcome outcome_at(const char* stage, const char* action, std::string_view ses_region = {}) {
  return outcome_of(script_of({{stage, action}}), ses_region);
}

SmtpOptions with_login(SmtpOptions options) {
  options.user = "league";
  options.password = "se cret/+=";
  return options;
}

/// 14 MB: more than smtp_server.py offers to take, and than fits into buffers on the way.
OutgoingMessage large_message() {
  auto large = message("attempt-1");
  for (int i = 0; i < 200'000; ++i) large.bytes += std::string(70, 'x') + "\r\n";
  return large;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

}  // namespace

TEST_CASE("a message goes over STARTTLS or implicit TLS, and in the clear only when named",
          "[transport]") {
  for (const char* tls : {"starttls", "implicit", "none"}) {
    const SmtpServer server(Json::Object{{"tls", tls}});
    auto options = server.options();
    if (std::string_view(tls) == "none") options.tls = SmtpTls::none;
    auto transport = open(options);

    CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::accepted);
    const auto messages = server.messages();
    REQUIRE(messages.size() == 1);
    CHECK(messages[0]["message"].string() == message("attempt-1").bytes);
    CHECK(messages[0]["sender"].string() == message("attempt-1").from);
    CHECK(messages[0]["recipient"].string() == message("attempt-1").to);
    CHECK(messages[0]["secure"].boolean() == (options.tls != SmtpTls::none));
    CHECK(server.commands("EHLO mail.league.example") >= 1);
  }
}

TEST_CASE("a connection is kept for many messages, with one packet of commands for each",
          "[transport]") {
  const SmtpServer server;
  auto options = server.options();
  options.max_connections = 2;
  auto transport = open(options);
  std::set<std::string> seen;
  for (int round = 0; round < 25; ++round) {
    for (int i = 0; i < 2; ++i) {
      REQUIRE(transport->submit(message("r" + std::to_string(round) + "-" + std::to_string(i))));
    }
    for (const auto& outcome : wait_for(*transport, 2)) {
      CHECK(outcome.verdict == SendVerdict::accepted);
      CHECK(seen.insert(outcome.attempt_id).second);
    }
  }
  CHECK(seen.size() == 50);
  CHECK(server.messages().size() == 50);
  CHECK(server.connections() == 2);
  CHECK(server.commands("RSET") == 0);
}

TEST_CASE("a server without PIPELINING gets one command after the other", "[transport]") {
  const SmtpServer server(Json::Object{
      {"offers", Json::Array{}},
      {"steps", Json::Array{Json::Object{{"rcpt", "550 5.1.1 no such user"}}, Json::Object{}}}});
  auto transport = open(server.options());

  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::refused);
  CHECK(server.commands("DATA") == 0);
  CHECK(send_one(*transport, "attempt-2").verdict == SendVerdict::accepted);
  CHECK(server.connections() == 1);
  CHECK(server.commands("RSET") == 1);
}

TEST_CASE("a refused recipient costs neither the connection nor the next message", "[transport]") {
  const SmtpServer server(Json::Object{
      {"steps", Json::Array{Json::Object{{"rcpt", "550 5.1.1 no such user"}}, Json::Object{}}}});
  auto transport = open(server.options());
  const auto refused = send_one(*transport, "attempt-1");

  CHECK(refused.verdict == SendVerdict::refused);
  CHECK(refused.detail == "550 5.1.1 no such user");
  CHECK(send_one(*transport, "attempt-2").verdict == SendVerdict::accepted);
  CHECK(server.connections() == 1);
  CHECK(server.messages().size() == 1);
}

TEST_CASE("no empty message follows a refused recipient when the server wants DATA nevertheless",
          "[transport]") {
  const SmtpServer server(
      Json::Object{{"steps", Json::Array{Json::Object{{"rcpt", "550 no"}, {"data", "354 go on"}},
                                         Json::Object{}}}});
  auto transport = open(server.options());

  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::refused);
  CHECK(send_one(*transport, "attempt-2").verdict == SendVerdict::accepted);
  REQUIRE(server.messages().size() == 1);
  CHECK(server.messages()[0]["message"].string() == message("attempt-2").bytes);
  CHECK(server.connections() == 2);
}

TEST_CASE("a message is in doubt when its final dot was sent and not answered", "[transport]") {
  for (const char* action : {"close", "reset", "no SMTP at all", "354 once more"}) {
    INFO(action);
    const SmtpServer server(script_of({{"final", action}}));
    auto transport = open(server.options());
    const auto outcome = send_one(*transport, "attempt-1");
    CHECK(outcome.verdict == SendVerdict::in_doubt);
    CHECK_FALSE(outcome.detail.empty());
    CHECK(server.messages().size() == 1);
  }

  const SmtpServer server(script_of({{"final", "hang"}}));
  auto options = server.options();
  options.answer_timeout = 1s;
  auto transport = open(options);
  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::in_doubt);
  CHECK(server.messages().size() == 1);
}

TEST_CASE("a message lost on a kept connection after its final dot is not sent again",
          "[transport]") {
  const SmtpServer server(Json::Object{
      {"steps", Json::Array{Json::Object{}, Json::Object{{"final", "close"}}, Json::Object{}}}});
  auto transport = open(server.options());

  CHECK(send_one(*transport, "kept").verdict == SendVerdict::accepted);
  CHECK(send_one(*transport, "lost").verdict == SendVerdict::in_doubt);
  CHECK(server.messages().size() == 2);
  CHECK(server.connections() == 1);
}

TEST_CASE("a message whose connection is lost before its final dot left was not accepted",
          "[transport]") {
  for (const char* stage : {"mail", "rcpt", "data"}) {
    for (const char* action : {"close", "reset"}) {
      INFO(stage << ' ' << action);
      const SmtpServer server(script_of({{stage, action}}));
      auto transport = open(server.options());
      CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::unavailable);
      CHECK(server.messages().empty());
    }
  }

  // More than the system's buffers hold, so that the end can't have left.
  const SmtpServer roomy(Json::Object{{"offers", Json::Array{"PIPELINING", "SIZE"}},
                                      {"steps", Json::Array{Json::Object{{"body", 1000}}}}});
  auto to_roomy = open(roomy.options());
  REQUIRE(to_roomy->submit(large_message()));
  CHECK(wait_for(*to_roomy, 1).front().verdict == SendVerdict::unavailable);
  CHECK(roomy.commands("MAIL") == 1);
}

TEST_CASE("a message larger than the server says it takes is refused unsent", "[transport]") {
  const SmtpServer server;
  auto transport = open(server.options());
  REQUIRE(transport->submit(large_message()));

  CHECK(wait_for(*transport, 1).front().verdict == SendVerdict::refused);
  CHECK(server.commands("MAIL") == 0);
  CHECK(send_one(*transport, "attempt-2").verdict == SendVerdict::accepted);
  CHECK(server.connections() == 1);
}

TEST_CASE("a server that falls silent before the message has accepted nothing", "[transport]") {
  for (const char* stage : {"greeting", "ehlo", "starttls"}) {
    INFO(stage);
    const SmtpServer server(Json::Object{{stage, "hang"}});
    auto options = server.options();
    options.command_timeout = 1s;
    auto transport = open(options);
    CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::unavailable);
  }
  for (const char* stage : {"mail", "rcpt", "data"}) {
    INFO(stage);
    const SmtpServer server(script_of({{stage, "hang"}}));
    auto options = server.options();
    options.command_timeout = 1s;
    auto transport = open(options);
    CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::unavailable);
    CHECK(server.messages().empty());
  }
}

TEST_CASE("a kept connection that the server has closed is replaced without a failed message",
          "[transport]") {
  for (const char* goodbye : {"250 2.0.0 Ok then close", "250 2.0.0 Ok"}) {
    // The second time it only says so when the next message begins.
    const bool late = std::string_view(goodbye) == "250 2.0.0 Ok";
    Json::Object second;
    if (late) second = {{"mail", "421 4.4.2 idle for too long then close"}};
    const SmtpServer server(Json::Object{
        {"steps", Json::Array{Json::Object{{"final", goodbye}}, second, Json::Object{}}}});
    auto transport = open(server.options());

    CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::accepted);
    CHECK(send_one(*transport, "attempt-2").verdict == SendVerdict::accepted);
    CHECK(server.connections() == 2);
    CHECK(server.messages().size() == 2);
  }
}

TEST_CASE("a server that answers byte by byte is waited for", "[transport]") {
  const SmtpServer server(Json::Object{
      {"greeting", "slowly 220-peer.example\r\n220 ready"},
      {"steps", Json::Array{Json::Object{{"mail", "slowly 250-first\r\n250 Ok"},
                                         {"rcpt", "slowly 250 Ok"},
                                         {"data", "slowly 354 go on"},
                                         {"final", "slowly 250-well\r\n250 queued as Q1"}}}}});
  auto transport = open(server.options());
  const auto outcome = send_one(*transport, "attempt-1");

  CHECK(outcome.verdict == SendVerdict::accepted);
  CHECK(outcome.message_id == "Q1");
  CHECK(server.messages().size() == 1);
}

TEST_CASE("replies become verdicts by their code and by what they answer", "[transport]") {
  const auto verdict_at = [](const char* stage, const char* reply) {
    const auto outcome = outcome_at(stage, reply);
    INFO(stage << ": " << reply << " -> " << outcome.detail);
    CHECK(outcome.detail == reply);
    return outcome.verdict;
  };
  CHECK(verdict_at("mail", "421 4.7.0 too many concurrent connections") == SendVerdict::throttled);
  CHECK(verdict_at("mail", "452 4.3.1 Insufficient system storage") == SendVerdict::unavailable);
  CHECK(verdict_at("mail", "530 Authentication required") == SendVerdict::credentials);
  CHECK(verdict_at("mail", "552 5.3.4 too large") == SendVerdict::refused);
  CHECK(verdict_at("mail", "553 5.7.1 Sender address rejected") == SendVerdict::paused);
  CHECK(verdict_at("rcpt", "450 4.2.0 Greylisted") == SendVerdict::deferred);
  CHECK(verdict_at("rcpt", "452 4.2.2 Mailbox full") == SendVerdict::deferred);
  CHECK(verdict_at("rcpt", "450 4.2.1 This user gets too many messages") == SendVerdict::deferred);
  CHECK(verdict_at("rcpt", "450 4.7.1 too many messages from you") == SendVerdict::throttled);
  CHECK(verdict_at("rcpt", "450 4.7.1 Greylisted") == SendVerdict::deferred);
  CHECK(verdict_at("rcpt", "452 4.3.1 Insufficient system storage") == SendVerdict::unavailable);
  CHECK(verdict_at("rcpt", "452 Insufficient system storage") == SendVerdict::unavailable);
  CHECK(verdict_at("rcpt", "451 4.4.1 no answer from the next host") == SendVerdict::unavailable);
  CHECK(verdict_at("rcpt", "421 4.2.1 too many connections") == SendVerdict::throttled);
  CHECK(verdict_at("rcpt", "421 4.3.2 not now") == SendVerdict::unavailable);
  CHECK(verdict_at("rcpt", "550 5.1.1 User unknown") == SendVerdict::refused);
  CHECK(verdict_at("rcpt", "554 5.7.1 Relay access denied") == SendVerdict::paused);
  CHECK(verdict_at("data", "451 4.3.0 try again") == SendVerdict::unavailable);
  CHECK(verdict_at("data", "554 5.7.1 no") == SendVerdict::refused);
  CHECK(verdict_at("final", "454 Throttling failure: Maximum sending rate exceeded.") ==
        SendVerdict::throttled);
  CHECK(verdict_at("final", "454 Throttling failure: Daily message quota exceeded.") ==
        SendVerdict::quota);
  CHECK(verdict_at("final", "451 4.3.0 queue file write error") == SendVerdict::unavailable);
  CHECK(verdict_at("final", "454 4.3.0 Temporary service failure") == SendVerdict::unavailable);
  CHECK(verdict_at("final", "451 try again") == SendVerdict::deferred);
  CHECK(verdict_at("final", "554 5.7.1 content rejected") == SendVerdict::refused);
}

TEST_CASE("words about an account and its identities count at SES's servers alone", "[transport]") {
  const auto verdict_at = [](const char* stage, const char* reply) {
    CHECK(outcome_at(stage, reply).verdict == SendVerdict::refused);
    return outcome_at(stage, reply, "eu-central-1").verdict;
  };
  CHECK(verdict_at("final", "554 Message rejected: Sending paused for this account.") ==
        SendVerdict::suspended);
  CHECK(verdict_at("final", "554 Access denied: Your account has been suspended.") ==
        SendVerdict::suspended);
  CHECK(verdict_at("final", "554 Sending paused for configuration set news.") ==
        SendVerdict::paused);
  CHECK(verdict_at("final", "554 Message rejected: Email address is not verified.") ==
        SendVerdict::paused);
}

TEST_CASE("what a server holds against everybody is no fault of the message", "[transport]") {
  CHECK(outcome_of(Json::Object{{"greeting", "554 5.7.1 your address is listed"}}).verdict ==
        SendVerdict::paused);
  CHECK(outcome_of(Json::Object{{"greeting", "421 4.3.2 not now then close"}}).verdict ==
        SendVerdict::unavailable);
  CHECK(outcome_of(Json::Object{{"greeting", "close"}}).verdict == SendVerdict::unavailable);
}

TEST_CASE("a password is taken, refused or not asked for, and shown nowhere", "[transport]") {
  for (const char* mechanisms : {"PLAIN LOGIN", "LOGIN"}) {
    const SmtpServer server(Json::Object{{"auth", mechanisms}});
    auto transport = open(with_login(server.options()));
    CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::accepted);
    const auto commands = server.log("command");
    CHECK(std::all_of(commands.begin(), commands.end(), [](const Json& line) {
      return line["secure"].boolean() || !line["command"].string().starts_with("AUTH");
    }));
  }
  const SmtpServer server(Json::Object{{"auth", "PLAIN"}});
  auto options = with_login(server.options());
  options.password = "wrong-canary";
  const auto refused = send_one(*open(options), "attempt-1");
  CHECK(refused.verdict == SendVerdict::credentials);
  CHECK(refused.detail == "535 5.7.8 Authentication Credentials Invalid");
  CHECK(refused.detail.find("canary") == std::string::npos);
  CHECK(server.messages().empty());

  const SmtpServer later(Json::Object{
      {"auth", "PLAIN"}, {"auth_reply", "454 4.7.0 Temporary authentication failure"}});
  CHECK(send_one(*open(with_login(later.options())), "attempt-1").verdict ==
        SendVerdict::unavailable);
}

TEST_CASE("with a password nothing is sent to a server that asks for none", "[transport]") {
  for (const char* mechanisms : {"", "GSSAPI"}) {
    Json script = Json::Object{};
    if (*mechanisms != '\0') script.set("auth", mechanisms);
    const SmtpServer server(script);
    const auto outcome = send_one(*open(with_login(server.options())), "attempt-1");
    CHECK(outcome.verdict == SendVerdict::credentials);
    CHECK(outcome.detail == "the server offers no AUTH that takes a password");
    CHECK(server.commands("MAIL") == 0);
  }
}

TEST_CASE("a server without STARTTLS, or that refuses it, gets nothing", "[transport]") {
  for (Json script : {Json(Json::Object{{"tls", "none"}, {"auth", "PLAIN"}}),
                      Json(Json::Object{{"starttls", "454 4.7.0 TLS not available"}}),
                      Json(Json::Object{{"starttls", "close"}})}) {
    const SmtpServer server(script);
    const auto outcome = send_one(*open(with_login(server.options())), "attempt-1");
    INFO(outcome.detail);
    CHECK(outcome.verdict == SendVerdict::unavailable);
    CHECK(server.commands("MAIL") + server.commands("AUTH") == 0);
  }
}

TEST_CASE("an SMTP server whose certificate does not hold gets no byte of a message",
          "[transport]") {
  const SmtpServer trusted;
  for (const char* tls : {"starttls", "implicit"}) {
    for (const char* certificate : {"good", "expired", "other_host"}) {
      const SmtpServer server(Json::Object{{"tls", tls}, {"auth", "PLAIN"}}, certificate);
      auto options = with_login(server.options());
      if (std::string_view(certificate) == "good") options.ca_file = trusted.options().ca_file;
      const auto outcome = send_one(*open(options), "attempt-1");
      INFO(tls << ' ' << certificate << ": " << outcome.detail);
      CHECK(outcome.verdict == SendVerdict::unavailable);
      CHECK(outcome.detail.find("SSL") != std::string::npos);
      CHECK(server.commands("MAIL") + server.commands("AUTH") == 0);
      CHECK(server.messages().empty());
    }
  }
}

TEST_CASE("8-bit messages and addresses go only to servers that offer to take them",
          "[transport]") {
  auto eight_bit = message("attempt-1");
  eight_bit.bytes +=
      "Gr\xc3\xbc\xc3\x9f"
      "e\r\n";
  auto address = message("attempt-2");
  address.to = "f\xc3\xa4n@example.com";
  const SmtpServer plain(Json::Object{{"offers", Json::Array{"PIPELINING"}}});
  const SmtpServer modern(
      Json::Object{{"offers", Json::Array{"PIPELINING", "8BITMIME", "SMTPUTF8"}}});
  auto to_plain = open(plain.options());
  auto to_modern = open(modern.options());

  for (const auto& [each, keyword] : {std::pair(eight_bit, "8BITMIME"), {address, "SMTPUTF8"}}) {
    REQUIRE(to_plain->submit(each));
    const auto refused = wait_for(*to_plain, 1).front();
    CHECK(refused.verdict == SendVerdict::refused);
    CHECK(refused.detail.find(keyword) != std::string::npos);
    REQUIRE(to_modern->submit(each));
    CHECK(wait_for(*to_modern, 1).front().verdict == SendVerdict::accepted);
  }
  CHECK(plain.commands("MAIL") == 0);
  CHECK(plain.connections() == 1);
  CHECK(modern.commands("MAIL FROM:<" + eight_bit.from + "> BODY=8BITMIME") == 1);
  CHECK(modern.commands("MAIL FROM:<" + eight_bit.from + "> SMTPUTF8") == 1);
  CHECK(text::to_valid_utf8(modern.messages()[0]["message"].string()).size() > 0);
}

TEST_CASE("what would break out of an SMTP line or end a message early is refused unsent",
          "[transport]") {
  const SmtpServer server;
  auto transport = open(server.options());
  const auto refused = [&](auto edit) {
    auto bad = message("attempt-1");
    edit(bad);
    const auto submitted = transport->submit(std::move(bad));
    return !submitted && submitted.error().code == Code::invalid_argument;
  };
  CHECK(refused([](auto& m) { m.to = "a@example.com>\r\nDATA"; }));
  CHECK(refused([](auto& m) { m.to = "a@example.com> SIZE=1"; }));
  CHECK(refused([](auto& m) { m.to.clear(); }));
  CHECK(refused([](auto& m) { m.from = "<a@example.com"; }));
  CHECK(refused([](auto& m) { m.bytes += "a\n.\r\nMAIL FROM:<x@example.com>\r\n"; }));
  CHECK(refused([](auto& m) { m.bytes += "a\r.\r\n"; }));
  CHECK(refused([](auto& m) { m.bytes += "no line end"; }));
  CHECK(refused([](auto& m) { m.bytes += std::string("\0\r\n", 3); }));
  CHECK(refused([](auto& m) { m.bytes += std::string(999, 'x') + "\r\n"; }));
  CHECK(transport->poll(0ms).empty());
  CHECK(server.connections() == 0);
}

TEST_CASE("the accepted message is known by the id that its recipients see", "[transport]") {
  const SmtpServer server(Json::Object{
      {"steps", Json::Array{Json::Object{{"final", "250 2.0.0 Ok: queued as 4WxYz"}},
                            Json::Object{}, Json::Object{{"final", "250 OK id=1rAbCd-000123-4E"}},
                            Json::Object{{"final", "250 Message accepted for delivery"}}}}});
  auto transport = open(server.options());
  auto named = message("attempt-1");
  named.bytes = "Message-ID: <attempt-1@reply.league.example>\r\n" + named.bytes;
  REQUIRE(transport->submit(named));
  const auto first = wait_for(*transport, 1).front();
  CHECK(first.message_id == "attempt-1@reply.league.example");
  CHECK(first.detail == "250 2.0.0 Ok: queued as 4WxYz");
  CHECK(send_one(*transport, "attempt-2").message_id == "Q2");
  CHECK(send_one(*transport, "attempt-3").message_id == "1rAbCd-000123-4E");
  CHECK(send_one(*transport, "attempt-4").message_id == "attempt-4");
  CHECK(transport->message_id_host().empty());
}

TEST_CASE("R13: SES's own id counts when the server is SES's, with its configuration set and tags",
          "[transport]") {
  const SmtpServer server(script_of({{"final", "250 Ok 010001890ab-1234-000000"}}));
  auto options = server.options();
  options.ses_region = "eu-central-1";
  auto transport = open(options);
  auto tagged = message("attempt-1");
  tagged.bytes = "Message-ID: <ours@reply.league.example>\r\n" + tagged.bytes;
  tagged.configuration_set = "invites";
  tagged.tags = {{"event", "e_1"}};
  REQUIRE(transport->submit(tagged));
  const auto outcome = wait_for(*transport, 1).front();

  CHECK(outcome.message_id == "010001890ab-1234-000000");
  CHECK(transport->message_id_host() == "eu-central-1.amazonses.com");
  CHECK(server.messages()[0]["message"].string() ==
        "X-SES-CONFIGURATION-SET: invites\r\n"
        "X-SES-MESSAGE-TAGS: event=e_1, attempt_id=attempt-1\r\n" +
            tagged.bytes);
}

TEST_CASE("connections leave no descriptor behind, whatever became of them", "[transport]") {
  const SmtpServer server(Json::Object{
      {"steps", Json::Array{Json::Object{{"final", "close"}}, Json::Object{{"mail", "close"}},
                            Json::Object{{"final", "250 Ok then close"}}, Json::Object{}}}});
  send_one(*open(server.options()), "warm-up");
  const auto before = open_descriptors();
  for (int round = 0; round < 5; ++round) {
    auto transport = open(server.options());
    for (int i = 0; i < 4; ++i) {
      REQUIRE(transport->submit(message("r" + std::to_string(round) + "-" + std::to_string(i))));
    }
    if (round % 2 == 0) wait_for(*transport, 4);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("what is asked of open_smtp_transport is checked", "[transport]") {
  const auto refused = [](auto edit) {
    SmtpOptions options;
    options.host = "smtp.example.com";
    edit(options);
    const auto transport = open_smtp_transport(options);
    return !transport && transport.error().code == Code::invalid_argument;
  };
  CHECK_FALSE(refused([](SmtpOptions&) {}));
  CHECK(refused([](SmtpOptions& o) { o.host.clear(); }));
  CHECK(refused([](SmtpOptions& o) { o.host = "smtp.example.com/x"; }));
  CHECK(refused([](SmtpOptions& o) { o.helo = "a\r\nMAIL"; }));
  CHECK(refused([](SmtpOptions& o) { o.port = 0; }));
  CHECK(refused([](SmtpOptions& o) { o.max_connections = 0; }));
  CHECK(refused([](SmtpOptions& o) { o.user = "league"; }));
  CHECK(refused([](SmtpOptions& o) {
    o.tls = SmtpTls::none;
    o.user = "league";
    o.password = "secret";
  }));
}

TEST_CASE("SES over SMTP shares its account with SES's own transport, other servers have none",
          "[transport]") {
  SmtpOptions options;
  options.host = "127.0.0.1";
  options.tls = SmtpTls::none;
  CHECK(open(options)->account_key().empty());
  options.ses_region = "eu-central-1";
  CHECK(open(options)->account_key() == "ses:eu-central-1");
}
