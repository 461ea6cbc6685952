/// The mistakes of earlier systems in what they mailed and how, each a test that fails when it is
/// made again.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <calinvite/ical.hpp>

#include "league.hpp"

using namespace league;

namespace {

std::vector<std::string> lines_of(const std::string& calendar) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < calendar.size();) {
    const auto end = calendar.find("\r\n", from);
    REQUIRE(end != std::string::npos);
    lines.push_back(calendar.substr(from, end - from));
    from = end + 2;
  }
  return lines;
}

std::size_t count_starting(const std::vector<std::string>& lines, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& line) {
    return line.starts_with(name + ":") || line.starts_with(name + ";");
  }));
}

bool is_whole_utf8(const std::string& text) {
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  return text.empty() || (!is_continuation(text[text[0] == ' ' ? 1 : 0]) &&
                          static_cast<unsigned char>(text.back()) < 0xC0);
}

/// A socket that tells whether anybody knocked.
class Door {
 public:
  Door() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 8) == 0);
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/picture.png";
  }
  ~Door() { ::close(socket_); }
  Door(const Door&) = delete;
  bool knocked() const {
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }
  std::string url;

 private:
  int socket_;
};

}  // namespace

TEST_CASE(
    "regression D7: what leaves is valid iCalendar and keeps the organizer's own address to itself",
    "[engine][regression]") {
  League league;
  Event match{.organizer = kOrganizer, .summary = "Cup; final, \\ and more"};
  for (int i = 0; i < 40; ++i) match.description += "Größe und Höhe der Tribüne, ";
  match.start = parse_iso("2027-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "Europe/London";
  const auto event = league.engine->create_event(kScope, match);
  REQUIRE(event);
  league.invite(event->uid, {"a@example.com"});
  league.dispatch();

  const auto& message = league.sent_to("a@example.com");
  const auto calendar = League::calendar_of(message);
  const auto lines = lines_of(calendar);
  CHECK(count_starting(lines, "STATUS") == 1);
  CHECK(calendar.find("SUMMARY:Cup\\; final\\, \\\\ and more\r\n") != std::string::npos);
  CHECK(calendar.find("ROLE=REQ-PARTICIPANT") != std::string::npos);
  CHECK(calendar.find("BEGIN:VTIMEZONE") < calendar.find("BEGIN:VEVENT"));
  for (const auto& line : lines) {
    CHECK(line.size() <= 75);
    CHECK(is_whole_utf8(line));
  }
  CHECK(message.bytes.find(kOrganizer) == std::string::npos);
  CHECK(calendar.find(kOrganizer) == std::string::npos);
}

TEST_CASE("regression D8: a mail has a text, a page and a calendar to choose from",
          "[engine][regression]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();

  const auto& bytes = league.sent_to("a@example.com").bytes;
  const auto mail = parse_mail(bytes);
  REQUIRE(mail);
  REQUIRE(mail->parts.size() == 4);
  CHECK(bytes.find("Content-Type: multipart/alternative") != std::string::npos);
  CHECK(mail->parts[0].content_type == "text/plain");
  CHECK(mail->parts[1].content_type == "text/html");
  CHECK(mail->parts[2].content_type == "text/calendar");
  CHECK(mail->parts[2].method == "REQUEST");
  CHECK(mail->parts[3].filename == "invite.ics");
}

TEST_CASE("regression D9: a series stays a series, and a whole day stays a day",
          "[engine][regression]") {
  League league;
  const auto weekly = league.ingest(
      mail(kOrganizer, request("weekly", 0, "20270601T193000", "20270601T213000", kOrganizer,
                               "REQUEST", "RRULE:FREQ=WEEKLY;COUNT=5\r\n")),
      "weekly.eml");
  auto day = request("day", 0, "20270601", "20270602");
  const std::string zone = ";TZID=Europe/Berlin:";
  for (auto at = day.find(zone); at != std::string::npos; at = day.find(zone)) {
    day.replace(at, zone.size(), ";VALUE=DATE:");
  }
  const auto whole = league.ingest(mail(kOrganizer, day), "day.eml");
  REQUIRE(weekly.at(0).outcome == IngestOutcome::created);
  REQUIRE(whole.at(0).outcome == IngestOutcome::created);
  league.invite(weekly[0].event, {"a@example.com"});
  league.invite(whole[0].event, {"b@example.com"});
  league.dispatch();

  const auto calendar = League::calendar_of(league.sent_to("a@example.com"));
  const auto series = calendar.substr(calendar.find("BEGIN:VEVENT"));
  CHECK(series.find("RRULE:FREQ=WEEKLY;COUNT=5\r\n") != std::string::npos);
  CHECK(series.find("DTSTART;TZID=Europe/Berlin:20270601T193000\r\n") != std::string::npos);
  const auto& date = league.sent_to("b@example.com");
  CHECK(League::calendar_of(date).find("DTSTART;VALUE=DATE:20270601") != std::string::npos);
}

TEST_CASE(
    "regression D10: who was still to be mailed when sending ended is mailed afterwards, once",
    "[engine][regression]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com", "b@example.com", "c@example.com"});
  std::vector<std::string> told;
  const auto dying = make_callback_transport([&](const OutgoingMessage& message) {
    told.push_back(message.to);
    return SendOutcome{message.attempt_id, SendVerdict::accepted, "ses-" + message.attempt_id, {}};
  });
  REQUIRE(league.engine->dispatch(*dying, {.max_messages = 1}));
  REQUIRE(told.size() == 1);
  league.engine.reset();
  league.engine.emplace(league.open());

  league.dispatch();

  for (const auto& message : league.sent) told.push_back(message.to);
  std::sort(told.begin(), told.end());
  CHECK(told == std::vector<std::string>{"a@example.com", "b@example.com", "c@example.com"});
  CHECK(league.engine->totals(kScope)->accepted == 3);
}

TEST_CASE("regression D14: no link in what comes in is ever fetched", "[engine][regression]") {
  League league;
  const Door door;
  const auto calendar =
      request("derby", 0, "20270601T193000", "20270601T213000", kOrganizer, "REQUEST",
              "URL:" + door.url + "\r\nATTACH:" + door.url + "\r\nIMAGE;VALUE=URI:" + door.url +
                  "\r\nDESCRIPTION;ALTREP=\"" + door.url + "\":" + door.url + "\r\n");
  const auto items = league.ingest(
      multipart(leaf("text/html", "<img src=\"" + door.url + "\">" + door.url) +
                leaf("message/external-body; access-type=URL; URL=\"" + door.url + "\"", "") +
                leaf("text/calendar; method=REQUEST", calendar)),
      "derby.eml");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::created);
  league.invite(items[0].event, {"a@example.com"});
  league.dispatch();
  CHECK_FALSE(league.sent_to("a@example.com").bytes.empty());
  CHECK_FALSE(door.knocked());
}
