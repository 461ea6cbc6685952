/// Invitations of every kind, made by dice: the same seed gives the same ones.
#pragma once

#include <calinvite/compose.hpp>
#include <calinvite/itip.hpp>
#include <calinvite/time.hpp>
#include <calinvite/token.hpp>
#include <random>
#include <string>
#include <vector>

namespace dice {

using namespace calinvite;
using std::chrono::local_seconds;

class Invitations {
 public:
  explicit Invitations(std::uint64_t seed) : engine_(seed) {}

  /// One state of one event, as a request or a cancel, for the series or one date of it.
  Revision revision() {
    Revision made;
    made.event = event();
    made.sequence = static_cast<std::int32_t>(below(4));
    made.method = below(4) == 0 ? Method::cancel : Method::request;
    made.organizer_name = below(8) == 0 ? "" : words(1, 4);
    made.base_url = pick({"https://invite.example.com", "https://a.example/cal"});
    if (!made.event.overrides.empty() && below(2) == 0) {
      const Override& changed = made.event.overrides.front();
      made.occurrence = changed.occurrence;
      made.method = changed.cancelled ? Method::cancel : Method::request;
    }
    if (made.method == Method::request && below(2) == 0) made.before = changed(made.event);
    return made;
  }

  /// Somebody's copy of it.
  CopyFields copy(const Revision& revision) {
    CopyFields made;
    const Random random = [this](std::span<std::uint8_t> out) {
      for (auto& byte : out) byte = static_cast<std::uint8_t>(below(256));
    };
    made.uid = mint_uid(random, std::chrono::sys_seconds());
    made.organizer_address = "fixtures+" + mint_address_token(random) + "@reply.example.com";
    made.address = pick({"fan", "o'neil", "first.last", "a+b", "x_y", "100%fan", "q?m"}) +
                   std::to_string(below(10000)) + "@" +
                   pick({"example.org", "mail.example.com", "xn--bcher-kva.example"});
    made.name = below(4) == 0 ? "" : words(1, 3);
    made.language = pick({"", "en", "en-GB", "de-AT", "fr", "es", "ar", "ja", "tlh"});
    made.partstat = static_cast<Partstat>(below(5));
    made.first = below(2) == 0;
    if (!made.first) made.first_message_id = "0100-" + std::to_string(below(100)) + "@mail.example";
    const bool asks = revision.method == Method::request && !revision.occurrence;
    if (asks && (revision.event.wants_answers || below(2) == 0))
      made.rsvp_token = "AQEA_" + std::to_string(below(1'000'000)) + "-x";
    if (below(4) != 0) made.unsubscribe_token = "AQIA_" + std::to_string(below(1'000'000));
    made.dtstamp = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000 + below(9'000'000)));
    made.attempt_id = mint_uid(random, made.dtstamp).substr(3);
    return made;
  }

  std::size_t below(std::size_t bound) { return engine_() % bound; }

 private:
  std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  std::string words(std::size_t least, std::size_t most) {
    static const std::vector<std::string> all = {"Harbour",     "Hill",
                                                 "vs.",         "Größe",
                                                 "Straße",      "première",
                                                 "第1節",       "港対丘",
                                                 "الجولة",      "الأولى",
                                                 "⚽",           "👨‍👩‍👧‍👦",
                                                 "O’Neil",      "\"A\"",
                                                 "B;C",         "D,E",
                                                 "F\\G",        "a:b",
                                                 "<b>",         "&amp;",
                                                 "50%",         "{x}",
                                                 "=3D",         "--=_m",
                                                 "{{name}}",    "{{name|friend}}",
                                                 "{{address}}", "{{organizer|us}}",
                                                 "{{other}}",   "कल"};
    std::string text;
    for (std::size_t n = least + below(most - least + 1); n > 0; --n) {
      text += (text.empty() ? "" : " ") + pick(all);
    }
    return text;
  }

  std::string lines() {
    std::string text;
    for (std::size_t n = below(5); n > 0; --n) text += words(0, 30) + pick({"\n", "\r\n", "\n\n"});
    return text;
  }

  std::string place() {
    if (below(5) == 0) return "https://meet.example.com/r?a=1&b=2";
    return below(4) == 0 ? pick({"", "Online", "zoom"}) : words(1, 5);
  }

  Event event() {
    static const std::vector<std::string> zones = {
        "Europe/Berlin",    "America/New_York", "Asia/Kolkata",      "Asia/Tokyo",    "UTC",
        "Australia/Sydney", "America/Phoenix",  "Africa/Casablanca", "Asia/Kathmandu"};
    Event made;
    made.uid = "ev-" + std::to_string(below(1000));
    made.organizer = "fixtures@league.example";
    made.summary = words(1, 6);
    made.description = lines();
    made.location = place();
    if (below(3) == 0) made.url = "https://league.example/fixtures/1?a=b&c=d";
    made.language = pick({"", "en", "de", "ja", "ar"});
    if (below(3) == 0) made.conference = "https://meet.example.com/j?a=1&b=2,3;4";
    if (below(3) == 0) made.reminder = std::chrono::minutes(below(100));
    made.transparent = below(3) == 0;
    made.wants_answers = below(4) != 0;
    made.counters_allowed = below(3) != 0;
    made.all_day = below(5) == 0;
    const auto day =
        std::chrono::local_days(std::chrono::year(2027) / 1 / 4) + std::chrono::days(below(700));
    made.start = day;
    made.end = day + std::chrono::days(1 + below(3));
    if (!made.all_day) {
      made.timezone = pick(zones);
      made.start += std::chrono::minutes(15 * below(96));
      made.end = made.start + std::chrono::minutes(15 * (1 + below(40)));
    }
    made.created = std::chrono::sys_seconds(std::chrono::seconds(1'767'225'600));
    made.changed = made.created + std::chrono::hours(below(1000));
    if (below(3) == 0 && made.timezone != "Africa/Casablanca") make_series(made);
    return made;
  }

  void make_series(Event& made) {
    const auto weekday = std::chrono::weekday(std::chrono::floor<std::chrono::days>(made.start));
    static const std::vector<std::string> names = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    const std::string name = names[weekday.c_encoding()];
    const std::string until =
        format_basic(made.start + std::chrono::days(100), made.all_day) + (made.all_day ? "" : "");
    made.rrule = pick({"FREQ=DAILY;COUNT=9", "FREQ=DAILY;INTERVAL=2;UNTIL=" + until,
                       "FREQ=WEEKLY;BYDAY=" + name + ";COUNT=6", "FREQ=WEEKLY;BYDAY=" + name});
    const auto dates = expand_rrule(made.rrule, made.start, {}, 6).value();
    if (below(2) == 0) made.exdates = {dates[1]};
    if (below(2) == 0) return;
    Override changed;
    changed.occurrence = {dates[2]};
    changed.cancelled = below(4) == 0;
    if (!changed.cancelled) {
      changed.start = dates[2] + std::chrono::days(1);
      changed.end = changed.start + (made.end - made.start);
      changed.summary = below(2) == 0 ? "" : words(1, 4);
      changed.description = lines();
      changed.location = place();
      if (below(2) == 0) changed.conference = pick({"", "https://meet.example.com/own"});
    }
    made.overrides = {changed};
  }

  /// What the holders may have known before.
  Event changed(Event event) {
    if (below(2) == 0) event.summary = words(1, 4);
    if (below(2) == 0) event.start -= std::chrono::days(1);
    if (below(2) == 0) event.location = place();
    if (below(4) == 0) event.conference = "https://other.example/j";
    if (below(2) == 0) event.description = lines();
    if (below(4) == 0) event.exdates.clear();
    return event;
  }

  std::mt19937_64 engine_;
};

}  // namespace dice
