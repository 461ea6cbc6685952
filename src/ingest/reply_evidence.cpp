#include "ingest/reply_evidence.hpp"

#include <optional>

#include "calinvite/itip.hpp"
#include "calinvite/token.hpp"

namespace calinvite::ingest {
namespace {

/// A person as a piece of evidence names them: the attendee of one organizer.
struct Named {
  std::string where;
  Store::Correspondent person;
};

tl::unexpected<Error> ambiguous(const Named& one, const Named& other) {
  const auto told = [&](const Named& named) {
    const bool same = one.person.address == other.person.address;
    return named.where + " names " + named.person.address +
           (same ? " as invited by " + named.person.organizer : "");
  };
  return fail(Code::conflict, "ambiguous: " + told(one) + ", " + told(other));
}

bool same_person(const Named& one, const Named& other) {
  return one.person.organizer == other.person.organizer &&
         one.person.address == other.person.address;
}

/// Whom the tokens among `addresses` name; one that nobody has names nobody.
Result<std::vector<Named>> resolve_tokens(const Context& context,
                                          const std::vector<Trace>& addresses) {
  std::vector<Named> named;
  for (const Trace& trace : addresses) {
    const auto token = address_token(trace.address, context.domain.reply_domain);
    if (token.empty()) continue;
    auto found = context.store.find_correspondent(context.scope(), token);
    if (!found) return tl::unexpected(found.error());
    if (*found) named.push_back({trace.where, **std::move(found)});
  }
  return named;
}

/// The copy that a UID names, with its organizer and attendee.
struct CopyByUid {
  Attendee copy;
  Named named;
};
Result<std::optional<CopyByUid>> resolve_uid(const Context& context, const std::string& uid) {
  if (uid.empty()) return std::optional<CopyByUid>();
  auto copy = context.store.find_attendee_by_uid(context.scope(), uid);
  if (!copy) return tl::unexpected(copy.error());
  if (!*copy) return std::optional<CopyByUid>();
  const auto event = context.store.find_event(context.scope(), (*copy)->event);
  if (!event) return tl::unexpected(event.error());
  if (!*event) return std::optional<CopyByUid>();
  Named named{"its UID", {(*event)->organizer, (*copy)->address}};
  return std::optional(CopyByUid{**std::move(copy), std::move(named)});
}

/// Without a UID only somebody's single live copy can be meant.
Result<CopyMatch> find_only_copy(const Context& context, const Named& named, bool by_token) {
  auto live =
      context.store.list_live_copies(context.scope(), named.person.organizer, named.person.address);
  if (!live) return tl::unexpected(live.error());
  if (live->size() == 1) return CopyMatch{std::move(live->front()), by_token};
  const std::string held = "has no UID, and " + named.where + " names " + named.person.address +
                           ", who holds " + std::to_string(live->size()) + " invitations";
  return fail(live->empty() ? Code::not_found : Code::conflict, held);
}

}  // namespace

Traces traces_of_mail(const IngestInput& input, const ParsedMail& mail) {
  Traces traces;
  const std::size_t of_envelope = input.envelope_recipients.size();  // in front of the others
  for (std::size_t i = 0; i < mail.recipients.size(); ++i) {
    const char* where = i < of_envelope ? "the envelope" : "the address it was sent to";
    traces.addresses.push_back({where, mail.recipients[i]});
  }
  return traces;
}

Result<CopyMatch> find_copy(const Context& context, const Traces& traces) {
  const auto named = resolve_tokens(context, traces.addresses);
  if (!named) return tl::unexpected(named.error());
  for (const Named& other : *named) {
    if (!same_person(named->front(), other)) return ambiguous(named->front(), other);
  }
  const std::string uid = unwrap_uid(traces.uid);
  auto by_uid = resolve_uid(context, uid);
  if (!by_uid) return tl::unexpected(by_uid.error());
  if (*by_uid) {
    if (!named->empty() && !same_person(named->front(), (*by_uid)->named)) {
      return ambiguous(named->front(), (*by_uid)->named);
    }
    return CopyMatch{std::move((*by_uid)->copy), !named->empty()};
  }
  if (!named->empty()) {
    if (uid.empty()) return find_only_copy(context, named->front(), true);
    return fail(Code::not_found, "answers a UID that " + named->front().person.address + ", whom " +
                                     named->front().where + " names, does not hold");
  }
  if (!uid.empty()) return fail(Code::not_found, "answers a UID that is not here");
  for (const Trace& person : traces.people) {
    if (person.address.empty()) continue;
    auto only = find_only_copy(context, {person.where, {"", person.address}}, false);
    if (only || only.error().code != Code::not_found) return only;
  }
  return fail(Code::not_found, "nothing in it names an invitation");
}

}  // namespace calinvite::ingest
