#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "calinvite/sns.hpp"
#include "corpus.hpp"

using namespace calinvite;
using namespace corpus_files;
using namespace std::chrono_literals;

namespace {

const fs::path events = fs::path(CALINVITE_AWS_DIR) / "events";
const auto certificate_name = "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";

SnsMessage message_of(const fs::path& file) {
  INFO(file);
  const auto message = parse_sns_message(read_file(file));
  if (!message) FAIL(message.error().message);
  return *message;
}

}  // namespace

TEST_CASE("messages that Amazon SNS really signed verify, and no altered one", "[corpus]") {
  if (skipped()) return;
  const fs::path folder = corpus / "sns/django-bouncy";
  const auto certificate =
      read_file(folder / "SimpleNotificationService-e372f8ca30337fdb084e8ac449342c77.pem");
  const std::chrono::sys_seconds then =
      std::chrono::sys_days(std::chrono::year(2013) / 10 / 18) + 16h;
  for (const char* const name :
       {"example_bounce_notification.json", "example_subscriptionconfirmation.json"}) {
    SnsMessage message = message_of(folder / name);
    INFO(name);
    CHECK(check_sns_certificate_url(message.certificate_url));
    CHECK(verify_sns_signature(message, certificate, then));
    CHECK_FALSE(verify_sns_signature(message, certificate, then + std::chrono::days(365)));
    message.topic_arn = "BadArn";
    CHECK_FALSE(verify_sns_signature(message, certificate, then));
  }
}

TEST_CASE("the guide's examples, whose signatures are words, do not verify", "[corpus]") {
  if (skipped()) return;
  const fs::path folder = corpus / "sns/sns-developer-guide/sns-message-and-json-formats";
  const auto certificate = read_file(events / certificate_name);
  int seen = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const SnsMessage message = message_of(file.path());
    CHECK_FALSE(verify_sns_signature(message, certificate,
                                     std::chrono::sys_days(std::chrono::year(2027) / 1 / 1)));
    ++seen;
  }
  CHECK(seen == 2);
}

TEST_CASE("SNS messages of all types verify, tampered and foreign ones do not", "[corpus]") {
  if (!fs::exists(events)) {
    std::printf("skipped: no events at %s\n", events.c_str());
    return;
  }
  const auto fetch = [](const std::string& url) -> Result<std::string> {
    CHECK(url.ends_with(certificate_name));
    return read_file(events / certificate_name);
  };
  // The certificate is younger than the messages.
  const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1);
  const SnsTrust trust{
      .topics = {"arn:aws:sns:us-east-1:111122223333:ses-events"}, .accounts = {}, .max_age = 0s};
  int good = 0, bad = 0;
  for (const auto& file : fs::directory_iterator(events)) {
    const std::string name = file.path().stem();
    if (!name.starts_with("sns-") || name == "sns-lambda-event" ||
        file.path().extension() != ".json") {
      continue;
    }
    INFO(name);
    const bool wrong = name.find("tampered") != std::string::npos ||
                       name.find("bad-cert") != std::string::npos ||
                       name.find("on-s3") != std::string::npos;
    const auto admitted = authenticate_sns(read_file(file.path()), trust, fetch, now);
    CHECK(admitted.has_value() == !wrong);
    ++(wrong ? bad : good);
  }
  CHECK(good == 7);
  CHECK(bad == 3);
  for (const std::string version : {"v1", "v2"}) {
    const std::string name = "sns-notification-signature-" + version;
    CHECK(sns_signed_text(message_of(events / (name + ".json"))) ==
          read_file(events / (name + ".string-to-sign.txt")));
  }
}
