#include "campaign.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <calinvite/time.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <set>

#include "witness.hpp"

namespace crash {
namespace {

using namespace calinvite;

const std::string organizer = "fixtures@league.example";

/// A step went wrong that no crash explains: the parent shows why.
[[noreturn]] void give_up(const std::string& step, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", step.c_str(), why.c_str());
  ::_exit(2);
}

template <class T>
T must(const std::string& step, Result<T> result) {
  if (!result) give_up(step, to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string person(int number) { return "fan" + std::to_string(number) + "@example.com"; }

std::string invitation(int sequence, const std::string& method) {
  const std::string hour = std::to_string(18 + sequence);
  return "From: <" + organizer +
         ">\r\nTo: <create@reply.league.example>\r\nSubject: Derby\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/calendar; charset=UTF-8; method=" +
         method +
         "\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client 1//EN\r\nMETHOD:" +
         method + "\r\nBEGIN:VEVENT\r\nUID:derby\r\nSEQUENCE:" + std::to_string(sequence) +
         "\r\nDTSTAMP:202701" + std::to_string(10 + sequence) +
         "T100000Z\r\nDTSTART;TZID=Europe/Berlin:20270601T" + hour +
         "3000\r\nDTEND;TZID=Europe/Berlin:20270601T" + hour +
         "4500\r\nSUMMARY:Derby\r\nORGANIZER:mailto:" + organizer +
         "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

const std::string season =
    "command,uid,summary,start,end,timezone\n"
    "create,round-1,Round 1,2027-08-01T15:00,2027-08-01T17:00,Europe/Berlin\n"
    "create,round-2,Round 2,2027-08-08T15:00,2027-08-08T17:00,Europe/Berlin\n";

/// What the peer does with a message; the same for the same one, whoever asks.
enum class Fate { accept, refuse, answer_lost, message_lost, busy_once };

Fate fate_of(std::uint32_t seed, const Sighting& seen) {
  switch ((std::hash<std::string>()(seen.key()) ^ seed) % 16) {
    case 0:
      return Fate::refuse;
    case 1:
      return Fate::answer_lost;
    case 2:
      return Fate::message_lost;
    case 3:
    case 4:
      return Fate::busy_once;
    default:
      return Fate::accept;
  }
}

std::string event_json(const Sighting& seen, const std::string& kind, const std::string& detail) {
  return R"({"eventType":")" + kind + R"(","mail":{"messageId":"m-)" + seen.attempt_id +
         R"(","destination":[")" + seen.to +
         R"("],"timestamp":"2027-01-01T12:00:00.000Z","tags":{"attempt_id":[")" + seen.attempt_id +
         R"("]}})" + detail + "}\n";
}

/// All that the mail system has to tell by now.
std::string notifications(const std::vector<Sighting>& seen) {
  std::string lines;
  for (const Sighting& one : seen) {
    if (one.to == person(3) && one.method == "REQUEST") {
      lines +=
          event_json(one, "Bounce",
                     R"(,"bounce":{"bounceType":"Permanent","bounceSubType":"General",)"
                     R"("bouncedRecipients":[{"emailAddress":")" +
                         one.to + R"("}],"timestamp":"2027-01-01T12:00:01.000Z","feedbackId":"f-)" +
                         one.attempt_id + R"("})");
    } else {
      lines += event_json(one, "Send", R"(,"send":{})");
    }
  }
  return lines;
}

