#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "ical/prescan.hpp"

namespace calinvite::ical {
namespace {

constexpr std::size_t max_diagnostics = 100;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Properties whose value is a list; a comma in any other is plain text.
constexpr std::array<std::string_view, 5> list_properties = {"EXDATE", "RDATE", "CATEGORIES",
                                                             "RESOURCES", "FREEBUSY"};

/// Physical lines one after the other, whatever ends them.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  std::optional<std::string_view> next() {
    if (at_ == text_.size()) return std::nullopt;
    // Kept while it lies ahead: in a text of CRs alone it is looked for once.
    if (at_ == 0 || line_feed_ < at_) line_feed_ = std::min(text_.find('\n', at_), text_.size());
    const auto line = text_.substr(at_, line_feed_ - at_);
    const auto end = at_ + std::min(line.find('\r'), line.size());
    const std::string_view found = text_.substr(at_, end - at_);
    // A quoted-printable encoder that took the CR of CRLF for text leaves CR CR LF behind (R8).
    const auto mark = text_.substr(end, line_feed_ - end);
    const bool at_line_feed = mark.empty() || mark == "\r" || mark == "\r\r";
    at_ = std::min((at_line_feed ? line_feed_ : end) + 1, text_.size());
    return found;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_feed_ = 0;  ///< the next one
};

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Where a line's parts begin and how many parameters it has; no value: not a content line.
struct Parts {
  std::size_t name_size = 0;
  std::size_t value_at = std::string_view::npos;
  std::size_t parameters = 0;
};

Parts parts_of(std::string_view line) {
  Parts parts;
  parts.name_size = std::min(line.find_first_of(":;"), line.size());
  bool quoted = false;
  for (std::size_t at = parts.name_size; at < line.size(); ++at) {
    if (line[at] == '"') quoted = !quoted;
    if (quoted) continue;
    if (line[at] == ';') ++parts.parameters;
    if (line[at] == ':') {
      parts.value_at = at + 1;
      break;
    }
  }
  parts.name_size = text::trim(line.substr(0, parts.name_size)).size();
  return parts;
}

/// What is read; of anything else the lines are not even kept.
constexpr std::array<std::string_view, 2> read_components = {"VEVENT", "VTIMEZONE"};

}  // namespace

bool Component::is(std::string_view kind) const { return text::iequals(name, kind); }

tl::unexpected<Error> Scanner::refuse(Code code, std::string message, std::uint32_t line) const {
  return fail(code, std::move(message), {diagnostics_.source(), line, 0, {}});
}

