#include <algorithm>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"

namespace calinvite::ingest {

namespace {

/// What one part says, with the METHOD of its MIME header where it has none itself (R91).
Result<ParsedCalendar> read_part(const Context& context, const IngestInput& input,
                                 const MailPart& part) {
  auto calendar = parse_calendar(part.content, context.zones, input.source);
  if (!calendar) return calendar;
  const auto mime_method = parse_method(part.method);
  if (!calendar->method) calendar->method = mime_method;
  if (mime_method && *calendar->method != *mime_method) {
    return fail(Code::invalid_input,
                "METHOD:" + std::string(to_string(*calendar->method)) +
                    " inside, method=" + part.method + " outside",
                {input.source, 0, 0, "METHOD"});
  }
  return calendar;
}

/// Its calendar parts; those of mails inside it only when it has no others (R119).
std::vector<const MailPart*> own_parts(const ParsedMail& mail) {
  auto parts = calendar_parts(mail);
  const auto inside = [](const MailPart* part) { return part->embedded; };
  if (!std::all_of(parts.begin(), parts.end(), inside)) std::erase_if(parts, inside);
  return parts;
}

bool is_same(const ParsedEvent& one, const ParsedEvent& other) {
  return one.event.source_uid == other.event.source_uid && one.occurrence == other.occurrence &&
         one.event.source_sequence == other.event.source_sequence &&
         one.event.source_dtstamp == other.event.source_dtstamp;
}

/// Of errors and of diagnostics.
template <typename Found>
bool is_same(const Found& one, const Found& other) {
  return one.message == other.message && one.place == other.place;
}

/// What `all` does not hold yet: a mail often has its object twice (R92).
template <typename T>
void add_new(std::vector<T>& all, std::vector<T>&& more) {
  for (T& item : more) {
    const bool there =
        std::any_of(all.begin(), all.end(), [&](const T& one) { return is_same(one, item); });
    if (!there) all.push_back(std::move(item));
  }
}

}  // namespace

Result<MailCalendar> read_mail_calendar(const Context& context, const IngestInput& input,
                                        const ParsedMail& mail) {
  std::vector<ParsedCalendar> calendars;
  std::vector<Error> unread;
  for (const MailPart* part : own_parts(mail)) {
    auto calendar = read_part(context, input, *part);
    if (calendar) {
      calendars.push_back(*std::move(calendar));
      continue;
    }
    // The part that states a METHOD is what the mail is about; others may be mere attachments.
    if (!part->method.empty()) return tl::unexpected(calendar.error());
    unread.push_back(calendar.error());
  }
  if (calendars.empty()) {
    if (!unread.empty()) return tl::unexpected(unread.front());
    return fail(Code::not_found, "no calendar in this mail");
  }
  // Beside a part with METHOD, one without is a copy for programs that import files.
  const auto is_plain = [](const ParsedCalendar& calendar) { return !calendar.method; };
  if (!std::all_of(calendars.begin(), calendars.end(), is_plain)) {
    std::erase_if(calendars, is_plain);
  }
  ParsedCalendar all = std::move(calendars.front());
  for (auto more = calendars.begin() + 1; more != calendars.end(); ++more) {
    if (more->method != all.method) {
      return fail(Code::invalid_input, "calendar parts disagree on METHOD",
                  {input.source, 0, 0, "METHOD"});
    }
    add_new(all.events, std::move(more->events));
    add_new(all.refused, std::move(more->refused));
    add_new(all.diagnostics, std::move(more->diagnostics));
  }
  for (const Error& error : unread) all.diagnostics.push_back({error.message, error.place});
  const Method method = all.method.value_or(Method::publish);
  return MailCalendar{std::move(all), method};
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