/// @return whether no process did before
bool do_once(const std::filesystem::path& mark) {
  const int fd = ::open(mark.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

/// A callback with an account whose day is used up once in the campaign, when some mails have left:
/// nothing is taken any more until the account is asked what it allows.
class AccountTransport final : public Transport {
 public:
  AccountTransport(std::filesystem::path used_up, std::unique_ptr<Transport> sender)
      : used_up_(std::move(used_up)), sender_(std::move(sender)) {}

  std::size_t max_in_flight() const override { return sender_->max_in_flight(); }
  std::string account_key() const override { return account_name; }
  Result<std::optional<SesAccount>> account() override {
    full_ = false;
    SesAccount account;
    account.max_send_rate = allowed_rate;
    account.max_24_hour_send = 1'000'000;
    account.enforcement_status = "HEALTHY";
    return std::optional(account);
  }
  Result<void> submit(OutgoingMessage message) override {
    if (!full_ && ++submitted_ == free_messages) full_ = do_once(used_up_);
    if (!full_) return sender_->submit(std::move(message));
    refused_.push_back(
        {std::move(message.attempt_id), SendVerdict::quota, {}, "Daily message quota exceeded."});
    return {};
  }
  std::vector<SendOutcome> poll(std::chrono::milliseconds wait) override {
    auto outcomes = std::exchange(refused_, {});
    auto others = sender_->poll(outcomes.empty() ? wait : std::chrono::milliseconds(0));
    std::move(others.begin(), others.end(), std::back_inserter(outcomes));
    return outcomes;
  }

  static constexpr auto account_name = "peer:1";

 private:
  static constexpr int free_messages = 6;

  std::filesystem::path used_up_;
  std::unique_ptr<Transport> sender_;
  std::vector<SendOutcome> refused_;
  int submitted_ = 0;
  bool full_ = false;
};

/// One process of the campaign.
class Worker {
 public:
  explicit Worker(const Campaign& campaign)
      : campaign_(campaign), engine_(campaign.open()), transport_(make_transport()) {}

  void work() {
    set_up();
    ingest("creation", invitation(0, "REQUEST"), "derby.eml");
    ingest("season", season, "season.csv");
    const std::string event = find_event();
    invite(event);
    dispatch();
    tell_outcomes();
    answer(event);
    ingest("change", invitation(1, "REQUEST"), "derby.eml");
    must("uninvite", absent_is_fine(engine_.uninvite(scope, event, person(5))));
    dispatch();
    ingest("cancel", invitation(2, "CANCEL"), "derby.eml");
    dispatch();
    tell_outcomes();
  }

 private:
  std::unique_ptr<Transport> make_transport() const {
    if (campaign_.spool) return must("spool", open_spool_transport(campaign_.spooled()));
    return std::make_unique<AccountTransport>(campaign_.folder / "used-up", make_sender());
  }

  std::unique_ptr<Transport> make_sender() const {
    return make_callback_transport([this](const OutgoingMessage& message) {
      const Sighting seen = sight(message.attempt_id, message.to, message.bytes);
      Fate fate = fate_of(campaign_.seed, seen);
      if (fate == Fate::busy_once) {
        const auto name = "busy-" + std::to_string(std::hash<std::string>()(seen.key()));
        if (do_once(campaign_.folder / name)) {
          return SendOutcome{message.attempt_id, SendVerdict::throttled, {}, "too fast"};
        }
        fate = Fate::accept;
      }
      SendOutcome outcome{message.attempt_id, SendVerdict::in_doubt, {}, "no answer"};
      if (fate == Fate::refuse) outcome.verdict = SendVerdict::refused;
      if (fate == Fate::accept || fate == Fate::answer_lost) witness(campaign_.seen(), seen);
      if (fate == Fate::accept) {
        outcome.verdict = SendVerdict::accepted;
        outcome.message_id = "m-" + message.attempt_id;
      }
      return outcome;
    });
  }

  template <class T>
  static Result<void> absent_is_fine(const Result<T>& result) {
    if (result || result.error().code == Code::not_found || result.error().code == Code::conflict) {
      return {};
    }
    return tl::unexpected<Error>(result.error());
  }

  void set_up() {
    must("domain", absent_is_fine(engine_.add_domain({.name = "league",
                                                      .from = "cal@reply.league.example",
                                                      .reply_domain = "reply.league.example",
                                                      .base_url = "https://cal.league.example"})));
    must("organizer",
         absent_is_fine(engine_.add_organizer(
             {.domain = "league", .address = organizer, .name = "League Office", .bulk = true})));
  }

  void ingest(const std::string& step, const std::string& bytes, const std::string& source) {
    IngestInput input{.bytes = bytes, .source = source};
    input.authentication = {true, organizer, "test"};
    must(step, engine_.ingest(input, [&](const IngestItem& item) {
      if (item.outcome == IngestOutcome::refused) give_up(step, item.reason);
    }));
  }

  std::string find_event() {
    EventFilter filter;
    filter.search = "Derby";
    const auto found = must("events", engine_.list_events(scope, filter, {}));
    if (found.items.size() != 1) give_up("events", "the derby is there not once");
    return found.items.front().event.uid;
  }

  void invite(const std::string& event) {
    std::vector<InviteRequest> requests;
    for (int i = 0; i < campaign_.people(); ++i) requests.push_back({person(i), {}, {}});
    must("invite", absent_is_fine(engine_.invite(scope, event, requests, "api")));
  }

  /// Sends all that is due; what holds it meanwhile is lifted, as an operator does.
  void dispatch() {
    DispatchOptions options;
    options.reputation = {.min_messages = 10, .bounces = 0.01, .complaints = 1};
    options.on_progress = [this](const DispatchProgress& progress) {
      if (progress.waiting) *campaign_.now = std::max(*campaign_.now, progress.until);
      return true;
    };
    for (int tries = 0; tries < 10; ++tries) {
      const auto result = must("dispatch", engine_.dispatch(*transport_, options));
      const auto reputation = must("reputation", engine_.reputation(scope));
      if (result.hold.empty() && reputation.hold.empty()) return;
      if (!result.hold.empty()) {
        must("resume", engine_.resume_account(AccountTransport::account_name));
      }
      if (!reputation.hold.empty()) must("lift", engine_.lift_hold(scope));
    }
    give_up("dispatch", "it is held for ever");
  }

  void tell_outcomes() {
    if (campaign_.spool) return;
    ingest("outcomes", notifications(sightings(campaign_.seen())), "events.jsonl");
  }

  void answer(const std::string& event) {
    for (const auto& [who, what] :
         {std::pair(person(1), Partstat::accepted), std::pair(person(2), Partstat::declined)}) {
      const auto token = engine_.rsvp_token(scope, event, who);
      if (token) must("rsvp", absent_is_fine(engine_.rsvp(*token, what)));
    }
  }

  const Campaign& campaign_;
  Engine engine_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace

Engine Campaign::open() const {
  // Each process starts when the leases of the one before are over.
  *now = std::chrono::sys_seconds(parse_iso("2027-01-01T12:00:00")->wall.time_since_epoch() +
                                  std::chrono::hours(run));
  auto dice = std::make_shared<std::mt19937>(seed * 1000 + static_cast<std::uint32_t>(run));
  return must("open", Engine::open({.store = "sqlite:" + store().string(),
                                    .master_key = {7},
                                    .clock = [now = now] { return *now; },
                                    .random =
                                        [dice](std::span<std::uint8_t> out) {
                                          for (auto& byte : out) {
                                            byte = static_cast<std::uint8_t>((*dice)());
                                          }
                                        }}));
}

void Campaign::work() const { Worker(*this).work(); }

}  // namespace crash
