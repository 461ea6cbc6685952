/// What holds of every mail that we compose, read from its bytes (interop.md 1).
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"
#include "compose/random_invitations.hpp"
#include "counting.hpp"

using namespace calinvite;
using calinvite::testing::count;

namespace {

/// A MIME entity as its bytes say, with nothing decoded.
struct Entity {
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, unfolded
  std::string body;
  std::vector<Entity> parts;

  std::string value(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
  std::string type() const {
    const auto value = this->value("content-type");
    return value.substr(0, value.find(';'));
  }
};

Entity read_entity(std::string_view bytes) {
  Entity entity;
  while (!bytes.starts_with("\r\n")) {
    const auto end = bytes.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    if (line.front() == ' ') {
      entity.headers.back().second += line;
      continue;
    }
    const auto colon = line.find(": ");
    REQUIRE(colon != std::string_view::npos);
    entity.headers.emplace_back(text::lower(line.substr(0, colon)), line.substr(colon + 2));
  }
  entity.body = bytes.substr(2);
  const std::string type = entity.value("content-type");
  const auto at = type.find("boundary=\"");
  if (at == std::string::npos) return entity;
  const auto begin = at + 10;
  const std::string line = "\r\n--" + type.substr(begin, type.find('"', begin) - begin);
  const std::string body = "\r\n" + entity.body;
  for (auto from = body.find(line); body.compare(from + line.size(), 2, "--") != 0;) {
    const auto start = from + line.size() + 2;
    const auto next = body.find(line, start);
    REQUIRE(next != std::string::npos);
    entity.parts.push_back(read_entity(std::string_view(body).substr(start, next - start)));
    from = next;
  }
  return entity;
}

struct Mail {
  Revision revision;
  CopyFields copy;
  std::string bytes;
  Entity top;

  const Entity& calendar() const { return top.parts[0].parts[2]; }
  const Entity& attachment() const { return top.parts[1]; }
  std::string object() const { return text::from_base64(calendar().body).value(); }
};

/// Mails of every kind: requests and cancellations, first ones and updates, series and single
/// dates.
void for_each_mail(const std::function<void(const Mail&)>& check) {
  static const ZoneTable zones;
  dice::Invitations dice(1);
  std::set<Method> methods;
  for (int n = 0; n < 200; ++n) {
    Mail mail;
    mail.revision = dice.revision();
    mail.copy = dice.copy(mail.revision);
    INFO(n << ' ' << mail.copy.address);
    const auto composer = Composer::prepare(mail.revision, zones);
    REQUIRE(composer);
    REQUIRE(composer->compose(mail.copy, mail.bytes));
    mail.top = read_entity(mail.bytes);
    REQUIRE(mail.top.parts.size() == 2);
    REQUIRE(mail.top.parts[0].parts.size() == 3);
    check(mail);
    methods.insert(mail.revision.method);
  }
  CHECK(methods == std::set<Method>{Method::request, Method::cancel});
}

std::string method_of(const Mail& mail) {
  return mail.revision.method == Method::request ? "REQUEST" : "CANCEL";
}

}  // namespace

TEST_CASE("R1, R2: a mail is an alternative of plain, HTML and calendar, and one attachment",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    CHECK(mail.top.type() == "multipart/mixed");
    CHECK(mail.top.parts[0].type() == "multipart/alternative");
    CHECK(mail.top.parts[0].parts[0].type() == "text/plain");
    CHECK(mail.top.parts[0].parts[1].type() == "text/html");
    CHECK(mail.calendar().type() == "text/calendar");
    CHECK(mail.attachment().type() == "application/ics");
  });
}

TEST_CASE("R3, R5: the inline calendar names charset and METHOD, and has no disposition or id",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    const std::string type = mail.calendar().value("content-type");
    CHECK(type.find("; charset=UTF-8") != std::string::npos);
    CHECK((type + ";").find("; method=" + method_of(mail) + ";") != std::string::npos);
    CHECK(mail.object().find("\r\nMETHOD:" + method_of(mail) + "\r\n") != std::string::npos);
    CHECK(mail.calendar().value("content-disposition").empty());
    CHECK(mail.calendar().value("content-id").empty());
  });
}

TEST_CASE("R4: a calendar part holds one VCALENDAR and nothing else", "[compose]") {
  for_each_mail([](const Mail& mail) {
    const std::string object = mail.object();
    CHECK(object.starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(object.ends_with("\r\nEND:VCALENDAR\r\n"));
    CHECK(count("\r\n" + object, "\r\nBEGIN:VCALENDAR\r\n") == 1);
  });
}

TEST_CASE("R6: the attachment is an .ics file by type, name and disposition, without method",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    const std::string type = mail.attachment().value("content-type");
    const std::string disposition = mail.attachment().value("content-disposition");
    CHECK(type.find("name=\"invite.ics\"") != std::string::npos);
    CHECK(type.find("method") == std::string::npos);
    CHECK(disposition.starts_with("attachment;"));
    CHECK(disposition.find("filename=\"invite.ics\"") != std::string::npos);
  });
}

