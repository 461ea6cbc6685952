// Reads the mails of compose_write_random with GMime and libical, neither of them through code of
// ours, and compares every field with what the model says. Instants come from the VTIMEZONE that
// each mail carries.
//
//   compose_read_random FOLDER
#include <gmime/gmime.h>
#include <libical/ical.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace {

using calinvite::Json;

std::string text(const char* value) { return value != nullptr ? value : ""; }

// ---- the calendar part, by libical -------------------------------------------------------------

/// Expanding a zone costs libical a millisecond, and few of them differ.
icaltimezone* zone_of(icalcomponent* calendar) {
  static std::map<std::string, icaltimezone*> zones;
  icalcomponent* const part = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
  if (part == nullptr) return nullptr;
  icaltimezone*& zone = zones[text(icalcomponent_as_ical_string(part))];
  if (zone == nullptr) {
    zone = icaltimezone_new();
    icaltimezone_set_component(zone, icalcomponent_new_clone(part));
  }
  return zone;
}

std::string iso(const icaltimetype& time) {
  char out[32];
  std::snprintf(out, sizeof out, time.is_date ? "%04d-%02d-%02d" : "%04d-%02d-%02dT%02d:%02d:%02d",
                time.year, time.month, time.day, time.hour, time.minute, time.second);
  return out;
}

class CalendarReader {
 public:
  explicit CalendarReader(icalcomponent* calendar)
      : calendar_(calendar),
        event_(icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT)),
        zone_(zone_of(calendar)) {}

  void read(Json& found) {
    const char* const method = icalproperty_method_to_string(icalcomponent_get_method(calendar_));
    found.set("method", text(method));
    found.set("events", icalcomponent_count_components(calendar_, ICAL_VEVENT_COMPONENT));
    found.set("errors", icalcomponent_count_errors(calendar_));
    found.set("uid", value_of(ICAL_UID_PROPERTY));
    found.set("sequence", icalcomponent_get_sequence(event_));
    found.set("status", value_of(ICAL_STATUS_PROPERTY));
    found.set("summary", text(icalcomponent_get_summary(event_)));
    found.set("location", text(icalcomponent_get_location(event_)));
    found.set("description", text(icalcomponent_get_description(event_)));
    found.set("url", value_of(ICAL_URL_PROPERTY));
    found.set("rrule", value_of(ICAL_RRULE_PROPERTY));
    found.set("dtstamp", iso(icalcomponent_get_dtstamp(event_)) + "Z");
    read_times(found);
    read_people(found);
  }

 private:
  icalproperty* first(icalproperty_kind kind) {
    return icalcomponent_get_first_property(event_, kind);
  }
  std::string value_of(icalproperty_kind kind) {
    icalproperty* const property = first(kind);
    return property != nullptr ? text(icalproperty_get_value_as_string(property)) : "";
  }

  Json time_of(icalproperty* property, icaltimetype time) {
    Json json;
    icalparameter* const tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    json.set("wall", iso(time));
    if (time.is_date) {
      zones_.insert("");
      return json;
    }
    zones_.insert(tzid != nullptr ? text(icalparameter_get_tzid(tzid)) : "UTC");
    if (tzid != nullptr) icaltimezone_convert_time(&time, zone_, icaltimezone_get_utc_timezone());
    json.set("instant", iso(time) + "Z");
    return json;
  }

  /// Every time of the event; they must agree on their zone.
  void read_times(Json& found) {
    const auto single = [&](icalproperty_kind kind, auto get) {
      icalproperty* const property = first(kind);
      return property != nullptr ? time_of(property, get(property)) : Json();
    };
    const Json start = single(ICAL_DTSTART_PROPERTY, icalproperty_get_dtstart);
    found.set("all_day", start["instant"].is_null());
    found.set("start", start);
    found.set("end", single(ICAL_DTEND_PROPERTY, icalproperty_get_dtend));
    found.set("recurrence_id", single(ICAL_RECURRENCEID_PROPERTY, icalproperty_get_recurrenceid));
    Json::Array exdates;
    for (icalproperty* date = first(ICAL_EXDATE_PROPERTY); date != nullptr;
         date = icalcomponent_get_next_property(event_, ICAL_EXDATE_PROPERTY)) {
      exdates.push_back(time_of(date, icalproperty_get_exdate(date)));
    }
    found.set("exdates", exdates);
    found.set("zone", zones_.size() == 1 ? *zones_.begin() : "several");
  }

  void read_people(Json& found) {
    const auto person = [&](const std::string& role, icalproperty_kind kind) {
      icalproperty* const property = first(kind);
      gchar* const address =
          g_uri_unescape_string(text(icalproperty_get_value_as_string(property)).c_str(), nullptr);
      icalparameter* const name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
      found.set(role, text(address).substr(std::string("mailto:").size()));
      found.set(role + "_cn", name != nullptr ? text(icalparameter_get_cn(name)) : "");
      g_free(address);
      return property;
    };
    person("organizer", ICAL_ORGANIZER_PROPERTY);
    icalproperty* const attendee = person("attendee", ICAL_ATTENDEE_PROPERTY);
    icalparameter* const partstat =
        icalproperty_get_first_parameter(attendee, ICAL_PARTSTAT_PARAMETER);
    found.set("partstat", text(icalparameter_enum_to_string(icalparameter_get_partstat(partstat))));
    icalparameter* const rsvp = icalproperty_get_first_parameter(attendee, ICAL_RSVP_PARAMETER);
    found.set("rsvp", rsvp != nullptr && icalparameter_get_rsvp(rsvp) == ICAL_RSVP_TRUE);
  }

  icalcomponent* calendar_;
  icalcomponent* event_;
  icaltimezone* zone_;
  std::set<std::string> zones_;
};

