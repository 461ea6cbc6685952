#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "ingest/ingest.hpp"
#include "ingest/owner.hpp"

namespace calinvite::ingest {
namespace {

/// Sets the whole mail aside and tells why.
Result<void> set_aside(const Context& context, const IngestInput& input, std::string_view item,
                       const Error& why, const IngestHandler& on_item) {
  const auto told = quarantine(context, input, std::string(item), why);
  if (!told) return tl::unexpected(told.error());
  on_item(*told);
  return {};
}

bool several_uids(const ParsedCalendar& calendar) {
  return std::any_of(calendar.events.begin(), calendar.events.end(), [&](const ParsedEvent& one) {
    return one.event.source_uid != calendar.events.front().event.source_uid;
  });
}

const MailPart* find_event_list(const ParsedMail& mail) {
  for (const MailPart& part : mail.parts) {
    const auto name = text::lower(part.filename);
    if (part.content_type == "text/csv" || name.ends_with(".csv")) return &part;
  }
  return nullptr;
}

}  // namespace

Result<void> ingest_from_organizer(const Context& context, const IngestInput& input,
                                   const ParsedMail& mail, const Result<MailCalendar>& read,
                                   const IngestHandler& on_item) {
  const auto aside = [&](const Error& error) -> Result<void> {
    if (is_store_error(error.code)) return tl::unexpected(error);
    return set_aside(context, input, "mail", error, on_item);
  };
  const auto sender = require_sender(context, input);
  if (!sender) return aside(sender.error());
  if (mail.from_headers != 1 || mail.from.size() != 1 ||
      mail.from.front().address != sender->address) {
    return aside({Code::unauthenticated,
                  "From is not exactly the sender who is vouched for, " + sender->address,
                  {{}, 0, 0, "From"}});
  }
  if (const MailPart* list = find_event_list(mail)) {
    if (!sender->own || !sender->own->bulk) {
      return aside({Code::forbidden, sender->address + " has no right to mail event lists", {}});
    }
    IngestInput attached = input;
    attached.bytes = list->content;
    return apply_event_list(context, *sender->own, attached, on_item);
  }
  if (!read) return aside(read.error());
  const auto& [calendar, method] = *read;
  if (method != Method::request && method != Method::publish && method != Method::cancel) {
    return aside({Code::unsupported,
                  "METHOD:" + std::string(to_string(method)) + " is nothing an organizer sends",
                  {{}, 0, 0, "METHOD"}});
  }
  if (!calendar.refused.empty()) return aside(calendar.refused.front());
  if (calendar.events.empty()) return aside({Code::invalid_input, "no VEVENT in its calendar", {}});
  if (several_uids(calendar)) {
    return aside({Code::unsupported,
                  "holds several appointments; send each in its own mail",
                  {{}, 0, 0, "UID"}});
  }
  const auto owner = find_owner(context, *sender, calendar);
  if (!owner) return aside(owner.error());
  std::vector<IngestItem> items;
  const auto applied = apply_calendar(context, *owner, calendar, method, input,
                                      [&](const IngestItem& item) { items.push_back(item); });
  if (!applied) return applied;
  for (const IngestItem& item : items) {
    if (item.outcome != IngestOutcome::refused) {
      on_item(item);
    } else if (auto kept = set_aside(
                   context, input, item.item,
                   {item.code.value_or(Code::invalid_input), item.reason, item.place}, on_item);
               !kept) {
      return kept;
    }
  }
  return {};
}

Result<void> set_aside_unread(const Context& context, const IngestInput& input, const Error& error,
                              const IngestHandler& on_item) {
  return set_aside(context, input, "mail", error, on_item);
}

}  // namespace calinvite::ingest
