// Composes invitations, updates and cancellations into a folder, and beside them expected.json:
// what any reader must find in each. The expectations come from the event, not from the bytes.
//
//   compose_samples FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/time.hpp"

namespace {

using namespace std::chrono_literals;
using namespace calinvite;
using std::chrono::local_seconds;
using std::chrono::sys_seconds;
namespace fs = std::filesystem;

/// The words of one script.
struct Script {
  std::string name;
  std::string language;
  std::string summary;
  std::string description;
  std::string location;
  std::string organizer;
  std::string attendee;
  std::string invitation;  ///< how the subject of a first copy begins
  std::string cancelled;
};

const std::vector<Script> scripts = {
    {"ascii", "en", "Round 1; Harbour \\ Hill, \"derby\"",
     "Bring a scarf.\nGates open early: 18:00", "Harbour Ground, Gate 3",
     "League \"North\" Fixtures, Ltd", "Fan 0001", "Invitation: ", "Cancelled: "},
    {"german", "de", "Spieltag 1: Größe gegen Straße", "Übertragung im Grünen Bräu.\nÄrmel hoch!",
     "Fußballplatz „Süd“, Tor 3", "Liga Büro Köln", "Fänin 0002", "Einladung: ", "Abgesagt: "},
    {"arabic", "ar", "الجولة الأولى: الميناء ضد التل", "أحضر وشاحًا.\nتفتح البوابات الساعة 18:00",
     "ملعب الميناء، البوابة 3", "مكتب الدوري", "مشجع 0003", "دعوة: ", "إلغاء: "},
    {"japanese", "ja",
     "第1節 港対丘 全席自由席での開催についてのお知らせを含む長い題名のための試合",
     "マフラーをお持ちください。\n開場は18時です。", "港競技場、3番ゲート", "リーグ事務局",
     "ファン0004", "ご招待：", "中止："},
    {"emoji", "tlh",
     "⚽ Round 1 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 vs. 🇩🇪",
     "🎉 Bring a 🧣\n🕕 gates", "🏟️ Harbour", "⚽ League", "Fan 🎈 0005",
     "Invitation: ", "Cancelled: "},
};

local_seconds wall(int month, int day, int hour = 0, int minute = 0) {
  return std::chrono::local_days{std::chrono::year{2027} / month / day} + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

/// One way an event's time is said.
struct Form {
  std::string name;
  Event event;
  std::optional<OccurrenceId> occurrence;
};

std::vector<Form> forms() {
  Event utc;
  utc.start = wall(3, 5, 18, 30);
  utc.end = wall(3, 5, 20, 15);
  utc.timezone = "UTC";
  Event across_dst;  // Berlin's clocks go from 02:00 to 03:00 that night
  across_dst.start = wall(3, 28, 1, 30);
  across_dst.end = wall(3, 28, 4);
  across_dst.timezone = "Europe/Berlin";
  Event all_day;
  all_day.start = wall(5, 1);
  all_day.end = wall(5, 3);
  all_day.all_day = true;
  Event series;
  series.start = wall(3, 14, 19, 30);
  series.end = wall(3, 14, 21, 30);
  series.timezone = "America/New_York";  // summer time begins on the first date
  series.rrule = "FREQ=WEEKLY;BYDAY=SU;COUNT=6";
  series.exdates = {wall(3, 28, 19, 30)};
  Event changed = series;
  Override moved;
  moved.occurrence = {wall(4, 4, 19, 30)};
  moved.start = wall(4, 6, 20);
  moved.end = wall(4, 6, 22);
  changed.overrides = {moved};
  return {{"utc", utc, {}},
          {"dst", across_dst, {}},
          {"allday", all_day, {}},
          {"series", series, {}},
          {"override", changed, moved.occurrence}};
}

/// A time as a reader must find it: wall clock, zone, and for timed values the instant.
Json expected_time(const Event& event, local_seconds time, const ZoneTable& zones) {
  Json json;
  json.set("wall", format_iso(time, event.all_day));
  if (event.all_day) return json;
  json.set("zone", event.timezone);
  json.set("instant", format_iso(zones.find(event.timezone)->to_instant(time)));
  return json;
}

struct Step {
  std::string name;
  Method method;
  std::int32_t sequence;
  Partstat partstat;
};

const std::vector<Step> steps = {{"invite", Method::request, 0, Partstat::needs_action},
                                 {"update", Method::request, 1, Partstat::accepted},
                                 {"cancel", Method::cancel, 2, Partstat::accepted}};

Revision make_revision(const Form& form, const Script& script, const Step& step) {
  Revision revision;
  revision.event = form.event;
  Event& event = revision.event;
  event.uid = "ev-" + form.name;
  event.organizer = "fixtures@league.example";
  event.summary = script.summary;
  event.description = script.description;
  event.location = script.location;
  event.url = "https://league.example/fixtures/1?a=b&c=d";
  event.language = script.language == "tlh" ? "" : script.language;
  if (script.name != "ascii") {
    event.conference = "https://meet.example.com/j/1?pwd=a,b;c";
    event.reminder = 90min;
    event.transparent = true;
    event.counters_allowed = false;
  }
  event.created = sys_seconds(1767225600s);
  event.changed = sys_seconds(1767225600s);
  for (auto& changed : event.overrides) {
    changed.summary = script.summary + " *";
    changed.description = script.description;
    changed.location = script.location;
  }
  revision.method = step.method;
  revision.sequence = step.sequence;
  revision.occurrence = form.occurrence;
  revision.organizer_name = script.organizer;
  revision.base_url = "https://invite.example.com";
  return revision;
}

CopyFields make_copy(const Form& form, const Script& script, const Step& step) {
  CopyFields copy;
  copy.uid = "ci-" + form.name + "-" + script.name + "-0123456789abcdef";
  copy.organizer_address = "fixtures+abcdefgh23456777@reply.example.com";
  copy.address = script.name + "@fans.example.org";
  copy.name = script.attendee;
  copy.language = script.language;
  copy.partstat = step.partstat;
  if (step.method == Method::request) copy.rsvp_token = "rsvp-" + script.name + "_TOKEN";
  copy.unsubscribe_token = "unsubscribe-" + script.name + "_TOKEN";
  copy.first = step.sequence == 0;
  if (!copy.first) copy.first_message_id = "first-" + script.name + "@email.example.com";
  copy.dtstamp = sys_seconds(1798761600s) + std::chrono::minutes(step.sequence);
  copy.attempt_id = form.name + "-" + script.name + "-" + step.name;
  return copy;
}

Json expect_calendar(const Revision& revision, const CopyFields& copy, const ZoneTable& zones) {
  const Event& event = revision.event;
  const Override* changed = revision.occurrence ? &event.overrides.front() : nullptr;
  Json json;
  json.set("method", to_string(revision.method));
  json.set("uid", copy.uid);
  json.set("sequence", revision.sequence);
  json.set("status", revision.method == Method::cancel ? "CANCELLED" : "CONFIRMED");
  json.set("dtstamp", format_iso(copy.dtstamp));
  json.set("summary", changed ? changed->summary : event.summary);
  json.set("location", event.location);
  json.set("description_begins", event.description);
  json.set("url", event.url);
  const bool asks = revision.method == Method::request;
  json.set("conference", asks ? event.conference : "");
  json.set("reminder", asks && event.reminder ? event.reminder->count() : -1);
  json.set("transp", !asks ? "" : event.transparent ? "TRANSPARENT" : "OPAQUE");
  json.set("start", expected_time(event, changed ? changed->start : event.start, zones));
  json.set("end", expected_time(event, changed ? changed->end : event.end, zones));
  json.set("rrule", changed ? "" : event.rrule);
  Json::Array exdates;
  Json::Array instances;
  if (changed) {
    json.set("recurrence_id", expected_time(event, changed->occurrence.original_start, zones));
  } else {
    for (const auto day : event.exdates) exdates.push_back(expected_time(event, day, zones));
    const auto days = expand_rrule(event.rrule, event.start, event.exdates, 100);
    for (const auto day : days.value()) {
      instances.push_back(expected_time(event, day, zones));
    }
  }
  json.set("exdates", exdates);
  json.set("instances", instances);
  json.set("organizer", copy.organizer_address);
  json.set("organizer_name", revision.organizer_name);
  json.set("attendee", copy.address);
  json.set("attendee_name", copy.name);
  json.set("partstat", to_string(copy.partstat));
  return json;
}

Json expect_mail(const Revision& revision, const CopyFields& copy, const Script& script) {
  Json json;
  const auto& summary = revision.occurrence ? revision.event.overrides[0].summary : script.summary;
  if (revision.method == Method::cancel) json.set("subject", script.cancelled + summary);
  if (copy.first) json.set("subject", script.invitation + summary);
  json.set("subject_ends", summary);
  json.set("language", script.language == "tlh" ? "en" : script.language);
  json.set("first_message_id", copy.first_message_id);
  json.set("unsubscribe", "https://invite.example.com/u/" + copy.unsubscribe_token);
  json.set("rsvp",
           copy.rsvp_token.empty() ? "" : "https://invite.example.com/r/" + copy.rsvp_token);
  return json;
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

bool write_sample(const fs::path& folder, const Form& form, const Script& script, const Step& step,
                  const ZoneTable& zones, Json::Array& expected) {
  const Revision revision = make_revision(form, script, step);
  const CopyFields copy = make_copy(form, script, step);
  const auto composer = Composer::prepare(revision, zones);
  std::string mail;
  const auto composed = composer ? composer->compose(copy, mail) : tl::unexpected(composer.error());
  const std::string name = copy.attempt_id + ".eml";
  if (!composed) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), to_string(composed.error()).c_str());
    return false;
  }
  write_file(folder / name, mail);
  Json json;
  json.set("file", name);
  json.set("calendar", expect_calendar(revision, copy, zones));
  json.set("mail", expect_mail(revision, copy, script));
  expected.push_back(std::move(json));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: compose_samples FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder = argv[1];
  fs::remove_all(folder);
  fs::create_directories(folder);
  const ZoneTable zones;
  Json::Array expected;
  for (const auto& script : scripts) {
    for (const auto& form : forms()) {
      for (const auto& step : steps) {
        if (!write_sample(folder, form, script, step, zones, expected)) return 1;
      }
    }
  }
  write_file(folder / "expected.json", Json(expected).write());
  std::printf("%zu mails in %s\n", expected.size(), folder.c_str());
  return 0;
}
