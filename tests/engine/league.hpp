/// A domain with an organizer on a real store, a clock that stands still, seeded randomness, and
/// a transport that keeps what it is given.
#pragma once

#include <unistd.h>

#include <calinvite/engine.hpp>
#include <calinvite/mime.hpp>
#include <calinvite/time.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace league {

using namespace calinvite;

inline const std::string kOrganizer = "fixtures@league.example";
inline const Scope kScope = Scope::domain("league");

class League {
 public:
  League() {
    std::string pattern = (std::filesystem::temp_directory_path() / "calinvite-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    transport_ = make_callback_transport([this](const OutgoingMessage& message) {
      sent.push_back(message);
      SendOutcome outcome{message.attempt_id, verdict, {}, {}};
      if (verdict == SendVerdict::accepted) outcome.message_id = "ses-" + message.attempt_id;
      return outcome;
    });
    engine.emplace(open());
    REQUIRE(engine->add_domain({.name = "league",
                                .from = "cal@reply.league.example",
                                .reply_domain = "reply.league.example",
                                .base_url = "https://cal.league.example"}));
    REQUIRE(engine->add_organizer(
        {.domain = "league", .address = kOrganizer, .name = "League Office", .bulk = true}));
  }
  ~League() {
    engine.reset();
    std::filesystem::remove_all(folder_);
  }
  League(const League&) = delete;

  Engine open(calinvite::Verifier verifier = {}) {
    auto opened = Engine::open({.store = "sqlite:" + (folder_ / "league.db").string(),
                                .master_key = {7},
                                .clock =
                                    [this] {
                                      if (on_clock) on_clock();
                                      return now;
                                    },
                                .random =
                                    [this](std::span<std::uint8_t> out) {
                                      for (auto& byte : out)
                                        byte = static_cast<std::uint8_t>(dice_());
                                    },
                                .verifier = std::move(verifier)});
    REQUIRE(opened);
    return std::move(*opened);
  }

  std::vector<IngestItem> ingest(std::string_view bytes, const std::string& source,
                                 const std::string& as = kOrganizer) {
    std::vector<IngestItem> items;
    IngestInput input{.bytes = bytes, .source = source};
    if (!as.empty()) input.authentication = {true, as, "test"};
    const auto done = engine->ingest(input, [&](const IngestItem& item) { items.push_back(item); });
    if (!done) FAIL(to_string(done.error()));
    return items;
  }

  /// The number of an event that the organizer mailed in: the derby of 1 June.
  std::string mailed_event();

  /// An event of the organizer through the API.
  Event event(const std::string& summary = "Harbour v Hill") {
    Event match{.organizer = kOrganizer, .summary = summary};
    match.start = parse_iso("2027-05-08T15:00")->wall;
    match.end = match.start + std::chrono::hours(2);
    match.timezone = "Europe/London";
    const auto created = engine->create_event(kScope, match);
    if (!created) FAIL(to_string(created.error()));
    return *created;
  }

  Plan invite(const std::string& uid, const std::vector<std::string>& addresses) {
    std::vector<InviteRequest> requests;
    for (const auto& address : addresses) requests.push_back({address, {}, {}});
    const auto plan = engine->invite(kScope, uid, requests, "api");
    if (!plan) FAIL(to_string(plan.error()));
    return *plan;
  }

  DispatchResult dispatch() {
    sent.clear();
    const auto result = engine->dispatch(*transport_, {});
    if (!result) FAIL(to_string(result.error()));
    return *result;
  }

  /// The calendar object inside a message that was sent.
  static std::string calendar_of(const OutgoingMessage& message) {
    const auto mail = parse_mail(message.bytes);
    REQUIRE(mail);
    const auto parts = calendar_parts(*mail);
    REQUIRE(!parts.empty());
    return parts.front()->content;
  }

  /// The value of a property of that object, unfolded; empty when absent.
  static std::string property(const OutgoingMessage& message, const std::string& name) {
    std::string text = calendar_of(message);
    for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at)) {
      text.erase(at, 3);
    }
    auto at = text.find("\r\n" + name);
    if (at == std::string::npos) return {};
    at += 2;
    const auto line = text.substr(at, text.find("\r\n", at) - at);
    return line.substr(line.find(':') + 1);
  }

  const OutgoingMessage& sent_to(const std::string& address) const {
    for (const auto& message : sent) {
      if (message.to == address) return message;
    }
    FAIL("nothing was sent to " << address);
    return sent.front();
  }

  /// What that person's calendar would answer.
  static std::string reply(const OutgoingMessage& invitation, const std::string& partstat,
                           const std::string& dtstamp = "20270101T120000Z",
                           const std::string& from = {}) {
    const std::string person = from.empty() ? invitation.to : from;
    return "From: <" + person + ">\r\nTo: <" + invitation.from +
           ">\r\nSubject: answer\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; "
           "charset=UTF-8; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
           "PRODID:-//Example//Client 1//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:" +
           property(invitation, "UID") + "\r\nSEQUENCE:" + property(invitation, "SEQUENCE") +
           "\r\nDTSTAMP:" + dtstamp +
           "\r\nDTSTART:20270508T140000Z\r\nORGANIZER:mailto:" + invitation.from +
           "\r\nATTENDEE;PARTSTAT=" + partstat + ":mailto:" + person +
           "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  }

  std::filesystem::path folder_;
  std::chrono::sys_seconds now = parse_utc("2027-01-01T12:00:00Z");
  std::function<void()> on_clock;  ///< whenever an engine asks for the time
  SendVerdict verdict = SendVerdict::accepted;
  std::vector<OutgoingMessage> sent;
  std::optional<Engine> engine;

 private:
  static std::chrono::sys_seconds parse_utc(const char* text) {
    return std::chrono::sys_seconds(parse_iso(text)->wall.time_since_epoch());
  }
  std::mt19937 dice_{20270508};
  std::unique_ptr<Transport> transport_;
};

