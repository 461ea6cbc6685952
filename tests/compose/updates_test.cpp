/// Which messages there are at all, and what tells them apart before they are opened.
#include <catch2/catch.hpp>
#include <string>

#include "calinvite/compose.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"

using namespace std::chrono_literals;
using namespace calinvite;

namespace {

Revision training(Method method) {
  Revision revision = league_revision();
  revision.event.summary = "Training";
  revision.event.start = std::chrono::local_days{std::chrono::year{2027} / 3 / 28} + 15h;
  revision.event.end = revision.event.start + 2h;
  revision.method = method;
  return revision;
}

std::string composed(const Revision& revision, const CopyFields& copy) {
  static const ZoneTable zones;
  const auto composer = Composer::prepare(revision, zones);
  REQUIRE(composer);
  std::string out;
  REQUIRE(composer->compose(copy, out));
  return out;
}

}  // namespace

TEST_CASE("R76: nothing but REQUEST and CANCEL can be written for an attendee", "[compose]") {
  const ZoneTable zones;
  for (const Method method : {Method::publish, Method::reply, Method::add, Method::refresh,
                              Method::counter, Method::decline_counter}) {
    const auto refused = Composer::prepare(training(method), zones);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid_argument);
  }
}

TEST_CASE("R81: the subject tells invitation, update and cancellation apart in any language",
          "[compose]") {
  const auto subject = [](Method method, bool first, const std::string& language) {
    CopyFields copy = fan();
    copy.first = first;
    copy.language = language;
    const auto mail = parse_mail(composed(training(method), copy));
    REQUIRE(mail);
    return mail->subject;
  };
  for (const std::string language : {"en", "de", "fr", "ja"}) {
    INFO(language);
    const auto invitation = subject(Method::request, true, language);
    const auto update = subject(Method::request, false, language);
    const auto cancellation = subject(Method::cancel, false, language);
    CHECK(invitation.find("Training") != std::string::npos);
    CHECK(update != invitation);
    CHECK(cancellation != update);
    CHECK(cancellation != invitation);
  }
  CHECK(subject(Method::request, false, "de") != subject(Method::request, false, "en"));
}

TEST_CASE("R81: References and In-Reply-To are those that the copy names, or none", "[compose]") {
  CopyFields copy = fan();
  CHECK(composed(training(Method::request), copy).find("\r\nReferences:") == std::string::npos);

  copy.first = false;
  copy.first_message_id = "0100-abc@eu-west-1.amazonses.com";
  for (const Method method : {Method::request, Method::cancel}) {
    const auto mail = composed(training(method), copy);
    CHECK(mail.find("\r\nReferences: <0100-abc@eu-west-1.amazonses.com>\r\n") != std::string::npos);
    CHECK(mail.find("\r\nIn-Reply-To: <0100-abc@eu-west-1.amazonses.com>\r\n") !=
          std::string::npos);
  }
}
