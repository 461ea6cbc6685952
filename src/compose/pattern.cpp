#include "compose/pattern.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "ical/content_writer.hpp"
#include "mime/outgoing.hpp"

namespace calinvite::compose {
namespace {

constexpr std::array text_fields = {Field::uid,        Field::organizer_address,
                                    Field::address,    Field::name,
                                    Field::rsvp_token, Field::unsubscribe_token};

std::string_view value_of(const CopyFields& copy, Field field) {
  switch (field) {
    case Field::uid:
      return copy.uid;
    case Field::organizer_address:
      return copy.organizer_address;
    case Field::address:
      return copy.address;
    case Field::name:
      return copy.name;
    case Field::rsvp_token:
      return copy.rsvp_token;
    case Field::unsubscribe_token:
      return copy.unsubscribe_token;
    case Field::dtstamp:
      break;
  }
  return {};
}

struct Hole {
  std::size_t at = std::string_view::npos;
  std::size_t size = 0;
  Field field = Field::uid;
};

std::optional<Hole> first_hole(std::string_view line, const CopyFields& marks) {
  std::optional<Hole> first;
  for (const Field field : text_fields) {
    const auto mark = value_of(marks, field);
    if (mark.empty()) continue;
    const auto at = line.find(mark);
    if (at != std::string_view::npos && (!first || at < first->at)) {
      first = Hole{at, mark.size(), field};
    }
  }
  return first;
}

void append_line(std::string& out, std::string_view line, LineForm form) {
  switch (form) {
    case LineForm::plain:
      out.append(line).append("\r\n");
      break;
    case LineForm::quoted_printable:
      mime::append_quoted_line(out, line);
      break;
    case LineForm::folded:
      ical::append_folded(out, line);
      break;
  }
}

void append_value(std::string& out, std::string_view value, Escape escape) {
  switch (escape) {
    case Escape::none:
      out += value;
      break;
    case Escape::html:
      text::append_html(out, value);
      break;
    case Escape::calendar_text:
      ical::append_text(out, value);
      break;
    case Escape::parameter:
      ical::append_parameter(out, value);
      break;
    case Escape::mail_address:
      ical::append_address(out, value);
      break;
  }
}

/// Of a hole at `at` in a content line: names are parameters, addresses end their line.
Escape escape_in(std::string_view line, std::size_t at) {
  const bool person = line.starts_with("ATTENDEE") || line.starts_with("ORGANIZER");
  if (!person) return Escape::calendar_text;
  return line.substr(0, at).ends_with(":mailto:") ? Escape::mail_address : Escape::parameter;
}

}  // namespace

void Pattern::add_line(std::string_view line, Escape escape, const CopyFields& marks) {
  const bool calendar = form_ == LineForm::folded;
  const std::string_view whole = line;
  Block block;
  if (calendar && line.starts_with("DTSTAMP:")) {
    block.pieces.push_back({"DTSTAMP:", Field::dtstamp, Escape::none});
    line = {};
  }
  for (auto hole = first_hole(line, marks); hole; hole = first_hole(line, marks)) {
    const auto at = static_cast<std::size_t>(line.data() - whole.data()) + hole->at;
    block.pieces.push_back({std::string(line.substr(0, hole->at)), hole->field,
                            calendar ? escape_in(whole, at) : escape});
    line.remove_prefix(hole->at + hole->size);
  }
  size_ += whole.size() + 2;
  if (block.pieces.empty()) {
    append_line(last_, whole, form_);
    return;
  }
  holes_ += block.pieces.size();
  block.rest = line;
  block.lines.swap(last_);
  blocks_.push_back(std::move(block));
}

Pattern Pattern::of_mail_text(std::string_view text, LineForm form, Escape escape,
                              const CopyFields& marks) {
  Pattern pattern;
  pattern.form_ = form;
  for (auto line : text::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    pattern.add_line(line, escape, marks);
  }
  return pattern;
}

Pattern Pattern::of_calendar(std::string_view text, const CopyFields& marks) {
  std::string unfolded(text);
  for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ", at)) {
    unfolded.erase(at, 3);
  }
  Pattern pattern;
  pattern.form_ = LineForm::folded;
  for (std::size_t at = 0; at < unfolded.size();) {
    const auto end = unfolded.find("\r\n", at);
    pattern.add_line(std::string_view(unfolded).substr(at, end - at), Escape::none, marks);
    at = end + 2;
  }
  return pattern;
}

void Pattern::append(std::string& out, const HoleValues& values, std::string& line) const {
  for (const Block& block : blocks_) {
    out += block.lines;
    line.clear();
    for (const Piece& piece : block.pieces) {
      line += piece.before;
      append_value(
          line, piece.field == Field::dtstamp ? values.dtstamp : value_of(values.copy, piece.field),
          piece.escape);
    }
    line += block.rest;
    append_line(out, line, form_);
  }
  out += last_;
}

}  // namespace calinvite::compose
