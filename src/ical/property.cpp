#include "ical/property.hpp"

#include <libical/ical.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>

namespace calinvite::ical {
namespace {

constexpr std::array<const char*, 7> known_parameters = {"TZID",  "RANGE",   "CN",      "PARTSTAT",
                                                         "EMAIL", "SENT-BY", "LANGUAGE"};

struct Free {
  void operator()(char* text) const { std::free(text); }
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Text = std::unique_ptr<char, Free>;
using ComponentPtr = std::unique_ptr<icalcomponent, Free>;

/// libical's parser counts references and error states in globals without a lock.
std::mutex& parser_mutex() {
  static std::mutex mutex;
  return mutex;
}

ComponentPtr parse(std::string_view line) {
  // Without a component around it libical takes no property.
  std::string calendar = "BEGIN:VCALENDAR\r\n";
  calendar += line;
  calendar += "\r\nEND:VCALENDAR\r\n";
  return ComponentPtr(icalparser_parse_string(calendar.c_str()));
}

std::string text_of(icalproperty* property) {
  const icalvalue* value = icalproperty_get_value(property);
  if (value == nullptr) return {};
  const auto kind = icalvalue_isa(value);
  if (kind == ICAL_TEXT_VALUE || kind == ICAL_X_VALUE) {
    const char* text = kind == ICAL_TEXT_VALUE ? icalvalue_get_text(value) : icalvalue_get_x(value);
    return text == nullptr ? std::string() : std::string(text);
  }
  const Text text(icalproperty_get_value_as_string_r(property));
  return text == nullptr ? std::string() : std::string(text.get());
}

Property convert(icalproperty* property, const ContentLine& line) {
  Property converted{text_of(property), line.value(), {}, line.line};
  // Most lines have none, and each question costs an allocation.
  if (line.name_size + 1 == line.value_at) return converted;
  for (const char* name : known_parameters) {
    const Text value(icalproperty_get_parameter_as_string_r(property, name));
    if (value != nullptr) converted.parameters.emplace_back(name, value.get());
  }
  return converted;
}

}  // namespace

std::string_view Property::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters) {
    if (known == name) return value;
  }
  return {};
}

Reading read_line(const ContentLine& line) {
  const std::scoped_lock lock(parser_mutex());
  icalerror_set_errors_are_fatal(0);
  Reading reading;
  const ComponentPtr calendar = parse(line.text);
  if (calendar == nullptr) {
    reading.flaw = "not a property";
    return reading;
  }
  auto* property = icalcomponent_get_first_property(calendar.get(), ICAL_ANY_PROPERTY);
  for (; property != nullptr;
       property = icalcomponent_get_next_property(calendar.get(), ICAL_ANY_PROPERTY)) {
    if (icalproperty_isa(property) == ICAL_XLICERROR_PROPERTY) {
      if (reading.flaw.empty()) reading.flaw = "a value or parameter out of place";
    } else {
      reading.properties.push_back(convert(property, line));
    }
  }
  return reading;
}

}  // namespace calinvite::ical
