// Whether a host's own text may stand for a template of ours. What a value holds comes from people:
// wherever it is put, it must stay what it is, words or a link (R151, D15).
#include <algorithm>
#include <initializer_list>
#include <set>

#include "base/text.hpp"
#include "texts/markup.hpp"
#include "texts/templates.hpp"
#include "texts/texts.hpp"

namespace calinvite::texts {
namespace {

constexpr std::size_t max_own = 80'000;  // what values need fits below the limit of R19

/// `{{…}}`: its text without braces and blanks, and where it stands.
struct Tag {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = 0;

  bool is_section() const { return text.starts_with('#') || text.starts_with('^'); }
  bool is_part() const { return text.starts_with('>'); }
  bool is_value() const {
    return std::string_view("#^/>!").find(text[0]) == std::string_view::npos;
  }
  Markup::Piece piece() const {
    if (is_section()) return Markup::Piece::opening;
    if (text.starts_with('/')) return Markup::Piece::closing;
    return is_value() ? Markup::Piece::value : Markup::Piece::nothing;
  }
  /// Of a section, what it asks for.
  std::string_view name() const { return is_value() ? text : text::trim(text.substr(1)); }
};

/// A host's text with its name, for messages.
struct Own {
  std::string_view name;
  std::string_view contents;

  bool is_html() const { return name.ends_with(".html"); }
  bool is_invitation() const { return name.starts_with("invitation."); }
  tl::unexpected<Error> wrong(std::size_t at, const std::string& what) const {
    const auto lines = std::count(contents.begin(), contents.begin() + static_cast<long>(at), '\n');
    return fail(Code::invalid_input, what,
                {std::string(name), static_cast<std::uint32_t>(lines + 1), 0, {}});
  }
  tl::unexpected<Error> wrong(const Tag& tag, const std::string& what) const {
    return wrong(tag.begin, "{{" + std::string(tag.text) + "}} " + what);
  }
};

Result<std::vector<Tag>> tags_in(const Own& own) {
  std::vector<Tag> tags;
  for (auto open = own.contents.find("{{"); open != std::string_view::npos;
       open = own.contents.find("{{", tags.back().end)) {
    const auto close = own.contents.find("}}", open);
    if (close == std::string_view::npos) return own.wrong(open, "{{ is not closed by }}");
    tags.push_back({text::trim(own.contents.substr(open + 2, close - open - 2)), open, close + 2});
  }
  return tags;
}

// ---- tags ------------------------------------------------------------------------------------

/// A part that several notices share: it is put into others, and holds none itself.
bool is_part(std::string_view name) {
  return name.starts_with("notice_head.") || name.starts_with("notice_foot.") ||
         name.starts_with("notice_event.");
}

Result<void> check_tag(const Own& own, const Tag& tag) {
  if (tag.text.empty()) return own.wrong(tag, "names nothing");
  if (tag.text[0] == '{' || tag.text[0] == '&') {
    return own.wrong(tag, "would write a value unescaped");
  }
  if (tag.text[0] == '=') return own.wrong(tag, "would change the braces");
  if (tag.is_part()) {
    const auto part = tag.name();
    if (own.is_invitation()) return own.wrong(tag, "names a part; an invitation has none");
    if (is_part(own.name) || !is_part(part) || embedded_template(part).empty() ||
        part.ends_with(".html") != own.is_html()) {
      return own.wrong(tag, "names no part; expected notice_head, notice_event or notice_foot");
    }
  }
  if (tag.name().starts_with("t.") && !has_phrase(tag.name().substr(2))) {
    return own.wrong(tag, "names no phrase");
  }
  return {};
}

Result<void> check_sections(const Own& own, const std::vector<Tag>& tags) {
  std::vector<Tag> open;
  for (const Tag& tag : tags) {
    if (tag.is_section()) open.push_back(tag);
    if (!tag.text.starts_with('/')) continue;
    if (open.empty() || open.back().name() != tag.name()) {
      return own.wrong(tag, "closes no section that is open");
    }
    open.pop_back();
  }
  if (!open.empty()) return own.wrong(open.back(), "is not closed");
  return {};
}

/// The values that our own invitations use, and those that they have besides.
std::set<std::string_view> values_of_invitations() {
  std::set<std::string_view> names{"address", "side"};
  for (const std::string_view name : {"invitation.html", "invitation.txt"}) {
    const auto tags = tags_in({name, embedded_template(name)});
    for (const Tag& tag : *tags) names.insert(tag.name());
  }
  return names;
}

bool is_answer(std::string_view value) {
  return value == "accept" || value == "tentative" || value == "decline";
}

/// A cancellation has no answers: their buttons go with them (R84).
Result<void> check_answers(const Own& own, const std::vector<Tag>& tags) {
  std::vector<bool> of_answers;
  for (const Tag& tag : tags) {
    if (tag.is_section()) of_answers.push_back(tag.text[0] == '#' && is_answer(tag.name()));
    if (tag.text.starts_with('/')) of_answers.pop_back();
    const bool inside = std::find(of_answers.begin(), of_answers.end(), true) != of_answers.end();
    if (tag.is_value() && is_answer(tag.text) && !inside) {
      return own.wrong(tag,
                       "would be a dead button in a cancellation (R84); put it between "
                       "{{#accept}} and {{/accept}}");
    }
  }
  return {};
}

/// An invitation says what, when and by whom, and offers every answer and the way out (R10, R16).
Result<void> check_invitation(const Own& own, const std::vector<Tag>& tags) {
  const auto known = values_of_invitations();
  for (const Tag& tag : tags) {
    const bool comment = tag.text.starts_with('!');
    if (comment || tag.name().starts_with("t.") || known.count(tag.name()) > 0) continue;
    return own.wrong(tag, "names no value of an invitation");
  }
  std::string missing;
  for (const char* needed :
       {"accept", "tentative", "decline", "unsubscribe", "when", "summary", "organizer"}) {
    const bool there = std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) {
      return tag.is_value() && tag.text == needed;
    });
    if (!there) missing += (missing.empty() ? "{{" : ", {{") + std::string(needed) + "}}";
  }
  if (missing.empty()) return check_answers(own, tags);
  return fail(Code::invalid_input, "an invitation needs " + missing,
              {std::string(own.name), 0, 0, {}});
}

