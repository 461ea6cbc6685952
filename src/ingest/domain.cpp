#include <algorithm>

#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

/// The domain whose reply domain one of the mail's recipients lies on.
const Domain* by_recipient(const std::vector<Domain>& domains, const IngestInput& input) {
  const auto mail = read_mail(input);
  // Whom it was sent to is known of a mail that can't be read, too.
  for (const std::string& recipient : mail ? mail->recipients : input.envelope_recipients) {
    const auto at = std::find_if(domains.begin(), domains.end(), [&](const Domain& domain) {
      return domain.reply_domain == address_domain(recipient);
    });
    if (at != domains.end()) return &*at;
  }
  return nullptr;
}

}  // namespace

Result<Domain> choose_domain(Store& store, const IngestInput& input, InputKind kind) {
  if (!input.domain.empty()) {
    auto named = store.find_domain(input.domain);
    if (!named) return tl::unexpected(named.error());
    if (!*named) return fail(Code::not_found, "no domain " + input.domain);
    return **std::move(named);
  }
  auto domains = store.list_domains();
  if (!domains) return tl::unexpected(domains.error());
  if (domains->size() == 1) return std::move(domains->front());
  if (kind == InputKind::mail) {
    if (const Domain* domain = by_recipient(*domains, input)) return *domain;
  }
  std::vector<const Domain*> of_sender;
  for (const Domain& domain : *domains) {
    const auto known =
        store.find_organizer(Scope::domain(domain.name), input.authentication.address);
    if (!known) return tl::unexpected(known.error());
    if (*known) of_sender.push_back(&domain);
  }
  if (of_sender.size() == 1) return *of_sender.front();
  return fail(Code::not_found, domains->empty() ? "no domain yet; add one first"
                                                : "no single domain that this belongs to; name it");
}

}  // namespace calinvite::ingest