/// A REQUEST as an organizer's client sends it.
inline std::string request(const std::string& uid, int sequence, const std::string& start,
                           const std::string& end, const std::string& organizer = kOrganizer,
                           const std::string& method = "REQUEST", const std::string& more = {}) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client 1//EN\r\nMETHOD:" + method +
         "\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nSEQUENCE:" + std::to_string(sequence) +
         "\r\nDTSTAMP:202701" + std::to_string(10 + sequence) +
         "T100000Z\r\nDTSTART;TZID=Europe/"
         "Berlin:" +
         start + "\r\nDTEND;TZID=Europe/Berlin:" + end +
         "\r\nSUMMARY:Derby\r\nORGANIZER:mailto:" + organizer +
         "\r\nATTENDEE:mailto:create@reply.league.example\r\n" + more +
         "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

/// The same as a mail to create@.
inline std::string mail(const std::string& from, const std::string& calendar,
                        const std::string& method = "REQUEST") {
  return "From: <" + from +
         ">\r\nTo: <create@reply.league.example>\r\nSubject: Derby\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/calendar; charset=UTF-8; method=" +
         method + "\r\n\r\n" + calendar;
}

/// A leaf of a multipart mail.
inline std::string leaf(const std::string& type, const std::string& content) {
  return "--b\r\nContent-Type: " + type + "\r\n\r\n" + content + "\r\n";
}

/// An organizer's mail to create@ of several parts.
inline std::string multipart(const std::string& leaves) {
  return "From: <" + kOrganizer +
         ">\r\nTo: <create@reply.league.example>\r\nSubject: Derby\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
         leaves + "--b--\r\n";
}

inline std::string League::mailed_event() {
  return ingest(mail(kOrganizer, request("derby", 0, "20270601T193000", "20270601T213000")),
                "derby.eml")
      .at(0)
      .event;
}

}  // namespace league
