#include <string>

#include "calinvite/token.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

/// Organizers write to `create@` and `bulk@`; whoever writes to an address with a token answers.
bool is_for_organizers(const Context& context, const ParsedMail& mail) {
  for (const std::string& recipient : mail.recipients) {
    if (!address_token(recipient, context.domain.reply_domain).empty()) return false;
  }
  return true;
}

}  // namespace

Result<bool> ingest_from_attendee(const Context& context, const IngestInput& input,
                                  const ParsedMail& mail, const Result<MailCalendar>& read,
                                  const IngestHandler& on_item) {
  const auto set_aside = [&](std::string reason) -> Result<bool> {
    const auto told = quarantine(context, input, "mail", std::move(reason));
    if (!told) return tl::unexpected(told.error());
    on_item(*told);
    return true;
  };
  if (mail.delivery_report) return set_aside("a delivery report, no answer");
  if (read && (read->method == Method::reply || read->method == Method::counter)) {
    const auto applied = apply_replies(context, input, mail, read->calendar, on_item);
    if (!applied) return tl::unexpected(applied.error());
    return true;
  }
  if (is_for_organizers(context, mail)) return false;
  return set_aside(mail.auto_submitted ? "automatic mail without a calendar answer"
                                       : "mail without a calendar answer");
}

}  // namespace calinvite::ingest
