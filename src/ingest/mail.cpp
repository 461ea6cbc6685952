#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "calinvite/token.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

/// Sets the whole mail aside and tells why.
Result<void> set_aside(const Context& context, const IngestInput& input, std::string_view item,
                       std::string reason, const IngestHandler& on_item) {
  const auto told = quarantine(context, input, std::string(item), std::move(reason));
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

/// ORGANIZER may be a calendar of the sender's own, but not another organizer of the domain (R99).
Result<void> check_owner(const Context& context, const Organizer& sender,
                         const ParsedCalendar& calendar) {
  for (const ParsedEvent& parsed : calendar.events) {
    const std::string& claimed = parsed.event.source_organizer;
    if (claimed.empty() || claimed == sender.address) continue;
    const auto other = context.store.find_organizer(context.scope(), claimed);
    if (!other) return tl::unexpected(other.error());
    if (*other) return fail(Code::forbidden, "ORGANIZER " + claimed + " is not the sender");
  }
  return {};
}

Result<void> ingest_from_organizer(const Context& context, const IngestInput& input,
                                   const ParsedMail& mail, const Result<MailCalendar>& read,
                                   const IngestHandler& on_item) {
  const auto aside = [&](const Error& error) -> Result<void> {
    if (is_store_error(error.code)) return tl::unexpected(error);
    return set_aside(context, input, "mail", error.message, on_item);
  };
  const auto organizer = require_organizer(context, input);
  if (!organizer) return aside(organizer.error());
  if (mail.from_headers != 1 || mail.from.size() != 1 ||
      mail.from.front().address != organizer->address) {
    return aside({Code::unauthenticated,
                  "From is not exactly the sender who is vouched for, " + organizer->address,
                  {}});
  }
  if (const MailPart* list = find_event_list(mail)) {
    if (!organizer->bulk) {
      return aside({Code::forbidden, organizer->address + " has no right to mail event lists", {}});
    }
    IngestInput attached = input;
    attached.bytes = list->content;
    return apply_event_list(context, *organizer, attached, on_item);
  }
  if (!read) return aside(read.error());
  const auto& [calendar, method] = *read;
  if (method != Method::request && method != Method::publish && method != Method::cancel) {
    return aside({Code::unsupported,
                  "METHOD:" + std::string(to_string(method)) + " is nothing an organizer sends",
                  {}});
  }
  if (!calendar.refused.empty()) return aside(calendar.refused.front());
  if (calendar.events.empty()) return aside({Code::invalid_input, "no VEVENT in its calendar", {}});
  if (several_uids(calendar)) {
    return aside({Code::unsupported, "holds several appointments; send each in its own mail", {}});
  }
  if (auto owner = check_owner(context, *organizer, calendar); !owner) return aside(owner.error());
  std::vector<IngestItem> items;
  const auto applied = apply_calendar(context, *organizer, calendar, method, input,
                                      [&](const IngestItem& item) { items.push_back(item); });
  if (!applied) return applied;
  for (const IngestItem& item : items) {
    if (item.outcome != IngestOutcome::refused) {
      on_item(item);
    } else if (auto kept = set_aside(context, input, item.item, item.reason, on_item); !kept) {
      return kept;
    }
  }
  return {};
}

}  // namespace

Result<MailCalendar> read_mail_calendar(const Context& context, const IngestInput& input,
                                        const ParsedMail& mail) {
  const auto parts = calendar_parts(mail);
  if (parts.empty()) return fail(Code::not_found, "no calendar in this mail");
  std::optional<MailCalendar> read;
  for (const MailPart* part : parts) {
    auto calendar = parse_calendar(part->content, context.zones, input.source);
    if (!calendar) return tl::unexpected(calendar.error());
    const auto mime_method = parse_method(part->method);
    if (calendar->method && mime_method && *calendar->method != *mime_method) {
      return fail(Code::invalid_input, "METHOD:" + std::string(to_string(*calendar->method)) +
                                           " inside, method=" + part->method + " outside");
    }
    if (!calendar->method) calendar->method = mime_method;
    if (!calendar->method && read) continue;  // an attachment beside the part that was read
    const Method method = calendar->method.value_or(Method::publish);
    if (!read) {
      read = MailCalendar{*std::move(calendar), method};
      continue;
    }
    if (method != read->method)
      return fail(Code::invalid_input, "calendar parts disagree on METHOD");
    for (ParsedEvent& event : calendar->events) {
      const bool there = std::any_of(
          read->calendar.events.begin(), read->calendar.events.end(), [&](const ParsedEvent& one) {
            return one.event.source_uid == event.event.source_uid &&
                   one.occurrence == event.occurrence &&
                   one.event.source_sequence == event.event.source_sequence &&
                   one.event.source_dtstamp == event.event.source_dtstamp;
          });
      if (!there) read->calendar.events.push_back(std::move(event));
    }
  }
  return *std::move(read);
}

Result<void> ingest_mail(const Context& context, const IngestInput& input,
                         const IngestHandler& on_item) {
  const auto mail = parse_mail(input.bytes);
  if (!mail) return set_aside(context, input, "mail", mail.error().message, on_item);
  const auto read = read_mail_calendar(context, input, *mail);
  const auto theirs = ingest_from_attendee(context, input, *mail, read, on_item);
  if (!theirs) return tl::unexpected(theirs.error());
  if (*theirs) return {};
  return ingest_from_organizer(context, input, *mail, read, on_item);
}

}  // namespace calinvite::ingest
