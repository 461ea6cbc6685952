#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "calinvite/aws.hpp"
#include "calinvite/ingest.hpp"
#include "calinvite/mime.hpp"

namespace fs = std::filesystem;
using calinvite::authenticate;
using calinvite::Authentication;
using calinvite::InboundNotification;
using calinvite::parse_mail;
using calinvite::SesVerdict;

namespace {

const std::string from = "From: League <fixtures@league.example>\n";

/// A mail as SES stores it: its own headers above X-SES-RECEIPT, then those of the sender.
std::string stored(const std::string& results, const std::string& senders) {
  return "Return-Path: <fixtures@league.example>\n"
         "Received: from mx by inbound-smtp.eu-west-1.amazonaws.com\n" +
         results + "X-SES-RECEIPT: AEFB\n" + senders + "Subject: Derby\n\nhello\n";
}

std::string results(const std::string& clauses, const std::string& by = "amazonses.com") {
  return "Authentication-Results: " + by + "; " + clauses + ";\n";
}

Authentication judge(SesVerdict dmarc, const std::string& raw, InboundNotification receipt = {}) {
  const auto mail = parse_mail(raw);
  REQUIRE(mail);
  receipt.dmarc = dmarc;
  auto told = authenticate(receipt, *mail);
  if (told.passed) {
    CHECK(told.address == "fixtures@league.example");
    CHECK(told.by == "ses");
    CHECK(told.reason.empty());
  } else {
    CHECK(told.address.empty());
    CHECK_FALSE(told.reason.empty());
  }
  return told;
}

bool gray(const std::string& raw) { return judge(SesVerdict::gray, raw).passed; }

const std::string aligned = results("spf=pass; dkim=pass header.i=@league.example");

}  // namespace

TEST_CASE("of all verdicts and forms of From only DMARC's pass and one mailbox act", "[ingest]") {
  const std::string forms[] = {
      from,
      "From: a@league.example, fixtures@league.example\n",
      from + from,
      "From: league: fixtures@league.example;\n",
      "From: fixtures@league.example (other@evil.example)\n",
      "From:\n",
      "From: League\n",
      "Sender: fixtures@league.example\n",
  };
  const auto other_results = results("dkim=pass header.i=@evil.example");

  for (const auto dmarc : {SesVerdict::none, SesVerdict::pass, SesVerdict::fail, SesVerdict::gray,
                           SesVerdict::processing_failed}) {
    for (const auto& form : forms) {
      for (const auto spf : {SesVerdict::pass, SesVerdict::fail}) {
        InboundNotification receipt;
        receipt.spf = receipt.dkim = spf;
        INFO(form << static_cast<int>(dmarc));
        CHECK(judge(dmarc, stored(other_results, form), receipt).passed ==
              (dmarc == SesVerdict::pass && &form == &forms[0]));
        CHECK(judge(dmarc, stored(aligned, form), receipt).passed ==
              ((dmarc == SesVerdict::pass || dmarc == SesVerdict::gray) && &form == &forms[0]));
      }
    }
  }
}

TEST_CASE("spam, viruses, tests of SES and foreign receipts vouch for nobody", "[ingest]") {
  const auto mail = "Message-ID: <one@league.example>\n" + from;
  const auto passed = [&](const InboundNotification& receipt) {
    return judge(SesVerdict::pass, stored(aligned, mail), receipt).passed;
  };

  CHECK(passed({.header_message_id = "one@league.example",
                .spam = SesVerdict::gray,
                .virus = SesVerdict::processing_failed}));
  CHECK_FALSE(passed({.spam = SesVerdict::fail}));
  CHECK_FALSE(passed({.virus = SesVerdict::fail}));
  CHECK_FALSE(passed({.setup = true}));
  CHECK_FALSE(passed({.header_message_id = "two@league.example"}));
}

TEST_CASE("a receipt vouches only for the mail whose Message-ID and From it tells", "[ingest]") {
  const auto passed = [&](const std::string& headers, const InboundNotification& receipt) {
    return judge(SesVerdict::pass, stored(aligned, headers), receipt).passed;
  };
  const std::string id = "Message-ID: <one@league.example>\n";
  const auto of = [](std::vector<std::string> shown, std::string message_id = {}) {
    return InboundNotification{.header_message_id = std::move(message_id),
                               .header_from = std::move(shown)};
  };

  CHECK(passed(from, of({"League <fixtures@league.example>"})));
  CHECK(passed(from, of({"fixtures@LEAGUE.example"})));
  CHECK(passed(from, of({"Office, League <fixtures@league.example>"})));
  CHECK(passed(id + from, of({"<fixtures@league.example>"}, "one@league.example")));
  CHECK_FALSE(passed(from, of({"attendee@example.net"})));
  CHECK_FALSE(passed(id + from, of({"attendee@example.net"}, "one@league.example")));
  CHECK_FALSE(passed(from, of({"fixtures@league.example"}, "one@league.example")));
  CHECK_FALSE(passed(id + from, of({"fixtures@league.example"})));
  CHECK_FALSE(passed(id + from, {}));
  CHECK_FALSE(passed(from, of({})));
  CHECK_FALSE(passed(from, of({"fixtures@league.example", "a@evil.example"})));
  CHECK_FALSE(passed(from, of({"<a@evil.example> <fixtures@league.example>"})));
  CHECK_FALSE(passed(from, of({"fixtures@league.example <a@evil.example>"})));
}

