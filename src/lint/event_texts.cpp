#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

constexpr std::array<std::string_view, 4> text_properties = {"SUMMARY", "DESCRIPTION", "LOCATION",
                                                             "COMMENT"};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return text::iequals(one, name); });
}

/// The first backslash that escapes nothing, or separator without one; npos: none.
std::size_t bad_escape(std::string_view value) {
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == ',' || value[at] == ';') return at;
    if (value[at] != '\\') continue;
    if (at + 1 == value.size()) return at;
    if (std::string_view("\\;,nN").find(value[at + 1]) == std::string_view::npos) return at;
    ++at;
  }
  return std::string_view::npos;
}

void check_escapes(const ContentLine& line, Findings& findings) {
  const std::size_t at = bad_escape(line.value());
  if (at == std::string_view::npos) return;
  const std::string_view shown = line.value().substr(at, line.value()[at] == '\\' ? 2 : 1);
  const std::string name(line.name());
  const bool escape = shown.front() == '\\';
  findings.add(Check::text_escapes,
               name + (escape ? " has the escape " : " has an unescaped ") + in_quotes(shown),
               line.line, 1, name);
}

/// What is wrong with one parameter of a line; empty: nothing.
std::string parameter_fault(std::string_view parameter) {
  const std::size_t equals = parameter.find('=');
  if (equals == std::string_view::npos) return in_quotes(parameter) + " is no parameter";
  const std::string_view name = parameter.substr(0, equals);
  const std::string_view value = parameter.substr(equals + 1);
  const bool cn = text::iequals(name, "CN");
  const auto quotes = std::count(value.begin(), value.end(), '"');
  const bool whole = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  if (cn && quotes > 0 && (quotes != 2 || !whole)) return "CN holds a quote";
  if (cn && quotes == 0 && value.find(',') != std::string_view::npos) {
    return "CN has a comma and is not quoted";
  }
  return {};
}

std::vector<std::string_view> split_parameters(std::string_view parameters) {
  std::vector<std::string_view> split;
  bool quoted = false;
  std::size_t begin = 1;  // behind the ';'
  for (std::size_t at = 1; at < parameters.size(); ++at) {
    if (parameters[at] == '"') quoted = !quoted;
    if (parameters[at] != ';' || quoted) continue;
    split.push_back(parameters.substr(begin, at - begin));
    begin = at + 1;
  }
  if (begin <= parameters.size()) split.push_back(parameters.substr(begin));
  return split;
}

void check_parameters(const ContentLine& line, Findings& findings) {
  const std::string_view parameters =
      line.text.substr(line.name_size, line.value_at - 1 - line.name_size);
  const bool person = is_one_of(line.name(), {"ORGANIZER", "ATTENDEE"});
  const auto inner = text::lower(line.value()).find("mailto:");
  if (person && inner != std::string::npos && inner > 0 &&
      !text::trim(line.value().substr(0, inner)).empty()) {
    findings.add(Check::parameter_quotes, "a parameter with a colon is not quoted", line.line, 1,
                 line.name());
  }
  if (parameters.empty()) return;
  for (const std::string_view parameter : split_parameters(parameters)) {
    const std::string fault = parameter_fault(parameter);
    if (!fault.empty()) {
      findings.add(Check::parameter_quotes, fault, line.line, 1, line.name());
    }
    for (const char* caret : {"^n", "^'", "^^"}) {
      if (parameter.find(caret) == std::string_view::npos) continue;
      findings.add(Check::parameter_carets, std::string("a parameter has ") + caret, line.line, 1,
                   line.name());
      break;
    }
  }
}

bool has_scheme(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  return colon != std::string_view::npos && colon > 1 &&
         std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '-' || c == '.';
         });
}

void check_uri(const ContentLine& line, Findings& findings) {
  const ical::Property property = property_of(line);
  if (text::iequals(property.parameter("VALUE"), "BINARY") ||
      text::iequals(property.parameter("VALUE"), "TEXT")) {
    return;
  }
  const std::string& uri = property.value;
  std::string fault;
  if (!has_scheme(uri)) fault = "has no scheme";
  if (uri.find_first_of(" \\\t") != std::string::npos) fault = "has a blank or backslash";
  if (fault.empty()) return;
  const std::string name(line.name());
  findings.add(Check::uri, name + ' ' + in_quotes(uri) + ' ' + fault, line.line, 1, name);
}

