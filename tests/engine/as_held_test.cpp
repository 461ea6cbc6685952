// A CANCEL takes back what its copy got, and a message in doubt that goes out again is what it was:
// whatever has become of the event since.
#include "season.hpp"

using namespace league;

namespace {

void to_hill(Event& event) {
  event.summary = "Late training";
  event.location = "Hill Ground";
  event.start += 48h;
  event.end += 49h;
}

/// What a calendar shows of it, and the mail beside it.
std::vector<std::string> shown(const OutgoingMessage& message) {
  std::vector<std::string> lines;
  for (const char* name : {"SUMMARY", "LOCATION", "DTSTART", "DTEND", "RRULE"}) {
    lines.push_back(line_of(message, name));
  }
  return lines;
}

struct Held : Season {
  using Season::Season;

  std::vector<OutgoingMessage> change_ending(SendVerdict end,
                                             const std::function<void(Event&)>& edit) {
    now += 1h;
    verdict = end;
    auto mails = change(edit);
    verdict = SendVerdict::accepted;
    return mails;
  }
  void uninvite() { REQUIRE(engine->uninvite(kScope, uid, kFan)); }
  /// The one CANCEL among what is due.
  OutgoingMessage cancellation() {
    dispatch();
    std::erase_if(sent, [](const auto& message) { return about(message) != "CANCEL"; });
    REQUIRE(sent.size() == 1);
    return sent[0];
  }
  std::uint64_t repeat() {
    now += 2h;
    const auto plan = engine->resend_in_doubt(kScope, uid);
    if (!plan) FAIL(to_string(plan.error()));
    return plan->cancel + plan->update;
  }
};

}  // namespace

TEST_CASE("R82: a cancelled event is described to each as the copy holds it", "[engine]") {
  Held held;
  held.change_ending(SendVerdict::refused, to_hill);
  const auto knows = held.take_in("new@example.com");
  REQUIRE(held.engine->cancel_event(kScope, held.uid));
  held.dispatch();

  REQUIRE(held.sent.size() == 2);
  const auto& cancel = held.sent_to(kFan);
  CHECK(shown(cancel) == shown(held.first));
  CHECK(part_of(cancel, "text/plain").find("Hill Ground") == std::string::npos);
  CHECK(header(cancel, "Subject").find("Late") == std::string::npos);
  CHECK(line_of(cancel, "STATUS") == "STATUS:CANCELLED");
  CHECK(League::property(cancel, "SEQUENCE") == "2");
  CHECK(shown(held.sent_to("new@example.com")) == shown(knows));
}

TEST_CASE("R82: who is uninvited is told of the revision that they hold", "[engine]") {
  Held held;
  SECTION("when a newer one never reached them") {
    held.change_ending(SendVerdict::refused, to_hill);
    held.uninvite();
  }
  SECTION("when the event changes before the CANCEL leaves") {
    held.uninvite();
    for (int i = 0; i < 2; ++i) {
      Event after = held.event();
      to_hill(after);
      REQUIRE(held.engine->update_event(kScope, after));
    }
  }
  SECTION("when they are invited anew before it leaves") {
    held.uninvite();
    held.invite(held.uid, {kFan});
  }
  CHECK(shown(held.cancellation()) == shown(held.first));
}

TEST_CASE("R82: who may hold a revision is told of that one, for want of one that they do",
          "[engine]") {
  Held held;
  held.verdict = SendVerdict::in_doubt;
  held.invite(held.uid, {"doubt@example.com"});
  held.dispatch();
  const auto doubted = held.sent_to("doubt@example.com");
  held.change_ending(SendVerdict::refused, to_hill);
  REQUIRE(held.engine->uninvite(kScope, held.uid, "doubt@example.com"));

  CHECK(shown(held.cancellation()) == shown(doubted));
}

