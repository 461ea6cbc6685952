#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

constexpr std::string_view exchange_prefix = "040000008200E00074C5B7101A82E008";

bool starts_with(std::string_view text, std::string_view prefix) {
  return text::iequals(text.substr(0, prefix.size()), prefix);
}

void check_once(const Component& component, std::string_view property, Check check,
                Findings& findings) {
  const auto all = component.all(property);
  if (all.empty()) {
    findings.add(check, component.name + " has no " + std::string(property), component.line, 1,
                 property);
  } else if (all.size() > 1) {
    findings.add(
        check,
        component.name + " has " + std::to_string(all.size()) + " times " + std::string(property),
        all[1]->line, 1, property);
  }
}

void check_method(const Calendar& calendar, const Component& head, const Facts& facts,
                  const Envelope& envelope, Findings& findings) {
  const auto all = head.all("METHOD");
  if (all.size() > 1) {
    findings.add(Check::calendar_method, "several METHODs", all[1]->line, 1, "METHOD");
  } else if (all.empty()) {
    for (const std::size_t child : head.children) {
      if (const ContentLine* inside = calendar.components[child].first("METHOD")) {
        findings.add(Check::calendar_method, "METHOD stands inside a component", inside->line, 1,
                     "METHOD");
        return;
      }
    }
    findings.add(Check::calendar_method, "no METHOD", head.line, 1, "METHOD");
  } else if (!head.children.empty() &&
             calendar.components[head.children.front()].line < all[0]->line) {
    findings.add(Check::calendar_method, "METHOD comes after a component", all[0]->line, 1,
                 "METHOD");
  }
  if (all.empty()) return;
  if (facts.method == "ADD") findings.add(Check::add, "METHOD:ADD", all[0]->line, 1, "METHOD");
  if (facts.method == "PUBLISH" && envelope.mail) {
    findings.add(Check::publish, "METHOD:PUBLISH in a mail", all[0]->line, 1, "METHOD");
  }
}

void check_head(const Component& head, Findings& findings) {
  check_once(head, "VERSION", Check::calendar_head, findings);
  check_once(head, "PRODID", Check::calendar_head, findings);
  const ContentLine* version = head.first("VERSION");
  if (version && text::trim(version->value()) != "2.0") {
    findings.add(Check::calendar_head, "VERSION is " + in_quotes(version->value()), version->line,
                 1, "VERSION");
  }
  const ContentLine* scale = head.first("CALSCALE");
  if (!scale || !text::iequals(text::trim(scale->value()), "GREGORIAN")) {
    findings.add(Check::calscale, scale ? "another CALSCALE" : "no CALSCALE",
                 scale ? scale->line : head.line, 1, "CALSCALE");
  }
}

