#include <catch2/catch.hpp>
#include <string>

#include "calinvite/mime.hpp"

using calinvite::calendar_parts;
using calinvite::parse_mail;

namespace {

const std::string returned =
    "--x\nContent-Type: message/rfc822\n\n"
    "From: League <fixtures+k3jx7q2mznabcde2@in.example.com>\nTo: fan0001@example.org\n"
    "Message-ID: <one@email.example.com>\nContent-Type: text/calendar; method=REPLY\n\n"
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:copy-\n 0001\nEND:VEVENT\nEND:VCALENDAR\n";

std::string report_of(const std::string& type, const std::string& parts) {
  return "From: postmaster@mx.example.org\nContent-Type: multipart/report; report-type=" + type +
         "; boundary=x\n\n--x\nContent-Type: text/plain\n\nSorry.\n" + parts + "--x--\n";
}

calinvite::ParsedMail read(const std::string& raw) {
  auto mail = parse_mail(raw);
  REQUIRE(mail);
  return *std::move(mail);
}

}  // namespace

TEST_CASE("a delivery status notification tells each recipient's fate", "[mime]") {
  const auto mail = read(
      report_of("delivery-status",
                "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
                "Arrival-Date: Mon, 1 Mar 2027 10:00:00 +0100\n\n"
                "Original-Recipient: rfc822;Fan0001@example.org\n"
                "Final-Recipient: rfc822; box17@mail.example.org\nAction: Failed (for good)\n"
                "Status: 5.1.1 (no such box)\nDiagnostic-Code: smtp; 550 5.1.1\n user unknown\n\n"
                "Final-Recipient: RFC822;fan0002@example.org\nAction: delayed\nStatus: 4.4.7\n\n" +
                    returned));

  CHECK(mail.delivery_report);
  REQUIRE(mail.delivery);
  CHECK(mail.delivery->reporting_mta == "mx.example.org");
  REQUIRE(mail.delivery->arrival_date);
  CHECK(mail.delivery->arrival_date->time_since_epoch().count() == 1803891600);
  REQUIRE(mail.delivery->recipients.size() == 2);
  CHECK(mail.delivery->recipients[0].recipient == "box17@mail.example.org");
  CHECK(mail.delivery->recipients[0].original_recipient == "fan0001@example.org");
  CHECK(mail.delivery->recipients[0].action == "failed");
  CHECK(mail.delivery->recipients[0].status == "5.1.1");
  CHECK(mail.delivery->recipients[0].diagnostic == "550 5.1.1 user unknown");
  CHECK(mail.delivery->recipients[1].action == "delayed");
  CHECK(mail.delivery->original.message_id == "one@email.example.com");
  CHECK(mail.delivery->original.from == "fixtures+k3jx7q2mznabcde2@in.example.com");
  CHECK(mail.delivery->original.recipients == std::vector<std::string>{"fan0001@example.org"});
  CHECK(mail.delivery->original.uids == std::vector<std::string>{"copy-0001"});
}

TEST_CASE("R119: a calendar inside a report is never one to act on", "[mime]") {
  const std::string status =
      "--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\n\n";
  const std::string attached =
      "--x\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n";

  CHECK(calendar_parts(read(report_of("delivery-status", status + returned))).empty());
  CHECK(calendar_parts(read(report_of("delivery-status", returned))).empty());
  CHECK(calendar_parts(read(report_of("delivery-status", status + attached))).empty());
  CHECK(calendar_parts(read("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n" +
                            status + returned))
            .empty());
}

TEST_CASE("R119: what a mailer daemon returns is a report, even outside RFC 3464", "[mime]") {
  const std::string mixed =
      "Content-Type: multipart/mixed; boundary=x\n\n"
      "--x\n\nYour mail came back.\n" +
      returned;
  const auto bounced = read("Return-Path: <>\nFrom: post@example.org\n" + mixed);
  const auto from_daemon = read("From: MAILER-DAEMON@mx.example.org\n" + mixed);
  const auto forwarded = read("From: fan0001@example.org\n" + mixed);

  CHECK(bounced.delivery_report);
  CHECK_FALSE(bounced.delivery);
  CHECK(calendar_parts(bounced).empty());
  CHECK(from_daemon.delivery_report);
  CHECK_FALSE(forwarded.delivery_report);
  CHECK(calendar_parts(forwarded).size() == 1);
}

TEST_CASE("a complaint tells what was complained about", "[mime]") {
  const auto mail = read(
      report_of("feedback-report",
                "--x\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse\n"
                "Version: 1\nOriginal-Mail-From: <Bounce@in.example.com>\n"
                "Original-Rcpt-To: <fan0001@example.org>\nOriginal-Rcpt-To: fan0002@example.org\n"
                "Received-Date: Mon, 1 Mar 2027 09:00:00 GMT\nSource-IP: 192.0.2.2\n"
                "--x\nContent-Type: text/rfc822-headers\n\n"
                "Message-ID: <two@email.example.com>\nTo: fan0001@example.org\n"));

  CHECK(mail.delivery_report);
  CHECK_FALSE(mail.delivery);
  REQUIRE(mail.feedback);
  CHECK(mail.feedback->type == "abuse");
  CHECK(mail.feedback->original_mail_from == "bounce@in.example.com");
  CHECK(mail.feedback->original_recipients ==
        std::vector<std::string>{"fan0001@example.org", "fan0002@example.org"});
  REQUIRE(mail.feedback->arrival_date);
  CHECK(mail.feedback->arrival_date->time_since_epoch().count() == 1803891600);
  CHECK(mail.feedback->source_ip == "192.0.2.2");
  CHECK(mail.feedback->original.message_id == "two@email.example.com");
  CHECK(mail.feedback->original.recipients == std::vector<std::string>{"fan0001@example.org"});
}

TEST_CASE("hostile reports are read as far as they are sound", "[mime]") {
  std::string groups;
  for (int i = 0; i < 3000; ++i) groups += "Final-Recipient: rfc822; a@example.org\n\n";
  const auto status = [](const std::string& body) {
    return read(
        report_of("delivery-status", "--x\nContent-Type: message/delivery-status\n\n" + body));
  };

  CHECK(status(groups).delivery->recipients.size() == 1000);
  CHECK(status(std::string(1'000'000, '\n')).delivery->recipients.empty());
  const auto junk = status("no field\nnone here\n\nFinal-Recipient: rfc822; \x01 b\nAction:\n");
  REQUIRE(junk.delivery->recipients.size() == 1);
  CHECK(junk.delivery->recipients[0].recipient == "b");
  const auto nested = read(report_of(
      "delivery-status",
      "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n"
      "--x\nContent-Type: text/rfc822-headers\n\nTo: g: h: a@example.org;;\nMessage-ID: <a@b>\n"));
  CHECK(nested.delivery->original.recipients.empty());
  CHECK(nested.delivery->original.message_id == "a@b");
}

TEST_CASE("a mail that was received more than fifty times goes in circles", "[mime]") {
  const auto looping = [](int times) {
    std::string raw;
    for (int i = 0; i < times; ++i) raw += "Received: from a.example by b.example\n";
    return read(raw + "From: a@example.org\n\nhello\n").looping;
  };

  CHECK_FALSE(looping(50));
  CHECK(looping(51));
}
