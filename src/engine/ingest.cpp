#include <utility>

#include "base/crypto.hpp"
#include "engine/impl.hpp"
#include "ingest/ingest.hpp"

namespace calinvite {
namespace {

Result<void> ingest_kind(const ingest::Context& context, const IngestInput& input, InputKind kind,
                         const IngestHandler& on_item) {
  switch (kind) {
    case InputKind::mail:
      return ingest::ingest_mail(context, input, on_item);
    case InputKind::calendar:
      return ingest::ingest_calendar(context, input, on_item);
    default:
      return ingest::ingest_event_list(context, input, on_item);
  }
}

}  // namespace

Result<bool> Engine::Impl::ingest(const IngestInput& given, const IngestHandler& on_item) {
  IngestInput input = given;
  std::string first, storage;
  crypto::Sha256 digest;
  if (given.read) {
    input.read = [&]() -> Result<std::string_view> {
      auto piece = given.read();
      if (piece) digest.add(*piece);
      return piece;
    };
  }
  digest.add(input.bytes);
  if (input.bytes.empty() && input.read) {  // what it is shows at its beginning
    const auto piece = input.read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) input.read = {};
    input.bytes = first = *piece;
  }
  const InputKind kind = ingest::detect_kind(input);
  if (kind == InputKind::mail) {
    auto whole = ingest::gather(input, storage);
    if (!whole) return tl::unexpected(whole.error());
    input = *std::move(whole);
  }
  bool landed = true;
  const IngestHandler watch = [&](const IngestItem& item) {
    if (item.outcome == IngestOutcome::refused) landed = false;
    on_item(item);
  };
  if (kind == InputKind::mail) input = ingest::vouch(std::move(input), verifier);
  if (kind == InputKind::notification) {
    const auto on_mail = [&](const IngestInput& mail, const IngestHandler& tell) {
      const auto taken = this->ingest(mail, tell);
      return taken ? Result<void>() : Result<void>(tl::unexpected(taken.error()));
    };
    const auto read = ingest::ingest_notifications(*store, clock, input, on_mail, watch);
    if (!read) return tl::unexpected(read.error());
    return landed;
  }
  const auto domain = ingest::choose_domain(*store, input, kind);
  if (!domain) return tl::unexpected(domain.error());
  bool kept = false;
  auto with = context(*domain);
  with.kept = &kept;
  if (auto read = ingest_kind(with, input, kind, watch); !read) return tl::unexpected(read.error());
  if (!landed || kept) return false;
  // What waited in quarantine as these bytes has been done now.
  const auto dropped = store->drop_quarantined_bytes(with.scope(), digest.digest());
  if (!dropped) return tl::unexpected(dropped.error());
  return true;
}

Result<void> Engine::ingest(const IngestInput& input, const IngestHandler& on_item) {
  const std::lock_guard lock(impl_->mutex);
  const auto landed = impl_->ingest(input, on_item);
  return landed ? Result<void>() : Result<void>(tl::unexpected(landed.error()));
}

IngestInput Engine::Impl::kept_input(const Quarantined& item, Authentication sender) {
  IngestInput input{.bytes = item.raw,
                    .source = item.source,
                    .authentication = std::move(sender),
                    .envelope_recipients = item.envelope_recipients};
  // Notifications are never kept, but mails that they held are, by their name.
  if (ingest::detect_kind(input) == InputKind::notification) {
    input.kind = ingest::detect_kind({.bytes = item.raw});
  }
  return input;
}

// ---- quarantine ------------------------------------------------------------------------------

Result<Paged<Quarantined>> Engine::list_quarantine(const Scope& scope, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_quarantine(scope, page);
}

Result<Quarantined> Engine::get_quarantined(const Scope& scope, std::int64_t id) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->get_quarantined(scope, id);
}

Result<bool> Engine::release_quarantined(const Scope& scope, std::int64_t id,
                                         const ReleaseOptions& options,
                                         const IngestHandler& on_item) {
  const std::lock_guard lock(impl_->mutex);
  const auto item = impl_->store->get_quarantined(scope, id);
  if (!item) return tl::unexpected(item.error());
  const std::string& named = options.sender.empty() ? item->sender : options.sender;
  if (named.empty()) {
    return fail(Code::unauthenticated, "nobody vouched for its sender; say who sent it with --as",
                {{}, 0, 0, "sender"});
  }
  auto sender = normalize_address(named);
  if (!sender) return tl::unexpected(sender.error());
  if (!scope.covers(*sender)) {
    return fail(Code::forbidden, scope.organizer_address() + " can't speak for " + *sender,
                {{}, 0, 0, "sender"});
  }
  IngestInput input = Impl::kept_input(*item, {true, *std::move(sender), "operator", {}});
  input.domain = scope.domain_name();
  input.timezone = options.timezone;
  input.date_order = options.date_order;
  return impl_->ingest(input, on_item);
}

Result<void> Engine::drop_quarantined(const Scope& scope, std::int64_t id) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->drop_quarantined(scope, id);
}

}  // namespace calinvite
