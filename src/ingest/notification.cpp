#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "calinvite/aws.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t kTextsPerStep = 200;

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
  told.dedupe_key = dedupe_key(fact);
  told.suppress = fact.permanent || fact.kind == ReceiptKind::complained;
  // SES does not hold what its own suppression list stops against the account.
  told.harmful = told.suppress && !fact.detail.starts_with("Permanent/OnAccountSuppressionList");
  return told;
}

Result<IngestItem> record(Store& store, const Clock& clock, const SesFact& fact,
                          const Place& place) {
  const auto verdict = store.record_fact(to_delivery_fact(fact), clock());
  if (!verdict) return tl::unexpected(verdict.error());
  IngestItem item;
  item.source = place.source;
  item.place = place;
  item.item = std::string(to_string(fact.kind)) + ' ' + fact.address;
  item.outcome =
      *verdict == FactVerdict::repeated ? IngestOutcome::already_seen : IngestOutcome::recorded;
  if (*verdict == FactVerdict::orphan) item.reason = "no send of this store; kept aside";
  return item;
}

/// One JSON text a line when every non-empty line looks like one, else the whole.
std::vector<std::string_view> json_texts(std::string_view bytes) {
  std::vector<std::string_view> texts;
  for (const std::string_view line : text::split(bytes, '\n')) {
    const auto trimmed = text::trim(line);
    if (trimmed.empty()) continue;
    if (trimmed.front() != '{' || trimmed.back() != '}') return {bytes};
    texts.push_back(trimmed);
  }
  return texts;
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

/// Records what one text says about our sends.
Result<void> record_text(Store& store, const Clock& clock, std::string_view text,
                         const Place& place, std::vector<IngestItem>& items) {
  const auto facts = parse_notification(text);
  if (!facts) {
    items.push_back(refused(place.source, "notification", facts.error()));
    items.back().place.source = place.source;
    items.back().place.line = std::max(place.line, 1U);
    return {};
  }
  if (facts->empty()) {
    IngestItem nothing{place.source, "notification", IngestOutcome::recorded, {}, {}, place};
    nothing.reason = "a kind that says nothing about a send";
    items.push_back(std::move(nothing));
  }
  for (const SesFact& fact : *facts) {
    auto item = record(store, clock, fact, place);
    if (!item) return tl::unexpected(item.error());
    items.push_back(*std::move(item));
  }
  return {};
}

}  // namespace

Result<void> ingest_notifications(Store& store, const Clock& clock, const IngestInput& input,
                                  const MailHandler& on_mail, const IngestHandler& on_item) {
  const auto texts = json_texts(input.bytes);
  const auto place_of = [&](std::size_t at) {
    return Place{.source = input.source,
                 .line = texts.size() > 1 ? static_cast<std::uint32_t>(at + 1) : 0,
                 .column = 0,
                 .field = {}};
  };
  std::size_t begin = 0;
  while (begin < texts.size()) {
    std::vector<IngestItem> items;
    std::optional<InboundNotification> received;  // a mail ends a step
    std::size_t at = begin;
    const auto end = std::min(begin + kTextsPerStep, texts.size());
    const auto stored = store.atomically([&]() -> Result<void> {
      for (at = begin; at < end && !(received = find_received(texts[at])); ++at) {
        if (auto told = record_text(store, clock, texts[at], place_of(at), items); !told) {
          return told;
        }
      }
      return {};
    });
    if (!stored) return stored;
    for (const IngestItem& item : items) on_item(item);
    begin = at;
    if (!received) continue;
    IngestInput whole = input;
    whole.receipt = texts[begin++];
    const auto taken = ingest_received(*received, whole, place_of(at), on_mail, on_item);
    if (!taken) return taken;
  }
  return {};
}

}  // namespace calinvite::ingest
