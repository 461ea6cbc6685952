#include <utility>

#include "aws/records.hpp"
#include "base/text.hpp"
#include "engine/impl.hpp"
#include "ingest/notification.hpp"

namespace calinvite {
namespace {

constexpr auto posted = "SNS";  ///< the source of what was posted to an endpoint

}  // namespace

Result<std::vector<std::optional<Error>>> Engine::Impl::ingest_notifications(
    std::span<const std::string_view> texts, const std::string& source, bool number,
    const IngestHandler& on_item) {
  const ingest::MailHandler on_mail = [&](const IngestInput& mail, const IngestHandler& tell) {
    const auto taken = this->ingest(mail, tell);
    return taken ? Result<void>() : Result<void>(tl::unexpected(taken.error()));
  };
  ingest::NotificationBatch batch(*store, clock, on_mail, on_item);
  const IngestInput channel{.source = source, .kind = InputKind::notification};
  std::vector<std::optional<Error>> refused;
  for (const std::string_view text : texts) {
    const auto line = number ? static_cast<std::uint32_t>(refused.size() + 1) : 0;
    auto added =
        batch.add(channel, text, {.source = source, .line = line, .column = 0, .field = {}});
    if (!added) return tl::unexpected(added.error());
    refused.push_back(*std::move(added));
  }
  if (auto flushed = batch.flush(); !flushed) return tl::unexpected(flushed.error());
  return refused;
}

Result<void> Engine::Impl::take_confirmation(const SnsMessage& message, const SnsOptions& options,
                                             const std::string& source,
                                             const IngestHandler& on_item) {
  IngestItem item{
      source, "SNS " + std::string(to_string(message.type)), IngestOutcome::recorded, {}, {}, {}};
  item.place.source = source;
  const std::string topic = "topic " + text::one_line(message.topic_arn, 300);
  if (message.type == SnsType::unsubscribe_confirmation) {
    item.reason = topic + " was unsubscribed from; subscribe anew if nobody wanted that";
  } else if (!options.confirm) {
    item.reason = topic + " waits for ConfirmSubscription";
  } else if (auto confirmed = options.confirm(message); !confirmed) {
    return confirmed;
  } else {
    item.reason = topic + ": subscription confirmed";
  }
  on_item(item);
  return {};
}

Result<std::vector<std::optional<Error>>> Engine::ingest_notifications(
    std::span<const std::string_view> texts, const IngestHandler& on_item) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->ingest_notifications(texts, "notifications", true, on_item);
}

Result<void> Engine::ingest_sns(std::string_view body, const SnsOptions& options,
                                const IngestHandler& on_item) {
  // Before the lock: fetching a certificate or confirming may take its time.
  const auto now = impl_->clock();
  const auto message = authenticate_sns(body, options.trust, options.certificate, now);
  if (!message) return tl::unexpected(message.error());
  if (message->type != SnsType::notification) {
    return impl_->take_confirmation(*message, options, posted, on_item);
  }
  const std::lock_guard lock(impl_->mutex);
  auto& seen = impl_->seen_sns;
  auto& order = impl_->seen_sns_order;
  while (!order.empty() && order.front().first + options.trust.max_age < now) {
    seen.erase(order.front().second);
    order.pop_front();
  }
  if (seen.contains(message->message_id)) {
    on_item({posted, "notification", IngestOutcome::already_seen, {}, {}, {}});
    return {};
  }
  // An envelope and not its message, so that SES's words on a new topic are known as such.
  const std::string envelope = aws::write_signed(*message);
  const std::string_view text = envelope;
  const auto refused = impl_->ingest_notifications({&text, 1}, posted, false, on_item);
  if (!refused) return tl::unexpected(refused.error());
  if (refused->front()) return tl::unexpected(*refused->front());
  if (options.trust.max_age.count() > 0) {
    seen.insert(message->message_id);
    order.emplace_back(now, message->message_id);
  }
  return {};
}

}  // namespace calinvite