TEST_CASE("R7, R8: both calendar parts are the same bytes in base64 lines of 76 at most",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    for (const Entity* part : {&mail.calendar(), &mail.attachment()}) {
      CHECK(text::lower(part->value("content-transfer-encoding")) == "base64");
      for (const auto line : text::split(part->body, '\n')) CHECK(line.size() <= 77);  // with CR
      CHECK(text::from_base64(part->body) == mail.object());
    }
    CHECK(count(mail.object(), "\n") == count(mail.object(), "\r\n"));
    CHECK(count(mail.object(), "\r") == count(mail.object(), "\r\n"));
  });
}

TEST_CASE("R11, R12: To names the one attendee, there is no Cc or Bcc, and no header stands twice",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    const std::string to = mail.top.value("to");
    CHECK((to == mail.copy.address || to.ends_with("<" + mail.copy.address + ">")));
    CHECK(parse_mail(mail.bytes)->recipients == std::vector{mail.copy.address});
    std::map<std::string, int> times;
    for (const auto& [name, value] : mail.top.headers) ++times[name];
    for (const auto& [name, number] : times) {
      INFO(name);
      CHECK(number == 1);
    }
    CHECK(times.count("cc") + times.count("bcc") == 0);
  });
}

TEST_CASE("R14: header lines are ASCII of at most 78 octets", "[compose]") {
  for_each_mail([](const Mail& mail) {
    const auto head = std::string_view(mail.bytes).substr(0, mail.bytes.find("\r\n\r\n"));
    for (const auto line : text::split(head, '\n')) {
      INFO(line);
      CHECK(line.size() <= 79);  // with CR
      CHECK(std::all_of(line.begin(), line.end(),
                        [](char c) { return (c >= ' ' && c < 127) || c == '\r'; }));
    }
  });
}

TEST_CASE("R18: no mail holds AMP or markup that needs registering", "[compose]") {
  for_each_mail([](const Mail& mail) {
    CHECK(mail.bytes.find("text/x-amp-html") == std::string::npos);
    const std::string html = parse_mail(mail.bytes)->parts[1].content;
    for (const auto word : {"schema.org", "itemscope", "itemtype", "ld+json", "<html amp"}) {
      CHECK(html.find(word) == std::string::npos);
    }
  });
}

TEST_CASE("R19: HTML stays under 90 KB or the mail is refused", "[compose]") {
  static const ZoneTable zones;
  dice::Invitations dice(1);
  Revision revision = dice.revision();
  while (revision.method != Method::request || revision.occurrence) revision = dice.revision();
  revision.event.summary = "Training";
  revision.before.reset();
  revision.event.description.assign(100'000, '"');  // &quot; each
  const CopyFields copy = fan();
  std::string bytes;

  const auto cut = Composer::prepare(revision, zones);
  REQUIRE(cut);
  REQUIRE(cut->compose(copy, bytes));
  CHECK(parse_mail(bytes)->parts[1].content.size() < 90 * 1024);

  revision.event.location.assign(100'000, 'x');
  const auto refused = Composer::prepare(revision, zones);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::too_large);
}

TEST_CASE("R121: each link of ours carries the copy's own token, and never that of the address",
          "[compose]") {
  for_each_mail([](const Mail& mail) {
    const auto read = parse_mail(mail.bytes);
    const auto at = mail.copy.organizer_address.find('+') + 1;
    const auto address_token = mail.copy.organizer_address.substr(at, 16);
    for (const auto& text : {read->parts[0].content, read->parts[1].content}) {
      CHECK(text.find("http://") == std::string::npos);
      for (const auto& [path, token] : {std::pair("/r/", mail.copy.rsvp_token),
                                        std::pair("/u/", mail.copy.unsubscribe_token)}) {
        const std::string link = mail.revision.base_url + path;
        CHECK(count(text, link) == (token.empty() ? 0 : count(text, link + token)));
      }
      for (auto link = text.find("https://"); link != std::string::npos;
           link = text.find("https://", link + 1)) {
        const auto end = std::min(text.find_first_of("\" \r\n<", link), text.size());
        CHECK(text.substr(link, end - link).find(address_token) == std::string::npos);
      }
    }
  });
}
