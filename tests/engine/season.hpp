/// A match or a season with a fan who holds a copy of it, and the mails of what becomes of it.
#pragma once

#include "mails.hpp"

namespace league {

using namespace std::chrono_literals;

inline const std::string kFan = "a@example.com";

/// A match or a season that the fan holds a copy of.
struct Season : League {
  explicit Season(const std::string& rrule = {}, const std::string& timezone = "Europe/London") {
    Event match{.organizer = kOrganizer, .summary = "Training"};
    match.description = "Bring boots.";
    match.location = "Harbour Ground";
    match.url = "https://league.example/training";
    match.start = parse_iso("2027-05-08T15:00")->wall;
    match.end = match.start + 2h;
    match.timezone = timezone;
    match.rrule = rrule;
    if (timezone.empty()) {
      match.all_day = true;
      match.start = std::chrono::floor<std::chrono::days>(match.start);
      match.end = match.start + 24h;
    }
    const auto created = engine->create_event(kScope, match);
    if (!created) FAIL(to_string(created.error()));
    uid = created->uid;
    first = take_in(kFan);
  }

  OutgoingMessage take_in(const std::string& address) {
    League::invite(uid, {address});
    dispatch();
    return sent_to(address);
  }
  Event event() { return *engine->get_event(kScope, uid); }

  /// The mails of a change, in their order.
  std::vector<OutgoingMessage> change(const std::function<void(Event&)>& edit) {
    Event after = event();
    edit(after);
    const auto plan = engine->update_event(kScope, after);
    if (!plan) FAIL(to_string(plan.error()));
    dispatch();
    return sent;
  }
  std::vector<OutgoingMessage> resend() {
    const auto plan = engine->resend(kScope, uid, kFan);
    if (!plan) FAIL(to_string(plan.error()));
    REQUIRE(plan->update == 1);
    dispatch();
    return sent;
  }
  void answer(const OutgoingMessage& to, const std::string& partstat,
              const std::string& more = {}) {
    now += 60s;
    auto raw = League::reply(to, partstat, utc_now());
    if (!more.empty()) raw.insert(raw.find("ORGANIZER:"), more);
    CHECK(ingest(raw, "answer.eml", "").at(0).outcome == IngestOutcome::replied);
  }
  std::string utc_now() const {
    std::string text = format_iso(now);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
  }

  std::string uid;
  OutgoingMessage first;
};

inline Override moved(const Event& event, int week, std::chrono::hours by) {
  Override changed;
  changed.occurrence = {event.start + week * 7 * 24h};
  changed.start = changed.occurrence.original_start + by;
  changed.end = changed.start + (event.end - event.start);
  return changed;
}

inline const std::string weekly = "FREQ=WEEKLY;COUNT=5";

/// "REQUEST", or with the date it is about: "CANCEL 20270515T150000".
inline std::string about(const OutgoingMessage& message) {
  const auto date = League::property(message, "RECURRENCE-ID");
  return League::property(message, "METHOD") + (date.empty() ? "" : " " + date);
}
inline std::vector<std::string> about(const std::vector<OutgoingMessage>& messages) {
  std::vector<std::string> all;
  for (const auto& message : messages) all.push_back(about(message));
  return all;
}
using Mails = std::vector<std::string>;

}  // namespace league
