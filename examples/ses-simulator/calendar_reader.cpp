#include "calendar_reader.hpp"

#include <charconv>
#include <utility>

#include "wire.hpp"

namespace ses_simulator {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

std::vector<std::string> unfolded_lines(std::string_view calendar) {
  std::vector<std::string> lines;
  while (!calendar.empty()) {
    const std::size_t end = calendar.find('\n');
    std::string_view line = calendar.substr(0, end);
    calendar.remove_prefix(end == calendar.npos ? calendar.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty() && (line.front() == ' ' || line.front() == '\t') && !lines.empty()) {
      lines.back() += line.substr(1);
    } else if (!line.empty()) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

struct Property {
  std::string name;  ///< upper case
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string value;

  std::string parameter(std::string_view wanted) const {
    for (const auto& [key, text] : parameters) {
      if (key == wanted) return text;
    }
    return {};
  }
};

/// Where `;` or `:` next stands outside of double quotes.
std::size_t separator(std::string_view line, std::size_t from) {
  bool quoted = false;
  for (std::size_t i = from; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (!quoted && (line[i] == ';' || line[i] == ':')) return i;
  }
  return line.npos;
}

Property parse_property(std::string_view line) {
  Property property;
  std::size_t at = separator(line, 0);
  property.name = upper(line.substr(0, at));
  while (at != line.npos && line[at] == ';') {
    const std::size_t end = separator(line, at + 1);
    std::string_view parameter = line.substr(at + 1, end == line.npos ? end : end - at - 1);
    const std::size_t equals = parameter.find('=');
    if (equals != parameter.npos) {
      std::string_view text = parameter.substr(equals + 1);
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
      }
      property.parameters.emplace_back(upper(parameter.substr(0, equals)), text);
    }
    at = end;
  }
  if (at != line.npos) property.value = line.substr(at + 1);
  return property;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];  // a subject has one line
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string address(std::string_view value) {
  if (lower(value.substr(0, 7)) == "mailto:") value.remove_prefix(7);
  return std::string(trim(value));
}

/// Reads one property of the VEVENT itself.
void read_property(const std::string& line, std::string_view attendee, Appointment& into,
                   bool& attendee_found) {
  const Property property = parse_property(line);
  if (property.name == "UID") into.uid = trim(property.value);
  if (property.name == "SUMMARY") into.summary = unescaped(property.value);
  if (property.name == "STATUS") into.status = upper(trim(property.value));
  if (property.name == "DTSTART") into.start_line = line;
  if (property.name == "DTEND") into.end_line = line;
  if (property.name == "LOCATION") into.location_line = line;
  if (property.name == "SEQUENCE") {
    const char* end = property.value.data() + property.value.size();
    std::from_chars(property.value.data(), end, into.sequence);
  }
  if (property.name == "RECURRENCE-ID") {
    into.recurrence_id_line = line;
    into.recurrence_id = property.value;
  }
  if (property.name == "ORGANIZER") {
    into.organizer = address(property.value);
    into.organizer_name = property.parameter("CN");
  }
  if (property.name == "ATTENDEE" && !attendee_found) {
    attendee_found = lower(address(property.value)) == lower(attendee);
    if (attendee_found || into.partstat.empty()) {
      into.attendee_name = property.parameter("CN");
      into.partstat = upper(property.parameter("PARTSTAT"));
    }
  }
}

}  // namespace

std::optional<Appointment> read_appointment(std::string_view calendar, std::string_view attendee) {
  Appointment result;
  std::vector<std::string> open;  // components around the current line, outermost first
  bool attendee_found = false;
  for (const std::string& line : unfolded_lines(calendar)) {
    const std::string begin_or_end = upper(line);
    const bool begins = begin_or_end.rfind("BEGIN:", 0) == 0;
    const bool ends = begin_or_end.rfind("END:", 0) == 0;
    if (begins) open.push_back(begin_or_end.substr(6));
    const bool in_zone = open.size() >= 2 && open[1] == "VTIMEZONE";
    if (in_zone) result.zone_lines.push_back(line);
    if (ends) {
      if (!open.empty()) open.pop_back();
      if (begin_or_end == "END:VEVENT") break;  // a message holds one appointment
    } else if (!begins && open.size() == 2 && open[1] == "VEVENT") {
      read_property(line, attendee, result, attendee_found);
    } else if (!begins && open.size() == 1 && begin_or_end.rfind("METHOD:", 0) == 0) {
      result.method = trim(std::string_view(begin_or_end).substr(7));
    }
  }
  if (result.uid.empty()) return std::nullopt;
  return result;
}

}  // namespace ses_simulator