// ---- HTML ------------------------------------------------------------------------------------

bool is_among(std::initializer_list<std::string_view> names, std::string_view value) {
  return std::find(names.begin(), names.end(), value) != names.end();
}

/// Links that people are to read as well as to follow; what tokens are in is no text.
bool may_be_shown(std::string_view link) {
  return is_among({"url", "join", "conference", "page"}, link);
}

bool is_link(std::string_view value) {
  return may_be_shown(value) || is_answer(value) ||
         is_among(
             {"unsubscribe", "calendar_file", "google", "outlook", "office365", "yahoo", "link"},
             value);
}

/// Values that are safe inside of markup: links and words that we make.
bool may_stand_in_markup(std::string_view value) {
  return value.starts_with("t.") || is_link(value) ||
         is_among({"language", "direction", "side"}, value);
}

Result<void> check_value(const Own& own, const Tag& tag, const Markup& markup, bool in_style) {
  const bool in_tag = markup.place() != Markup::Place::text;
  if (in_tag && !markup.quoted()) {
    return own.wrong(tag, "stands in a tag outside of quotes (R151)");
  }
  if (markup.begins_link() && !is_link(tag.text)) {
    return own.wrong(tag, "is no link (R151), and this may begin with it; begin with https://");
  }
  const bool in_markup = in_tag || in_style;
  const bool shown = !in_markup && may_be_shown(tag.text);
  if (is_link(tag.text) && !shown && !markup.begins_href()) {
    return own.wrong(tag, "is a link outside of a link's place (R151); expected href=\"{{" +
                              std::string(tag.text) + "}}\"");
  }
  if (in_markup && !may_stand_in_markup(tag.text)) {
    return own.wrong(tag, "holds what people write, and would be read as markup (R151)");
  }
  return {};
}

