/// Mail as bytes: reading inbound messages, writing outbound ones (RFC 5322, 2045 to 2047, 2231).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// Limits of the pre-scan that runs before GMime sees a byte (reliability limits, M2, M3, M12).
struct MailLimits {
  std::size_t max_bytes = 10'000'000;
  std::size_t max_header_block_bytes = 100 * 1024;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_addresses = 1000;  ///< per header; groups do not nest
  std::size_t max_depth = 20;
  std::size_t max_parts = 200;
};

/// One decoded leaf of a mail.
struct MailPart {
  std::string content_type;  ///< lower case, such as text/calendar
  std::string method;        ///< `method` parameter of Content-Type; empty when absent
  std::string filename;      ///< decoded (RFC 2231, 2047); empty when absent
  std::string content;       ///< transfer encoding undone; text/* as UTF-8, bad bytes as U+FFFD
  std::uint32_t depth = 0;   ///< 0: the message itself
  bool embedded = false;     ///< inside a message/rfc822 part
};

/// What a report gives back of the mail it is about, as far as it does. The reporter wrote it, or
/// whoever pretends to be one: tokens in it are evidence, nothing else is.
struct ReturnedMail {
  std::string message_id;               ///< without angle brackets
  std::string from;                     ///< normalised; empty when not exactly one address
  std::vector<std::string> recipients;  ///< To and Cc, normalised
  std::vector<std::string> uids;        ///< of the calendar in it
};

/// What became of one recipient (RFC 3464 2.3).
struct RecipientStatus {
  std::string recipient;           ///< Final-Recipient, normalised where it is an address
  std::string original_recipient;  ///< Original-Recipient, likewise; empty when absent
  std::string action;              ///< lower case: failed, delayed, delivered, relayed, expanded
  std::string status;              ///< such as 5.1.1
  std::string diagnostic;          ///< Diagnostic-Code without its type, one line
};

/// A delivery status notification (RFC 3464).
struct DeliveryReport {
  std::string reporting_mta;                             ///< without its type
  std::optional<std::chrono::sys_seconds> arrival_date;  ///< of the mail it is about
  std::vector<RecipientStatus> recipients;
  ReturnedMail original;
};

/// A complaint in the abuse reporting format (RFC 5965).
struct FeedbackReport {
  std::string type;                              ///< lower case: abuse, not-spam, …
  std::string original_mail_from;                ///< normalised where it is an address
  std::vector<std::string> original_recipients;  ///< Original-Rcpt-To, likewise
  std::optional<std::chrono::sys_seconds> arrival_date;
  std::string source_ip;
  ReturnedMail original;
};

/// What calinvite needs of an inbound mail.
struct ParsedMail {
  std::vector<std::pair<std::string, std::string>> headers;  ///< raw unfolded, as valid UTF-8
  /// More than one: nobody is authenticated. An entry without address stands for what is no sound
  /// address, and is added to a From that readers may understand differently (groups, comments, or
  /// an empty line or an mbox file's envelope line above the headers).
  std::vector<Mailbox> from;
  std::size_t from_headers = 0;         ///< number of From headers; only 1 is sound
  std::vector<std::string> recipients;  ///< To, Cc, Delivered-To, X-Original-To, in this order
  std::string subject;                  ///< decoded
  std::string message_id;               ///< without angle brackets
  std::vector<std::string> references;  ///< References and In-Reply-To, without brackets
  bool auto_submitted = false;          ///< R120
  bool looping = false;                 ///< more than 50 Received headers
  /// A report of any kind, no answer (R119): multipart/report, a part of delivery-status, or a null
  /// return path or mailer-daemon whose mail holds no calendar but in what it returns.
  bool delivery_report = false;
  std::optional<DeliveryReport> delivery;  ///< of reports in the form of RFC 3464
  std::optional<FeedbackReport> feedback;  ///< of reports in the form of RFC 5965
  std::vector<MailPart> parts;             ///< leaves in document order, message/rfc822 included
};

/// Reads a mail behind the pre-scan. Broken MIME is read as far as it goes.
/// @error too_large      beyond a limit, with the header or part in its place
/// @error invalid_input  no header block, NUL bytes, or a shape that would harm GMime
Result<ParsedMail> parse_mail(std::string_view raw, const MailLimits& limits = {});

