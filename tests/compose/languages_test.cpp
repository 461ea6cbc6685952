#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "compose/pages.hpp"
#include "locale/locale.hpp"

using namespace pages;

namespace {

/// Addresses and the like, which stand in mails as they are.
constexpr std::array own_words = {"a1@example.org", "b2@reply.example.com", "ev-1",
                                  "invite.example.com"};

/// What a language says as English does, and why.
const std::set<std::pair<std::string_view, std::string_view>> as_in_english = {
    {"da", "Invitation:"},  // the Danish word
    {"fr", "date"},         // French and English share it
    {"fr", "dates"},
    {"it", "date"},  // the plural of "data"
};

/// Latin letters in mails of other scripts: names of files and formats, and Hindi's am and pm.
constexpr std::array latin_words = {"winmail.dat", ".ics",        "HTML",          "RTF",
                                    "Google",      "Outlook.com", "Microsoft 365", "Yahoo"};
const std::map<std::string_view, std::vector<std::string_view>> scripts_without_latin = {
    {"ar", {}}, {"hi", {" am", " pm"}}, {"ja", {}}, {"uk", {}}, {"zh-Hans", {}}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void blank_out(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.replace(at, part.size(), " ");
  }
}

/// HTML as a reader sees it, near enough: no tags, no entities.
std::string without_markup(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size(); ++at) {
    const char close = html[at] == '<' ? '>' : html[at] == '&' ? ';' : '\0';
    const auto end = close == '\0' ? std::string_view::npos : html.find(close, at);
    out += end == std::string_view::npos ? html[at] : ' ';
    if (end != std::string_view::npos) at = end;
  }
  return out;
}

/// What is left of a page without links, addresses and names of other things.
std::string our_words(std::string text) {
  for (auto at = text.find("https://"); at != std::string::npos; at = text.find("https://")) {
    text.replace(at, std::min(text.find_first_of(" \r\n<>\"", at), text.size()) - at, " ");
  }
  for (const auto word : own_words) blank_out(text, word);
  return text;
}

/// A page as one text, of which every letter is ours.
std::string seen(const Page& page) {
  return our_words(page.subject + '\n' + page.plain + '\n' + without_markup(page.html));
}

/// The literal words of a phrase, cut at its placeholders; those of plurals' forms too.
std::vector<std::string> pieces_of(std::string_view phrase) {
  std::vector<std::string> pieces(1);
  int depth = 0;
  for (const char c : phrase) {
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (c == '{' || c == '}' || c == '#') {
      pieces.emplace_back();
    } else if (depth % 2 == 0) {
      pieces.back() += c;
    }
  }
  for (auto& piece : pieces) piece = text::trim(piece);
  return pieces;
}

