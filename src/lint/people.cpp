#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

constexpr std::array<std::string_view, 14> consumer_domains = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com",
    "msn.com",   "yahoo.com",      "icloud.com",  "me.com",      "mac.com",
    "aol.com",   "gmx.de",         "gmx.net",     "web.de"};

void check_organizer_uri(const ContentLine& line, Findings& findings) {
  constexpr std::string_view scheme = "mailto:";
  const std::string_view value = text::trim(line.value());
  const bool mailto = text::iequals(value.substr(0, scheme.size()), scheme);
  const std::string_view address = mailto ? value.substr(scheme.size()) : value;
  const bool bare = address.find_first_of(" <>?,;\"") == std::string_view::npos &&
                    std::count(address.begin(), address.end(), '@') == 1;
  if (!mailto || !bare) {
    findings.add(Check::organizer_uri, "ORGANIZER is " + in_quotes(value), line.line, 1,
                 "ORGANIZER");
  }
}

void check_organizer(const ContentLine& line, Findings& findings) {
  const ical::Property property = property_of(line);
  const auto add = [&](Check check, std::string what) {
    findings.add(check, std::move(what), line.line, 1, "ORGANIZER");
  };
  check_organizer_uri(line, findings);
  if (property.parameter("CN").empty()) add(Check::organizer_name, "ORGANIZER has no CN");
  if (!property.parameter("SENT-BY").empty()) add(Check::sender, "ORGANIZER has SENT-BY");

  const std::string address = address_of(&line);
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos) return;
  const std::string local = address.substr(0, at);
  const std::string domain = text::lower(address.substr(at + 1));
  if (local.size() > 64 || address.size() > 254) {
    add(Check::address_length, "the local part has " + std::to_string(local.size()) +
                                   " octets, the address " + std::to_string(address.size()));
  }
  const std::size_t plus = local.rfind('+');
  const std::string token = plus == std::string::npos ? "" : local.substr(plus + 1);
  const bool plain = std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (!plain) add(Check::address_case, "what follows + is not lower-case letters and digits");
  if (std::find(consumer_domains.begin(), consumer_domains.end(), domain) !=
      consumer_domains.end()) {
    add(Check::consumer_domain, "ORGANIZER is at " + domain);
  }
}

/// The ATTENDEE of the person whom the message is for; nullptr when nobody can tell.
const ContentLine* invited(const EventView& view, const std::vector<const ContentLine*>& all) {
  const auto match = std::find_if(all.begin(), all.end(), [&](const ContentLine* line) {
    return text::iequals(address_of(line), view.envelope.to);
  });
  if (match != all.end()) return *match;
  return all.size() == 1 ? all.front() : nullptr;
}

void check_asking(const ContentLine& line, Findings& findings) {
  const ical::Property property = property_of(line);
  const auto add = [&](Check check, std::string what) {
    findings.add(check, std::move(what), line.line, 1, "ATTENDEE");
  };
  const std::string role = text::upper(property.parameter("ROLE"));
  const std::string partstat = text::upper(property.parameter("PARTSTAT"));
  const std::string rsvp = text::upper(property.parameter("RSVP"));
  if (role != "REQ-PARTICIPANT" && role != "OPT-PARTICIPANT") {
    add(Check::attendee_asks, role.empty() ? "ATTENDEE has no ROLE" : "ROLE is " + in_quotes(role));
  }
  const bool open = partstat.empty() || partstat == "NEEDS-ACTION";
  if (partstat.empty()) add(Check::attendee_asks, "ATTENDEE has no PARTSTAT");
  if (open && rsvp.empty()) add(Check::attendee_asks, "ATTENDEE has no RSVP=TRUE");
  if (open && rsvp == "FALSE") add(Check::no_rsvp, "RSVP=FALSE");
  if (!open && rsvp == "TRUE") add(Check::asked_again, "RSVP=TRUE beside PARTSTAT=" + partstat);

  std::string missing;
  for (const char* name : {"CUTYPE", "CN", "X-NUM-GUESTS"}) {
    if (property.parameter(name).empty())
      missing += (missing.empty() ? "" : ", ") + std::string(name);
  }
  if (!missing.empty()) add(Check::attendee_hints, "ATTENDEE has no " + missing);
}

void check_attendees(const EventView& view, Findings& findings) {
  const auto all = view.event.all("ATTENDEE");
  if (all.empty()) return;
  if (all.size() > 1) {
    findings.add(Check::other_people, std::to_string(all.size()) + " ATTENDEEs", all[1]->line, 1,
                 "ATTENDEE");
  }
  const std::string& to = view.envelope.to;
  const ContentLine* person = invited(view, all);
  if (!to.empty() && (!person || !text::iequals(address_of(person), to))) {
    findings.add(Check::attendee_is_to, "no ATTENDEE is " + in_quotes(to), all[0]->line, 1,
                 "ATTENDEE");
  }
  if (!person) return;
  const std::string organizer = address_of(view.event.first("ORGANIZER"));
  if (text::iequals(address_of(person), organizer)) {
    findings.add(Check::self_invitation, "ATTENDEE is the ORGANIZER address", person->line, 1,
                 "ATTENDEE");
  }
  if (view.facts.request()) {
    check_asking(*person, findings);
  } else if (text::iequals(property_of(*person).parameter("RSVP"), "TRUE")) {
    findings.add(Check::cancel_asks, "RSVP=TRUE in a cancellation", person->line, 1, "ATTENDEE");
  }
}

/// Words that programs read, against those of RFC 5545.
void check_words(const Component& event, Findings& findings) {
  struct Words {
    std::string_view name;
    std::vector<std::string_view> known;
  };
  static const std::vector<Words> parameters = {
      {"PARTSTAT",
       {"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED",
        "IN-PROCESS"}},
      {"ROLE", {"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"}},
      {"CUTYPE", {"INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"}},
      {"RSVP", {"TRUE", "FALSE"}}};
  static const std::vector<Words> properties = {{"STATUS", {"TENTATIVE", "CONFIRMED", "CANCELLED"}},
                                                {"TRANSP", {"OPAQUE", "TRANSPARENT"}},
                                                {"CLASS", {"PUBLIC", "PRIVATE", "CONFIDENTIAL"}}};
  const auto check = [&](const Words& words, const std::string& value, const ContentLine& line) {
    const std::string upper = text::upper(value);
    const bool known =
        upper.empty() || upper.starts_with("X-") ||
        std::find(words.known.begin(), words.known.end(), upper) != words.known.end();
    if (known) return;
    findings.add(Check::machine_words, std::string(words.name) + " is " + in_quotes(value),
                 line.line, 1, line.name());
  };
  for (const ContentLine& line : event.lines) {
    if (text::iequals(line.name(), "ATTENDEE")) {
      const ical::Property property = property_of(line);
      for (const Words& words : parameters) check(words, property.parameter(words.name), line);
    }
    for (const Words& words : properties) {
      if (text::iequals(line.name(), words.name)) {
        check(words, std::string(text::trim(line.value())), line);
      }
    }
  }
}

}  // namespace

void check_people(const EventView& view, Findings& findings) {
  check_words(view.event, findings);
  if (!view.facts.scheduling()) return;
  if (const ContentLine* organizer = view.event.first("ORGANIZER")) {
    check_organizer(*organizer, findings);
  }
  check_attendees(view, findings);
}

}  // namespace calinvite::lint
