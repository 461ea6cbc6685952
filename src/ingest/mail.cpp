#include <algorithm>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"

namespace calinvite::ingest {

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
      return fail(Code::invalid_input,
                  "METHOD:" + std::string(to_string(*calendar->method)) +
                      " inside, method=" + part->method + " outside",
                  {input.source, 0, 0, "METHOD"});
    }
    if (!calendar->method) calendar->method = mime_method;
    if (!calendar->method && read) continue;  // an attachment beside the part that was read
    const Method method = calendar->method.value_or(Method::publish);
    if (!read) {
      read = MailCalendar{*std::move(calendar), method};
      continue;
    }
    if (method != read->method) {
      return fail(Code::invalid_input, "calendar parts disagree on METHOD",
                  {input.source, 0, 0, "METHOD"});
    }
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
  const auto mail = read_mail(input);
  if (!mail) return set_aside_unread(context, input, mail.error(), on_item);
  const auto read = read_mail_calendar(context, input, *mail);
  const auto theirs = ingest_from_attendee(context, input, *mail, read, on_item);
  if (!theirs) return tl::unexpected(theirs.error());
  if (*theirs) return {};
  return ingest_from_organizer(context, input, *mail, read, on_item);
}

}  // namespace calinvite::ingest