void read_calendar(const std::string& content, Json& found) {
  icalcomponent* const calendar = icalparser_parse_string(content.c_str());
  if (calendar == nullptr) return void(found.set("errors", "not a calendar"));
  CalendarReader(calendar).read(found);
  icalcomponent_free(calendar);
}

// ---- the mail, by GMime ------------------------------------------------------------------------

std::string type_of(GMimeObject* part) {
  gchar* const type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
  std::string name = text(type);
  g_free(type);
  return name;
}

std::string content_of(GMimeObject* part) {
  GMimeStream* const stream = g_mime_stream_mem_new();
  g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream);
  const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  std::string content(reinterpret_cast<const char*>(bytes->data), bytes->len);
  g_object_unref(stream);
  return content;
}

/// GMime keeps Content-* headers with the message's content.
std::string header_of(GMimeMessage* message, const char* name) {
  GMimeObject* const whole = GMIME_OBJECT(message);
  const bool content = std::string_view(name).starts_with("Content-");
  std::string value =
      text(g_mime_object_get_header(content ? g_mime_message_get_mime_part(message) : whole, name));
  if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
  return value;
}

/// The one mailbox of a list of addresses.
std::pair<std::string, std::string> mailbox_of(InternetAddressList* list) {
  if (internet_address_list_length(list) != 1) return {"not one", {}};
  InternetAddress* const one = internet_address_list_get_address(list, 0);
  return {text(internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(one))),
          text(internet_address_get_name(one))};
}

void read_headers(GMimeMessage* message, Json& found) {
  const auto from = mailbox_of(g_mime_message_get_from(message));
  const auto to = mailbox_of(g_mime_message_get_to(message));
  found.set("from", from.first).set("from_name", from.second);
  found.set("to", to.first).set("to_name", to.second);
  const bool answered = mailbox_of(g_mime_message_get_reply_to(message)) == from;
  found.set("reply_to", answered ? "" : "another than From");
  found.set("subject", text(g_mime_message_get_subject(message)));
  found.set("message_id", text(g_mime_message_get_message_id(message)));
  found.set("language", header_of(message, "Content-Language"));
  found.set("references", header_of(message, "References"));
  found.set("unsubscribe", header_of(message, "List-Unsubscribe"));
}

