#include "texts/markup.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace calinvite::texts {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

struct Active {
  std::string_view element;
  std::string_view why;
};

constexpr Active active_elements[] = {
    {"script", "would run (R151); leave it out"},
    {"object", "would run (R151); leave it out, or write an <img>"},
    {"embed", "would run (R151); leave it out, or write an <img>"},
    {"applet", "would run (R151); leave it out"},
    {"iframe", "would show another page (R151); write a link to it"},
    {"frame", "would show another page (R151); write a link to it"},
    {"frameset", "would show another page (R151); write a link to it"},
    {"form", "would send what is typed (R151); write a link to a page that asks"},
    {"svg", "may run (R151); write an <img>"},
    {"math", "may run (R151); write an <img>"},
    {"base", "would turn links elsewhere (R151); write whole links"},
    {"link", "would fetch from elsewhere (R151); write the styles into <style>"},
};

std::optional<std::string> fault_of_element(std::string_view element) {
  for (const Active& active : active_elements) {
    if (active.element == element) {
      return '<' + std::string(element) + "> " + std::string(active.why);
    }
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_attribute(const std::string& attribute) {
  if (attribute.starts_with("on")) return attribute + "= would run (R151); leave it out";
  if (attribute == "http-equiv") {
    return "http-equiv= would act as a server's header (R151); write <meta charset=\"utf-8\">";
  }
  return std::nullopt;
}

constexpr std::string_view link_attributes[] = {"href",   "src",      "action",    "formaction",
                                                "poster", "lowsrc",   "dynsrc",    "background",
                                                "cite",   "longdesc", "xlink:href"};

bool is_link_attribute(std::string_view name) {
  return std::find(std::begin(link_attributes), std::end(link_attributes), name) !=
         std::end(link_attributes);
}

/// Only in plain letters: what character references, blanks or comments make of others is refused
/// with them, so nothing has to read them as every mail program does.
bool says_where_it_leads(std::string_view link) {
  constexpr std::string_view beginnings[] = {"https:", "mailto:", "tel:", "geo:", "#"};
  return std::any_of(std::begin(beginnings), std::end(beginnings), [&](std::string_view beginning) {
    return text::iequals(link.substr(0, beginning.size()), beginning);
  });
}

}  // namespace

std::optional<Markup::Fault> Markup::go_to(std::size_t at) {
  for (; at_ < at; ++at_) {
    if (auto fault = step(html_[at_])) return Fault{at_, std::move(*fault)};
  }
  return std::nullopt;
}

void Markup::go_over(std::size_t at, Piece piece) {
  at_ = at;
  apart_ = true;
  if (piece == Piece::value) begun_ = filled_ = true;
  if (piece == Piece::opening) ++sections_;
  if (piece == Piece::closing) --sections_;
  if (led_ && *led_ > sections_) led_.reset();
}

Markup::Place Markup::place() const {
  switch (state_) {
    case State::text:
      return Place::text;
    case State::value:
    case State::bare:
      return Place::bare_value;
    case State::quoted:
      return quote_ == '"' ? Place::double_quotes : Place::single_quotes;
    default:
      return Place::tag;
  }
}

bool Markup::begins_link() const { return in_value() && is_link_attribute(attribute_) && !led_; }

/// What stands in a comment may be read all the same, as Outlook does; and what a {{…}} makes
/// begins a tag as well as a letter does.
bool Markup::begins_tag() const {
  const auto rest = html_.substr(at_ + 1);
  if (rest.empty() || rest.starts_with("!--")) return false;
  return std::isalpha(static_cast<unsigned char>(rest[0])) != 0 || rest.starts_with("{{") ||
         std::string_view("/!?").find(rest[0]) != std::string_view::npos;
}

std::optional<std::string> Markup::step(char c) {
  if (state_ != State::text) return step_in_tag(c);
  if (c == '<' && begins_tag()) {
    state_ = State::element;
    element_.clear();
    attribute_.clear();
  }
  return std::nullopt;
}

void Markup::begin_value() {
  value_ = at_;
  begun_ = filled_ = false;
  apart_ = true;
  sections_ = 0;
  led_.reset();
}

/// Whatever of a link may stand first must say where it leads: sections and values before it may
/// come to nothing.
std::optional<std::string> Markup::step_in_value(char c) {
  begun_ = true;
  if (!apart_ || is_blank(c)) return std::nullopt;
  apart_ = false;
  if (!begins_link()) return std::nullopt;
  const bool goes_on = filled_ && std::string_view("/?#").find(c) != std::string_view::npos;
  if (!goes_on && !says_where_it_leads(html_.substr(at_))) {
    return attribute_ +
           "= leads to what may run, or nowhere (R151); write out https:, mailto:, tel: or geo:, "
           "or "
           "begin with a link of ours";
  }
  led_ = sections_;
  return std::nullopt;
}

/// As browsers do (HTML 13.2.5), but for a `<`: one in a tag is a mistake, or hides something.
std::optional<std::string> Markup::step_in_tag(char c) {
  if (c == '<') return "a < stands inside of a tag (R151); end the tag before, or write &lt;";
  if (state_ == State::quoted) {
    if (c != quote_) return step_in_value(c);
    state_ = State::between;
    return std::nullopt;
  }
  const bool named = state_ == State::element && !element_.empty();
  const bool ends = c == '>' || is_blank(c) || (c == '/' && (state_ != State::element || named));
  if (named && ends) {
    if (auto fault = fault_of_element(element_)) return fault;
  }
  if (c == '>') {
    state_ = State::text;
  } else if (state_ == State::value) {
    quote_ = c;
    if (!is_blank(c)) state_ = c == '"' || c == '\'' ? State::quoted : State::bare;
    if (state_ == State::bare) return step_in_value(c);
  } else if (state_ == State::bare) {
    if (!is_blank(c)) return step_in_value(c);
    state_ = State::between;
  } else if (c == '=' && (state_ == State::attribute || state_ == State::equals)) {
    state_ = State::value;
    begin_value();
    return fault_of_attribute(attribute_);
  } else if (ends) {
    const bool after_name = state_ == State::attribute || state_ == State::equals;
    state_ = after_name && is_blank(c) ? State::equals : State::between;
  } else if (state_ == State::element) {
    element_ += text::lower({&c, 1});
  } else {
    if (state_ != State::attribute) attribute_.clear();
    state_ = State::attribute;
    attribute_ += text::lower({&c, 1});
  }
  return std::nullopt;
}

}  // namespace calinvite::texts