void check_attach(const ContentLine& line, Findings& findings) {
  const ical::Property property = property_of(line);
  const bool https = text::is_https(property.value);
  if (!https) {
    const bool binary = text::iequals(property.parameter("VALUE"), "BINARY");
    findings.add(Check::attach, binary ? "ATTACH holds a file" : "ATTACH is no https link",
                 line.line, 1, "ATTACH");
  } else if (property.parameter("FMTTYPE").empty()) {
    findings.add(Check::attach_type, "ATTACH has no FMTTYPE", line.line, 1, "ATTACH");
  }
}

bool has_tags(std::string_view text) {
  constexpr std::array<std::string_view, 22> tags = {
      "html", "body", "p",     "br", "div", "span", "a href", "b",  "i",  "u",      "ul",
      "ol",   "li",   "table", "tr", "td",  "h1",   "h2",     "h3", "em", "strong", "font"};
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    std::string_view rest = text.substr(at + 1, 12);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    for (const std::string_view tag : tags) {
      if (!text::iequals(rest.substr(0, tag.size()), tag)) continue;
      const std::string_view after = rest.substr(tag.size(), 1);
      if (!after.empty() &&
          std::string_view(" >/=\n").find(after.front()) != std::string_view::npos)
        return true;
    }
  }
  return false;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

void check_description(const EventView& view, Findings& findings) {
  const auto all = view.event.all("DESCRIPTION");
  if (all.size() > 1) {
    findings.add(Check::description, "several DESCRIPTIONs", all[1]->line, 1, "DESCRIPTION");
  }
  if (all.empty()) {
    if (!view.facts.request()) return;
    findings.add(Check::description, "no DESCRIPTION", view.event.line, 1, "DESCRIPTION");
    return;
  }
  const std::string text = text_of(all[0]);
  if (has_tags(text)) {
    findings.add(Check::description, "DESCRIPTION has HTML tags", all[0]->line, 1, "DESCRIPTION");
  }
  const auto links = links_in(text);
  check_links(links, text, "DESCRIPTION", all[0]->line, findings);
  if (view.facts.request() && !view.facts.one_date && links.empty()) {
    findings.add(Check::description_link, "DESCRIPTION has no link", all[0]->line, 1,
                 "DESCRIPTION");
  }
  constexpr std::size_t longest = 5000;
  if (characters(text) > longest) {
    findings.add(Check::description_size,
                 "DESCRIPTION has " + std::to_string(characters(text)) + " characters",
                 all[0]->line, 1, "DESCRIPTION");
  }
}

void check_rich_text(const Component& event, Findings& findings) {
  const ContentLine* rich = event.first("X-ALT-DESC");
  if (rich && (!event.first("DESCRIPTION") ||
               !text::iequals(property_of(*rich).parameter("FMTTYPE"), "text/html"))) {
    findings.add(Check::rich_text, "X-ALT-DESC without FMTTYPE=text/html or DESCRIPTION",
                 rich->line, 1, "X-ALT-DESC");
  }
  const ContentLine* styled = event.first("STYLED-DESCRIPTION");
  const ContentLine* plain = event.first("DESCRIPTION");
  if (styled && (!plain || !text::iequals(property_of(*plain).parameter("DERIVED"), "TRUE"))) {
    findings.add(Check::rich_text, "STYLED-DESCRIPTION beside a DESCRIPTION without DERIVED=TRUE",
                 styled->line, 1, "STYLED-DESCRIPTION");
  }
}

void check_location(const ContentLine& line, Findings& findings) {
  const std::string place = text::lower(text::trim(text_of(&line)));
  if (!is_no_place(place)) return;
  findings.add(Check::place,
               place.empty() ? "LOCATION is empty" : "LOCATION is " + in_quotes(place), line.line,
               1, "LOCATION");
}

