/// One page of every kind that we send, in a language. What organizers and programs write
/// themselves holds no letters here, so that each letter in a mail is ours.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/mime.hpp"
#include "compose/notice.hpp"
#include "embedded/text_catalogs.hpp"
#include "texts/texts.hpp"

namespace pages {

using namespace std::chrono_literals;
using namespace calinvite;
using std::chrono::local_seconds;

constexpr std::string_view base_url = "https://invite.example.com";

struct Page {
  std::string name;
  std::string subject;
  std::string plain;
  std::string html;
};

inline local_seconds wall(int month, int day, int hour = 0) {
  return std::chrono::local_days{std::chrono::year{2027} / month / day} + std::chrono::hours(hour);
}

inline Revision bare() {
  Revision revision;
  revision.event.uid = "ev-1";
  revision.event.organizer = "a0@example.org";
  revision.event.summary = "★ 1:2";
  revision.event.start = wall(3, 28, 15);
  revision.event.end = wall(3, 28, 17);
  revision.event.timezone = "Europe/Berlin";
  revision.organizer_name = "★★";
  revision.base_url = base_url;
  return revision;
}

inline Revision full() {
  auto revision = bare();
  revision.event.description = "★ 3\n★ 4";
  revision.event.location = "★ 5";
  revision.event.url = "https://invite.example.com/5";
  revision.event.conference = "https://invite.example.com/9";
  return revision;
}

inline Revision series(std::string rrule) {
  auto revision = full();
  revision.event.rrule = std::move(rrule);
  return revision;
}

inline Revision one_date(bool cancelled) {
  auto revision = series("FREQ=WEEKLY;COUNT=4");
  Override moved;
  moved.occurrence = {wall(4, 4, 15)};
  moved.start = wall(4, 5, 18);
  moved.end = wall(4, 6, 20);
  moved.summary = "★ 6";
  moved.location = "https://invite.example.com/6";
  moved.cancelled = cancelled;
  revision.event.overrides = {moved};
  revision.occurrence = moved.occurrence;
  if (cancelled) revision.method = Method::cancel;
  return revision;
}

inline Revision all_day() {
  auto revision = full();
  revision.event.all_day = true;
  revision.event.timezone.clear();
  revision.event.start = wall(5, 1);
  revision.event.end = wall(5, 3);
  return revision;
}

inline Revision long_description() {
  auto revision = bare();
  revision.event.description = std::string(5000, '3');
  return revision;
}

/// Everything about it differs from what its holders know.
inline Revision changed() {
  auto revision = series("FREQ=WEEKLY;COUNT=12");
  revision.before = revision.event;
  revision.before->summary = "★ 14";
  revision.before->description = "★ 15";
  revision.before->location = "★ 16";
  revision.before->rrule = "FREQ=WEEKLY;COUNT=13";
  revision.before->start -= 1h;
  return revision;
}

inline Revision cancelled() {
  auto revision = full();
  revision.method = Method::cancel;
  return revision;
}

inline CopyFields copy_in(const std::string& language, Partstat partstat, bool first) {
  CopyFields copy;
  copy.uid = "ci-0123456789abcdef0123456789abcdef";
  copy.organizer_address = "b2@reply.example.com";
  copy.address = "a1@example.org";
  copy.language = language;
  copy.partstat = partstat;
  copy.rsvp_token = "token";
  copy.unsubscribe_token = "token";
  copy.first = first;
  copy.dtstamp = std::chrono::sys_seconds(1798761600s);
  copy.attempt_id = "attempt-1";
  return copy;
}

/// A revision that mails are composed of.
struct Mailing {
  std::string name;
  Composer composer;
};

inline const std::vector<Mailing>& mailings() {
  static const std::vector<Mailing> all = [] {
    static const ZoneTable zones;
    std::vector<Mailing> made;
    const auto add = [&](std::string name, Revision revision) {
      auto composer = Composer::prepare(std::move(revision), zones);
      if (!composer) FAIL(name << ": " << to_string(composer.error()));
      made.push_back({std::move(name), std::move(*composer)});
    };
    add("bare", bare());
    add("full", full());
    add("endless series", series("FREQ=WEEKLY"));
    add("counted series", series("FREQ=WEEKLY;COUNT=12"));
    add("one date", one_date(false));
    add("one date cancelled", one_date(true));
    add("all day", all_day());
    add("changed", changed());
    add("long", long_description());
    add("cancelled", cancelled());
    return made;
  }();
  return all;
}

inline ParsedMail mail_of(const Mailing& mailing, const CopyFields& copy) {
  std::string bytes;
  const auto composed = mailing.composer.compose(copy, bytes);
  if (!composed) FAIL(mailing.name << ": " << to_string(composed.error()));
  auto mail = parse_mail(bytes);
  REQUIRE(mail);
  REQUIRE(mail->parts.size() >= 3);
  return std::move(*mail);
}

/// Each mailing as a first mail and as an update after an answer; one of them after every answer.
inline std::vector<Page> mails_in(const std::string& language) {
  std::vector<Page> pages;
  const auto add = [&](const Mailing& mailing, Partstat answer, bool first) {
    const auto mail = mail_of(mailing, copy_in(language, answer, first));
    pages.push_back({mailing.name + ", " + std::string(to_string(answer)), mail.subject,
                     mail.parts[0].content, mail.parts[1].content});
  };
  for (const auto& mailing : mailings()) {
    add(mailing, Partstat::needs_action, true);
    add(mailing, Partstat::accepted, false);
  }
  add(mailings().front(), Partstat::tentative, false);
  add(mailings().front(), Partstat::declined, false);
  return pages;
}

inline const std::map<std::string, std::map<std::string, std::string>>& phrases() {
  static const auto all = [] {
    std::map<std::string, std::map<std::string, std::string>> read;
    for (const auto& file : text_catalogs) {
      const auto json = Json::parse(file.contents);
      REQUIRE(json);
      auto& of_language = read[std::string((*json)["language"].string())];
      for (const auto& [key, words] : (*json)["phrases"].object()) {
        of_language[key] = words.string();
      }
    }
    return read;
  }();
  return all;
}

inline Page notice_in(const std::string& language, NoticeKind kind, const texts::Values& more) {
  texts::Values values = {{"domain", "invite.example.com"},
                          {"page", "https://invite.example.com/7"},
                          {"button", "<★ 8>"},
                          {"link", "https://invite.example.com/a/14"},
                          {"told", "2"},
                          {"limit", "9"},
                          {"good", "1"},
                          {"bad", "10"},
                          {"errors", "11:1: ★"},
                          {"subject", "★ 12"},
                          {"reason", "★ 13"}};
  for (const auto& [name, value] : more) values[name] = value;
  const Event event = full().event;
  const bool about_event = kind != NoticeKind::failed && kind != NoticeKind::imported &&
                           kind != NoticeKind::registration;
  auto notice = compose::write_notice(kind, about_event ? &event : nullptr, language, values, {});
  if (!notice) FAIL(to_string(notice.error()));
  CHECK(notice->language == language);
  return {"notice " + std::string(to_string(kind)), notice->subject, notice->text, notice->html};
}

inline std::vector<Page> notices_in(const std::string& language) {
  std::vector<Page> pages;
  for (int i = 0; i <= static_cast<int>(NoticeKind::registration); ++i) {
    const auto kind = static_cast<NoticeKind>(i);
    if (kind != NoticeKind::failed) pages.push_back(notice_in(language, kind, {}));
  }
  for (const char* told : {"0", "1", "3", "5", "11", "100", "1000000"}) {
    pages.push_back(notice_in(language, NoticeKind::changed, {{"told", told}}));
  }
  for (const auto& [key, words] : phrases().at("en")) {
    if (!key.starts_with("advice_")) continue;
    pages.push_back(notice_in(language, NoticeKind::failed, {{"advice", key}}));
  }
  return pages;
}

inline std::vector<Page> pages_in(const std::string& language) {
  auto pages = mails_in(language);
  for (auto& page : notices_in(language)) pages.push_back(std::move(page));
  return pages;
}

}  // namespace pages
