#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "calinvite/model.hpp"

namespace calinvite {
namespace {

/// One spelling per enumerator, in the order of the enumeration.
template <std::size_t N>
using Words = std::array<std::string_view, N>;

constexpr Words<8> methods = {"PUBLISH", "REQUEST", "REPLY",   "ADD",
                              "CANCEL",  "REFRESH", "COUNTER", "DECLINECOUNTER"};
constexpr Words<5> partstats = {"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"};
constexpr Words<4> status_words = {"noaction", "accepted", "declined", "tentative"};
constexpr Words<3> event_statuses = {"confirmed", "tentative", "cancelled"};
constexpr Words<9> outbox_states = {"pending",  "claimed",    "held",       "accepted", "refused",
                                    "in_doubt", "superseded", "suppressed", "expired"};
constexpr Words<3> registrations = {"closed", "confirm", "open"};
constexpr Words<3> shared_policies = {"hold", "accept", "refuse"};
constexpr Words<3> evidences = {"verified", "unverified", "automated"};
constexpr Words<9> notice_kinds = {"created", "changed",  "cancelled",    "failed", "imported",
                                   "limit",   "approval", "registration", "report"};
constexpr Words<16> receipt_kinds = {"queued",     "accepted",   "refused",    "in_doubt",
                                     "expired",    "delivered",  "delayed",    "bounced",
                                     "complained", "rejected",   "opened",     "clicked",
                                     "replied",    "superseded", "suppressed", "unsubscribed"};

// Strongest evidence first: what is known of a copy is the first of these that was reported.
constexpr std::array delivery_order = {
    ReceiptKind::complained, ReceiptKind::bounced,  ReceiptKind::rejected, ReceiptKind::delivered,
    ReceiptKind::accepted,   ReceiptKind::in_doubt, ReceiptKind::refused,  ReceiptKind::suppressed,
    ReceiptKind::expired,    ReceiptKind::delayed,  ReceiptKind::queued};

constexpr std::array<std::string_view, 20> origins = {
    "api",         "bulk",        "vip",      "test",       "webform",
    "landingpage", "multievent",  "emailcta", "singlesend", "shared",
    "convertkit",  "hubspot",     "klaviyo",  "klaviyocta", "mailchimpcta",
    "sendgrid",    "sendgridcta", "wix",      "wixv2",      "zoho"};

template <std::size_t N, class Enum>
std::string_view word_of(const Words<N>& words, Enum value) noexcept {
  return words[static_cast<std::size_t>(value)];
}

template <class Enum, std::size_t N>
std::optional<Enum> find_word(const Words<N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (text::iequals(words[i], word)) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Method method) noexcept { return word_of(methods, method); }
std::optional<Method> parse_method(std::string_view word) {
  return find_word<Method>(methods, word);
}

std::string_view to_string(Partstat partstat) noexcept { return word_of(partstats, partstat); }
std::optional<Partstat> parse_partstat(std::string_view word) {
  return find_word<Partstat>(partstats, word);
}

std::string_view status_word(Partstat partstat) noexcept {
  return partstat == Partstat::delegated ? status_words[0] : word_of(status_words, partstat);
}
std::optional<Partstat> parse_status_word(std::string_view word) {
  return find_word<Partstat>(status_words, word);
}

std::string_view to_string(EventStatus status) noexcept { return word_of(event_statuses, status); }
std::optional<EventStatus> parse_event_status(std::string_view word) {
  return find_word<EventStatus>(event_statuses, word);
}

std::string_view to_string(SharedPolicy policy) noexcept {
  return word_of(shared_policies, policy);
}
std::optional<SharedPolicy> parse_shared_policy(std::string_view word) {
  return find_word<SharedPolicy>(shared_policies, word);
}

std::string_view to_string(Evidence evidence) noexcept { return word_of(evidences, evidence); }

std::string_view to_string(Registration registration) noexcept {
  return word_of(registrations, registration);
}
std::optional<Registration> parse_registration(std::string_view word) {
  return find_word<Registration>(registrations, word);
}

std::string_view to_string(OutboxState state) noexcept { return word_of(outbox_states, state); }
std::optional<OutboxState> parse_outbox_state(std::string_view word) {
  return find_word<OutboxState>(outbox_states, word);
}

std::string_view to_string(ReceiptKind kind) noexcept { return word_of(receipt_kinds, kind); }
std::optional<ReceiptKind> parse_receipt_kind(std::string_view word) {
  return find_word<ReceiptKind>(receipt_kinds, word);
}

std::string_view to_string(NoticeKind kind) noexcept { return word_of(notice_kinds, kind); }
std::optional<NoticeKind> parse_notice_kind(std::string_view word) {
  return find_word<NoticeKind>(notice_kinds, word);
}

std::string_view delivery_word(const std::vector<ReceiptKind>& kinds) noexcept {
  for (const ReceiptKind kind : delivery_order) {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return to_string(kind);
  }
  return {};
}

bool is_known_origin(std::string_view origin) noexcept {
  return std::find(origins.begin(), origins.end(), origin) != origins.end();
}

}  // namespace calinvite