Json read_mail(GMimeMessage* message, const Json& expected) {
  Json found;
  read_headers(message, found);
  std::vector<GMimeObject*> parts = {g_mime_message_get_mime_part(message)};
  GMimePartIter* const walk = g_mime_part_iter_new(g_mime_message_get_mime_part(message));
  do parts.push_back(g_mime_part_iter_get_current(walk));
  while (g_mime_part_iter_next(walk));
  g_mime_part_iter_free(walk);
  Json::Array types;
  for (GMimeObject* part : parts) types.push_back(type_of(part));
  found.set("types", types);
  if (types.size() != expected["types"].array().size()) return found;

  const std::string calendar = content_of(parts[4]);
  const char* const method = g_mime_object_get_content_type_parameter(parts[4], "method");
  found.set("attachment", content_of(parts[5]) == calendar ? "" : "another calendar");
  read_calendar(calendar, found);
  if (found["method"].string() != text(method)) found.set("method", "not that of the part");
  const std::string html = content_of(parts[3]);
  std::string missing;
  for (const auto answer : {"accepted", "tentative", "declined"}) {
    const auto rsvp = std::string(expected["rsvp_link"].string());
    const bool asks = html.find("href=\"" + rsvp + "?answer=" + answer) != std::string::npos;
    if (asks == rsvp.empty()) missing += answer;
  }
  found.set("rsvp_links", missing);
  return found;
}

GMimeMessage* parse(const std::string& raw) {
  GMimeStream* const stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
  GMimeParser* const parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* const message = g_mime_parser_construct_message(parser, nullptr);
  g_object_unref(parser);
  g_object_unref(stream);
  return message;
}

// ---- the comparison ----------------------------------------------------------------------------

/// Rules mean the same in any order; dates left out stand in theirs.
Json comparable(Json json, bool in_utc) {
  std::string rule(json["rrule"].string());
  std::vector<std::string> parts(1);
  for (const char c : rule) {
    if (c == ';') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  std::sort(parts.begin(), parts.end());
  json.set("rrule", Json::Array(parts.begin(), parts.end()));
  Json::Array exdates = json["exdates"].array();
  std::sort(exdates.begin(), exdates.end(),
            [](const Json& a, const Json& b) { return a["wall"].string() < b["wall"].string(); });
  json.set("exdates", exdates);
  if (!in_utc) return json;
  json.set("zone", "UTC");
  for (const auto field : {"start", "end", "recurrence_id"}) {
    json.set(field, Json(json[field]["instant"]));
  }
  return json;
}

/// What first differs; empty: nothing does.
std::string difference(const std::string& raw, const Json& expected) {
  GMimeMessage* const message = parse(raw);
  if (message == nullptr) return "no message";
  const Json all = read_mail(message, expected);
  g_object_unref(message);
  const bool in_utc = expected["or_utc"].boolean() && all["zone"].string() == "UTC";
  const Json found = comparable(all, in_utc);
  Json wanted = comparable(expected, in_utc);
  // To libical an empty DESCRIPTION is an error; RFC 5545 3.3.11 lets a text be empty.
  wanted.set("events", 1).set("errors", expected["description"].string().empty() ? 1 : 0);
  for (const auto nothing : {"reply_to", "attachment", "rsvp_links"}) wanted.set(nothing, "");
  for (const auto& [field, value] : found.object()) {
    if (value.write() == wanted[field].write()) continue;
    return field + " is " + value.write() + ", expected " + wanted[field].write();
  }
  return found.object().size() < 30 ? "too little was read" : "";
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: compose_read_random FOLDER\n", stderr);
    return 2;
  }
  g_mime_init();
  const std::string folder = argv[1];
  const std::string mails = read_file(folder + "/mails");
  std::ifstream lines(folder + "/expected.jsonl");
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json expected = Json::parse(line).value();
    const auto at = static_cast<std::size_t>(expected["at"].integer());
    const auto raw = mails.substr(at, static_cast<std::size_t>(expected["size"].integer()));
    if (const auto found = difference(raw, expected); !found.empty()) {
      std::fprintf(stderr, "mail %d: %s\n", count, found.c_str());
      return 1;
    }
  }
  if (count == 0) return 1;
  std::printf("GMime and libical agree with the model on %d mails\n", count);
  return 0;
}
