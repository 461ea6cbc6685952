#include "ingest/notices.hpp"

#include <utility>

#include "base/text.hpp"
#include "calinvite/time.hpp"
#include "compose/notice.hpp"

namespace calinvite::ingest {
namespace {

/// The most notices that one address gets in 24 hours: a broken client must not fill its owner's
/// inbox.
constexpr std::size_t most_notices_a_day = 200;

std::optional<NoticeKind> kind_of(IngestOutcome outcome) {
  switch (outcome) {
    case IngestOutcome::created:
      return NoticeKind::created;
    case IngestOutcome::updated:
      return NoticeKind::changed;
    case IngestOutcome::cancelled:
      return NoticeKind::cancelled;
    default:
      return std::nullopt;
  }
}

/// An organizer about an event of theirs, in their language.
Result<NoticeTo> to_owner(const Context& context, const Event& event, std::string cause) {
  const auto owner = context.store.find_organizer(context.scope(), event.organizer);
  if (!owner) return tl::unexpected(owner.error());
  return NoticeTo{
      event.organizer, *owner ? (*owner)->language : std::string(), {}, std::move(cause), {}};
}

/// What is counted under a word.
std::uint64_t number_of(const std::map<std::string, std::uint64_t>& counts, const char* word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

/// Ready to be pasted; absent when the domain's links can't be signed now.
std::string button_of(const Context& context, const Event& event) {
  const auto code = context.button ? context.button(event.uid) : Result<std::string>(std::string());
  return code ? std::string(text::trim(*code)) : std::string();
}

}  // namespace

Result<void> notify(const Context& context, const NoticeTo& to, NoticeKind kind, const Event* event,
                    texts::Values values) {
  const auto overrides = context.store.list_templates(context.scope());
  if (!overrides) return tl::unexpected(overrides.error());
  values["domain"] = context.domain.name;
  if (event != nullptr) {
    values["page"] = context.domain.base_url + "/e/" + text::percent_encode(event->uid);
  }
  const std::string& language =
      to.language.empty() && event != nullptr ? event->language : to.language;
  auto written = compose::write_notice(kind, event, language, values, *overrides);
  if (!written) written = compose::write_notice(kind, event, language, std::move(values), {});
  if (!written) return {};  // what it would tell of has been done, and stays so
  Notice notice;
  notice.kind = kind;
  notice.address = to.address;
  if (event != nullptr) notice.event = event->uid;
  notice.language = std::move(written->language);
  notice.subject = std::move(written->subject);
  notice.text = std::move(written->text);
  notice.html = std::move(written->html);
  notice.in_reply_to = to.in_reply_to;
  notice.cause = to.cause;
  notice.csv = to.csv;
  const auto added =
      context.store.add_notice(context.scope(), notice, most_notices_a_day, context.clock());
  return added ? Result<void>() : Result<void>(tl::unexpected(added.error()));
}

Result<void> notify_done(const Context& context, const NoticeTo& to, const IngestItem& item) {
  const auto kind = kind_of(item.outcome);
  if (!kind) return {};
  const auto event = context.store.find_event(context.scope(), item.event);
  if (!event) return tl::unexpected(event.error());
  if (!*event) return {};
  texts::Values values = {{"told", std::to_string(item.told)}};
  if (*kind == NoticeKind::created) values["button"] = button_of(context, **event);
  return notify(context, to, *kind, &**event, std::move(values));
}

Result<void> notify_limit(const Context& context, const Event& event) {
  const std::string limit = std::to_string(event.invite_limit);
  // Once a day (UTC): who goes on for weeks hears of it again.
  const auto day = std::chrono::floor<std::chrono::days>(context.clock());
  const auto to =
      to_owner(context, event, "limit " + event.uid + ' ' + limit + ' ' + format_iso(day));
  if (!to) return tl::unexpected(to.error());
  return notify(context, *to, NoticeKind::limit, &event, {{"limit", limit}});
}

Result<void> notify_report(const Context& context, const Event& event, const Statistics& statistics,
                           AttendeeTable table) {
  auto to = to_owner(context, event, "report " + event.uid + ' ' + format_iso(context.clock()));
  if (!to) return tl::unexpected(to.error());
  const auto figure = [](const auto& counts, std::initializer_list<const char*> words) {
    std::uint64_t sum = 0;
    for (const char* word : words) sum += number_of(counts, word);
    return std::to_string(sum);
  };
  to->csv = std::move(table.csv);
  texts::Values values = {
      {"attendees", std::to_string(statistics.attendees)},
      {"accepted", figure(statistics.rsvp, {"accepted"})},
      {"answered_tentative", figure(statistics.rsvp, {"tentative"})},
      {"declined", figure(statistics.rsvp, {"declined"})},
      {"noaction", figure(statistics.rsvp, {"noaction"})},
      {"delivered", figure(statistics.delivery, {"delivered"})},
      {"undelivered", figure(statistics.delivery, {"bounced", "complained", "refused", "rejected",
                                                   "suppressed", "expired"})}};
  if (table.cut) values["cut"] = std::to_string(table.rows);
  return notify(context, *to, NoticeKind::report, &event, std::move(values));
}

}  // namespace calinvite::ingest