TEST_CASE("a mail whose headers begin differently for others vouches for nobody", "[ingest]") {
  const auto passed = [](const std::string& raw) { return judge(SesVerdict::pass, raw).passed; };

  CHECK(passed(from + "\nhello\n"));
  CHECK_FALSE(passed("From : a@evil.example\n" + from + "\nhello\n"));
  CHECK_FALSE(passed("From \t: a@evil.example\n" + from + "\nhello\n"));
  CHECK_FALSE(passed("From a@evil.example Sat May  8 15:00:00 2027\n" + from + "\nhello\n"));
  CHECK_FALSE(passed("From x\r\n" + from + "\nhello\n"));
  CHECK_FALSE(passed("\r\n" + from + "\nhello\n"));
  CHECK_FALSE(passed(" \n" + from + "\nhello\n"));
}

TEST_CASE("without a DMARC policy a signature of the From's domain is asked for", "[ingest]") {
  const auto by = [](const std::string& clauses) { return gray(stored(results(clauses), from)); };

  CHECK(by("dkim=pass header.d=league.example"));
  CHECK(by("dkim=pass header.d=LEAGUE.example header.i=fixtures@mail.league.example"));
  CHECK(by("dkim=pass header.i=@amazonses.com; dkim=pass header.i=@league.example"));
  CHECK_FALSE(by("dkim=pass header.d=evil.example header.i=@league.example"));
  CHECK_FALSE(by("dkim=fail header.d=league.example"));
  CHECK_FALSE(by("dkim=pass header.d=league.example; dkim=fail header.d=league.example"));
  CHECK_FALSE(by("dkim=pass header.d=evilleague.example"));
  CHECK_FALSE(by("dkim=pass header.d=mail.league.example"));
  CHECK_FALSE(by("dkim=pass header.d=example"));
  CHECK_FALSE(by("dkim=pass header.d=evil.example header.d=league.example"));
  CHECK_FALSE(by("dkim=pass"));
  CHECK_FALSE(by("spf=pass smtp.mailfrom=league.example; dmarc=pass header.from=league.example"));
  const auto mail =
      parse_mail(stored(aligned, "From: fixtures@north.league.example\nSubject: below\n"));
  REQUIRE(mail);
  CHECK(authenticate({.dmarc = SesVerdict::gray}, *mail).address ==
        "fixtures@north.league.example");
}

TEST_CASE("results that a sender may have written count for nothing", "[ingest]") {
  const auto real = results("dkim=pass header.i=@evil.example");

  CHECK(gray(stored(aligned, from)));
  CHECK_FALSE(gray(stored(real, aligned + from)));
  CHECK_FALSE(gray(stored("", aligned + from)));
  CHECK_FALSE(gray(stored("", "X-SES-RECEIPT: AEFB\n" + aligned + from)));
  CHECK_FALSE(gray(stored(real + aligned, from)));
  CHECK_FALSE(gray(stored(aligned + real, from)));
  CHECK_FALSE(gray(stored(results("dkim=pass header.i=@league.example", "evil.example"), from)));
  CHECK_FALSE(gray(aligned + stored("", from)));
  CHECK_FALSE(gray(stored("Received: from evil by evil\n" + aligned, from)));
  CHECK_FALSE(gray(aligned + from + "\nhello\n"));
  CHECK_FALSE(gray("Received: a by b\n" + aligned + from + "\nhello\n"));
}

TEST_CASE("SES's samples are judged as they should be", "[ingest][corpus]") {
  const fs::path inbound = fs::path(CALINVITE_AWS_DIR) / "inbound";
  if (!fs::exists(inbound)) {
    std::printf("skipped: no corpus at %s\n", CALINVITE_CORPUS_DIR);
    return;
  }
  const auto read_file = [&](const char* name) {
    std::ifstream file(inbound / name, std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  };
  const auto sample = [&](const char* receipt, const char* mail) {
    const auto notice = calinvite::parse_inbound_notification(read_file(receipt));
    const auto parsed = parse_mail(read_file(mail));
    REQUIRE(notice);
    REQUIRE(parsed);
    return authenticate(*notice, *parsed);
  };
  const char* reply = "stored-object-imip-reply.eml";
  const char* spoofed = "stored-object-spoofed-sender-forged-results.eml";

  CHECK(sample("notification-s3-action.json", reply).address == "attendee@example.net");
  CHECK(sample("notification-s3-action-dmarc-gray.json", reply).passed);
  CHECK(sample("lambda-event.json", reply).passed);
  CHECK_FALSE(sample("notification-s3-action-dmarc-fail-reject.json", reply).passed);
  CHECK_FALSE(sample("notification-s3-action-processing-failed.json", reply).passed);
  CHECK_FALSE(sample("notification-s3-action-setup-notification.json", reply).passed);
  CHECK_FALSE(sample("notification-s3-action-dmarc-gray.json", spoofed).passed);
  CHECK_FALSE(sample("notification-s3-action-dmarc-fail-reject.json", spoofed).passed);
  CHECK_FALSE(sample("s3-event-notification-objectcreated.json", reply).passed);
}
