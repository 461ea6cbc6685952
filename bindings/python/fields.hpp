/// Which members of which structs a Python program sees, under which names.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <tuple>
#include <type_traits>

#include "calinvite/aws.hpp"
#include "calinvite/csv.hpp"
#include "calinvite/engine.hpp"
#include "calinvite/ical.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/lint.hpp"
#include "calinvite/mime.hpp"
#include "calinvite/token.hpp"

namespace calinvite::python {

using pybind11::detail::const_name;

/// How a member is shown: as its type says, a std::string as bytes, an instant of 0 as None.
enum class Form { plain, bytes, unset_is_none };

template <class T, class M, Form>
struct Field {
  const char* name;
  M T::*member;
};
template <Form form = Form::plain, class T, class M>
constexpr auto field(const char* name, M T::*member) {
  return Field<T, M, form>{name, member};
}

/// The name of the Python class.
template <class T>
inline constexpr auto name_of = nullptr;
template <class T>
inline constexpr auto fields_of = nullptr;

template <class T>
concept Described = !std::is_same_v<decltype(fields_of<T>), const std::nullptr_t>;
template <class T>
concept Word = std::is_enum_v<T> && !std::is_same_v<decltype(name_of<T>), const std::nullptr_t>;

// ---- enums -----------------------------------------------------------------------------------

template <>
inline constexpr auto name_of<Method> = const_name("Method");
template <>
inline constexpr auto name_of<Partstat> = const_name("Partstat");
template <>
inline constexpr auto name_of<EventStatus> = const_name("EventStatus");
template <>
inline constexpr auto name_of<OrganizerState> = const_name("OrganizerState");
template <>
inline constexpr auto name_of<Registration> = const_name("Registration");
template <>
inline constexpr auto name_of<SharedPolicy> = const_name("SharedPolicy");
template <>
inline constexpr auto name_of<EventCommand> = const_name("EventCommand");
template <>
inline constexpr auto name_of<EventFilter::When> = const_name("When");
template <>
inline constexpr auto name_of<InputKind> = const_name("InputKind");
template <>
inline constexpr auto name_of<IngestOutcome> = const_name("IngestOutcome");
template <>
inline constexpr auto name_of<OutboxState> = const_name("OutboxState");
template <>
inline constexpr auto name_of<ReceiptKind> = const_name("ReceiptKind");
template <>
inline constexpr auto name_of<SendVerdict> = const_name("SendVerdict");
template <>
inline constexpr auto name_of<TokenPurpose> = const_name("TokenPurpose");
template <>
inline constexpr auto name_of<ButtonPreset> = const_name("ButtonPreset");
template <>
inline constexpr auto name_of<ReportFormat> = const_name("ReportFormat");
template <>
inline constexpr auto name_of<DateOrder> = const_name("DateOrder");
template <>
inline constexpr auto name_of<EventSort> = const_name("EventSort");
template <>
inline constexpr auto name_of<NoticeKind> = const_name("NoticeKind");
template <>
inline constexpr auto name_of<Evidence> = const_name("Evidence");
template <>
inline constexpr auto name_of<BucketSize> = const_name("BucketSize");
template <>
inline constexpr auto name_of<SuppressionScope> = const_name("SuppressionScope");
template <>
inline constexpr auto name_of<AccountHold> = const_name("AccountHold");
template <>
inline constexpr auto name_of<PageState> = const_name("PageState");
template <>
inline constexpr auto name_of<PreflightSeverity> = const_name("PreflightSeverity");
template <>
inline constexpr auto name_of<Severity> = const_name("Severity");
template <>
inline constexpr auto name_of<ReplyEffect::Verdict> = const_name("ReplyVerdict");
template <>
inline constexpr auto name_of<TransferEncoding> = const_name("TransferEncoding");
template <>
inline constexpr auto name_of<SesVerdict> = const_name("SesVerdict");
template <>
inline constexpr auto name_of<SnsType> = const_name("SnsType");

// ---- structs ---------------------------------------------------------------------------------

template <>
inline constexpr auto name_of<Place> = const_name("Place");
template <>
inline constexpr auto fields_of<Place> = std::tuple(field("source", &Place::source),
                                                    field("line", &Place::line),
                                                    field("column", &Place::column),
                                                    field("field", &Place::field));

template <>
inline constexpr auto name_of<Diagnostic> = const_name("Diagnostic");
template <>
inline constexpr auto fields_of<Diagnostic> = std::tuple(field("message", &Diagnostic::message),
                                                         field("place", &Diagnostic::place));

template <>
inline constexpr auto name_of<Domain> = const_name("Domain");
template <>
inline constexpr auto fields_of<Domain> = std::tuple(
    field("name", &Domain::name), field("from_address", &Domain::from),
    field("reply_domain", &Domain::reply_domain), field("base_url", &Domain::base_url),
    field("super_user", &Domain::super_user),
    field("configuration_set", &Domain::configuration_set), field("separator", &Domain::separator),
    field("description_limit", &Domain::description_limit),
    field("cancelled_status_on_uninvite", &Domain::cancelled_status_on_uninvite),
    field("registration", &Domain::registration), field("event_limit", &Domain::event_limit),
    field("invite_limit", &Domain::invite_limit), field("approval", &Domain::approval),
    field("shared_attendees", &Domain::shared_attendees), field("landings", &Domain::landings));

template <>
inline constexpr auto name_of<Organizer> = const_name("Organizer");
template <>
inline constexpr auto fields_of<Organizer> =
    std::tuple(field("domain", &Organizer::domain), field("address", &Organizer::address),
               field("name", &Organizer::name), field("local_part", &Organizer::local_part),
               field("state", &Organizer::state), field("bulk", &Organizer::bulk),
               field("language", &Organizer::language), field("approval", &Organizer::approval));

/// Those that need no zone; the rest is added in events.cpp.
template <>
inline constexpr auto name_of<Event> = const_name("Event");
inline constexpr auto zoneless_event_fields = std::tuple(
    field("uid", &Event::uid), field("source_uid", &Event::source_uid),
    field("organizer", &Event::organizer), field("source_organizer", &Event::source_organizer),
    field("summary", &Event::summary), field("description", &Event::description),
    field("location", &Event::location), field("conference", &Event::conference),
    field("url", &Event::url), field("landing", &Event::landing),
    field("language", &Event::language), field("rrule", &Event::rrule),
    field("status", &Event::status), field("reminder", &Event::reminder),
    field("transparent", &Event::transparent), field("wants_answers", &Event::wants_answers),
    field("counters_allowed", &Event::counters_allowed), field("sequence", &Event::sequence),
    field("key_sequence", &Event::key_sequence), field("source_sequence", &Event::source_sequence),
    field<Form::unset_is_none>("source_dtstamp", &Event::source_dtstamp),
    field("listed", &Event::listed), field("invite_limit", &Event::invite_limit),
    field<Form::unset_is_none>("created", &Event::created),
    field<Form::unset_is_none>("changed", &Event::changed));

inline constexpr auto zoneless_override_fields =
    std::tuple(field("cancelled", &Override::cancelled), field("summary", &Override::summary),
               field("description", &Override::description), field("location", &Override::location),
               field("conference", &Override::conference),
               field("source_sequence", &Override::source_sequence),
               field<Form::unset_is_none>("source_dtstamp", &Override::source_dtstamp));

inline constexpr auto zoneless_parsed_event_fields = std::tuple(
    field("event", &ParsedEvent::event),
    field("recurrence_instant", &ParsedEvent::recurrence_instant),
    field("has_sequence", &ParsedEvent::has_sequence), field("has_start", &ParsedEvent::has_start),
    field("organizer_name", &ParsedEvent::organizer_name),
    field("attendees", &ParsedEvent::attendees), field("comment", &ParsedEvent::comment),
    field("floating", &ParsedEvent::floating),
    field("this_and_future", &ParsedEvent::this_and_future),
    field("description_html", &ParsedEvent::description_html),
    field("categories", &ParsedEvent::categories), field("color", &ParsedEvent::color),
    field("conferences", &ParsedEvent::conferences), field("images", &ParsedEvent::images),
    field("timezone_raw", &ParsedEvent::timezone_raw), field("remark", &ParsedEvent::remark),
    field("line", &ParsedEvent::line));

template <>
inline constexpr auto name_of<EventSummary> = const_name("EventSummary");
template <>
inline constexpr auto fields_of<EventSummary> =
    std::tuple(field("event", &EventSummary::event), field("attendees", &EventSummary::attendees));

template <>
inline constexpr auto name_of<ParsedAttendee> = const_name("ParsedAttendee");
template <>
inline constexpr auto fields_of<ParsedAttendee> = std::tuple(
    field("address", &ParsedAttendee::address), field("name", &ParsedAttendee::name),
    field("partstat", &ParsedAttendee::partstat),
    field("partstat_raw", &ParsedAttendee::partstat_raw),
    field("sent_by", &ParsedAttendee::sent_by), field("role", &ParsedAttendee::role),
    field("type", &ParsedAttendee::type), field("delegated_to", &ParsedAttendee::delegated_to),
    field("delegated_from", &ParsedAttendee::delegated_from));

template <>
inline constexpr auto name_of<ParsedConference> = const_name("ParsedConference");
template <>
inline constexpr auto fields_of<ParsedConference> =
    std::tuple(field("uri", &ParsedConference::uri), field("label", &ParsedConference::label),
               field("features", &ParsedConference::features));

template <>
inline constexpr auto name_of<ParsedCalendar> = const_name("ParsedCalendar");
template <>
inline constexpr auto fields_of<ParsedCalendar> =
    std::tuple(field("method", &ParsedCalendar::method), field("prodid", &ParsedCalendar::prodid),
               field("events", &ParsedCalendar::events), field("refused", &ParsedCalendar::refused),
               field("diagnostics", &ParsedCalendar::diagnostics));

template <>
inline constexpr auto name_of<EventRow> = const_name("EventRow");
template <>
inline constexpr auto fields_of<EventRow> = std::tuple(field("command", &EventRow::command),
                                                       field("event", &EventRow::event),
                                                       field("absent", &EventRow::absent),
                                                       field("line", &EventRow::line));

template <>
inline constexpr auto name_of<ConsentGiven> = const_name("ConsentGiven");
template <>
inline constexpr auto fields_of<ConsentGiven> = std::tuple(
    field("source", &ConsentGiven::source), field<Form::unset_is_none>("time", &ConsentGiven::time),
    field("text", &ConsentGiven::text));

template <>
inline constexpr auto name_of<InviteRequest> = const_name("InviteRequest");
template <>
inline constexpr auto fields_of<InviteRequest> = std::tuple(
    field("address", &InviteRequest::address), field("name", &InviteRequest::name),
    field("language", &InviteRequest::language), field("consent", &InviteRequest::consent));

template <>
inline constexpr auto name_of<AddressRow> = const_name("AddressRow");
template <>
inline constexpr auto fields_of<AddressRow> = std::tuple(field("request", &AddressRow::request),
                                                         field("event", &AddressRow::event),
                                                         field("line", &AddressRow::line));

template <>
inline constexpr auto name_of<IngestItem> = const_name("IngestItem");
template <>
inline constexpr auto fields_of<IngestItem> =
    std::tuple(field("source", &IngestItem::source), field("item", &IngestItem::item),
               field("outcome", &IngestItem::outcome), field("event", &IngestItem::event),
               field("reason", &IngestItem::reason), field("place", &IngestItem::place),
               field("code", &IngestItem::code), field("told", &IngestItem::told));

template <>
inline constexpr auto name_of<Quarantined> = const_name("Quarantined");
template <>
inline constexpr auto fields_of<Quarantined> =
    std::tuple(field("id", &Quarantined::id), field("source", &Quarantined::source),
               field("sender", &Quarantined::sender), field("reason", &Quarantined::reason),
               field<Form::bytes>("raw", &Quarantined::raw), field("time", &Quarantined::time),
               field("envelope_recipients", &Quarantined::envelope_recipients));

template <>
inline constexpr auto name_of<Plan> = const_name("Plan");
template <>
inline constexpr auto fields_of<Plan> = std::tuple(field("event", &Plan::event),
                                                   field("invite", &Plan::invite),
                                                   field("update", &Plan::update),
                                                   field("cancel", &Plan::cancel),
                                                   field("skip", &Plan::skip));

template <>
inline constexpr auto name_of<Attendee> = const_name("Attendee");
template <>
inline constexpr auto fields_of<Attendee> = std::tuple(
    field("event", &Attendee::event), field("address", &Attendee::address),
    field("name", &Attendee::name), field("language", &Attendee::language),
    field("origin", &Attendee::origin), field("id", &Attendee::id), field("uid", &Attendee::uid),
    field("partstat", &Attendee::partstat), field("answer_sequence", &Attendee::answer_sequence),
    field<Form::unset_is_none>("answer_dtstamp", &Attendee::answer_dtstamp),
    field("channel", &Attendee::channel), field("prodid", &Attendee::prodid),
    field("comment", &Attendee::comment), field("proposal", &Attendee::proposal),
    field("held_sequence", &Attendee::held_sequence), field("uninvited", &Attendee::uninvited),
    field("delivery", &Attendee::delivery));

template <>
inline constexpr auto name_of<Receipt> = const_name("Receipt");
template <>
inline constexpr auto fields_of<Receipt> = std::tuple(
    field("kind", &Receipt::kind), field("time", &Receipt::time), field("event", &Receipt::event),
    field("address", &Receipt::address), field("sequence", &Receipt::sequence),
    field("method", &Receipt::method), field("attempt_id", &Receipt::attempt_id),
    field("message_id", &Receipt::message_id), field("detail", &Receipt::detail),
    field("channel", &Receipt::channel), field("prodid", &Receipt::prodid),
    field("comment", &Receipt::comment), field("proposal", &Receipt::proposal));

template <>
inline constexpr auto name_of<OutboxEntry> = const_name("OutboxEntry");
template <>
inline constexpr auto fields_of<OutboxEntry> =
    std::tuple(field("event", &OutboxEntry::event), field("address", &OutboxEntry::address),
               field("method", &OutboxEntry::method), field("sequence", &OutboxEntry::sequence),
               field("state", &OutboxEntry::state), field("attempt_id", &OutboxEntry::attempt_id),
               field("reason", &OutboxEntry::reason), field("changed", &OutboxEntry::changed));

template <>
inline constexpr auto name_of<OutboxTotals> = const_name("OutboxTotals");
template <>
inline constexpr auto fields_of<OutboxTotals> = std::tuple(
    field("planned", &OutboxTotals::planned), field("accepted", &OutboxTotals::accepted),
    field("refused", &OutboxTotals::refused), field("suppressed", &OutboxTotals::suppressed),
    field("superseded", &OutboxTotals::superseded), field("expired", &OutboxTotals::expired),
    field("in_doubt", &OutboxTotals::in_doubt), field("pending", &OutboxTotals::pending),
    field("claimed", &OutboxTotals::claimed), field("held", &OutboxTotals::held),
    field("notices", &OutboxTotals::notices));

template <>
inline constexpr auto name_of<DispatchResult> = const_name("DispatchResult");
template <>
inline constexpr auto fields_of<DispatchResult> = std::tuple(
    field("totals", &DispatchResult::totals), field("accepted", &DispatchResult::accepted),
    field("refused", &DispatchResult::refused), field("in_doubt", &DispatchResult::in_doubt),
    field("held", &DispatchResult::held), field("notices", &DispatchResult::notices),
    field("stopped", &DispatchResult::stopped), field("reason", &DispatchResult::reason),
    field("hold", &DispatchResult::hold), field("hold_until", &DispatchResult::hold_until),
    field("next_due", &DispatchResult::next_due));

template <>
inline constexpr auto name_of<OutgoingMessage> = const_name("OutgoingMessage");
template <>
inline constexpr auto fields_of<OutgoingMessage> =
    std::tuple(field("attempt_id", &OutgoingMessage::attempt_id),
               field("from_address", &OutgoingMessage::from), field("to", &OutgoingMessage::to),
               field<Form::bytes>("bytes", &OutgoingMessage::bytes),
               field("configuration_set", &OutgoingMessage::configuration_set),
               field("tags", &OutgoingMessage::tags));

template <>
inline constexpr auto name_of<SendOutcome> = const_name("SendOutcome");
template <>
inline constexpr auto fields_of<SendOutcome> = std::tuple(field("verdict", &SendOutcome::verdict),
                                                          field("message_id",
                                                                &SendOutcome::message_id),
                                                          field("detail", &SendOutcome::detail));

template <>
inline constexpr auto name_of<AwsCredentials> = const_name("AwsCredentials");
template <>
inline constexpr auto fields_of<AwsCredentials> =
    std::tuple(field("access_key_id", &AwsCredentials::access_key_id),
               field("secret_access_key", &AwsCredentials::secret_access_key),
               field("session_token", &AwsCredentials::session_token));

template <>
inline constexpr auto name_of<AwsRequest> = const_name("AwsRequest");
template <>
inline constexpr auto fields_of<AwsRequest> =
    std::tuple(field("method", &AwsRequest::method), field("path", &AwsRequest::path),
               field("query", &AwsRequest::query), field("headers", &AwsRequest::headers),
               field<Form::bytes>("body", &AwsRequest::body));

template <>
inline constexpr auto name_of<SigningScope> = const_name("SigningScope");
template <>
inline constexpr auto fields_of<SigningScope> = std::tuple(
    field("region", &SigningScope::region), field("service", &SigningScope::service),
    field("time", &SigningScope::time), field("normalize_path", &SigningScope::normalize_path),
    field("double_encode_path", &SigningScope::double_encode_path),
    field("sign_body_header", &SigningScope::sign_body_header));

template <>
inline constexpr auto name_of<LinkToken> = const_name("LinkToken");
template <>
inline constexpr auto fields_of<LinkToken> = std::tuple(field("purpose", &LinkToken::purpose),
                                                        field("row", &LinkToken::row),
                                                        field("expires", &LinkToken::expires));

template <>
inline constexpr auto name_of<MessageTag> = const_name("MessageTag");
template <>
inline constexpr auto fields_of<MessageTag> = std::tuple(field("name", &MessageTag::name),
                                                         field("value", &MessageTag::value));

template <>
inline constexpr auto name_of<TimedCredentials> = const_name("TimedCredentials");
template <>
inline constexpr auto fields_of<TimedCredentials> =
    std::tuple(field("credentials", &TimedCredentials::credentials),
               field("expires", &TimedCredentials::expires));

template <>
inline constexpr auto name_of<TokenKey> = const_name("TokenKey");
template <>
inline constexpr auto fields_of<TokenKey> = std::tuple(field("id", &TokenKey::id),
                                                       field("secret", &TokenKey::secret));

}  // namespace calinvite::python
