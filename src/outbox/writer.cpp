#include "outbox/writer.hpp"

#include <algorithm>

#include "calinvite/itip.hpp"
#include "calinvite/lint.hpp"
#include "calinvite/mime.hpp"
#include "mime/attached.hpp"
#include "mime/outgoing.hpp"
#include "outbox/link_end.hpp"

namespace calinvite::outbox {
namespace {

using std::chrono::days;
using std::chrono::sys_seconds;

constexpr days unsubscribable{730};
// Invites come out grouped by event, so that few revisions are in use at once.
constexpr std::size_t max_prepared = 256;
constexpr std::chrono::seconds memory{5};

/// No message that it is asked about is sent when lint finds an error in it.
Result<void> check_message(std::string_view message, const ZoneTable& zones) {
  const auto findings = lint_message(message, zones);
  if (!findings) return tl::unexpected<Error>(findings.error());
  const auto worst = std::find_if(findings->begin(), findings->end(), [](const Finding& finding) {
    return finding.severity == Severity::error;
  });
  if (worst == findings->end()) return {};
  return fail(Code::invalid_input, worst->rule + ": " + worst->what, worst->place);
}

/// What is wrong with the event, such as a zone that is gone, is wrong with its invites alone: the
/// store and all other events are as they should be.
tl::unexpected<Error> unwritable(Error error) {
  if (error.code == Code::not_found) error.code = Code::invalid_input;
  return tl::unexpected<Error>(std::move(error));
}

/// What a CANCEL takes back is what its copy got, which may be another revision than the event's
/// (R82). A date is still named as the event names it now.
Event as_held(const ClaimedInvite& invite, Event held, const Event& event) {
  const bool same_names = held.timezone == event.timezone && held.all_day == event.all_day;
  if (invite.occurrence && !same_names) return event;
  held.status = event.status;
  return held;
}

tl::unexpected<Error> missing(std::string_view what, std::string_view name) {
  return fail(Code::not_found, "no " + std::string(what) + " " + std::string(name));
}

}  // namespace

/// Calendars pass over what is not later than what they know (R70), be it written within the same
/// second or under a clock that was set back; and they merge what is said twice in doubt (R79).
sys_seconds Writer::dtstamp_of(const ClaimedInvite& invite, sys_seconds now) {
  if (invite.repeats_doubt) return invite.last_dtstamp;
  return std::max(now, invite.last_dtstamp + std::chrono::seconds(1));
}

void Writer::forget_old(sys_seconds now) {
  if (now >= learnt_ && now - learnt_ < memory) return;
  learnt_ = now;
  domains_.clear();
  templates_.clear();
  organizers_.clear();
  prepared_.clear();
}

Result<const Domain*> Writer::domain(const std::string& name) {
  auto place = domains_.find(name);
  if (place == domains_.end()) {
    auto found = with_.store.find_domain(name);
    if (!found) return tl::unexpected<Error>(found.error());
    if (!*found) return missing("domain", name);
    place = domains_.emplace(name, std::move(**found)).first;
  }
  return &place->second;
}

Result<const Writer::Templates*> Writer::templates(const std::string& domain) {
  auto place = templates_.find(domain);
  if (place == templates_.end()) {
    auto own = with_.store.list_templates(Scope::domain(domain));
    if (!own) return tl::unexpected<Error>(own.error());
    std::erase_if(*own, [](const auto& one) { return !one.first.starts_with("invitation."); });
    place = templates_.emplace(domain, std::move(*own)).first;
  }
  return &place->second;
}

Result<const Organizer*> Writer::organizer(const std::string& domain, const std::string& address) {
  auto place = organizers_.find({domain, address});
  if (place == organizers_.end()) {
    auto found = with_.store.find_organizer(Scope::domain(domain), address);
    if (!found) return tl::unexpected<Error>(found.error());
    if (!*found) return missing("organizer", address);
    place = organizers_.emplace(std::pair(domain, address), std::move(**found)).first;
  }
  if (place->second.state == OrganizerState::suspended) {
    return fail(Code::forbidden, "organizer " + address + " is suspended");
  }
  return &place->second;
}

Result<const Writer::Prepared*> Writer::prepared(const ClaimedInvite& invite, const Domain& domain,
                                                 const Organizer& organizer) {
  Key key{invite.domain,   invite.event,          invite.method,
          invite.sequence, invite.known_sequence, invite.occurrence};
  if (const auto place = prepared_.find(key); place != prepared_.end()) return &place->second;

  const auto own = templates(invite.domain);
  if (!own) return tl::unexpected<Error>(own.error());
  const auto scope = Scope::domain(invite.domain);
  auto event = with_.store.get_event(scope, invite.event);
  if (!event) return tl::unexpected<Error>(event.error());
  auto known = with_.store.find_revision(scope, invite.event, invite.known_sequence);
  if (!known) return tl::unexpected<Error>(known.error());
  const bool tells_change = invite.method == Method::request;
  if (*known && !tells_change) *event = as_held(invite, **known, *event);
  const auto over = over_at(*event, with_.zones);
  Revision revision{std::move(*event), invite.method,  invite.sequence,
                    invite.occurrence, organizer.name, domain.base_url};
  revision.description_limit = domain.description_limit;
  revision.cancelled_status_on_uninvite = domain.cancelled_status_on_uninvite;
  revision.templates = **own;
  if (tells_change) revision.before = std::move(*known);
  auto composer = Composer::prepare(
      std::move(revision), with_.zones,
      [this](std::string_view message) { return check_message(message, with_.zones); });
  if (prepared_.size() >= max_prepared) prepared_.clear();
  const auto place = prepared_.emplace(std::move(key), Prepared{std::move(composer), over});
  return &place.first->second;
}

Result<CopyFields> Writer::fields(const ClaimedInvite& invite, const Domain& domain,
                                  const Organizer& organizer, std::optional<sys_seconds> over,
                                  sys_seconds now) {
  const auto ring = with_.key_ring(invite.domain);
  if (!ring) return tl::unexpected<Error>(ring.error());
  if ((*ring)->empty()) return missing("signing key of domain", invite.domain);
  auto address = token_address(organizer.local_part, invite.address_token, domain.reply_domain,
                               domain.separator);
  if (!address) return tl::unexpected<Error>(address.error());

  CopyFields copy;
  copy.uid = invite.attendee.uid;
  copy.organizer_address = std::move(*address);
  copy.address = invite.attendee.address;
  copy.name = invite.attendee.name;
  copy.language = invite.attendee.language;
  copy.partstat = invite.attendee.partstat;
  // A link answers the series; the mail about one date has none.
  if (invite.method == Method::request && !invite.occurrence) {
    copy.rsvp_token =
        mint_link_token({TokenPurpose::rsvp, invite.attendee.id, link_end(over, now)}, **ring);
  }
  copy.unsubscribe_token = mint_link_token(
      {TokenPurpose::unsubscribe, invite.attendee.id, now + unsubscribable}, **ring);
  copy.first = invite.attendee.held_sequence < 0;
  copy.first_message_id = invite.first_message_id;
  const auto host = with_.transport.message_id_host();
  const bool whole = copy.first_message_id.find('@') != std::string::npos;
  if (!copy.first_message_id.empty() && !host.empty() && !whole) {
    copy.first_message_id += '@' + host;
  }
  // A host's own sender may call a message what it likes, such as "queued as 42".
  if (!mime::is_message_id(copy.first_message_id)) copy.first_message_id.clear();
  copy.dtstamp = dtstamp_of(invite, now);
  return copy;
}

Result<OutgoingMessage> Writer::write_notice(const Notice& notice, const Domain& domain,
                                             const std::string& attempt_id, sys_seconds now) {
  OutgoingMail mail;
  mail.from = {domain.name, "notices@" + domain.reply_domain};
  mail.to = {{}, notice.address};
  mail.subject = notice.subject;
  mail.date = now;
  mail.message_id = attempt_id + "@" + domain.reply_domain;
  if (!notice.in_reply_to.empty()) mail.references = {notice.in_reply_to};
  mail.language = notice.language;
  mail.text_plain = notice.text;
  mail.text_html = notice.html;
  auto written =
      notice.csv.empty()
          ? write_mail(mail)
          : mime::write_mail_with(mail, {"report.csv", "text/csv; charset=UTF-8", notice.csv});
  if (!written) return tl::unexpected<Error>(written.error());
  OutgoingMessage message;
  message.attempt_id = attempt_id;
  message.from = mail.from.address;
  message.to = mail.to.address;
  message.bytes = std::move(*written);
  message.configuration_set = domain.configuration_set;
  return message;
}

Result<OutgoingMessage> Writer::write(const ClaimedInvite& invite, const std::string& attempt_id,
                                      sys_seconds now) {
  forget_old(now);
  const auto its_domain = domain(invite.domain);
  if (!its_domain) return tl::unexpected<Error>(its_domain.error());
  if (invite.notice) return write_notice(*invite.notice, **its_domain, attempt_id, now);
  const auto its_organizer = organizer(invite.domain, invite.organizer);
  if (!its_organizer) return tl::unexpected<Error>(its_organizer.error());
  const auto revision = prepared(invite, **its_domain, **its_organizer);
  if (!revision) return tl::unexpected<Error>(revision.error());
  if (const auto& composer = (*revision)->composer; !composer) {
    return unwritable(composer.error());
  }
  auto copy = fields(invite, **its_domain, **its_organizer, (*revision)->over, now);
  if (!copy) return tl::unexpected<Error>(copy.error());
  copy->attempt_id = attempt_id;

  if (auto done = (*revision)->composer->compose(*copy, bytes_); !done) {
    return unwritable(done.error());
  }
  OutgoingMessage message;
  message.bytes = bytes_;
  message.attempt_id = attempt_id;
  message.from = std::move(copy->organizer_address);
  message.to = std::move(copy->address);
  message.configuration_set = (*its_domain)->configuration_set;
  return message;
}

}  // namespace calinvite::outbox
