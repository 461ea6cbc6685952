#include "ical/event_texts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ical/values.hpp"
#include "locale/locale.hpp"

namespace calinvite::ical {
namespace {

void tolerate(Diagnostics& diagnostics, std::string_view field, std::string_view flaw,
              std::uint32_t line) {
  diagnostics.add(std::string(field) + ": " + std::string(flaw), line, field);
}

bool is_web_address(std::string_view url) {
  const std::string scheme = text::lower(url.substr(0, std::min(url.find("://"), std::size_t{6})));
  return (scheme == "http" || scheme == "https") && url.size() > scheme.size() + 3 &&
         url.find_first_of(" \"<>\\^`{|}") == std::string_view::npos &&
         text::check_single_line(url, "URL").has_value();
}

struct Reference {
  std::string_view name, character;
};
constexpr Reference references[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                                    {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};

/// The character of a reference that stands at the front of `rest`, which loses it.
std::string_view take_reference(std::string_view& rest) {
  for (const auto& [name, character] : references) {
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    return character;
  }
  const std::string_view itself = rest.substr(0, 1);
  rest.remove_prefix(1);
  return itself;
}

/// Tags that end a line of text.
bool breaks_line(std::string_view tag) {
  const std::string name = text::lower(tag.substr(0, std::min<std::size_t>(tag.size(), 4)));
  return name.starts_with("br") || name.starts_with("/p") || name.starts_with("/div") ||
         name.starts_with("/li") || name.starts_with("/tr") || name.starts_with("/h");
}

/// What is no text for readers: its element ends where its closing tag does.
std::size_t hidden_size(std::string_view html) {
  for (const std::string_view name : {"style", "script", "head"}) {
    if (!text::iequals(html.substr(1, name.size()), name)) continue;
    const std::string end = "</" + std::string(name);
    const auto at = std::search(
        html.begin(), html.end(), end.begin(), end.end(),
        [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
    return static_cast<std::size_t>(at - html.begin());
  }
  return 0;
}

/// The words of a piece of HTML. No more than that: nothing here is shown as HTML again.
std::string text_of_html(std::string_view html) {
  std::string words;
  const auto add = [&](std::string_view more) {
    const bool space = more.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const bool at_break = words.empty() || words.back() == ' ' || words.back() == '\n';
    if (!space) words += more;
    if (space && !at_break) words += ' ';
  };
  while (!html.empty()) {
    if (html.front() == '&') {
      add(take_reference(html));
    } else if (html.front() == '<') {
      html.remove_prefix(hidden_size(html));
      const std::size_t end = std::min(html.find('>'), html.size());
      if (end > 0 && breaks_line(html.substr(1, end)) && !words.empty()) words += '\n';
      html.remove_prefix(std::min(end + 1, html.size()));
    } else {
      add(html.substr(0, 1));
      html.remove_prefix(1);
    }
  }
  return std::string(text::trim(words));
}

void read_description(const EventProperties& properties, ParsedEvent& read) {
  if (const Property* plain = properties.find(Name::description)) {
    read.event.description = many_lines(plain->value);
  }
  const Property* html = properties.find(Name::alt_desc);
  if (html == nullptr || !text::iequals(html->parameter("FMTTYPE"), "text/html")) return;
  read.description_html = html->value;
  if (read.event.description.empty()) {
    read.event.description = many_lines(text_of_html(html->value));
  }
}

/// Where people join: the first such CONFERENCE that has pictures, else the first, else what Google
/// or Microsoft say in properties of their own (R65).
std::string join_link(const EventProperties& properties,
                      const std::vector<ParsedConference>& conferences) {
  const auto joins = [](std::string_view uri) {
    return is_web_address(uri) && text::is_https(uri);
  };
  std::string link;
  for (const ParsedConference& one : conferences) {
    const bool video =
        std::find(one.features.begin(), one.features.end(), "VIDEO") != one.features.end();
    if (joins(one.uri) && video) return one.uri;
    if (joins(one.uri) && link.empty()) link = one.uri;
  }
  for (const Name name : {Name::google_conference, Name::teams_meeting}) {
    const Property* property = properties.find(name);
    if (link.empty() && property != nullptr && joins(property->value)) link = property->value;
  }
  return link;
}

void read_links(const EventProperties& properties, Diagnostics& diagnostics, ParsedEvent& read) {
  for (const Property& property : properties.all(Name::conference)) {
    ParsedConference conference{
        one_line(property.value, " "), one_line(property.parameter("LABEL"), " "), {}};
    for (const std::string& feature : property.parameter_list("FEATURE")) {
      for (const std::string_view one : text::split(feature, ',')) {
        conference.features.push_back(text::upper(text::trim(one)));
      }
    }
    read.conferences.push_back(std::move(conference));
  }
  read.event.conference = join_link(properties, read.conferences);
  for (const Property& property : properties.all(Name::image)) {
    if (is_web_address(property.value)) read.images.push_back(property.value);
  }
  const Property* url = properties.find(Name::url);
  if (url == nullptr) return;
  if (is_web_address(url->value)) {
    read.event.url = url->value;
  } else {
    tolerate(diagnostics, "URL", "no http or https address; it was left out", url->line);
  }
}

std::string address_or_empty(const Property& property, std::string_view field,
                             Diagnostics& diagnostics) {
  auto address = read_address(property);
  if (address) return *std::move(address);
  tolerate(diagnostics, field, address.error().message, property.line);
  return {};
}

std::vector<std::string> addresses(const Property& property, std::string_view parameter,
                                   Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (std::string& value : property.parameter_list(parameter)) {
    const Property one{std::move(value), {}, {}, property.line};
    std::string address = address_or_empty(one, parameter, diagnostics);
    if (!address.empty()) all.push_back(std::move(address));
  }
  return all;
}

/// How long before the start an alarm goes off; absent when it does at another time.
std::optional<std::chrono::minutes> lead_of(const Property& trigger) {
  if (text::iequals(trigger.parameter("RELATED"), "END")) return std::nullopt;
  const bool before = trigger.value.starts_with('-');
  const auto span = read_duration(std::string_view(trigger.value).substr(before ? 1 : 0));
  if (!span) return std::nullopt;  // an instant, too
  const auto lead = std::chrono::floor<std::chrono::minutes>(span->days + span->time);
  if (lead > longest_reminder || (!before && span->days + span->time != lead.zero())) {
    return std::nullopt;
  }
  return lead;
}

}  // namespace

void read_texts(const EventProperties& properties, Diagnostics& diagnostics, ParsedEvent& read) {
  Event& event = read.event;
  if (const Property* summary = properties.find(Name::summary)) {
    event.summary = one_line(summary->value, " ");
    event.language = locale::canonical_language(summary->parameter("LANGUAGE")).value_or("");
  }
  if (const Property* location = properties.find(Name::location)) {
    event.location = one_line(location->value, ", ");
  }
  read_description(properties, read);
  if (const Property* status = properties.find(Name::status)) {
    const auto known = parse_event_status(text::trim(status->value));
    if (!known) tolerate(diagnostics, "STATUS", "not a status of an event", status->line);
    event.status = known.value_or(EventStatus::confirmed);
  }
  const auto is = [&](Name name, std::string_view word) {
    const Property* property = properties.find(name);
    return property != nullptr && text::iequals(text::trim(property->value), word);
  };
  event.transparent = is(Name::transp, "TRANSPARENT");
  event.counters_allowed = !is(Name::disallow_counter, "TRUE");
  read_links(properties, diagnostics, read);
  for (const Property& comment : properties.all(Name::comment)) {
    if (!read.comment.empty()) read.comment += '\n';
    read.comment += many_lines(comment.value);
  }
  for (const Property& category : properties.all(Name::categories)) {
    read.categories.push_back(one_line(category.value, " "));
  }
  if (const Property* color = properties.find(Name::color))
    read.color = one_line(color->value, " ");
}

void read_reminder(const Component& component, ParsedEvent& read) {
  std::vector<Property> trigger;
  bool display = false;
  for (const ContentLine& line : component.inner) {
    const bool ends =
        text::iequals(line.name(), "END") && text::iequals(text::trim(line.value()), "VALARM");
    if (text::iequals(line.name(), "BEGIN")) {
      trigger.clear();
      display = false;
    } else if (text::iequals(line.name(), "ACTION")) {
      display = text::iequals(text::trim(line.value()), "DISPLAY");
    } else if (text::iequals(line.name(), "TRIGGER")) {
      read_line(line, ValueType::plain, trigger);
    } else if (ends && display && !trigger.empty()) {
      read.event.reminder = lead_of(trigger.front());
      if (read.event.reminder) return;
    }
  }
}

void read_people(const EventProperties& properties, Diagnostics& diagnostics, ParsedEvent& read) {
  if (const Property* organizer = properties.find(Name::organizer)) {
    read.event.source_organizer = address_or_empty(*organizer, "ORGANIZER", diagnostics);
    read.organizer_name = one_line(organizer->parameter("CN"), " ");
  }
  read.attendees.reserve(properties.all(Name::attendee).size());
  for (const Property& property : properties.all(Name::attendee)) {
    ParsedAttendee attendee;
    attendee.address = address_or_empty(property, "ATTENDEE", diagnostics);
    attendee.name = one_line(property.parameter("CN"), " ");
    attendee.partstat_raw = one_line(property.parameter("PARTSTAT"), " ");
    attendee.partstat = parse_partstat(attendee.partstat_raw).value_or(Partstat::needs_action);
    attendee.role = one_line(property.parameter("ROLE"), " ");
    attendee.type = one_line(property.parameter("CUTYPE"), " ");
    const auto sent_by = addresses(property, "SENT-BY", diagnostics);
    if (!sent_by.empty()) attendee.sent_by = sent_by.front();
    attendee.delegated_to = addresses(property, "DELEGATED-TO", diagnostics);
    attendee.delegated_from = addresses(property, "DELEGATED-FROM", diagnostics);
    read.attendees.push_back(std::move(attendee));
  }
}

}  // namespace calinvite::ical