/// Names that only published calendars have, and those of other products.
void check_names(const Component& component, bool scheduling, Findings& findings) {
  constexpr std::array<std::string_view, 6> published = {
      "X-WR-CALNAME",     "X-WR-TIMEZONE",   "NAME",
      "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "X-WR-CALDESC"};
  for (const ContentLine& line : component.lines) {
    const bool inspector = text::iequals(line.name(), "X-MS-OLK-FORCEINSPECTOROPEN");
    const bool of_feed =
        std::any_of(published.begin(), published.end(),
                    [&](std::string_view name) { return text::iequals(line.name(), name); });
    const std::string name(line.name());
    if (scheduling && (of_feed || inspector)) {
      findings.add(Check::published_names, name + " in a message", line.line, 1, name);
    } else if (starts_with(name, "X-GOOGLE-") || starts_with(name, "X-APPLE-") ||
               starts_with(name, "X-MS-OLK-")) {
      findings.add(Check::vendor_names, name, line.line, 1, name);
    }
  }
}

void check_uid(const EventView& view, Findings& findings) {
  const ContentLine* line = view.event.first("UID");
  if (!line) return;
  const std::string uid = text_of(line);
  // Exchange may write its own ids.
  const bool exchange = text::lower(view.facts.prodid).find("microsoft") != std::string::npos;
  if (starts_with(uid, exchange_prefix) && !exchange) {
    findings.add(Check::uid_prefix, "UID begins with " + std::string(exchange_prefix), line->line,
                 1, "UID");
  }
  const bool plain = std::all_of(uid.begin(), uid.end(), [](char c) { return c > ' ' && c < 127; });
  if (uid.size() < 16 || uid.size() > 200 || !plain) {
    findings.add(Check::uid_form,
                 plain ? "UID has " + std::to_string(uid.size()) + " characters"
                       : "UID has blanks or characters beyond ASCII",
                 line->line, 1, "UID");
  }
  const std::string lower = text::lower(uid);
  auto people = view.event.all("ATTENDEE");
  people.push_back(view.event.first("ORGANIZER"));
  const bool personal = std::any_of(people.begin(), people.end(), [&](const ContentLine* person) {
    const std::string address = text::lower(address_of(person));
    return address.find('@') != std::string::npos && lower.find(address) != std::string::npos;
  });
  if (personal) findings.add(Check::uid_person, "UID holds an address", line->line, 1, "UID");
}

void check_sequence(const EventView& view, Findings& findings) {
  const ContentLine* line = view.event.first("SEQUENCE");
  if (!line) {
    if (view.facts.cancel()) {
      findings.add(Check::cancel_sequence, "a cancellation without SEQUENCE", view.event.line, 1,
                   "SEQUENCE");
    }
    return;
  }
  const std::string value(text::trim(line->value()));
  const bool digits = !value.empty() && value.size() <= 18 &&
                      value.find_first_not_of("0123456789") == std::string::npos;
  const long long number = digits ? std::strtoll(value.c_str(), nullptr, 10) : -1;
  if (number < 0 || number > 2147483647) {
    findings.add(Check::sequence, "SEQUENCE is " + in_quotes(value), line->line, 1, "SEQUENCE");
  } else if (number > 100'000) {
    findings.add(Check::sequence_small, "SEQUENCE is " + value, line->line, 1, "SEQUENCE");
  } else if (number == 0 && view.facts.cancel()) {
    findings.add(Check::cancel_sequence, "SEQUENCE of a cancellation is 0", line->line, 1,
                 "SEQUENCE");
  }
}

void check_status(const EventView& view, Findings& findings) {
  const ContentLine* line = view.event.first("STATUS");
  const std::string status = line ? text::upper(text::trim(line->value())) : std::string();
  const std::uint32_t at = line ? line->line : view.event.line;
  if (view.facts.cancel() != (status == "CANCELLED")) {
    if (line == nullptr) {
      findings.add(Check::cancel_unstated, "METHOD:CANCEL without STATUS:CANCELLED", at, 1,
                   "STATUS");
    } else {
      findings.add(Check::cancel_status, "STATUS:" + status + " in METHOD:" + view.facts.method, at,
                   1, "STATUS");
    }
  } else if (status == "TENTATIVE") {
    findings.add(Check::event_tentative, "STATUS:TENTATIVE", at, 1, "STATUS");
  }
}

void check_hints(const EventView& view, Findings& findings) {
  std::string missing;
  for (const char* name : {"BUSYSTATUS", "INTENDEDSTATUS", "IMPORTANCE"}) {
    if (view.event.first("X-MICROSOFT-CDO-" + std::string(name))) continue;
    missing += (missing.empty() ? "X-MICROSOFT-CDO-" : ", ") + std::string(name);
  }
  if (!missing.empty()) {
    findings.add(Check::microsoft_hints, "no " + missing, view.event.line, 1, "X-MICROSOFT-CDO");
  }
  const ContentLine* transparency = view.event.first("TRANSP");
  const ContentLine* intended = view.event.first("X-MICROSOFT-CDO-INTENDEDSTATUS");
  const bool free = transparency && text::iequals(text::trim(transparency->value()), "TRANSPARENT");
  if (intended && free != text::iequals(text::trim(intended->value()), "FREE")) {
    findings.add(Check::microsoft_hints, "INTENDEDSTATUS and TRANSP disagree", intended->line, 1,
                 "X-MICROSOFT-CDO-INTENDEDSTATUS");
  }
}

/// What RFC 5546 wants of a request or cancellation.
void check_scheduling(const EventView& view, Findings& findings) {
  const Component& event = view.event;
  for (const char* name : {"UID", "DTSTAMP", "ORGANIZER"}) {
    check_once(event, name, Check::event_identity, findings);
  }
  if (event.all("ATTENDEE").empty()) {
    findings.add(Check::event_identity, "VEVENT has no ATTENDEE", event.line, 1, "ATTENDEE");
  }
  const bool cancel = view.facts.cancel();
  check_once(event, "DTSTART", cancel ? Check::cancel_facts : Check::event_identity, findings);
  const Check facts = cancel ? Check::cancel_facts : Check::event_facts;
  check_once(event, "SUMMARY", facts, findings);
  if (!event.first("DURATION")) check_once(event, "DTEND", facts, findings);
  if (!cancel) {
    check_once(event, "SEQUENCE", facts, findings);
    check_once(event, "STATUS", facts, findings);
    check_hints(view, findings);
  } else if (event.all("STATUS").size() > 1) {
    check_once(event, "STATUS", Check::event_facts, findings);
  }
  const ContentLine* summary = event.first("SUMMARY");
  if (summary && text::trim(summary->value()).empty()) {
    findings.add(facts, "SUMMARY is empty", summary->line, 1, "SUMMARY");
  }
  check_status(view, findings);
  check_uid(view, findings);
  check_sequence(view, findings);
}

Facts facts_of(const Calendar& calendar, const Component& head, const Envelope& envelope) {
  Facts facts;
  if (const ContentLine* method = head.first("METHOD")) {
    facts.method = text::upper(text::trim(method->value()));
  } else {
    facts.method = envelope.method;
  }
  facts.prodid = text_of(head.first("PRODID"));
  const auto events = calendar.children(head, "VEVENT");
  if (events.empty()) return facts;
  facts.uid = text_of(events.front()->first("UID"));
  facts.organizer = address_of(events.front()->first("ORGANIZER"));
  facts.summary = text_of(events.front()->first("SUMMARY"));
  facts.location = text_of(events.front()->first("LOCATION"));
  facts.one_date = events.front()->first("RECURRENCE-ID") != nullptr;
  return facts;
}

void check_event(const EventView& view, const ZonesByName& zones, const ZoneTable& table,
                 Findings& findings) {
  check_names(view.event, view.facts.scheduling(), findings);
  if (view.facts.scheduling()) check_scheduling(view, findings);
  check_people(view, findings);
  const auto start = time_of(view.event.first("DTSTART"));
  const auto named = std::find_if(zones.begin(), zones.end(), [&](const auto& zone) {
    return start && zone.first == start->tzid;
  });
  const auto utc = table.find("UTC");
  const Zone* zone = named != zones.end() ? &named->second : nullptr;
  if (start && start->time.utc && utc) zone = &*utc;
  check_times(view, zone, findings);
  check_event_texts(view, findings);
  check_alarms(view, findings);
}

}  // namespace

