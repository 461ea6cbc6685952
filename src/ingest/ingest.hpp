/// The ways in: mail, calendar files, event lists, delivery facts, web answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/ical.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/mime.hpp"
#include "ingest/context.hpp"

namespace calinvite::ingest {

/// The most that is held of an input that can't be read in pieces: a mail, or what is quarantined.
inline constexpr std::size_t max_gathered_bytes = 64 << 20;

/// All of an input in one piece, kept in `storage` when it comes in several.
/// @error too_large  over max_gathered_bytes
/// @error as input.read
Result<IngestInput> gather(const IngestInput& input, std::string& storage);

/// Hands all of an input to `take`, piece by piece; its last call, perhaps with nothing, says so.
/// @error as input.read and `take`
Result<void> feed_pieces(const IngestInput& input,
                         const std::function<Result<void>(std::string_view, bool last)>& take);

/// Tells the kind of an input by its name's ending, else by its first bytes.
InputKind detect_kind(const IngestInput& input);

/// The tenant an input belongs to: the one it names, the one whose reply domain a mail was sent
/// to, the one in which its sender is an organizer, or the only one of the store.
/// @error not_found  none of these tells
Result<Domain> choose_domain(Store& store, const IngestInput& input, InputKind kind);

/// A calendar file of an organizer who is vouched for; otherwise it is quarantined.
Result<void> ingest_calendar(const Context& context, const IngestInput& input,
                             const IngestHandler& on_item);
/// An events list of an organizer who is vouched for; otherwise it is quarantined.
Result<void> ingest_event_list(const Context& context, const IngestInput& input,
                               const IngestHandler& on_item);
/// A raw mail: an answer to a token address counts by its token, an organizer's invitation needs
/// an authenticated sender.
Result<void> ingest_mail(const Context& context, const IngestInput& input,
                         const IngestHandler& on_item);
/// A mail on its way in, with who vouches for it and whom it was sent to as far as the input says.
using MailHandler =
    std::function<Result<void>(const IngestInput& mail, const IngestHandler& on_item)>;

/// SES notifications, one JSON text or one a line, of any number. They name sends of any domain of
/// the store.
/// @param on_mail  called for each mail that a notification holds
Result<void> ingest_notifications(Store& store, const Clock& clock, const IngestInput& input,
                                  const MailHandler& on_mail, const IngestHandler& on_item);
/// A notification that a mail came in: the mail when it holds it, else an item that says where it
/// is. `input.receipt` is the notification's JSON.
Result<void> ingest_received(const InboundNotification& notice, const IngestInput& input,
                             const Place& place, const MailHandler& on_mail,
                             const IngestHandler& on_item);

/// Fills in who vouches for a mail and whom it was sent to, from its receipt; else asks `verifier`.
IngestInput vouch(IngestInput input, const Verifier& verifier);
/// parse_mail, with the envelope's recipients in front of those of the headers (R101).
Result<ParsedMail> read_mail(const IngestInput& input);

/// The registered organizer who is vouched for as the sender.
/// @error unauthenticated  nobody vouches for a sender
/// @error forbidden        not an organizer of the domain, or suspended
Result<Organizer> require_organizer(const Context& context, const IngestInput& input);

struct Sender;  // ingest/owner.hpp

/// Every UID of a calendar object becomes an item of the events of those whom `sender` acts for.
Result<void> apply_calendar(const Context& context, const Sender& sender,
                            const ParsedCalendar& calendar, Method method, const IngestInput& input,
                            const IngestHandler& on_item);

/// People for events of `organizer`: a CSV with the columns uid and email. Nobody is invited twice.
Result<void> apply_address_list(const Context& context, const Organizer& organizer,
                                const IngestInput& input, const IngestHandler& on_item);

/// A list of `organizer`: the bytes of `input`, or a part of the mail that it was. Of events, or of
/// people for them when its header has a column email.
Result<void> apply_event_list(const Context& context, const Organizer& organizer,
                              const IngestInput& input, const IngestHandler& on_item);

/// What the calendar parts of a mail say together.
struct MailCalendar {
  ParsedCalendar calendar;
  Method method = Method::request;
};

/// Reads the calendar parts: the body's METHOD decides, the MIME parameter fills in, and both must
/// agree (R91). Several parts of one object count once (R92). Mails inside the mail count only when
/// it has no calendar itself (R119); an attachment that can't be read becomes a diagnostic.
/// @error not_found      no calendar part
/// @error invalid_input  unreadable, or METHODs that disagree
Result<MailCalendar> read_mail_calendar(const Context& context, const IngestInput& input,
                                        const ParsedMail& mail);

/// A mail that is no answer: an organizer's invitation or event list. `read` is what the calendar
/// parts say. What is not acted on is quarantined with its reason.
Result<void> ingest_from_organizer(const Context& context, const IngestInput& input,
                                   const ParsedMail& mail, const Result<MailCalendar>& read,
                                   const IngestHandler& on_item);
/// A mail that can't be read.
Result<void> set_aside_unread(const Context& context, const IngestInput& input, const Error& error,
                              const IngestHandler& on_item);

/// What attendees and mail systems send back: answers, delivery reports, automatic mail. `read` is
/// what the calendar parts say.
/// @return false when the mail is none of these, but an organizer's
Result<bool> ingest_from_attendee(const Context& context, const IngestInput& input,
                                  const ParsedMail& mail, const Result<MailCalendar>& read,
                                  const IngestHandler& on_item);

/// A winmail.dat in words for a reason: its class, its appointment, who sent it (R120a).
std::string describe_winmail(const TnefMessage& message, const ParsedMail& mail);

/// A calendar object that answers invitations (REPLY, COUNTER), alone or in a mail.
Result<void> apply_replies(const Context& context, const IngestInput& input, const ParsedMail& mail,
                           const ParsedCalendar& calendar, const IngestHandler& on_item);

/// Quarantines an attendee's mail for each VEVENT that can't be read, or for having none.
Result<void> set_aside_refused(const Context& context, const IngestInput& input,
                               const ParsedCalendar& calendar, const IngestHandler& on_item);

/// An answer with what is recorded of it beside its effect.
struct Answer {
  Reply reply;
  std::string key;  ///< the same answer again has the same one (I7)
  Method method = Method::reply;
  std::vector<std::string> remarks;  ///< for the receipt's detail: what made it doubtful or special
};

/// Records an answer of a copy, by mail or web; apply_reply says whether it is in force, by what
/// the store holds in the same step.
/// @return replied, or already_seen for a repeated one
/// @error not_found  the copy or its event is gone
Result<IngestItem> record_answer(const Context& context, const Attendee& copy, const Answer& answer,
                                 IngestItem item);

/// A delivery report or a complaint: facts about the copy that it names.
Result<void> apply_report(const Context& context, const IngestInput& input, const ParsedMail& mail,
                          const IngestHandler& on_item);

/// Sends the copy of an attendee again as it is now (R79), unless something of it waits or it was
/// sent after `not_since`; of somebody uninvited the CANCEL, if it is in doubt, as it was. Decided
/// and stored in one step.
/// @error as Store::resend; conflict  the event is cancelled
Result<ChangeCounts> resend_copy(const Context& context, const Scope& scope, std::string_view event,
                                 std::string_view address, std::chrono::sys_seconds not_since);
/// The same for everybody who has a message in doubt that none after it says again: a REQUEST, or a
/// CANCEL. `skip` also has superseded (told of a newer revision since), over, and uninvited.
/// @error not_found  no such event
Result<ChangeCounts> resend_in_doubt(const Context& context, const Scope& scope,
                                     std::string_view event);
/// The same for everybody who holds an older revision, but for decliners and those whom only what
/// is in doubt may have kept from the newest.
/// @error not_found  no such event
/// @error conflict   the event is cancelled
Result<ChangeCounts> resend_outdated(const Context& context, const Scope& scope,
                                     std::string_view event);

}  // namespace calinvite::ingest
