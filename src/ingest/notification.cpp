#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/records.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"
#include "ingest/lines.hpp"
#include "ingest/notification.hpp"
#include "ingest/visit.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t facts_per_step = 1000;

/// The same fact sent twice, or by both of SES's formats, has the same key (aws: duplicates).
std::string dedupe_key(const SesFact& fact) {
  std::string key = fact.message_id + ' ' + std::string(to_string(fact.kind)) + ' ' + fact.address;
  key += ' ';
  key += fact.feedback_id.empty() ? std::to_string(fact.time.time_since_epoch().count())
                                  : fact.feedback_id;
  return key;
}

DeliveryFact to_delivery_fact(const SesFact& fact) {
  DeliveryFact told;
  told.receipt.kind = fact.kind;
  told.receipt.time = fact.time;
  told.receipt.address = fact.address;
  told.receipt.attempt_id = fact.attempt_id;
  told.receipt.message_id = fact.message_id;
  told.receipt.detail = fact.detail;
  // Of these it is who opened: the User-Agent.
  const bool visit = fact.kind == ReceiptKind::opened || fact.kind == ReceiptKind::clicked;
  if (visit && is_automatic(fact.detail)) told.receipt.detail += automated_label;
  told.receipt.channel = "ses";
  told.dedupe_key = dedupe_key(fact);
  told.suppress = fact.permanent || fact.kind == ReceiptKind::complained;
  // SES does not hold what its own suppression list stops against the account.
  told.harmful = told.suppress && !fact.detail.starts_with("Permanent/OnAccountSuppressionList");
  return told;
}

/// What a text says about a mail that came in; absent when it speaks of something else.
std::optional<InboundNotification> find_received(std::string_view text) {
  // Its word is rare among delivery facts, which need not be read twice.
  if (text.find("receipt") == std::string_view::npos &&
      text.find("aws:s3") == std::string_view::npos) {
    return std::nullopt;
  }
  auto notice = parse_inbound_notification(text);
  if (!notice) return std::nullopt;
  return *std::move(notice);
}

}  // namespace

NotificationBatch::NotificationBatch(Store& store, const Clock& clock, const MailHandler& on_mail,
                                     const IngestHandler& on_item)
    : store_(store), clock_(clock), on_mail_(on_mail), on_item_(on_item) {}

Result<std::optional<Error>> NotificationBatch::add(const IngestInput& input, std::string_view text,
                                                    const Place& place) {
  const auto records = aws::split_records(text);
  if (records.empty()) return add_one(input, text, place);
  std::optional<Error> first;
  for (const std::string& record : records) {
    auto refused = add_one(input, record, place);
    if (!refused) return refused;
    if (*refused && !first) first = std::move(*refused);
  }
  return first;
}

Result<std::optional<Error>> NotificationBatch::add_one(const IngestInput& input,
                                                        std::string_view text, const Place& place) {
  if (const auto received = find_received(text)) return take_mail(input, *received, text, place);
  const auto facts = parse_notification(text);
  if (!facts) {
    items_.push_back(refused(place.source, "notification", facts.error()));
    items_.back().place.source = place.source;
    items_.back().place.line = std::max(place.line, 1U);
    return facts.error();
  }
  if (facts->empty()) {
    IngestItem nothing{place.source, "notification", IngestOutcome::recorded, {}, {}, place};
    nothing.reason = "a kind that says nothing about a send";
    items_.push_back(std::move(nothing));
  }
  for (const SesFact& fact : *facts) {
    IngestItem item{place.source, {}, IngestOutcome::recorded, {}, {}, place};
    item.item = std::string(to_string(fact.kind)) + ' ' + fact.address;
    items_.push_back(std::move(item));
    facts_.push_back(to_delivery_fact(fact));
    item_of_.push_back(items_.size() - 1);
  }
  return std::nullopt;
}

Result<std::optional<Error>> NotificationBatch::take_mail(const IngestInput& input,
                                                          const InboundNotification& received,
                                                          std::string_view text,
                                                          const Place& place) {
  if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  std::optional<Error> refused;
  const IngestHandler watch = [&](const IngestItem& item) {
    if (item.outcome == IngestOutcome::refused && !refused) {
      refused = Error{item.code.value_or(Code::invalid_input), item.reason, item.place};
    }
    on_item_(item);
  };
  IngestInput whole = input;
  whole.read = {};
  whole.receipt = text;
  const MailHandler on_mail = [&](const IngestInput& mail, const IngestHandler&) {
    return on_mail_(mail, watch);
  };
  if (auto taken = ingest_received(received, whole, place, on_mail, watch); !taken) {
    // What no domain can be found for is this mail's fault and must not hold up the others.
    if (is_store_error(taken.error().code)) return tl::unexpected(taken.error());
    watch(ingest::refused(place.source, "notification", taken.error()));
  }
  return refused;
}

Result<void> NotificationBatch::flush() {
  if (!facts_.empty()) {
    const auto verdicts = store_.record_facts(facts_, clock_());
    if (!verdicts) return tl::unexpected(verdicts.error());
    for (std::size_t i = 0; i < verdicts->size(); ++i) {
      IngestItem& item = items_[item_of_[i]];
      const FactVerdict verdict = (*verdicts)[i];
      if (verdict == FactVerdict::repeated) item.outcome = IngestOutcome::already_seen;
      if (verdict == FactVerdict::orphan) item.reason = "no send of this store; kept aside";
    }
  }
  const auto told = std::exchange(items_, {});
  facts_.clear();
  item_of_.clear();
  for (const IngestItem& item : told) on_item_(item);
  return {};
}

Result<void> ingest_notifications(Store& store, const Clock& clock, const IngestInput& input,
                                  const MailHandler& on_mail, const IngestHandler& on_item) {
  NotificationBatch batch(store, clock, on_mail, on_item);
  const auto take = [&](const JsonText& text) -> Result<void> {
    const Place place{.source = input.source, .line = text.line, .column = 0, .field = {}};
    if (text.too_long) {
      batch.refuse({Code::too_large, "a line of more than 1 MB", place});
    } else if (auto added = batch.add(input, text.bytes, place); !added) {
      return tl::unexpected(added.error());
    }
    return batch.size() < facts_per_step ? Result<void>() : batch.flush();
  };
  if (auto read = feed_json_texts(input, take); !read) return read;
  return batch.flush();
}

}  // namespace calinvite::ingest