Facts check_calendar(const Calendar& calendar, const Envelope& envelope, const ZoneTable& zones,
                     Findings& findings) {
  Facts first;
  if (calendar.calendars.size() != 1) {
    const std::uint32_t line =
        calendar.calendars.empty() ? 1 : calendar.components[calendar.calendars[1]].line;
    findings.add(Check::one_calendar,
                 std::to_string(calendar.calendars.size()) + " times VCALENDAR", line, 1,
                 "VCALENDAR");
  }
  for (const std::size_t index : calendar.calendars) {
    const Component& head = calendar.components[index];
    const Facts facts = facts_of(calendar, head, envelope);
    if (index == calendar.calendars.front()) first = facts;
    check_head(head, findings);
    check_method(calendar, head, facts, envelope, findings);
    check_names(head, facts.scheduling(), findings);
    const auto events = calendar.children(head, "VEVENT");
    if (facts.scheduling() && events.size() != 1) {
      findings.add(Check::one_event,
                   events.empty() ? "no VEVENT" : std::to_string(events.size()) + " VEVENTs",
                   events.empty() ? head.line : events[1]->line, 1, "VEVENT");
    }
    const ZonesByName known = check_zones(calendar, head, zones, findings);
    for (const Component* event : events) {
      check_event({calendar, head, *event, facts, envelope}, known, zones, findings);
    }
  }
  return first;
}

}  // namespace calinvite::lint
