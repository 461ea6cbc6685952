#include "lint/calendar.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace calinvite::lint {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

class Reader {
 public:
  Reader(std::string_view text, const CalendarLimits& limits, LineFeeds line_feeds,
         Findings& findings)
      : text_(text), limits_(limits), line_feeds_(line_feeds), findings_(findings) {}

  Result<Calendar> read() {
    if (text_.size() > limits_.max_bytes) return too_large("bytes", limits_.max_bytes);
    std::size_t at = 0;
    if (text_.starts_with(byte_order_mark)) {
      findings_.add(Check::text_bytes, "begins with a byte order mark", 1, 1);
      at = byte_order_mark.size();
    }
    while (at < text_.size()) {
      if (auto taken = take(next_line(at)); !taken) return tl::unexpected(taken.error());
    }
    if (auto last = finish_line(); !last) return tl::unexpected(last.error());
    if (bare_ > 0) {
      findings_.add(Check::line_75, std::to_string(bare_) + " lines end in LF", first_bare_.first,
                    first_bare_.second);
    }
    for (const std::size_t open : open_) {
      const Component& component = calendar_.components[open];
      findings_.add(Check::one_calendar, component.name + " has no END", component.line);
    }
    return std::move(calendar_);
  }

 private:
  tl::unexpected<Error> too_large(std::string_view what, std::size_t limit) const {
    return fail(Code::too_large,
                "the calendar has over " + std::to_string(limit) + " " + std::string(what),
                {{}, number_, 0, {}});
  }

  /// The physical line at `at`, its end judged and taken off.
  std::string_view next_line(std::size_t& at) {
    ++number_;
    const auto end = std::min(text_.find('\n', at), text_.size());
    std::string_view line = text_.substr(at, end - at);
    const bool line_feed = end < text_.size();
    at = std::min(end + 1, text_.size());
    const bool crlf = line_feed && line.ends_with('\r');
    const auto place = static_cast<std::uint32_t>(line.size() + 1);
    if (line.ends_with("\r\r")) {
      findings_.add(Check::double_return, "the line ends in CR CR LF", number_, place - 1);
    } else if (!line_feed) {
      findings_.add(Check::line_75, "the last line has no end", number_, place);
    } else if (!crlf && line_feeds_ == LineFeeds::sent && bare_++ == 0) {
      first_bare_ = {number_, place};
    }
    while (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  Result<void> take(std::string_view line) {
    if (line.size() > limits_.max_line_bytes)
      return too_large("bytes in a line", limits_.max_line_bytes);
    const bool folds = line.starts_with(' ') || line.starts_with('\t');
    if (!folds || current_.empty()) {
      if (auto done = finish_line(); !done) return done;
    }
    if (ended_ && !line.empty() && !text::iequals(line.substr(0, 6), "BEGIN:")) {
      findings_.add(Check::after_end, "text after END:VCALENDAR", number_, 1);
    }
    if (line.empty()) {
      findings_.add(Check::after_end, ended_ ? "an empty line at the end" : "an empty line",
                    number_, 1);
      return {};
    }
    check_line(line);
    if (current_.empty()) {
      current_ = line;
      begins_ = number_;
      return {};
    }
    if (line.front() == '\t') {
      findings_.add(Check::fold_tab, "the line is continued by a tab", number_, 1);
    }
    const bool tail = line.size() > 1 && (static_cast<unsigned char>(line[1]) & 0xc0) == 0x80;
    if (tail) findings_.add(Check::fold, "the fold falls inside a character", number_, 1);
    if (!folded_) calendar_.unfolded.emplace_back(current_);
    folded_ = true;
    calendar_.unfolded.back() += line.substr(1);
    current_ = calendar_.unfolded.back();
    if (current_.size() > limits_.max_value_bytes)
      return too_large("bytes in a value", limits_.max_value_bytes);
    return {};
  }

  void check_line(std::string_view line) {
    constexpr std::size_t longest = 75;
    if (line.size() > longest) {
      findings_.add(Check::line_75, "the line has " + std::to_string(line.size()) + " octets",
                    number_, longest + 1);
    }
    const auto control = std::find_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f;
    });
    if (control != line.end()) {
      findings_.add(Check::text_bytes, "a control character", number_,
                    static_cast<std::uint32_t>(control - line.begin()) + 1);
    }
  }

