#include "ical/property.hpp"

#include "base/text.hpp"

namespace calinvite::ical {
namespace {

/// The first `wanted` outside quotes, else the size of `text`.
std::size_t find_unquoted(std::string_view text, char wanted) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (text[at] == wanted && !quoted) return at;
  }
  return text.size();
}

/// RFC 6868; a caret before anything else is itself.
std::string decode_parameter(std::string_view written) {
  std::string decoded;
  for (std::size_t at = 0; at < written.size(); ++at) {
    const char next = at + 1 < written.size() ? written[at + 1] : '\0';
    if (written[at] == '"') continue;
    if (written[at] != '^' || (next != 'n' && next != '^' && next != '\'')) {
      decoded += written[at];
      continue;
    }
    decoded += next == 'n' ? '\n' : next == '^' ? '^' : '"';
    ++at;
  }
  return decoded;
}

/// What stands behind NAME= of that parameter.
std::string_view find_parameter(std::string_view parameters, std::string_view name) {
  while (!parameters.empty()) {
    parameters.remove_prefix(1);  // the ';'
    const std::size_t size = find_unquoted(parameters, ';');
    const std::string_view one = parameters.substr(0, size);
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos &&
        text::iequals(text::trim(one.substr(0, equals)), name)) {
      return text::trim(one.substr(equals + 1));
    }
    parameters.remove_prefix(size);
  }
  return {};
}

/// The size of the first value of a list of TEXT: a comma behind a backslash divides nothing.
std::size_t first_text(std::string_view list) {
  std::size_t at = 0;
  while (at < list.size() && list[at] != ',') at += list[at] == '\\' ? 2 : 1;
  return std::min(at, list.size());
}

}  // namespace

std::string Property::parameter(std::string_view name) const {
  return decode_parameter(find_parameter(parameters, name));
}

std::vector<std::string> Property::parameter_list(std::string_view name) const {
  std::vector<std::string> values;
  std::string_view rest = find_parameter(parameters, name);
  while (!rest.empty()) {
    const std::size_t size = find_unquoted(rest, ',');
    values.push_back(decode_parameter(rest.substr(0, size)));
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return values;
}

std::string unescape_text(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (;;) {
    const std::size_t plain = std::min(value.find('\\'), value.size());
    text += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) return text;
    const char next = value.size() > 1 ? value[1] : '\0';
    if (next == 'n' || next == 'N') {
      text += '\n';
    } else if (next == '\\' || next == ',' || next == ';' || next == ':' || next == '"') {
      text += next;
    } else {  // no escape at all, as in a path of Windows
      text += '\\';
      value.remove_prefix(1);
      continue;
    }
    value.remove_prefix(2);
  }
}

void read_line(const ContentLine& line, ValueType type, std::vector<Property>& into) {
  const std::string_view parameters =
      line.text.substr(line.name_size, line.value_at - 1 - line.name_size);
  std::string_view rest = line.value();
  const auto add = [&](std::string value) {
    into.push_back({std::move(value), line.value(), parameters, line.line});
  };
  if (type == ValueType::plain) return add(std::string(text::trim(rest)));
  if (type == ValueType::text) return add(unescape_text(rest));
  while (!rest.empty()) {
    const bool text = type == ValueType::text_list;
    const std::size_t size = text ? first_text(rest) : std::min(rest.find(','), rest.size());
    const std::string_view value = text::trim(rest.substr(0, size));
    add(text ? unescape_text(value) : std::string(value));
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
}

}  // namespace calinvite::ical