TEST_CASE("R79: a CANCEL in doubt goes out again as it was, whatever became of the event",
          "[engine]") {
  Held held;
  held.uninvite();
  held.verdict = SendVerdict::in_doubt;
  const auto doubted = held.cancellation();
  held.verdict = SendVerdict::accepted;
  for (int i = 0; i < 2; ++i) held.change_ending(SendVerdict::accepted, to_hill);
  if (GENERATE(false, true)) {
    held.take_in(kFan);
    held.change_ending(SendVerdict::accepted, to_hill);
  }

  CHECK(held.repeat() == 1);
  CHECK(lines_of(held.cancellation()) == lines_of(doubted));
}

TEST_CASE("R82: a cancelled date is described as the copy holds it", "[engine]") {
  Held held(weekly);
  const auto cancel_date = [](Event& e) {
    e.overrides = {moved(e, 1, 0h)};
    e.overrides[0].cancelled = true;
  };
  SECTION("where it was moved") {
    const auto date = held.change([](Event& e) { e.overrides = {moved(e, 1, 3h)}; }).at(0);
    held.change(cancel_date);
    REQUIRE(about(held.sent) == Mails{"CANCEL 20270515T150000"});
    CHECK(shown(held.sent[0]) == shown(date));
  }
  SECTION("not where its new place was refused") {
    held.change_ending(SendVerdict::in_doubt, [](Event& e) { e.location = "Hill Ground"; });
    held.change(cancel_date);
    REQUIRE(about(held.sent) == Mails{"CANCEL 20270515T150000"});
    CHECK(line_of(held.sent[0], "LOCATION") == line_of(held.first, "LOCATION"));
  }
  SECTION("but named in the zone that the event has now") {
    held.change_ending(SendVerdict::in_doubt, [](Event& e) { e.timezone = "Europe/Berlin"; });
    held.change(cancel_date);
    REQUIRE(about(held.sent) == Mails{"CANCEL 20270515T150000"});
    CHECK(line_of(held.sent[0], "RECURRENCE-ID") ==
          "RECURRENCE-ID;TZID=Europe/Berlin:20270515T150000");
  }
}

TEST_CASE("R70: what is in doubt goes out under a new DTSTAMP once it says something else",
          "[engine]") {
  Held held;
  const auto doubted =
      held.change_ending(SendVerdict::in_doubt, [](Event& e) { e.location = "Hill Ground"; }).at(0);
  const auto source = [&](const std::string& more) {
    Event e = held.event();
    const auto items = held.ingest(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:" + e.source_uid +
            "\r\nSUMMARY:" + e.summary + "\r\nDESCRIPTION:" + e.description + "\r\nLOCATION:" +
            e.location + "\r\nURL:" + e.url + "\r\nSEQUENCE:1\r\nDTSTAMP:" + held.utc_now() +
            "\r\nDTSTART;TZID=Europe/London:20270508T150000\r\n"
            "DTEND;TZID=Europe/London:20270508T170000\r\n" +
            more + "END:VEVENT\r\nEND:VCALENDAR\r\n",
        "again.ics");
    REQUIRE(items.at(0).outcome == IngestOutcome::already_seen);
  };
  SECTION("not when its source is only counted") {
    source("");
    held.now += 2h;
    source("");
    held.now += 2h;
    const auto again = held.resend().at(0);
    CHECK(lines_of(again) == lines_of(doubted));
  }
  SECTION("within the same second too") {
    source("TRANSP:TRANSPARENT\r\n");
    const auto again = held.resend().at(0);
    CHECK(line_of(again, "TRANSP") == "TRANSP:TRANSPARENT");
    CHECK(order_of(again) > order_of(doubted));
    CHECK(League::property(again, "SEQUENCE") == League::property(doubted, "SEQUENCE"));
  }
  SECTION("and that one is kept from then on") {
    held.now += 1h;
    source("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n");
    held.now += 1h;
    held.verdict = SendVerdict::in_doubt;
    const auto once = held.resend().at(0);
    CHECK(order_of(once) > order_of(doubted));
    held.now += 2h;
    CHECK(lines_of(held.resend().at(0)) == lines_of(once));
  }
}
