/// All that a call gives back as one text, so that a canary in it can be found.
#pragma once

#include <sstream>
#include <string>

#include "access/owners.hpp"

namespace roles {

inline std::string show(const std::string& text) { return text + '\n'; }
inline std::string show(bool value) { return value ? "true\n" : "false\n"; }
inline std::string show(std::uint64_t number) { return std::to_string(number) + '\n'; }
inline std::string show(InviteVerdict verdict) { return show(std::string(to_string(verdict))); }
inline std::string show(FactVerdict verdict) {
  return show(std::to_string(static_cast<int>(verdict)));
}
inline std::string show(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += name + '=' + std::to_string(count) + '\n';
  return text;
}
inline std::string show(const std::map<std::string, std::string>& texts) {
  std::string text;
  for (const auto& [name, value] : texts) text += name + '=' + value + '\n';
  return text;
}
inline std::string show(const Organizer& o) {
  return show(o.domain + ' ' + o.address + ' ' + o.name + ' ' + o.local_part + ' ' + o.language);
}
inline std::string show(const SealedKey& key) {
  return show(std::string(key.sealed.begin(), key.sealed.end()));
}
inline std::string show(const Scope& scope) {
  return show(scope.domain_name() + ' ' + scope.organizer_address());
}
inline std::string show(const SigningKey& key) { return std::to_string(key.id); }
inline std::string show(const ApiKey& key) {
  return show(key.id + ' ' + key.label) + show(key.scope);
}
inline std::string show(const NewApiKey& key) { return show(key.entry); }
inline std::string show(const PendingRegistration& r) { return show(r.address + ' ' + r.name); }
inline std::string show(const Event& e) {
  return show(e.uid + ' ' + e.source_uid + ' ' + e.organizer + ' ' + e.source_organizer + ' ' +
              e.summary + ' ' + e.description + ' ' + e.location + ' ' + e.url + ' ' + e.landing);
}
inline std::string show(const EventSummary& s) { return show(s.event) + show(s.attendees); }
inline std::string show(const HeldChange& change) { return show(change.event); }
inline std::string show(const EarlyCancel& c) { return show(c.organizer + ' ' + c.source_uid); }
inline std::string show(const ChangeCounts& c) {
  return show(c.update) + show(c.cancel) + show(c.superseded) + show(c.skip);
}
inline std::string show(const Plan& p) {
  return show(p.event) + show(p.invite) + show(p.update) + show(p.cancel) + show(p.skip);
}
inline std::string show(const Approval& a) {
  return show(a.domain) + show(a.before) + show(a.after) + show(a.plan);
}
inline std::string show(const Attendee& a) {
  return show(a.event + ' ' + a.address + ' ' + a.name + ' ' + a.uid + ' ' + a.comment + ' ' +
              a.prodid + ' ' + a.proposal);
}
inline std::string show(const ClaimedInvite& c) {
  return show(c.domain + ' ' + c.event + ' ' + c.organizer + ' ' + c.address_token) +
         show(c.attendee);
}
inline std::string show(const ScopedStore::Correspondent& c) {
  return show(c.organizer + ' ' + c.address);
}
inline std::string show(const OccurrenceAnswer& a) { return show(a.address + ' ' + a.comment); }
inline std::string show(const OccurrenceStanding& s) {
  return s.answer ? show(*s.answer) : std::string("none\n");
}
inline std::string show(const SharedAttendee& s) {
  return show(s.event + ' ' + s.address + ' ' + s.name + ' ' + s.via);
}
inline std::string show(const Button& b) { return show(b.event + ' ' + b.landing); }
inline std::string show(const OutboxTotals& t) {
  return show(t.planned) + show(t.accepted) + show(t.in_doubt) + show(t.pending) + show(t.notices);
}
inline std::string show(const OutboxEntry& e) { return show(e.event + ' ' + e.address); }
inline std::string show(const Doubt& d) { return show(d.address); }
inline std::string show(const SendingAccount& a) { return show(a.key + ' ' + a.reason); }
inline std::string show(const Reputation& r) {
  return show(r.accepted) + show(r.bounced) + show(r.complained) + show(r.hold);
}
inline std::string show(const Notice& n) {
  return show(n.address + ' ' + n.event + ' ' + n.subject + ' ' + n.text + ' ' + n.reason);
}
inline std::string show(const Receipt& r) {
  return show(r.event + ' ' + r.address + ' ' + r.message_id + ' ' + r.detail + ' ' + r.comment +
              ' ' + r.prodid);
}
inline std::string show(const HistoryItem& item) { return show(item.receipt); }
inline std::string show(const Quarantined& q) {
  return show(q.source + ' ' + q.sender + ' ' + q.reason + ' ' + q.raw);
}
inline std::string show(const Suppression& s) {
  return show(s.domain + ' ' + s.organizer + ' ' + s.address + ' ' + s.reason);
}
inline std::string show(const Consent& c) {
  return show(c.domain + ' ' + c.organizer + ' ' + c.address + ' ' + c.source + ' ' + c.text);
}
inline std::string show(const Erasure& e) {
  std::string text = show(e.attendees) + show(e.receipts) + show(e.notices);
  for (const std::string& uid : e.named) text += show(uid);
  return text;
}
inline std::string show(const Statistics& s) {
  return show(s.attendees) + show(s.origin) + show(s.prodid) + show(s.rsvp) + show(s.delivery);
}
inline std::string show(const OutgoingMessage& m) {
  return show(m.from + ' ' + m.to + ' ' + m.bytes);
}
inline std::string show(const PreflightFinding& f) {
  return show(f.check + ' ' + f.what + ' ' + f.fix);
}

inline std::string show(const FeedItem& item) {
  return show(item.event + ' ' + item.organizer) + (item.receipt ? show(*item.receipt) : "");
}
inline std::string show(const ReceiptBucket& b) { return show(b.counts); }
inline std::string show(const SearchHit& hit) {
  return show(hit.event + ' ' + hit.summary + ' ' + hit.organizer + ' ' + hit.address + ' ' +
              hit.name);
}

template <class T>
std::string show(const std::optional<T>& value) {
  return value ? show(*value) : std::string("none\n");
}
template <class T>
std::string show(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += show(value);
  return text;
}
inline std::string show(const Feed& feed) { return show(feed.items); }
template <class T>
std::string show(const Paged<T>& page) {
  return show(page.items) + show(page.next);
}

/// How the text of a refusal begins.
inline const std::string refusal = "REFUSED ";

inline std::string show(const Error& error) {
  return refusal + std::string(code_name(error.code)) + ' ' + to_string(error);
}
template <class T>
std::string show(const Result<T>& result) {
  if (!result) return show(result.error());
  if constexpr (std::is_void_v<T>) {
    return "done\n";
  } else {
    return show(*result);
  }
}

}  // namespace roles
