/// Mails, what SES and SNS say, and requests for pages, as Python sees them.
#pragma once

#include "calinvite/compose.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/lint.hpp"
#include "calinvite/mime.hpp"
#include "calinvite/web.hpp"
#include "fields.hpp"

namespace calinvite::python {

template <>
inline constexpr auto name_of<Mailbox> = const_name("Mailbox");
template <>
inline constexpr auto fields_of<Mailbox> = std::tuple(field("name", &Mailbox::name),
                                                      field("address", &Mailbox::address));

template <>
inline constexpr auto name_of<MailPart> = const_name("MailPart");
template <>
inline constexpr auto fields_of<MailPart> = std::tuple(
    field("content_type", &MailPart::content_type), field("method", &MailPart::method),
    field("filename", &MailPart::filename), field<Form::bytes>("content", &MailPart::content),
    field("depth", &MailPart::depth), field("embedded", &MailPart::embedded));

template <>
inline constexpr auto name_of<ReturnedMail> = const_name("ReturnedMail");
template <>
inline constexpr auto fields_of<ReturnedMail> = std::tuple(
    field("message_id", &ReturnedMail::message_id), field("from_address", &ReturnedMail::from),
    field("recipients", &ReturnedMail::recipients), field("uids", &ReturnedMail::uids));

template <>
inline constexpr auto name_of<RecipientStatus> = const_name("RecipientStatus");
template <>
inline constexpr auto fields_of<RecipientStatus> =
    std::tuple(field("recipient", &RecipientStatus::recipient),
               field("original_recipient", &RecipientStatus::original_recipient),
               field("action", &RecipientStatus::action), field("status", &RecipientStatus::status),
               field("diagnostic", &RecipientStatus::diagnostic));

template <>
inline constexpr auto name_of<DeliveryReport> = const_name("DeliveryReport");
template <>
inline constexpr auto fields_of<DeliveryReport> = std::tuple(
    field("reporting_mta", &DeliveryReport::reporting_mta),
    field("arrival_date", &DeliveryReport::arrival_date),
    field("recipients", &DeliveryReport::recipients), field("original", &DeliveryReport::original));

template <>
inline constexpr auto name_of<FeedbackReport> = const_name("FeedbackReport");
template <>
inline constexpr auto fields_of<FeedbackReport> = std::tuple(
    field("type", &FeedbackReport::type),
    field("original_mail_from", &FeedbackReport::original_mail_from),
    field("original_recipients", &FeedbackReport::original_recipients),
    field("arrival_date", &FeedbackReport::arrival_date),
    field("source_ip", &FeedbackReport::source_ip), field("original", &FeedbackReport::original));

template <>
inline constexpr auto name_of<OutgoingMail> = const_name("OutgoingMail");
template <>
inline constexpr auto fields_of<OutgoingMail> = std::tuple(
    field("from_mailbox", &OutgoingMail::from), field("to", &OutgoingMail::to),
    field("subject", &OutgoingMail::subject), field("date", &OutgoingMail::date),
    field("message_id", &OutgoingMail::message_id), field("references", &OutgoingMail::references),
    field("language", &OutgoingMail::language), field("headers", &OutgoingMail::headers),
    field("text_plain", &OutgoingMail::text_plain), field("text_html", &OutgoingMail::text_html),
    field("plain_encoding", &OutgoingMail::plain_encoding),
    field("html_encoding", &OutgoingMail::html_encoding),
    field("calendar", &OutgoingMail::calendar), field("method", &OutgoingMail::method));

template <>
inline constexpr auto name_of<ReplyEffect> = const_name("ReplyEffect");
template <>
inline constexpr auto fields_of<ReplyEffect> = std::tuple(field("verdict", &ReplyEffect::verdict),
                                                          field("partstat", &ReplyEffect::partstat),
                                                          field("reason", &ReplyEffect::reason),
                                                          field("flagged", &ReplyEffect::flagged));

template <>
inline constexpr auto name_of<SesFact> = const_name("SesFact");
template <>
inline constexpr auto fields_of<SesFact> = std::tuple(
    field("kind", &SesFact::kind), field("address", &SesFact::address),
    field("message_id", &SesFact::message_id), field("attempt_id", &SesFact::attempt_id),
    field("time", &SesFact::time), field("detail", &SesFact::detail),
    field("permanent", &SesFact::permanent), field("feedback_id", &SesFact::feedback_id));

template <>
inline constexpr auto name_of<InboundNotification> = const_name("InboundNotification");
template <>
inline constexpr auto fields_of<InboundNotification> = std::tuple(
    field("message_id", &InboundNotification::message_id),
    field("source", &InboundNotification::source),
    field("recipients", &InboundNotification::recipients),
    field("header_message_id", &InboundNotification::header_message_id),
    field("header_from", &InboundNotification::header_from),
    field("time", &InboundNotification::time), field("spam", &InboundNotification::spam),
    field("virus", &InboundNotification::virus), field("spf", &InboundNotification::spf),
    field("dkim", &InboundNotification::dkim), field("dmarc", &InboundNotification::dmarc),
    field("dmarc_policy", &InboundNotification::dmarc_policy),
    field("action", &InboundNotification::action), field("bucket", &InboundNotification::bucket),
    field("object_key", &InboundNotification::object_key),
    field<Form::bytes>("content", &InboundNotification::content),
    field("setup", &InboundNotification::setup));

template <>
inline constexpr auto name_of<SnsMessage> = const_name("SnsMessage");
template <>
inline constexpr auto fields_of<SnsMessage> = std::tuple(
    field("type", &SnsMessage::type), field("message_id", &SnsMessage::message_id),
    field("topic_arn", &SnsMessage::topic_arn), field("subject", &SnsMessage::subject),
    field("message", &SnsMessage::message), field("timestamp", &SnsMessage::timestamp),
    field("token", &SnsMessage::token), field("subscribe_url", &SnsMessage::subscribe_url),
    field("signature_version", &SnsMessage::signature_version),
    field("signature", &SnsMessage::signature),
    field("certificate_url", &SnsMessage::certificate_url));

template <>
inline constexpr auto name_of<SnsTrust> = const_name("SnsTrust");
template <>
inline constexpr auto fields_of<SnsTrust> = std::tuple(field("topics", &SnsTrust::topics),
                                                       field("accounts", &SnsTrust::accounts),
                                                       field("max_age", &SnsTrust::max_age));

template <>
inline constexpr auto name_of<LintRule> = const_name("LintRule");
template <>
inline constexpr auto fields_of<LintRule> = std::tuple(field("rule", &LintRule::rule),
                                                       field("severity", &LintRule::severity),
                                                       field("wants", &LintRule::wants),
                                                       field("why", &LintRule::why),
                                                       field("clients", &LintRule::clients));

template <>
inline constexpr auto name_of<Finding> = const_name("Finding");
template <>
inline constexpr auto fields_of<Finding> = std::tuple(field("rule", &Finding::rule),
                                                      field("severity", &Finding::severity),
                                                      field("place", &Finding::place),
                                                      field("what", &Finding::what),
                                                      field("why", &Finding::why),
                                                      field("clients", &Finding::clients));

template <>
inline constexpr auto name_of<CalendarLinks> = const_name("CalendarLinks");
template <>
inline constexpr auto fields_of<CalendarLinks> = std::tuple(
    field("google", &CalendarLinks::google), field("outlook", &CalendarLinks::outlook),
    field("office365", &CalendarLinks::office365), field("yahoo", &CalendarLinks::yahoo));

template <>
inline constexpr auto name_of<CopyFields> = const_name("CopyFields");
template <>
inline constexpr auto fields_of<CopyFields> = std::tuple(
    field("uid", &CopyFields::uid), field("organizer_address", &CopyFields::organizer_address),
    field("address", &CopyFields::address), field("name", &CopyFields::name),
    field("language", &CopyFields::language), field("partstat", &CopyFields::partstat),
    field("rsvp_token", &CopyFields::rsvp_token),
    field("unsubscribe_token", &CopyFields::unsubscribe_token), field("first", &CopyFields::first),
    field("first_message_id", &CopyFields::first_message_id),
    field("dtstamp", &CopyFields::dtstamp), field("attempt_id", &CopyFields::attempt_id));

template <>
inline constexpr auto name_of<MailExchanger> = const_name("MailExchanger");
template <>
inline constexpr auto fields_of<MailExchanger> = std::tuple(field("preference",
                                                                  &MailExchanger::preference),
                                                            field("host", &MailExchanger::host));

template <>
inline constexpr auto name_of<WebRequest> = const_name("WebRequest");
template <>
inline constexpr auto fields_of<WebRequest> =
    std::tuple(field("method", &WebRequest::method), field("path", &WebRequest::path),
               field("query", &WebRequest::query), field("headers", &WebRequest::headers),
               field<Form::bytes>("body", &WebRequest::body),
               field("remote_address", &WebRequest::remote_address));

template <>
inline constexpr auto name_of<WebResponse> = const_name("WebResponse");
template <>
inline constexpr auto fields_of<WebResponse> = std::tuple(field("status", &WebResponse::status),
                                                          field("headers", &WebResponse::headers),
                                                          field<Form::bytes>("body",
                                                                             &WebResponse::body));

/// The calendars and the words above the quoted mail are added in mail.cpp.
template <>
inline constexpr auto name_of<ParsedMail> = const_name("ParsedMail");
inline constexpr auto parsed_mail_fields = std::tuple(
    field("headers", &ParsedMail::headers), field("from_mailboxes", &ParsedMail::from),
    field("from_headers", &ParsedMail::from_headers), field("recipients", &ParsedMail::recipients),
    field("subject", &ParsedMail::subject), field("message_id", &ParsedMail::message_id),
    field("references", &ParsedMail::references),
    field("auto_submitted", &ParsedMail::auto_submitted), field("looping", &ParsedMail::looping),
    field("delivery_report", &ParsedMail::delivery_report),
    field("delivery", &ParsedMail::delivery), field("feedback", &ParsedMail::feedback),
    field("parts", &ParsedMail::parts));

/// Those of the next three that need no zone; the rest is added in mail.cpp.
inline constexpr auto zoneless_change_fields =
    std::tuple(field("method", &Change::method), field("sequence", &Change::sequence),
               field("key_change", &Change::key_change));
inline constexpr auto zoneless_reply_fields =
    std::tuple(field("partstat", &Reply::partstat), field("sequence", &Reply::sequence),
               field("dtstamp", &Reply::dtstamp), field("channel", &Reply::channel),
               field("prodid", &Reply::prodid), field("comment", &Reply::comment),
               field("proposal", &Reply::proposal));
inline constexpr auto zoneless_occurrence_fields =
    std::tuple(field("start", &Occurrence::start), field("end", &Occurrence::end));

}  // namespace calinvite::python