/// Whether CSS stands at byte `at` of a page in lower case.
bool in_style(std::string_view page, std::size_t at) {
  const auto before = page.substr(0, at);
  const auto style = before.rfind("<style");
  return style != before.npos && before.find("</style", style) == before.npos;
}

/// Names end alike whatever is left out, and a part begins where its own reading did.
Result<void> check_tag_in_tag(const Own& own, const Tag& tag, const Markup& markup) {
  const bool ends = own.contents.find_first_of(" \t\r\n/>=", tag.end) == tag.end;
  if (markup.in_name() && (tag.is_section() || !ends)) {
    return own.wrong(tag,
                     "stands in the name of an element or attribute, or right behind it, and may "
                     "make another one of it (R151); put it elsewhere");
  }
  if (tag.is_part() && markup.place() != Markup::Place::text) {
    return own.wrong(tag, "puts a part into a tag (R151); put it between tags");
  }
  return {};
}

Result<void> check_html(const Own& own, const std::vector<Tag>& tags) {
  const std::string lower = text::lower(own.contents);
  if (const auto at = lower.find("javascript:"); at != std::string::npos) {
    return own.wrong(at, "javascript: would run (R151); write an https:// link");
  }
  Markup markup(own.contents);
  const auto where = [&markup] { return std::pair(markup.place(), markup.value()); };
  std::vector<decltype(where())> opened;
  for (const Tag& tag : tags) {
    if (const auto fault = markup.go_to(tag.begin)) return own.wrong(fault->at, fault->what);
    if (auto sound = check_tag_in_tag(own, tag, markup); !sound) return sound;
    if (tag.is_value()) {
      auto sound = check_value(own, tag, markup, in_style(lower, tag.begin));
      if (!sound) return sound;
    }
    markup.go_over(tag.end, tag.piece());
    if (tag.is_section()) opened.push_back(where());
    if (!tag.text.starts_with('/')) continue;
    if (opened.back() != where()) {
      return own.wrong(tag,
                       "ends in the midst of a tag or text that begins in it (R151); "
                       "put the whole of it inside");
    }
    opened.pop_back();
  }
  const auto end = own.contents.size();
  if (const auto fault = markup.go_to(end)) return own.wrong(fault->at, fault->what);
  if (markup.place() == Markup::Place::text && !in_style(lower, end)) return {};
  return own.wrong(end, "ends in the midst of a tag or of styles (R151); close them");
}

}  // namespace

Result<void> check_override(std::string_view name, std::string_view contents) {
  // Pages have forms, which no mail may have.
  if (name.starts_with("page_") || embedded_template(name).empty()) {
    return fail(Code::not_found, "no template " + std::string(name) +
                                     "; expected one such as invitation.html or "
                                     "notice_created.html");
  }
  if (contents.empty()) return {};
  const Own own{name, contents};
  if (contents.size() > max_own) {
    return fail(Code::too_large,
                "a template has at most " + std::to_string(max_own) +
                    " bytes, or what is made of "
                    "it is cut in mailboxes (R19)",
                {std::string(name), 0, 0, {}});
  }
  const auto tags = tags_in(own);
  if (!tags) return tl::unexpected<Error>(tags.error());
  for (const Tag& tag : *tags) {
    if (auto sound = check_tag(own, tag); !sound) return sound;
  }
  if (auto sound = check_sections(own, *tags); !sound) return sound;
  if (own.is_html()) {
    if (auto sound = check_html(own, *tags); !sound) return sound;
  }
  if (own.is_invitation()) {
    if (auto sound = check_invitation(own, *tags); !sound) return sound;
  }
  const auto page = parse_template(name, contents);
  return page ? Result<void>() : Result<void>(tl::unexpected<Error>(page.error()));
}

}  // namespace calinvite::texts