void check_conferences(const Component& event, Findings& findings) {
  const std::string seen =
      text_of(event.first("DESCRIPTION")) + '\n' + text_of(event.first("LOCATION"));
  for (const ContentLine* line : event.all("CONFERENCE")) {
    const std::string uri = property_of(*line).value;
    if (seen.find(uri) != std::string::npos) continue;
    findings.add(Check::conference, "the CONFERENCE link stands nowhere else", line->line, 1,
                 "CONFERENCE");
  }
}

void check_language(const Component& event, Findings& findings) {
  const ContentLine* with = nullptr;
  const ContentLine* without = nullptr;
  for (const char* name : {"SUMMARY", "DESCRIPTION", "LOCATION"}) {
    const ContentLine* line = event.first(name);
    if (!line || text::trim(line->value()).empty()) continue;
    (property_of(*line).parameter("LANGUAGE").empty() ? without : with) = line;
  }
  if (!with || !without) return;
  findings.add(Check::language, std::string(without->name()) + " has no LANGUAGE", without->line, 1,
               without->name());
}

void check_bidi(const ContentLine& line, Findings& findings) {
  const bool summary = text::iequals(line.name(), "SUMMARY");
  const bool person = is_one_of(line.name(), {"ORGANIZER", "ATTENDEE"});
  if (!summary && !person) return;
  const std::string control =
      bidi_control(summary ? text_of(&line) : property_of(line).parameter("CN"));
  if (control.empty()) return;
  findings.add(Check::bidi_controls, std::string(line.name()) + " holds " + control, line.line, 1,
               line.name());
}

}  // namespace

std::string bidi_control(std::string_view text) {
  const auto at = text::find_hidden(text);
  return at == text.npos ? "" : text::code_point_name(text::utf8_step(text.substr(at)).code_point);
}

void check_event_texts(const EventView& view, Findings& findings) {
  for (const ContentLine& line : view.event.lines) {
    const std::string_view name = line.name();
    if (std::any_of(text_properties.begin(), text_properties.end(),
                    [&](std::string_view text) { return text::iequals(text, name); })) {
      check_escapes(line, findings);
    }
    check_parameters(line, findings);
    check_bidi(line, findings);
    if (is_one_of(name, {"URL", "ATTACH", "CONFERENCE", "ATTENDEE"})) check_uri(line, findings);
    if (text::iequals(name, "ATTACH")) check_attach(line, findings);
    if (text::iequals(name, "LOCATION")) check_location(line, findings);
    if (text::iequals(name, "URL") && text::iequals(line.value().substr(0, 7), "http://")) {
      findings.add(Check::https, "URL is http://", line.line, 1, "URL");
    }
  }
  check_description(view, findings);
  check_rich_text(view.event, findings);
  check_conferences(view.event, findings);
  check_language(view.event, findings);
}

void check_alarms(const EventView& view, Findings& findings) {
  const auto alarms = view.calendar.children(view.event, "VALARM");
  if (alarms.empty()) return;
  if (view.facts.cancel()) {
    findings.add(Check::cancel_asks, "VALARM in a cancellation", alarms[0]->line, 1, "VALARM");
    return;
  }
  if (!view.facts.request()) return;
  if (alarms.size() > 1)
    findings.add(Check::alarm, "several VALARMs", alarms[1]->line, 1, "VALARM");
  for (const Component* alarm : alarms) {
    const ContentLine* action = alarm->first("ACTION");
    const ContentLine* trigger = alarm->first("TRIGGER");
    std::string fault;
    if (!action || !text::iequals(text::trim(action->value()), "DISPLAY")) {
      fault = "VALARM is not DISPLAY";
    } else if (!alarm->first("DESCRIPTION")) {
      fault = "VALARM has no DESCRIPTION";
    } else if (!trigger || time_of(trigger) ||
               text::iequals(property_of(*trigger).parameter("RELATED"), "END")) {
      fault = "TRIGGER is not relative to the start";
    }
    if (!fault.empty()) findings.add(Check::alarm, fault, alarm->line, 1, "VALARM");
  }
}

}  // namespace calinvite::lint
