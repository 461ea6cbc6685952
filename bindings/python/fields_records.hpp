/// What an engine tells beside its events, as Python sees it: keys, pages, suppression, accounts.
#pragma once

#include "fields.hpp"

namespace calinvite::python {

template <>
inline constexpr auto name_of<ApiKey> = const_name("ApiKey");
template <>
inline constexpr auto fields_of<ApiKey> = std::tuple(field("id", &ApiKey::id),
                                                     field("label", &ApiKey::label),
                                                     field("scope", &ApiKey::scope),
                                                     field("created", &ApiKey::created),
                                                     field("last_used", &ApiKey::last_used),
                                                     field("revoked", &ApiKey::revoked));

template <>
inline constexpr auto name_of<NewApiKey> = const_name("NewApiKey");
template <>
inline constexpr auto fields_of<NewApiKey> = std::tuple(field("entry", &NewApiKey::entry),
                                                        field("key", &NewApiKey::key));

template <>
inline constexpr auto name_of<SigningKey> = const_name("SigningKey");
template <>
inline constexpr auto fields_of<SigningKey> = std::tuple(field("id", &SigningKey::id),
                                                         field("created", &SigningKey::created),
                                                         field("signs", &SigningKey::signs));

template <>
inline constexpr auto name_of<RegistrationPage> = const_name("RegistrationPage");
template <>
inline constexpr auto fields_of<RegistrationPage> = std::tuple(
    field("domain", &RegistrationPage::domain), field("address", &RegistrationPage::address),
    field("waiting", &RegistrationPage::waiting));

template <>
inline constexpr auto name_of<Approval> = const_name("Approval");
template <>
inline constexpr auto fields_of<Approval> = std::tuple(field("domain", &Approval::domain),
                                                       field("before", &Approval::before),
                                                       field("after", &Approval::after),
                                                       field("plan", &Approval::plan));

template <>
inline constexpr auto name_of<HeldChange> = const_name("HeldChange");
template <>
inline constexpr auto fields_of<HeldChange> = std::tuple(field("id", &HeldChange::id),
                                                         field("event", &HeldChange::event),
                                                         field("time", &HeldChange::time));

template <>
inline constexpr auto name_of<EventPage> = const_name("EventPage");
template <>
inline constexpr auto fields_of<EventPage> =
    std::tuple(field("domain", &EventPage::domain), field("event", &EventPage::event),
               field("organizer", &EventPage::organizer),
               field("organizer_address", &EventPage::organizer_address),
               field("state", &EventPage::state), field("attendee", &EventPage::attendee),
               field("landing", &EventPage::landing), field("landings", &EventPage::landings));

template <>
inline constexpr auto name_of<FormCheck> = const_name("FormCheck");
template <>
inline constexpr auto fields_of<FormCheck> = std::tuple(field("age", &FormCheck::age),
                                                        field("sequence", &FormCheck::sequence));

template <>
inline constexpr auto name_of<ButtonCaps> = const_name("ButtonCaps");
template <>
inline constexpr auto fields_of<ButtonCaps> = std::tuple(field("address", &ButtonCaps::address),
                                                         field("network", &ButtonCaps::network),
                                                         field("event", &ButtonCaps::event),
                                                         field("domain", &ButtonCaps::domain));

template <>
inline constexpr auto name_of<ReceiveResult> = const_name("ReceiveResult");
template <>
inline constexpr auto fields_of<ReceiveResult> = std::tuple(
    field("received", &ReceiveResult::received), field("removed", &ReceiveResult::removed),
    field("quarantined", &ReceiveResult::quarantined), field("left", &ReceiveResult::left));

template <>
inline constexpr auto name_of<Suppression> = const_name("Suppression");
template <>
inline constexpr auto fields_of<Suppression> =
    std::tuple(field("domain", &Suppression::domain), field("organizer", &Suppression::organizer),
               field("address", &Suppression::address), field("reason", &Suppression::reason),
               field<Form::unset_is_none>("time", &Suppression::time));

template <>
inline constexpr auto name_of<UnsubscribeView> = const_name("UnsubscribeView");
template <>
inline constexpr auto fields_of<UnsubscribeView> =
    std::tuple(field("domain", &UnsubscribeView::domain), field("event", &UnsubscribeView::event),
               field("summary", &UnsubscribeView::summary),
               field("organizer_name", &UnsubscribeView::organizer_name),
               field("language", &UnsubscribeView::language),
               field("organizer_unsubscribed", &UnsubscribeView::organizer_unsubscribed),
               field("domain_unsubscribed", &UnsubscribeView::domain_unsubscribed));

template <>
inline constexpr auto name_of<Consent> = const_name("Consent");
template <>
inline constexpr auto fields_of<Consent> = std::tuple(field("domain", &Consent::domain),
                                                      field("organizer", &Consent::organizer),
                                                      field("address", &Consent::address),
                                                      field("source", &Consent::source),
                                                      field("time", &Consent::time),
                                                      field("text", &Consent::text),
                                                      field("withdrawn", &Consent::withdrawn));

template <>
inline constexpr auto name_of<SuppressionImport> = const_name("SuppressionImport");
template <>
inline constexpr auto fields_of<SuppressionImport> =
    std::tuple(field("added", &SuppressionImport::added), field("known", &SuppressionImport::known),
               field("bad", &SuppressionImport::bad));

template <>
inline constexpr auto name_of<Erasure> = const_name("Erasure");
template <>
inline constexpr auto fields_of<Erasure> = std::tuple(field("attendees", &Erasure::attendees),
                                                      field("receipts", &Erasure::receipts),
                                                      field("suppressed", &Erasure::suppressed),
                                                      field("consents", &Erasure::consents),
                                                      field("quarantined", &Erasure::quarantined),
                                                      field("notices", &Erasure::notices),
                                                      field("named", &Erasure::named));

template <>
inline constexpr auto name_of<SendingAccount> = const_name("SendingAccount");
template <>
inline constexpr auto fields_of<SendingAccount> = std::tuple(
    field("key", &SendingAccount::key), field("max_rate", &SendingAccount::max_rate),
    field("max_24_hours", &SendingAccount::max_24_hours),
    field("used_24_hours", &SendingAccount::used_24_hours),
    field<Form::unset_is_none>("asked", &SendingAccount::asked),
    field<Form::unset_is_none>("told", &SendingAccount::told),
    field<Form::unset_is_none>("next_send", &SendingAccount::next_send),
    field("level", &SendingAccount::level),
    field<Form::unset_is_none>("slowed", &SendingAccount::slowed),
    field<Form::unset_is_none>("counted_since", &SendingAccount::counted_since),
    field("answered", &SendingAccount::answered), field("throttled", &SendingAccount::throttled),
    field("hold", &SendingAccount::hold), field("reason", &SendingAccount::reason),
    field<Form::unset_is_none>("until", &SendingAccount::until));

template <>
inline constexpr auto name_of<Reputation> = const_name("Reputation");
template <>
inline constexpr auto fields_of<Reputation> =
    std::tuple(field("accepted", &Reputation::accepted), field("bounced", &Reputation::bounced),
               field("complained", &Reputation::complained), field("hold", &Reputation::hold),
               field<Form::unset_is_none>("held", &Reputation::held));

template <>
inline constexpr auto name_of<Notice> = const_name("Notice");
template <>
inline constexpr auto fields_of<Notice> = std::tuple(
    field("kind", &Notice::kind), field("address", &Notice::address),
    field("event", &Notice::event), field("language", &Notice::language),
    field("subject", &Notice::subject), field("text", &Notice::text), field("html", &Notice::html),
    field("csv", &Notice::csv), field("in_reply_to", &Notice::in_reply_to),
    field("cause", &Notice::cause), field("time", &Notice::time), field("state", &Notice::state),
    field("reason", &Notice::reason));

template <>
inline constexpr auto name_of<HistoryItem> = const_name("HistoryItem");
template <>
inline constexpr auto fields_of<HistoryItem> =
    std::tuple(field("receipt", &HistoryItem::receipt), field("evidence", &HistoryItem::evidence));

template <>
inline constexpr auto name_of<ReceiptBucket> = const_name("ReceiptBucket");
template <>
inline constexpr auto fields_of<ReceiptBucket> =
    std::tuple(field("start", &ReceiptBucket::start), field("counts", &ReceiptBucket::counts));

template <>
inline constexpr auto name_of<SearchHit> = const_name("SearchHit");
template <>
inline constexpr auto fields_of<SearchHit> = std::tuple(field("event", &SearchHit::event),
                                                        field("summary", &SearchHit::summary),
                                                        field("start", &SearchHit::start),
                                                        field("organizer", &SearchHit::organizer),
                                                        field("address", &SearchHit::address),
                                                        field("name", &SearchHit::name));

template <>
inline constexpr auto name_of<FeedItem> = const_name("FeedItem");
template <>
inline constexpr auto fields_of<FeedItem> = std::tuple(field("event", &FeedItem::event),
                                                       field("organizer", &FeedItem::organizer),
                                                       field("receipt", &FeedItem::receipt));

template <>
inline constexpr auto name_of<Feed> = const_name("Feed");
template <>
inline constexpr auto fields_of<Feed> = std::tuple(field("items", &Feed::items),
                                                   field("next", &Feed::next),
                                                   field("more", &Feed::more));

template <>
inline constexpr auto name_of<SharedAttendee> = const_name("SharedAttendee");
template <>
inline constexpr auto fields_of<SharedAttendee> =
    std::tuple(field("event", &SharedAttendee::event), field("address", &SharedAttendee::address),
               field("name", &SharedAttendee::name), field("partstat", &SharedAttendee::partstat),
               field("via", &SharedAttendee::via), field("time", &SharedAttendee::time));

template <>
inline constexpr auto name_of<DispatchProgress> = const_name("DispatchProgress");
template <>
inline constexpr auto fields_of<DispatchProgress> = std::tuple(
    field("totals", &DispatchProgress::totals), field("settled", &DispatchProgress::settled),
    field("waiting", &DispatchProgress::waiting),
    field<Form::unset_is_none>("until", &DispatchProgress::until),
    field("reason", &DispatchProgress::reason));

template <>
inline constexpr auto name_of<PaceProfile> = const_name("PaceProfile");
template <>
inline constexpr auto fields_of<PaceProfile> = std::tuple(field("batch", &PaceProfile::batch),
                                                          field("pause", &PaceProfile::pause));

template <>
inline constexpr auto name_of<ReputationLimits> = const_name("ReputationLimits");
template <>
inline constexpr auto fields_of<ReputationLimits> =
    std::tuple(field("min_messages", &ReputationLimits::min_messages),
               field("bounces", &ReputationLimits::bounces),
               field("complaints", &ReputationLimits::complaints));

template <>
inline constexpr auto name_of<PreflightFinding> = const_name("PreflightFinding");
template <>
inline constexpr auto fields_of<PreflightFinding> = std::tuple(
    field("check", &PreflightFinding::check), field("severity", &PreflightFinding::severity),
    field("what", &PreflightFinding::what), field("why", &PreflightFinding::why),
    field("fix", &PreflightFinding::fix));

template <>
inline constexpr auto name_of<Authentication> = const_name("Authentication");
template <>
inline constexpr auto fields_of<Authentication> =
    std::tuple(field("passed", &Authentication::passed), field("address", &Authentication::address),
               field("by", &Authentication::by), field("reason", &Authentication::reason));

}  // namespace calinvite::python
