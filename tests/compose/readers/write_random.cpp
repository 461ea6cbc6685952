// Composes invitations, updates and cancellations made by dice, one after another into
// FOLDER/mails, and beside them FOLDER/expected.jsonl: a line for each mail, saying where it stands
// and what any reader must find in it. The expectations come from the event and the copy, not from
// the bytes.
//
//   compose_random FOLDER COUNT SEED
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/time.hpp"
#include "compose/random_invitations.hpp"
#include "texts/texts.hpp"

namespace {

using namespace calinvite;
using std::chrono::local_seconds;
namespace fs = std::filesystem;

constexpr int copies_of_one = 4;  // of the same revision

/// What a person's copy is filled with.
struct Person {
  std::string name;
  std::string address;
  std::string organizer;
};

/// The merge fields that the dice know, replaced in one pass: what comes in is not read again.
std::string merged(std::string_view text, const Person& person) {
  const std::string& name = person.name.empty() ? person.address : person.name;
  const std::array fields = {std::pair("{{name}}", name),
                             std::pair("{{name|friend}}", person.name.empty() ? "friend" : name),
                             std::pair("{{address}}", person.address),
                             std::pair("{{organizer|us}}", person.organizer)};
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [field, value] : fields) {
      found = text.starts_with(field);
      if (!found) continue;
      out += value;
      text.remove_prefix(std::string_view(field).size());
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

void replace(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// Line ends as LF, no blank edges.
std::string paragraph(std::string text) {
  replace(text, "\r\n", "\n");
  const auto begin = text.find_first_not_of(" \n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \n") - begin + 1);
}

/// The language that the phrases of a copy must be in.
std::string language_of(const Event& event, const CopyFields& copy) {
  const std::string& asked = copy.language.empty() ? event.language : copy.language;
  if (asked.empty() || asked == "en-GB" || asked == "tlh") return "en";
  return asked == "de-AT" ? "de" : asked;
}

/// A time as a reader must find it: a date, or wall clock and instant.
Json time_of(const Event& event, local_seconds wall, const ZoneTable& zones) {
  Json json;
  json.set("wall", format_iso(wall, event.all_day));
  if (!event.all_day) {
    json.set("instant", format_iso(zones.find(event.timezone)->to_instant(wall)));
  }
  return json;
}

/// The rule as it travels: UNTIL in UTC when the event has a time of the day (R63).
std::string rule_of(const Event& event, const ZoneTable& zones) {
  const auto at = event.rrule.find("UNTIL=");
  if (event.all_day || at == std::string::npos) return event.rrule;
  const auto wall = parse_basic(event.rrule.substr(at + 6))->wall;
  const auto instant = zones.find(event.timezone)->to_instant(wall);
  return event.rrule.substr(0, at + 6) + format_basic(local_seconds(instant.time_since_epoch())) +
         "Z";
}

/// The series, or the one date that the revision is about.
Event shown_of(const Revision& revision) {
  Event shown = revision.event;
  if (!revision.occurrence) return shown;
  shown.rrule.clear();
  shown.exdates.clear();
  shown.start = revision.occurrence->original_start;
  shown.end = shown.start + (revision.event.end - revision.event.start);
  const Override& changed = revision.event.overrides.front();
  if (changed.cancelled) return shown;
  shown.start = changed.start;
  shown.end = changed.end;
  if (!changed.summary.empty()) shown.summary = changed.summary;
  shown.description = changed.description;
  shown.location = changed.location;
  if (changed.conference) shown.conference = *changed.conference;
  return shown;
}

/// Whether clocks skip one of its times or show it twice: RFC 5545 3.3.5 says which instant that
/// is, and yet readers differ (ical.js 2.2 takes the offset behind the change).
bool is_unclear(const Event& shown, const Revision& revision, const ZoneTable& zones) {
  if (shown.all_day) return false;
  const auto zone = zones.find(shown.timezone).value();
  std::vector<local_seconds> walls = {shown.start, shown.end};
  walls.insert(walls.end(), shown.exdates.begin(), shown.exdates.end());
  for (const Override& changed : revision.event.overrides) {
    walls.push_back(changed.occurrence.original_start);
  }
  return std::any_of(walls.begin(), walls.end(), [&](local_seconds wall) {
    const auto instant = zone.to_instant(wall);
    return zone.to_local(instant) != wall || zone.to_local(instant + std::chrono::hours(1)) == wall;
  });
}

void expect_mail(Json& json, const Revision& revision, const CopyFields& copy) {
  json.set("from", copy.organizer_address);
  json.set("from_name", revision.organizer_name);
  json.set("to", copy.address);
  json.set("to_name", copy.name);
  json.set("language", language_of(revision.event, copy));
  json.set("message_id", copy.attempt_id + "@reply.example.com");
  json.set("references", copy.first_message_id);
  json.set("unsubscribe", copy.unsubscribe_token.empty()
                              ? ""
                              : revision.base_url + "/u/" + copy.unsubscribe_token);
  json.set("types", Json::Array{"multipart/mixed", "multipart/alternative", "text/plain",
                                "text/html", "text/calendar", "application/ics"});
}

void expect_texts(Json& json, const Revision& revision, const CopyFields& copy,
                  const Event& shown) {
  const std::string language = language_of(revision.event, copy);
  const Person person{
      copy.name, copy.address,
      revision.organizer_name.empty() ? copy.organizer_address : revision.organizer_name};
  const bool request = revision.method == Method::request;
  const std::string summary = merged(shown.summary, person);
  const bool link = shown.location.starts_with("https://");
  std::string subject(texts::phrase(language, !request     ? "subject_cancelled"
                                              : copy.first ? "subject_invitation"
                                                           : "subject_updated"));
  subject.replace(subject.find("{summary}"), 9, summary);
  const std::string rsvp = copy.rsvp_token.empty() || !shown.wants_answers
                               ? ""
                               : revision.base_url + "/r/" + copy.rsvp_token;
  std::string description = merged(paragraph(shown.description), person);
  const auto add = [&](std::string_view key, const std::string& target) {
    if (target.empty()) return;
    if (!description.empty()) description += "\n\n";
    description.append(texts::phrase(language, key)).append("\n").append(target);
  };
  const bool tells_how_to_join = shown.description.find(shown.conference) != std::string::npos;
  if (request && !tells_how_to_join) add("label_join", shown.conference);
  add("answer_here", rsvp);
  add("full_details", shown.url);
  if (description.empty() && revision.occurrence) {
    description = texts::phrase(language, "note_occurrence");
  }
  json.set("summary", summary);
  json.set("location", is_no_place(shown.location) ? (request ? shown.conference : "")
                       : link                      ? shown.location
                                                   : merged(shown.location, person));
  json.set("description", description);
  json.set("url", shown.url);
  json.set("subject", subject);
  json.set("rsvp_link", rsvp);
}

void expect_calendar(Json& json, const Revision& revision, const CopyFields& copy,
                     const Event& shown, const ZoneTable& zones) {
  const bool request = revision.method == Method::request;
  json.set("method", to_string(revision.method));
  json.set("uid", copy.uid);
  json.set("sequence", revision.sequence);
  json.set("status", request ? "CONFIRMED" : "CANCELLED");
  json.set("dtstamp", format_iso(copy.dtstamp));
  json.set("organizer", copy.organizer_address);
  // A double quote can't be said in a parameter (R50).
  const auto parameter = [](std::string name) { return replace(name, "\"", "'"), name; };
  json.set("organizer_cn", parameter(revision.organizer_name));
  json.set("attendee", copy.address);
  json.set("attendee_cn", parameter(copy.name.empty() ? copy.address : copy.name));
  json.set("partstat", to_string(copy.partstat));
  json.set("rsvp",
           request && revision.event.wants_answers && copy.partstat == Partstat::needs_action);
  json.set("all_day", shown.all_day);
  json.set("zone", shown.all_day ? "" : shown.timezone);
  // Its clocks go by the moon, which no VTIMEZONE can say: single dates travel in UTC (R46).
  json.set("or_utc", shown.timezone == "Africa/Casablanca");
  json.set("start", time_of(shown, shown.start, zones));
  json.set("end", time_of(shown, shown.end, zones));
  json.set("recurrence_id", revision.occurrence
                                ? time_of(shown, revision.occurrence->original_start, zones)
                                : Json());
  json.set("rrule", rule_of(shown, zones));
  std::vector<local_seconds> left_out = shown.exdates;
  for (const Override& changed : shown.overrides) {
    if (changed.cancelled && !revision.occurrence) {
      left_out.push_back(changed.occurrence.original_start);
    }
  }
  Json::Array exdates;
  for (const auto wall : left_out) exdates.push_back(time_of(shown, wall, zones));
  json.set("exdates", exdates);
}

/// Writes one more mail and its line.
class Writer {
 public:
  explicit Writer(const fs::path& folder)
      : mails_(folder / "mails", std::ios::binary), expected_(folder / "expected.jsonl") {}

  void write(const Revision& revision, const CopyFields& copy, const std::string& mail,
             const ZoneTable& zones) {
    const Event shown = shown_of(revision);
    Json json;
    json.set("at", static_cast<std::int64_t>(at_));
    json.set("size", static_cast<std::int64_t>(mail.size()));
    expect_mail(json, revision, copy);
    expect_texts(json, revision, copy, shown);
    expect_calendar(json, revision, copy, shown, zones);
    mails_ << mail;
    expected_ << json.write() << '\n';
    at_ += mail.size();
  }
  bool close() {
    mails_.close();
    expected_.close();
    return mails_ && expected_;
  }

 private:
  std::ofstream mails_;
  std::ofstream expected_;
  std::size_t at_ = 0;
};

bool write_all(Writer& writer, int count, std::uint64_t seed) {
  const ZoneTable zones;
  dice::Invitations dice(seed);
  std::string mail;
  for (int written = 0; written < count;) {
    const Revision revision = dice.revision();
    if (is_unclear(shown_of(revision), revision, zones)) continue;
    const auto composer = Composer::prepare(revision, zones);
    if (!composer) {
      std::fprintf(stderr, "%d: %s\n", written, to_string(composer.error()).c_str());
      return false;
    }
    for (int n = 0; n < copies_of_one && written < count; ++n, ++written) {
      const CopyFields copy = dice.copy(revision);
      if (const auto composed = composer->compose(copy, mail); !composed) {
        std::fprintf(stderr, "%d: %s\n", written, to_string(composed.error()).c_str());
        return false;
      }
      writer.write(revision, copy, mail, zones);
    }
  }
  return writer.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: compose_random FOLDER COUNT SEED\n", stderr);
    return 2;
  }
  fs::create_directories(argv[1]);
  Writer writer(argv[1]);
  return write_all(writer, std::atoi(argv[2]), std::strtoull(argv[3], nullptr, 10)) ? 0 : 1;
}