Result<void> Scanner::feed(std::string_view text) {
  if (auto sound = check_bytes(text); !sound) return sound;
  if (lines_ == 0 && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  LineReader reader(text);
  while (const auto line = reader.next()) {
    if (auto taken = take({*line, ++lines_}); !taken) return taken;
  }
  return {};
}

Result<void> Scanner::finish() {
  if (auto last = finish_line(); !last) return last;
  if (!any_calendar_) {
    return refuse(Code::invalid_input, "no BEGIN:VCALENDAR; expected iCalendar text", 0);
  }
  if (open_.empty()) return {};
  diagnostics_.add("the text ends inside " + text::one_line(open_.back(), 40), lines_);
  return open_.size() > 1 ? hand_over(false) : Result<void>();
}

void Scanner::release() {
  std::deque<std::string> kept;
  const auto own = [&](std::string_view& text) { text = kept.emplace_back(text); };
  for (ContentLine& line : component_.lines) own(line.text);
  for (ContentLine& line : component_.inner) own(line.text);
  if (!current_.text.empty()) {
    own(current_.text);
    folded_ = true;
  }
  unfolded_ = std::move(kept);
}

Result<void> Scanner::check_bytes(std::string_view text) const {
  const auto nul = text.find('\0');
  if (nul == std::string_view::npos) return {};
  const auto lines =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
  return refuse(Code::invalid_input, "a NUL byte; expected iCalendar text in UTF-8",
                lines_ + static_cast<std::uint32_t>(lines) + 1);
}

Result<void> Scanner::take(const PhysicalLine& physical) {
  const bool folds = physical.text.starts_with(' ') || physical.text.starts_with('\t');
  if (!folds && !physical.text.empty()) {
    if (auto done = finish_line(); !done) return done;
  }
  if (physical.text.size() > limits_.max_line_bytes) {
    return refuse(Code::too_large,
                  "the line has " + std::to_string(physical.text.size()) +
                      " bytes; expected at most " + std::to_string(limits_.max_line_bytes),
                  physical.number);
  }
  if (physical.text.empty()) return {};
  if (folds) return unfold(physical);
  current_ = physical;
  return {};
}

Result<void> Scanner::unfold(const PhysicalLine& physical) {
  if (current_.text.empty()) return {};
  if (!folded_) {
    unfolded_.emplace_back(current_.text);
    folded_ = true;
  }
  std::string& line = unfolded_.back();
  line += physical.text.substr(1);
  current_.text = line;
  return check_size(current_);
}

Result<void> Scanner::check_size(const PhysicalLine& unfolded) const {
  if (unfolded.text.size() <= limits_.max_value_bytes) return {};
  return refuse(Code::too_large,
                "the unfolded line is over " + std::to_string(limits_.max_value_bytes) + " bytes",
                unfolded.number);
}

/// The line that `current_` holds is whole.
Result<void> Scanner::finish_line() {
  if (current_.text.empty()) return {};
  if (auto size = check_size(current_); !size) return size;
  ContentLine line{current_.text, 0, 0, current_.number};
  current_ = {};
  folded_ = false;
  // Only now: a fold may fall inside a UTF-8 sequence (R93).
  if (!text::is_utf8(line.text)) {
    diagnostics_.add("not UTF-8; the bytes at fault were replaced", line.line);
    line.text = unfolded_.emplace_back(text::to_valid_utf8(line.text));
  }
  const Parts parts = parts_of(line.text);
  if (parts.value_at == std::string_view::npos || !is_name(line.text.substr(0, parts.name_size))) {
    diagnostics_.add("not a content line; it was left out", line.line);
    return {};
  }
  line.name_size = static_cast<std::uint32_t>(parts.name_size);
  line.value_at = static_cast<std::uint32_t>(parts.value_at);
  if (text::iequals(line.name(), "BEGIN")) return begin(line);
  if (text::iequals(line.name(), "END")) return end(line);
  return property(line, parts.parameters);
}

Result<void> Scanner::begin(const ContentLine& line) {
  const std::string_view name = text::trim(line.value());
  const bool calendar = open_.empty() && text::iequals(name, "VCALENDAR");
  if (open_.empty() && !calendar) {
    diagnostics_.add("BEGIN:" + text::one_line(name, 40) + " outside VCALENDAR; it was left out",
                     line.line);
    return {};
  }
  open_.emplace_back(name);
  if (open_.size() > limits_.max_depth) {
    return refuse(Code::too_large,
                  "components are nested deeper than " + std::to_string(limits_.max_depth),
                  line.line);
  }
  if (calendar) {
    any_calendar_ = true;
    sink_.begin_calendar();
    components_ = properties_ = 0;
    return {};
  }
  if (limits_.max_components != 0 && ++components_ > limits_.max_components) {
    return refuse(
        Code::too_large,
        "the calendar has more than " + std::to_string(limits_.max_components) + " components",
        line.line);
  }
  if (open_.size() > 2) return keep(line, true);
  component_.name = name;
  component_.line = line.line;
  component_.lines.clear();
  component_.inner.clear();
  properties_ = component_bytes_ = 0;
  return {};
}

Result<void> Scanner::end(const ContentLine& line) {
  const std::string_view name = text::trim(line.value());
  const auto match = std::find_if(open_.rbegin(), open_.rend(), [&](const std::string& open) {
    return text::iequals(open, name);
  });
  if (match == open_.rend()) {
    diagnostics_.add("END without its BEGIN; it was left out", line.line);
    return {};
  }
  if (match != open_.rbegin()) {
    diagnostics_.add(text::one_line(open_.back(), 40) + " has no END", line.line);
  }
  const std::size_t before = open_.size();
  open_.resize(static_cast<std::size_t>(open_.rend() - match) - 1);
  if (open_.size() > 1) return keep(line, true);
  return before > 1 ? hand_over(open_.size() == 1) : Result<void>();
}

Result<void> Scanner::hand_over(bool closed) {
  component_.closed = closed;
  auto taken = sink_.take_component(std::move(component_));
  component_.lines.clear();
  component_.inner.clear();
  return taken;
}

Result<void> Scanner::property(const ContentLine& line, std::size_t parameters) {
  if (open_.empty()) return {};
  if (++properties_ > limits_.max_properties) {
    return refuse(
        Code::too_large,
        "more than " + std::to_string(limits_.max_properties) + " properties in one component",
        line.line);
  }
  if (parameters > limits_.max_parameters) {
    return refuse(Code::too_large,
                  "more than " + std::to_string(limits_.max_parameters) + " parameters", line.line);
  }
  if (auto values = check_values(line); !values) return values;
  if (open_.size() == 1) return sink_.take_property(line);
  return keep(line, open_.size() > 2);
}

/// @param inner  the line belongs to a component within, or begins or ends one
Result<void> Scanner::keep(const ContentLine& line, bool inner) {
  const auto kept = [&](std::string_view kind) { return component_.is(kind); };
  if (std::none_of(read_components.begin(), read_components.end(), kept)) return {};
  component_bytes_ += line.text.size();
  if (limits_.max_component_bytes != 0 && component_bytes_ > limits_.max_component_bytes) {
    return refuse(
        Code::too_large,
        "a component of more than " + std::to_string(limits_.max_component_bytes) + " bytes",
        line.line);
  }
  (inner && !component_.is("VTIMEZONE") ? component_.inner : component_.lines).push_back(line);
  return {};
}

/// More would be work without end; nothing drops any without a word (M10).
Result<void> Scanner::check_values(const ContentLine& line) const {
  const auto is_named = [&](std::string_view name) { return text::iequals(name, line.name()); };
  if (std::none_of(list_properties.begin(), list_properties.end(), is_named)) return {};
  const std::string_view value = line.value();
  const auto commas = std::count(value.begin(), value.end(), ',');
  if (static_cast<std::size_t>(commas) < limits_.max_values) return {};
  return refuse(
      Code::too_large,
      "more than " + std::to_string(limits_.max_values) + " values in " + std::string(line.name()),
      line.line);
}

void Diagnostics::add(std::string message, std::uint32_t line, std::string_view field) {
  if (list_.size() > max_diagnostics) return;
  if (list_.size() == max_diagnostics) message = "further flaws are not listed";
  list_.push_back({std::move(message), {source_, line, 0, std::string(field)}});
}

}  // namespace calinvite::ical
