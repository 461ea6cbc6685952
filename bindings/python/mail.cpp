/// Mails and calendars that are read, written and checked: no store, no network.
#include "calinvite/compose.hpp"
#include "callbacks.hpp"
#include "events.hpp"
#include "module.hpp"

namespace calinvite::python {
namespace {

ParsedMail parse(std::string_view data) {
  return value(without_gil([&] { return parse_mail(data); }));
}

py::bytes write(const OutgoingMail& mail) {
  return value(without_gil([&] { return write_mail(mail); }));
}

std::vector<Finding> lint(std::string_view data, std::string_view source) {
  return value(without_gil([&] { return lint_message(data, ZoneTable(), source); }));
}

std::vector<LintRule> rules() { return {lint_rules().begin(), lint_rules().end()}; }

std::string write_copy(const Event& event, std::string uid, std::string organizer_address,
                       std::chrono::sys_seconds dtstamp, Method method, std::int32_t sequence,
                       py::object occurrence, std::string organizer_name,
                       std::string attendee_address, std::string attendee_name, Partstat partstat,
                       std::optional<std::string> description, std::string language,
                       std::string conference_label, bool status_on_uninvite) {
  CalendarCopy copy;
  copy.event = &event;
  copy.method = method;
  copy.sequence = sequence;
  copy.occurrence = read_occurrence(event, std::move(occurrence));
  copy.uid = std::move(uid);
  copy.organizer_address = std::move(organizer_address);
  copy.organizer_name = std::move(organizer_name);
  copy.attendee_address = std::move(attendee_address);
  copy.attendee_name = std::move(attendee_name);
  copy.partstat = partstat;
  copy.description = description ? std::move(*description) : event.description;
  copy.dtstamp = dtstamp;
  copy.language = std::move(language);
  copy.conference_label = std::move(conference_label);
  copy.status_on_uninvite = status_on_uninvite;
  return value(without_gil([&] { return write_calendar(copy, ZoneTable()); }));
}

void check(const Event& event) {
  value(check_event(event));
  value(check_recurrence(event, ZoneTable()));
}

void check_rule(std::string_view rule, const py::object& start) {
  const EventClock clock = clock_of_start(start);
  value(check_rrule(rule, clock.read(start, "start"), clock.all_day));
}

py::object plan(const std::optional<Event>& before, const Event& after) {
  const auto change = value(plan_change(before ? &*before : nullptr, after));
  if (!change) return py::none();
  py::dict shown = show_all(*change, zoneless_change_fields);
  py::list occurrences;
  for (const auto& id : change->occurrences) {
    occurrences.append(clock_of(after).show(id.original_start));
  }
  shown["occurrences"] = occurrences;
  return class_of("Change")(**shown);
}

ReplyEffect reply(const Event& event, const Attendee& attendee, const py::object& given) {
  if (!py::isinstance(given, class_of("Reply"))) throw py::type_error("reply is no Reply");
  Reply reply;
  read_all(given, "Reply", zoneless_reply_fields, reply);
  reply.occurrence = read_occurrence(event, given.attr("occurrence"));
  return apply_reply(event, attendee, reply);
}

CalendarLinks links(const Event& event, std::string_view details) {
  return value(calendar_links(event, details, ZoneTable()));
}

/// Those of one UID, which may be left out when the text has one only.
std::vector<ParsedEvent> parts_of(ParsedCalendar calendar, const std::optional<std::string>& uid) {
  std::vector<ParsedEvent> parts;
  for (auto& event : calendar.events) {
    if (uid && event.event.source_uid != *uid) continue;
    if (!parts.empty() && parts.front().event.source_uid != event.event.source_uid) {
      refuse("the text has events of several UIDs; say which", "uid");
    }
    parts.push_back(std::move(event));
  }
  if (parts.empty()) {
    raise({Code::not_found, "the text has no event of that UID", {{}, 0, 0, "uid"}});
  }
  return parts;
}

py::list occurrences(std::string_view data, std::chrono::sys_seconds since,
                     std::chrono::sys_seconds until, const std::optional<std::string>& uid,
                     std::size_t limit) {
  const ZoneTable zones;
  const auto parts = parts_of(value(without_gil([&] { return parse_calendar(data, zones); })), uid);
  const auto found = value(without_gil([&] {
    return list_occurrences(parts, zones, {since, until, limit});
  }));
  py::list shown;
  for (const Occurrence& each : found) {
    py::dict fields = show_all(each, zoneless_occurrence_fields);
    fields["id"] = clock_of(each.event->event).show(each.id.original_start);
    fields["event"] = *each.event;
    shown.append(class_of("Occurrence")(**fields));
  }
  return shown;
}

}  // namespace

void add_mail(py::module_& module) {
  using py::arg;
  module.def("parse_mail", parse, arg("data"), "Reads a mail, however broken its MIME is.");
  module.def("write_mail", write, arg("mail"), "Writes an invitation mail, or one without.");
  module.def("lint_message", lint, arg("data"), py::kw_only(), arg("source") = "",
             "Checks a mail or calendar against the interoperability rules.");
  module.def("lint_rules", rules, "What lint looks for.");

  module.def("write_calendar", write_copy, arg("event"), py::kw_only(), arg("uid"),
             arg("organizer_address"), arg("dtstamp"), arg("method") = Method::request,
             arg("sequence") = 0, arg("occurrence") = py::none(), arg("organizer_name") = "",
             arg("attendee_address") = "", arg("attendee_name") = "",
             arg("partstat") = Partstat::needs_action, arg("description") = py::none(),
             arg("language") = "", arg("conference_label") = "", arg("status_on_uninvite") = true,
             "Writes the calendar object of one attendee's copy.");
  module.def("check_event", check, arg("event"), "Whether people can be invited to it.");
  module.def("check_rrule", check_rule, arg("rule"), arg("start"),
             "Whether every calendar understands a recurrence rule.");
  module.def("list_occurrences", occurrences, arg("data"), py::kw_only(), arg("since"),
             arg("until"), arg("uid") = py::none(), arg("limit") = 1000,
             "The occurrences of one UID of a calendar text.");
  module.def("plan_change", plan, arg("before"), arg("after"), "Compares two revisions.");
  module.def("apply_reply", reply, arg("event"), arg("attendee"), arg("reply"),
             "What a reply does to the copy it answers.");

  module.def("calendar_links", links, arg("event"), py::kw_only(), arg("details") = "",
             "Links that add an event to a calendar on the web.");
  module.def("rsvp_link", rsvp_link, arg("base_url"), arg("token"), "As mails carry it.");
  module.def("calendar_file_link", calendar_file_link, arg("base_url"), arg("token"),
             "As mails carry it.");
  module.def("unsubscribe_link", unsubscribe_link, arg("base_url"), arg("token"),
             "As mails carry it.");
  module.def("button_link", button_link, arg("base_url"), arg("event"), arg("token"),
             "As buttons carry it.");
}

}  // namespace calinvite::python

namespace pybind11::detail {

handle type_caster<calinvite::ParsedMail>::cast(const calinvite::ParsedMail& shown,
                                                return_value_policy, handle) {
  dict fields = calinvite::python::show_all(shown, calinvite::python::parsed_mail_fields);
  list calendars;
  for (const auto* part : calinvite::calendar_parts(shown)) calendars.append(*part);
  fields["calendars"] = calendars;
  fields["reply_text"] = calinvite::python::text(calinvite::reply_text(shown));
  return calinvite::python::class_for<calinvite::ParsedMail>()(**fields).release();
}

}  // namespace pybind11::detail