/// Whether a text holds the words, not as a part of longer ones.
bool says(const std::string& text, std::string_view words) {
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
    const auto end = at + words.size();
    const auto inside = [&](char c) { return is_letter(c) || (c & 0x80) != 0; };
    const bool begins = at == 0 || !is_letter(words.front()) || !inside(text[at - 1]);
    const bool ends = end == text.size() || !is_letter(words.back()) || !inside(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

/// Every English phrase longer than three letters, and words that no other language has.
std::set<std::string> english_words() {
  std::set<std::string> words = {"the",   "your",      "this",      "from", "with", "you",
                                 "event", "organizer", "attendees", "Your", "This", "The"};
  for (const auto& [key, phrase] : phrases().at("en")) {
    for (const auto& piece : pieces_of(phrase)) {
      if (std::count_if(piece.begin(), piece.end(), is_letter) > 3) words.insert(piece);
    }
  }
  return words;
}

/// What follows the first Latin letter that is not allowed; empty when there is none.
std::string latin_letters(std::string text, const std::vector<std::string_view>& allowed) {
  for (const auto word : latin_words) blank_out(text, word);
  for (const auto word : allowed) blank_out(text, word);
  const auto first = std::find_if(text.begin(), text.end(), is_letter);
  return text.substr(static_cast<std::size_t>(first - text.begin()), 40);
}

using Findings = std::set<std::string>;

void check_filled(const std::string& language, const Page& page, Findings& wrong) {
  const std::string all = page.subject + '\n' + page.plain + '\n' + page.html;
  const auto note = [&](const std::string& what) {
    wrong.insert(language + ", " + page.name + ": " + what);
  };
  if (all.find_first_of("{}") != std::string::npos) note("a brace");
  if (page.subject.empty() || page.plain.empty() || page.html.empty()) note("nothing");
  for (const auto& [key, words] : phrases().at("en")) {
    if (key.find('_') != std::string::npos && says(all, key)) note("key " + key);
  }
}

std::vector<std::string> other_languages() {
  auto languages = texts::languages();
  languages.erase(languages.begin());
  return languages;
}

/// The targets of links in their order.
std::vector<std::string> links_of(const std::string& html) {
  std::vector<std::string> links;
  for (auto at = html.find("href=\""); at != std::string::npos; at = html.find("href=\"", at)) {
    at += 6;
    links.push_back(html.substr(at, html.find('"', at) - at));
  }
  return links;
}

/// A calendar object without its DESCRIPTION, which phrases end.
std::string without_description(std::string calendar) {
  const auto begin = calendar.find("\r\nDESCRIPTION");
  if (begin == std::string::npos) return calendar;
  auto end = calendar.find("\r\n", begin + 2);
  while (calendar.compare(end, 3, "\r\n ") == 0) end = calendar.find("\r\n", end + 2);
  return calendar.erase(begin, end - begin);
}

}  // namespace

TEST_CASE("R149: every message of every language is filled, and in that language alone",
          "[compose]") {
  const auto words = english_words();
  REQUIRE(words.count("Will you take part?") == 1);
  Findings wrong;
  for (const auto& language : texts::languages()) {
    std::string all;
    for (const auto& page : pages_in(language)) {
      check_filled(language, page, wrong);
      all += seen(page) + '\n';
    }
    for (const auto& word : words) {
      const bool expected = language == "en" || as_in_english.count({language, word}) == 1;
      if (!expected && says(all, word)) wrong.insert(language + ": English \"" + word + '"');
    }
    const auto script = scripts_without_latin.find(language);
    if (script != scripts_without_latin.end()) {
      const auto latin = latin_letters(all, script->second);
      if (!latin.empty()) wrong.insert(language + ": Latin " + latin);
    }
  }
  CHECK(wrong == Findings{});
}

TEST_CASE("R149: an update says in every language what it was before", "[compose]") {
  for (const auto& language : texts::languages()) {
    CAPTURE(language);
    const auto pages = mails_in(language);
    const auto page = std::find_if(pages.begin(), pages.end(), [](const Page& p) {
      return p.name == "changed, ACCEPTED" || p.name == "changed, accepted";
    });
    REQUIRE(page != pages.end());
    for (const auto* text : {&page->plain, &page->html}) {
      for (const auto key : {"changes", "change_dates", "change_description"}) {
        CHECK(says(*text, phrases().at(language).at(key)));
      }
      CHECK(says(*text, "★ 14"));
      CHECK(says(*text, "★ 16"));
    }
  }
}

TEST_CASE("R149: labels end as their language ends them", "[compose]") {
  const std::map<std::string, std::string> when = {
      {"en", "When: "}, {"fr", "Quand\u00a0: "}, {"ja", "日時："}, {"zh-Hans", "时间："}};
  for (const auto& [language, label] : when) {
    CAPTURE(language);
    CHECK(mails_in(language).front().plain.find(label) != std::string::npos);
  }
}

TEST_CASE("R149: the search for English and Latin letters finds them", "[compose]") {
  std::string all;
  for (const auto& page : pages_in("en")) all += seen(page) + '\n';

  for (const auto word : {"Will you take part?", "people will be told.", "Where"}) {
    CHECK(english_words().count(word) == 1);
    CHECK(says(all, word));
  }
  CHECK_FALSE(says(all, "Wher"));
  CHECK(latin_letters("१:३० pm .ics, Где?", {" pm"}).empty());
  CHECK(latin_letters("Где? Where?", {}) == "Where?");
}

TEST_CASE("R149: each mail names its language and its zone; days have no zone", "[compose]") {
  for (const auto& language : texts::languages()) {
    CAPTURE(language);
    const std::string zone = locale::zone_display_name("Europe/Berlin", language);
    for (const auto& mailing : mailings()) {
      const auto mail = mail_of(mailing, copy_in(language, Partstat::needs_action, true));
      const auto named = std::find_if(mail.headers.begin(), mail.headers.end(), [](const auto& h) {
        return text::iequals(h.first, "Content-Language");
      });
      REQUIRE(named != mail.headers.end());
      CHECK(named->second == language);
      for (const std::string& page : {mail.parts[0].content, mail.parts[1].content}) {
        CHECK((page.find(zone) != std::string::npos) == (mailing.name != "all day"));
      }
    }
  }
}

TEST_CASE("R150: every page says its direction, and isolates what others wrote", "[compose]") {
  for (const auto& language : texts::languages()) {
    const std::string direction = language == "ar" ? "rtl" : "ltr";
    for (const auto& page : pages_in(language)) {
      INFO(language << ", " << page.name);
      CHECK(page.html.find("<html lang=\"" + language + "\" dir=\"" + direction + "\">") !=
            std::string::npos);
      CHECK(page.html.find("<body dir=\"" + direction + "\"") != std::string::npos);
      if (page.name.starts_with("notice failed")) {
        CHECK(page.html.find("<bdi>★ 12</bdi>") != std::string::npos);
      } else if (!page.name.starts_with("notice imported") &&
                 !page.name.starts_with("notice registration")) {
        CHECK(page.html.find("<h1") < page.html.find("<bdi>★ "));
      }
    }
  }
}

TEST_CASE("R150: characters that reorder or hide text leave notices", "[compose]") {
  Event event = full().event;
  event.summary = "9\u202E8\u200B7\u2066\u20646\uFEFF";
  const auto about_event =
      compose::write_notice(NoticeKind::changed, &event, "ar", {{"told", "1"}}, {});
  const auto failed = compose::write_notice(NoticeKind::failed, nullptr, "ar",
                                            {{"subject", "9\u202E8\u20677\u20606"}}, {});

  REQUIRE((about_event && failed));
  for (const auto& notice : {*about_event, *failed}) {
    CHECK(notice.subject.ends_with("9876"));
    CHECK(notice.text.find("9876") != std::string::npos);
    CHECK(notice.html.find("<bdi>9876</bdi>") != std::string::npos);
  }
}

TEST_CASE("R151: translated or custom text cannot alter links, headers or the calendar object",
          "[compose]") {
  for (const auto& mailing : mailings()) {
    const auto english = mail_of(mailing, copy_in("en", Partstat::accepted, false));
    REQUIRE(links_of(english.parts[1].content).size() >= 1);
    for (const auto& language : other_languages()) {
      INFO(language << ", " << mailing.name);
      const auto mail = mail_of(mailing, copy_in(language, Partstat::accepted, false));
      CHECK(links_of(mail.parts[1].content) == links_of(english.parts[1].content));
      CHECK(without_description(mail.parts[2].content) ==
            without_description(english.parts[2].content));
      REQUIRE(mail.headers.size() == english.headers.size());
      for (std::size_t i = 0; i < mail.headers.size(); ++i) {
        CHECK(mail.headers[i].first == english.headers[i].first);
        const bool worded = text::iequals(mail.headers[i].first, "Subject") ||
                            text::iequals(mail.headers[i].first, "Content-Language");
        if (!worded) CHECK(mail.headers[i].second == english.headers[i].second);
      }
    }
  }
}

TEST_CASE("R151: an own text of a notice writes values escaped and no header", "[compose]") {
  const std::string evil = "\"><a href=x>\r\nBcc: a0@example.org";
  const Event event = full().event;
  const texts::Overrides own = {{"notice_created.html", "<p>{{domain}} {{t.notice_page}}</p>"}};
  const texts::Values values = {{"domain", evil}, {"page", "https://invite.example.com/7"}};

  const auto notice = compose::write_notice(NoticeKind::created, &event, "de", values, own);

  REQUIRE(notice);
  CHECK(notice->subject == "Ihr Termin ist angelegt: ★ 1:2");
  CHECK(notice->html.find("<a ") == std::string::npos);
  CHECK(notice->html.find("Seite des Termins") != std::string::npos);
  CHECK_FALSE(texts::check_override("notice_created.html", "<p>{{{domain}}}</p>"));
  CHECK_FALSE(texts::check_override("invitation.html", "<p></p>"));
}
