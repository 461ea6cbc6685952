// A mailed report brings the attendees as a table.
#include <algorithm>
#include <calinvite/mime.hpp>

#include "engine/league.hpp"

using namespace league;

namespace {

const OutgoingMessage& report_mail(League& league, const std::string& uid) {
  REQUIRE(league.engine->mail_report(kScope, uid));
  league.dispatch();
  return league.sent_to(kOrganizer);
}

std::string csv_of(const OutgoingMessage& message) {
  const auto mail = parse_mail(message.bytes);
  REQUIRE(mail);
  for (const MailPart& part : mail->parts) {
    if (part.filename == "report.csv") return part.content;
  }
  FAIL("no report.csv");
  return {};
}

}  // namespace

TEST_CASE("the attendees' report goes with a mailed report, safe to open", "[engine]") {
  League league;
  const std::string uid = league.event().uid;
  REQUIRE(league.engine->invite(kScope, uid,
                                std::vector<InviteRequest>{{"a@x.example", "=cmd()", {}}}, "api"));
  league.dispatch();
  const auto& message = report_mail(league, uid);

  std::string whole;
  REQUIRE(league.engine->report(kScope, uid, ReportFormat::csv, [&](std::string_view piece) {
    whole += piece;
    return true;
  }));
  CHECK(csv_of(message) == whole);
  CHECK(whole.find("\"a@x.example\",\"'=cmd()\"") != std::string::npos);
  const auto mail = parse_mail(message.bytes);
  CHECK(mail->parts.at(0).content.find("report.csv") != std::string::npos);
  CHECK(mail->parts.at(0).content.find("It ends after") == std::string::npos);
}

TEST_CASE("a table that is too long is cut between rows, and the mail says so", "[engine]") {
  League league;
  Event event = league.event();
  event.invite_limit = 0;
  REQUIRE(league.engine->update_event(kScope, event));
  const std::string name(2000, 'n');
  std::vector<InviteRequest> people;
  for (int i = 0; i < 2600; ++i) {
    people.push_back({"fan" + std::to_string(i) + "@x.example", name, {}});
  }
  REQUIRE(league.engine->invite(kScope, event.uid, people, "api"));
  REQUIRE(league.engine->mail_report(kScope, event.uid));
  const auto only_notices = league.engine->list_notices(kScope, {});
  REQUIRE(only_notices->items.size() == 1);
  league.dispatch();

  const auto mail = parse_mail(league.sent_to(kOrganizer).bytes);
  REQUIRE(mail);
  const std::string csv = csv_of(league.sent_to(kOrganizer));
  CHECK(csv.size() <= 5'000'000);
  CHECK(csv.ends_with("\r\n"));
  const auto rows = std::count(csv.begin(), csv.end(), '\n') - 1;
  CHECK(rows < 2600);
  CHECK(mail->parts.at(0).content.find("It ends after " + std::to_string(rows) + " rows") !=
        std::string::npos);
}
