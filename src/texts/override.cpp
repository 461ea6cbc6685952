// Whether a host's own text may stand for a template of ours. What a value holds comes from people:
// wherever it is put, it must stay what it is, words or a link (R151, D15).
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/text.hpp"
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
  bool is_value() const {
    return std::string_view("#^/>!").find(text[0]) == std::string_view::npos;
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
  if (tag.text[0] == '>') {
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
  if (missing.empty()) return {};
  return fail(Code::invalid_input, "an invitation needs " + missing,
              {std::string(own.name), 0, 0, {}});
}

// ---- HTML ------------------------------------------------------------------------------------

/// Values that are safe inside of markup: links and words that we make.
bool may_stand_in_markup(std::string_view value) {
  constexpr std::array ours = {"accept",        "tentative", "decline",   "unsubscribe",
                               "calendar_file", "google",    "outlook",   "office365",
                               "yahoo",         "url",       "join",      "conference",
                               "page",          "language",  "direction", "side"};
  return value.starts_with("t.") || std::find(ours.begin(), ours.end(), value) != ours.end();
}

/// Where in an HTML page one is, going forward.
class Markup {
 public:
  explicit Markup(std::string_view html) : html_(html) {}

  void go_to(std::size_t at) {
    for (; at_ < at; ++at_) step(html_[at_]);
  }
  bool inside_tag() const { return inside_; }
  bool quoted() const { return quote_ != 0; }

 private:
  void step(char c) {
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if (inside_) {
      if (c == '"' || c == '\'') quote_ = c;
      if (c == '>') inside_ = false;
    } else if (c == '<') {
      // What stands in a comment may be read all the same, as Outlook does.
      const auto next =
          static_cast<unsigned char>(html_.substr(at_ + 1, 1).empty() ? ' ' : html_[at_ + 1]);
      const bool begins = std::isalpha(next) != 0 || next == '/' || next == '!' || next == '?';
      inside_ = begins && !html_.substr(at_).starts_with("<!--");
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  bool inside_ = false;
  char quote_ = 0;
};

Result<void> check_html(const Own& own, const std::vector<Tag>& tags) {
  const std::string lower = text::lower(own.contents);
  for (const char* active : {"<script", "<form", "<iframe", "<frame", "javascript:"}) {
    const auto at = lower.find(active);
    if (at != std::string::npos) {
      return own.wrong(at, std::string(active) + " does something by itself (R151)");
    }
  }
  Markup markup(own.contents);
  for (const Tag& tag : tags) {
    markup.go_to(tag.begin);
    if (!tag.is_value()) continue;
    if (markup.inside_tag() && !markup.quoted()) {
      return own.wrong(tag, "stands in a tag outside of quotes (R151)");
    }
    const auto page = std::string_view(lower).substr(0, tag.begin);
    const auto style = page.rfind("<style");
    const bool in_style = style != page.npos && page.find("</style", style) == page.npos;
    if ((markup.inside_tag() || in_style) && !may_stand_in_markup(tag.text)) {
      return own.wrong(tag, "holds what people write, and would be read as markup (R151)");
    }
  }
  return {};
}

}  // namespace

Result<void> check_override(std::string_view name, std::string_view contents) {
  if (embedded_template(name).empty()) {
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