  Result<void> finish_line() {
    if (current_.empty()) return {};
    ContentLine line{current_, 0, 0, begins_};
    current_ = {};
    folded_ = false;
    if (!text::is_utf8(line.text)) {
      findings_.add(Check::text_bytes, "the line is not UTF-8", line.line, 1);
      line.text = calendar_.unfolded.emplace_back(text::to_valid_utf8(line.text));
    }
    const std::size_t name = std::min(line.text.find_first_of(":;"), line.text.size());
    std::size_t value = name;
    for (bool quoted = false; value < line.text.size(); ++value) {
      if (line.text[value] == '"') quoted = !quoted;
      if (line.text[value] == ':' && !quoted) break;
    }
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    const std::string_view name_text = line.text.substr(0, name);
    if (value == line.text.size() || name == 0 ||
        !std::all_of(name_text.begin(), name_text.end(), plain)) {
      findings_.add(Check::fold,
                    in_quotes(line.text) + " is no property; a fold without its blank?", line.line,
                    1);
      return {};
    }
    line.name_size = static_cast<std::uint32_t>(name);
    line.value_at = static_cast<std::uint32_t>(value + 1);
    return take_line(line);
  }

  Result<void> take_line(const ContentLine& line) {
    const std::string value = text::upper(text::trim(line.value()));
    if (text::iequals(line.name(), "BEGIN")) return begin(value, line.line);
    if (text::iequals(line.name(), "END")) {
      end(value);
      return {};
    }
    if (open_.empty()) return {};
    Component& inner = calendar_.components[open_.back()];
    if (inner.lines.size() >= limits_.max_properties)
      return too_large("properties in a component", limits_.max_properties);
    inner.lines.push_back(line);
    return {};
  }

  Result<void> begin(const std::string& name, std::uint32_t line) {
    if (open_.size() >= limits_.max_depth) return too_large("levels", limits_.max_depth);
    if (calendar_.components.size() >= limits_.max_components)
      return too_large("components", limits_.max_components);
    const std::size_t index = calendar_.components.size();
    if (open_.empty()) {
      if (name != "VCALENDAR") return {};
      calendar_.calendars.push_back(index);
      ended_ = false;
    } else {
      calendar_.components[open_.back()].children.push_back(index);
    }
    calendar_.components.push_back({name, line, {}, {}});
    open_.push_back(index);
    return {};
  }

  void end(const std::string& name) {
    const auto match = std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t open) {
      return calendar_.components[open].name == name;
    });
    if (match == open_.rend()) return;
    open_.erase(match.base() - 1, open_.end());
    ended_ = open_.empty();
  }

  std::string_view text_;
  const CalendarLimits& limits_;
  LineFeeds line_feeds_;
  Findings& findings_;
  Calendar calendar_;
  std::vector<std::size_t> open_;
  std::uint32_t number_ = 0;  ///< of the physical line
  std::string_view current_;  ///< content line so far
  std::uint32_t begins_ = 0;  ///< its first physical line
  bool folded_ = false;
  bool ended_ = false;      ///< after END:VCALENDAR
  std::uint32_t bare_ = 0;  ///< lines that end in LF alone
  std::pair<std::uint32_t, std::uint32_t> first_bare_{};
};

}  // namespace

std::vector<const ContentLine*> Component::all(std::string_view property) const {
  std::vector<const ContentLine*> found;
  for (const ContentLine& line : lines) {
    if (text::iequals(line.name(), property)) found.push_back(&line);
  }
  return found;
}

const ContentLine* Component::first(std::string_view property) const {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const ContentLine& line) {
    return text::iequals(line.name(), property);
  });
  return found == lines.end() ? nullptr : &*found;
}

std::vector<const Component*> Calendar::children(const Component& parent,
                                                 std::string_view name) const {
  std::vector<const Component*> found;
  for (const std::size_t child : parent.children) {
    if (components[child].name == name) found.push_back(&components[child]);
  }
  return found;
}

Result<Calendar> read_raw_calendar(std::string_view text, const CalendarLimits& limits,
                                   LineFeeds line_feeds, Findings& findings) {
  return Reader(text, limits, line_feeds, findings).read();
}

ical::Property property_of(const ContentLine& line) {
  std::vector<ical::Property> read;
  ical::read_line(line, ical::ValueType::plain, read);
  return std::move(read.front());
}

std::string text_of(const ContentLine* line) {
  return line ? ical::unescape_text(line->value()) : std::string();
}

std::string address_of(const ContentLine* line) {
  if (!line) return {};
  constexpr std::string_view scheme = "mailto:";
  std::string_view value = text::trim(line->value());
  if (text::iequals(value.substr(0, scheme.size()), scheme)) value.remove_prefix(scheme.size());
  return text::percent_decode(value);
}

std::optional<WrittenTime> time_of(const ContentLine* line) {
  if (!line) return std::nullopt;
  const ical::Property property = property_of(*line);
  const auto time = parse_basic(property.value);
  if (!time) return std::nullopt;
  return WrittenTime{*time, property.parameter("TZID")};
}

}  // namespace calinvite::lint
