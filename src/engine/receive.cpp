#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "aws/records.hpp"
#include "engine/impl.hpp"

namespace calinvite {
namespace {

using std::chrono::seconds;

constexpr int most_failures = 10;
constexpr seconds longest_pause{30};

}  // namespace

/// One call of Engine::receive.
class Engine::Receiver {
 public:
  Receiver(Impl& engine, NotificationQueue& queue, const ReceiveOptions& options,
           const IngestHandler& on_item)
      : engine_(engine), queue_(queue), options_(options), on_item_(on_item) {}

  Result<ReceiveResult> run() {
    for (bool more = true; more && !stopped();) {
      auto done = round();
      if (!done && !done.error().retryable()) return tl::unexpected(done.error());
      if (!done && ++failures_ >= most_failures) return tl::unexpected(done.error());
      if (!done) {
        pause();
      } else {
        failures_ = 0;
        more = *done;
      }
    }
    return result_;
  }

 private:
  struct Admitted {
    const QueueMessage* message;
    std::string text;
  };

  bool stopped() const { return options_.stop && options_.stop(); }

  /// Sleeps longer from failure to failure, in pieces, so that a stop is seen.
  void pause() {
    auto left = std::min<seconds>(seconds(1 << std::min(failures_ - 1, 5)), longest_pause);
    constexpr std::chrono::milliseconds piece(200);
    for (std::chrono::milliseconds slept(0); slept < left && !stopped(); slept += piece) {
      engine_.sleep(piece);
    }
  }

  /// @return whether to go on
  Result<bool> round() {
    std::size_t most = std::max<std::size_t>(options_.together, 1);
    if (options_.max_messages > 0) {
      if (result_.received >= options_.max_messages) return false;
      most = std::min<std::uint64_t>(most, options_.max_messages - result_.received);
    }
    auto messages = queue_.receive(most, options_.wait, [this] { return stopped(); });
    if (!messages) return tl::unexpected(messages.error());
    if (messages->empty()) return !options_.until_empty;
    held_since_ = engine_.clock();
    result_.received += messages->size();
    if (auto taken = take_in(*messages); !taken) return tl::unexpected(taken.error());
    return true;
  }

  /// What is not removed at the end comes again by itself.
  Result<void> take_in(const std::vector<QueueMessage>& messages) {
    std::vector<QueueMessage> done;
    std::vector<std::pair<const QueueMessage*, Error>> failed;
    std::vector<Admitted> admitted;
    std::optional<Error> away;  // what can't be asked now is not asked for each of them
    for (const QueueMessage& message : messages) {
      if (stopped()) break;
      keep(messages);
      auto text = away ? Result<std::optional<std::string>>(tl::unexpected(*away)) : admit(message);
      if (!text) {
        if (text.error().retryable()) away = text.error();
        failed.emplace_back(&message, text.error());
      } else if (*text) {
        admitted.push_back({&message, **std::move(text)});
      } else {
        done.push_back(message);
      }
    }
    if (auto ingested = ingest(messages, admitted, done, failed); !ingested) return ingested;
    for (const auto& [message, error] : failed) {
      auto aside = set_aside(*message, error);
      if (!aside) return tl::unexpected(aside.error());
      if (*aside) {
        done.push_back(*message);
      } else {
        ++result_.left;
      }
    }
    if (auto removed = remove(done); !removed || !away) return removed;
    return tl::unexpected(*away);
  }

  /// Handed out to nobody else as long as we are at it.
  void keep(std::span<const QueueMessage> messages) {
    if (engine_.clock() - held_since_ < queue_.visibility() / 2) return;
    // When this fails some of them are taken in twice, which changes nothing.
    if (queue_.extend(messages)) held_since_ = engine_.clock();
  }

  /// @return what is to be taken in, as far as it is believed; absent: it was a confirmation, and
  /// is done
  Result<std::optional<std::string>> admit(const QueueMessage& message) {
    if (!options_.sns) return message.body;
    const auto& sns = *options_.sns;
    const auto believed =
        authenticate_sns(message.body, sns.trust, sns.certificate, engine_.clock());
    if (!believed) return tl::unexpected(believed.error());
    if (believed->type == SnsType::notification) return aws::write_signed(*believed);
    auto confirmed = engine_.take_confirmation(*believed, sns, source_of(message), on_item_);
    if (!confirmed) return tl::unexpected(confirmed.error());
    return std::nullopt;
  }

  /// All in one step; while the store is busy it is tried again and the messages are held.
  Result<void> ingest(const std::vector<QueueMessage>& messages,
                      const std::vector<Admitted>& admitted, std::vector<QueueMessage>& done,
                      std::vector<std::pair<const QueueMessage*, Error>>& failed) {
    std::vector<std::string_view> texts;
    for (const Admitted& each : admitted) texts.push_back(each.text);
    // What is refused now is told when it is given up: until then it may still be taken in.
    const IngestHandler tell = [&](const IngestItem& item) {
      if (item.outcome != IngestOutcome::refused) on_item_(item);
    };
    for (int failures = 0;;) {
      auto refused = [&] {
        const std::lock_guard lock(engine_.mutex);
        return engine_.ingest_notifications(texts, queue_.name(), false, tell);
      }();
      if (refused) {
        for (std::size_t i = 0; i < admitted.size(); ++i) {
          if ((*refused)[i]) {
            failed.emplace_back(admitted[i].message, *std::move((*refused)[i]));
          } else {
            done.push_back(*admitted[i].message);
          }
        }
        return {};
      }
      if (!refused.error().retryable() || ++failures >= most_failures || stopped()) {
        return tl::unexpected(refused.error());
      }
      failures_ = failures;
      pause();
      keep(messages);
    }
  }

  std::string source_of(const QueueMessage& message) const {
    return queue_.name() + " message " + message.id;
  }

  /// Quarantines a message that was handed out too often; others get another chance.
  /// @return whether it may be removed
  Result<bool> set_aside(const QueueMessage& message, const Error& error) {
    // What is away is not the message's fault, whatever its number.
    if (error.retryable() || message.receives < options_.most_receives) return false;
    const std::lock_guard lock(engine_.mutex);
    Quarantined item;
    item.source = source_of(message);
    item.reason = error.message;
    item.raw = message.body;
    item.time = engine_.clock();
    const auto domain = engine_.choose_domain(options_.domain);
    const auto scope = domain ? Scope::domain(domain->name) : Scope::system();
    const auto kept = engine_.store->add_quarantine(scope, item);
    if (!kept) return tl::unexpected(kept.error());
    IngestItem told{item.source, "notification", IngestOutcome::already_seen, {}, item.reason,
                    error.place, error.code};
    if (*kept) {
      told.outcome = IngestOutcome::quarantined;
      ++result_.quarantined;
    }
    on_item_(told);
    return true;
  }

  Result<void> remove(const std::vector<QueueMessage>& done) {
    if (done.empty()) return {};
    const auto removed = queue_.remove(done);
    if (!removed) return tl::unexpected(removed.error());
    result_.removed += *removed;
    return {};
  }

  Impl& engine_;
  NotificationQueue& queue_;
  const ReceiveOptions& options_;
  const IngestHandler& on_item_;
  ReceiveResult result_;
  std::chrono::sys_seconds held_since_{};
  int failures_ = 0;
};

Result<ReceiveResult> Engine::receive(NotificationQueue& queue, const ReceiveOptions& options,
                                      const IngestHandler& on_item) {
  return Receiver(*impl_, queue, options, on_item).run();
}

}  // namespace calinvite