/// The parts that hold a calendar: text/calendar, application/ics, text/x-vcalendar, or *.ics
/// by name, wherever they are (R90), equal ones once (R92). None of a delivery report (R119).
std::vector<const MailPart*> calendar_parts(const ParsedMail& mail);

/// What a person wrote above the mail they answer: the first text/plain part without quoted lines,
/// their attribution, Outlook's copy of the original and the signature (R117). At most 4,000 bytes.
std::string reply_text(const ParsedMail& mail);

/// What a winmail.dat says it is (MS-OXTNEF; R120a).
struct TnefMessage {
  std::string message_class;       ///< such as IPM.Schedule.Meeting.Resp.Pos
  std::optional<Partstat> answer;  ///< of the classes of answers to meeting requests
  std::string global_object_id;    ///< upper-case hex, as Exchange's UIDs are (R102); may be empty
  std::string sender;              ///< normalised address; empty when it holds none
  std::string subject;
  std::vector<std::string> attachments;  ///< file names
  std::vector<Diagnostic> diagnostics;   ///< checksums that are off, attributes cut short
};
/// Reads as far as it goes; never text or attachments.
/// @error invalid_input  not TNEF
Result<TnefMessage> parse_tnef(std::string_view bytes);
/// The winmail.dat of a mail, by type or name; nullptr when it has none.
const MailPart* find_tnef(const ParsedMail& mail);

/// One method of an Authentication-Results header.
struct AuthenticationClause {
  std::string method;                                           ///< lower case, such as dkim
  std::string result;                                           ///< lower case, such as pass
  std::vector<std::pair<std::string, std::string>> properties;  ///< lower-case `header.d` -> value
};

/// An Authentication-Results header (RFC 8601). Anybody can write one: what it says counts only
/// when its place in the mail shows who wrote it (see authenticate).
struct AuthenticationResults {
  std::string authserv_id;  ///< lower case
  std::vector<AuthenticationClause> clauses;
  /// Result of a method: empty when absent, fail when its clauses disagree.
  std::string_view result(std::string_view method) const;
};
/// Also reads what SES writes beside the grammar, such as `; helo=mx1.example.net`.
/// @error invalid_input  beyond the grammar, or a quote in a comment, where readers disagree about
///                       the end of the comment
Result<AuthenticationResults> parse_authentication_results(std::string_view value);

/// How a text part travels (RFC 2045 6).
enum class TransferEncoding { seven_bit, quoted_printable, base64 };
/// What makes `text` shortest; seven_bit only for ASCII in lines of at most 500 octets, of which
/// none begins as a boundary does.
TransferEncoding best_encoding(std::string_view text);

/// An invitation mail to be written (R1 to R16). All strings UTF-8; every single-line field is
/// checked, never cleaned (M4).
struct OutgoingMail {
  Mailbox from;
  Mailbox to;
  std::string subject;
  std::chrono::sys_seconds date{};
  std::string message_id;               ///< without brackets; SES replaces it (R13)
  std::vector<std::string> references;  ///< without brackets
  std::string language;                 ///< Content-Language; empty: none
  std::vector<std::pair<std::string, std::string>> headers;  ///< further ones, single-line
  std::string text_plain;
  std::string text_html;
  std::optional<TransferEncoding> plain_encoding;  ///< of text_plain; absent: the best
  std::optional<TransferEncoding> html_encoding;   ///< of text_html; absent: the best
  std::string calendar;             ///< empty: alternative of text and HTML only (notices)
  Method method = Method::request;  ///< of the calendar
};

/// Writes multipart/mixed > alternative(plain, html, calendar) + attached invite.ics (R1 to R8),
/// calendars in base64; bytes depend on nothing but the argument.
/// @error invalid_input  a control character in a single-line field, or a bad address
/// @error too_large      over 40 MB (R15)
Result<std::string> write_mail(const OutgoingMail& mail);

/// `text` as an unstructured header value: encoded-words where needed (RFC 2047).
std::string encode_header_text(std::string_view text);
/// `Name <address>`, the name quoted or encoded as needed.
std::string write_mailbox(const Mailbox& mailbox);

}  // namespace calinvite
