#include "ingest/visit.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace calinvite::ingest {
namespace {

using std::chrono::minutes;
using std::chrono::sys_seconds;

constexpr std::chrono::seconds burst{10};  // people read a page before they open the next
constexpr std::uint32_t most_a_day = 100;  // of one link: a receipt is for good

std::string key_prefix(const Attendee& attendee, sys_seconds time) {
  const auto minute = std::chrono::floor<minutes>(time).time_since_epoch().count();
  return "visit " + text::hex(attendee.id) + ' ' + std::to_string(minute) + ' ';
}

/// What a receipt says of the link, without the label.
std::string detail_of(std::string_view link) { return "web page, " + std::string(link); }

/// The visits of the link in the time of a burst, and up to a minute more.
Result<std::vector<Receipt>> recent_visits(const Context& context, const Attendee& attendee,
                                           sys_seconds now) {
  std::vector<Receipt> visits;
  for (const auto time : {now - minutes(1), now}) {
    auto some =
        context.store.list_facts(context.scope(), attendee.event, key_prefix(attendee, time));
    if (!some) return tl::unexpected(some.error());
    visits.insert(visits.end(), some->begin(), some->end());
  }
  return visits;
}

/// Receipts are never changed: a label that is found later comes as a second one.
Result<void> note(const Context& context, const Attendee& attendee, const std::string& detail,
                  sys_seconds time) {
  DeliveryFact fact;
  fact.domain = context.domain.name;
  fact.receipt.kind = ReceiptKind::clicked;
  fact.receipt.time = time;
  fact.receipt.event = attendee.event;
  fact.receipt.address = attendee.address;
  fact.receipt.sequence = attendee.held_sequence;
  fact.receipt.channel = "web";
  fact.receipt.detail = detail;
  fact.dedupe_key = key_prefix(attendee, time) + detail;
  const auto recorded = context.store.record_reported(context.scope(), fact, context.clock());
  return recorded ? Result<void>() : tl::unexpected(recorded.error());
}

/// Scanners fetch every link of a mail at once (R126).
Result<void> note_burst(const Context& context, const Attendee& attendee, const std::string& ours,
                        const std::vector<Receipt>& others, sys_seconds now) {
  for (const Receipt& other : others) {
    if (other.detail.ends_with(automated_label)) continue;
    if (auto noted =
            note(context, attendee, other.detail + std::string(automated_label), other.time);
        !noted) {
      return noted;
    }
  }
  return note(context, attendee, ours + std::string(automated_label), now);
}

}  // namespace

bool is_automatic(std::string_view agent) {
  if (agent.empty()) return false;
  constexpr std::array<std::string_view, 17> marks = {
      "bot/",       "bot-",      "crawl",      "spider",    "scan",       "headless",
      "+http",      "preview",   "barracuda",  "mimecast",  "proofpoint", "safelinks",
      "imageproxy", "mailproxy", "mail.proxy", "fortigate", "trendmicro"};
  const std::string lower = text::lower(agent);
  return !lower.starts_with("mozilla/") ||
         std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

Result<void> record_visit(const Context& context, const Attendee& attendee, std::string_view link,
                          bool automated) {
  return context.store.atomically([&]() -> Result<void> {
    const auto now = context.clock();
    const std::string ours = detail_of(link);
    auto visits = recent_visits(context, attendee, now);
    if (!visits) return tl::unexpected(visits.error());
    const auto known = [&](const std::string& detail) {
      return std::any_of(visits->begin(), visits->end(), [&](const Receipt& visit) {
        return visit.detail == detail &&
               std::chrono::floor<minutes>(visit.time) == std::chrono::floor<minutes>(now);
      });
    };
    if (known(ours + std::string(automated_label))) return {};
    auto others = *visits;
    std::erase_if(others, [&](const Receipt& visit) {
      return visit.detail.starts_with(ours) || visit.time < now - burst;
    });
    if (others.empty() && !automated && known(ours)) return {};
    const DailyCap cap{"visit " + text::hex(attendee.id), most_a_day};
    const auto counted = context.store.count_use(context.scope(), std::span(&cap, 1), now);
    if (!counted) return tl::unexpected(counted.error());
    if (!*counted) return {};
    return others.empty() && !automated ? note(context, attendee, ours, now)
                                        : note_burst(context, attendee, ours, others, now);
  });
}

}  // namespace calinvite::ingest
