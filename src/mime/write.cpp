#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "mime/attached.hpp"
#include "mime/header_text.hpp"
#include "mime/outgoing.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_mail = 40 * 1024 * 1024;  // SES after base64 (R15)
constexpr std::size_t max_word = 900;               // no line may reach 998 octets (R14)
constexpr std::size_t max_name = 76;

/// Headers that the writer makes itself; a second one would be refused by SES (R12).
constexpr std::array<std::string_view, 18> own_headers = {"from",
                                                          "to",
                                                          "cc",
                                                          "bcc",
                                                          "sender",
                                                          "reply-to",
                                                          "subject",
                                                          "date",
                                                          "message-id",
                                                          "references",
                                                          "in-reply-to",
                                                          "mime-version",
                                                          "content-type",
                                                          "content-language",
                                                          "content-transfer-encoding",
                                                          "content-class",
                                                          "auto-submitted",
                                                          "x-auto-response-suppress"};

Result<void> refuse(std::string_view field, std::string_view what) {
  return fail(Code::invalid_input, std::string(field) + " " + std::string(what),
              Place{{}, 0, 0, std::string(field)});
}

bool is_token(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

Result<void> check_mailbox(const Mailbox& mailbox, std::string_view field) {
  if (auto line = text::check_single_line(mailbox.name, field); !line) return line;
  const auto address = normalize_address(mailbox.address);
  if (!address) return tl::unexpected<Error>(address.error());
  // Written as it is, so it must be in the one form already (R17, R20).
  if (*address != mailbox.address) return refuse(field, "is not normalised; expected " + *address);
  return {};
}

Result<void> check_id(std::string_view id, std::string_view field) {
  if (!mime::is_message_id(id)) {
    return refuse(field, "is no message id; expected printable ASCII without brackets");
  }
  return {};
}

Result<void> check_headers(const OutgoingMail& mail) {
  std::vector<std::string> seen(own_headers.begin(), own_headers.end());
  for (const auto& [name, value] : mail.headers) {
    if (!is_token(name) || name.size() > max_name) {
      return refuse("header name", "has a character out of place; expected letters and hyphens");
    }
    const auto key = text::lower(name);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      return refuse(name, "would occur twice; SES refuses that");
    }
    seen.push_back(key);
    if (auto line = text::check_single_line(value, name); !line) return line;
    const auto words = text::split(value, ' ');
    const bool fits = std::all_of(words.begin(), words.end(),
                                  [](std::string_view word) { return word.size() <= max_word; });
    const bool ascii = std::all_of(value.begin(), value.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!fits || !ascii) return refuse(name, "does not fit; expected ASCII words under 900 octets");
  }
  return {};
}

constexpr std::string_view outer_boundary = "=_m";  // best_encoding sees to it that no part
constexpr std::string_view inner_boundary = "=_a";  // holds them

std::string_view to_string(TransferEncoding encoding) {
  if (encoding == TransferEncoding::base64) return "base64";
  return encoding == TransferEncoding::seven_bit ? "7bit" : "quoted-printable";
}

/// RFC 5322 3.3, always UTC.
void append_date(std::string& out, std::chrono::sys_seconds time) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto two_digits = [&](auto value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
  };
  out.append(days[std::chrono::weekday(day).c_encoding()]).append(", ");
  two_digits(static_cast<unsigned>(date.day()));
  out.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
  out.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  two_digits(clock.hours().count());
  out += ':';
  two_digits(clock.minutes().count());
  out += ':';
  two_digits(clock.seconds().count());
  out += " +0000";
}

std::string part_head(std::string_view boundary, std::string_view type, TransferEncoding encoding) {
  std::string head = "--";
  head.append(boundary).append("\r\nContent-Type: ").append(type);
  head.append("\r\nContent-Transfer-Encoding: ").append(to_string(encoding));
  return head + "\r\n\r\n";
}

std::string multipart_head(std::string_view subtype, std::string_view boundary) {
  std::string head = "Content-Type: multipart/";
  head.append(subtype).append("; boundary=\"").append(boundary).append("\"\r\n\r\n");
  return head;
}

std::string last_boundary(std::string_view boundary) {
  return "--" + std::string(boundary) + "--\r\n";
}

}  // namespace

namespace mime {

bool is_message_id(std::string_view id) {
  return !id.empty() && id.size() <= max_word && std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c < 127 && c != '<' && c != '>';
  });
}

Result<void> check_mail(const OutgoingMail& mail) {
  for (auto checked : {check_mailbox(mail.from, "From"), check_mailbox(mail.to, "To"),
                       text::check_single_line(mail.subject, "Subject"),
                       check_id(mail.message_id, "Message-ID"), check_headers(mail)}) {
    if (!checked) return checked;
  }
  for (const auto& id : mail.references) {
    if (auto checked = check_id(id, "References"); !checked) return checked;
  }
  if (!mail.language.empty() && !is_token(mail.language)) {
    return refuse("Content-Language", "is no language tag; expected one such as de-AT");
  }
  return {};
}

void HeaderWriter::append(std::string& out, const OutgoingMail& mail) {
  const auto add = [&](std::string_view name, const auto& append_value) {
    value_.clear();
    append_value(value_);
    append_header(out, name, value_);
  };
  add("From", [&](std::string& v) { append_mailbox(v, mail.from); });
  add("To", [&](std::string& v) { append_mailbox(v, mail.to); });
  add("Reply-To", [&](std::string& v) { append_mailbox(v, mail.from); });
  add("Subject", [&](std::string& v) { append_header_text(v, mail.subject); });
  add("Date", [&](std::string& v) { append_date(v, mail.date); });
  add("Message-ID", [&](std::string& v) { v.append("<").append(mail.message_id).append(">"); });
  if (!mail.references.empty()) {
    add("References", [&](std::string& v) {
      for (const auto& id : mail.references) {
        v.append(v.empty() ? "<" : " <").append(id).append(">");
      }
    });
    add("In-Reply-To",
        [&](std::string& v) { v.append("<").append(mail.references.back()).append(">"); });
  }
  if (!mail.language.empty()) append_header(out, "Content-Language", mail.language);
  append_header(out, "Auto-Submitted", "auto-generated");
  append_header(out, "X-Auto-Response-Suppress", "OOF, AutoReply");
  if (!mail.calendar.empty()) {
    append_header(out, "Content-class", "urn:content-classes:calendarmessage");
  }
  for (const auto& [name, value] : mail.headers) append_header(out, name, value);
  append_header(out, "MIME-Version", "1.0");
}

Frame make_frame(TransferEncoding plain, TransferEncoding html, std::optional<Method> method) {
  Frame frame;
  frame.before_plain = multipart_head("alternative", inner_boundary) +
                       part_head(inner_boundary, "text/plain; charset=UTF-8", plain);
  frame.before_html = part_head(inner_boundary, "text/html; charset=UTF-8", html);
  frame.end = last_boundary(inner_boundary);
  if (!method) return frame;
  frame.before_plain = multipart_head("mixed", outer_boundary) + "--" +
                       std::string(outer_boundary) + "\r\n" + frame.before_plain;
  frame.before_calendar = part_head(
      inner_boundary, "text/calendar; charset=UTF-8; method=" + std::string(to_string(*method)),
      TransferEncoding::base64);
  frame.before_attachment =
      frame.end + part_head(outer_boundary,
                            "application/ics; name=\"invite.ics\"\r\n"
                            "Content-Disposition: attachment; filename=\"invite.ics\"",
                            TransferEncoding::base64);
  frame.end = last_boundary(outer_boundary);
  return frame;
}

Result<std::string> write_mail_with(const OutgoingMail& mail, const AttachedFile& file) {
  if (auto checked = check_mail(mail); !checked) return tl::unexpected<Error>(checked.error());
  const auto plain = best_encoding(mail.text_plain);
  const auto html = best_encoding(mail.text_html);
  const Frame frame = make_frame(plain, html, std::nullopt);
  std::string out;
  HeaderWriter().append(out, mail);
  out += multipart_head("mixed", outer_boundary) + "--" + std::string(outer_boundary) + "\r\n";
  append_encoded(out += frame.before_plain, mail.text_plain, plain);
  append_encoded(out += frame.before_html, mail.text_html, html);
  std::string type(file.type);
  type.append("\r\nContent-Disposition: attachment; filename=\"").append(file.name) += '"';
  out += frame.end + part_head(outer_boundary, type, TransferEncoding::base64);
  append_base64_lines(out, file.bytes);
  out += last_boundary(outer_boundary);
  if (out.size() > max_mail) return fail(Code::too_large, "mail is over 40 MB, which SES refuses");
  return out;
}

}  // namespace mime

Result<std::string> write_mail(const OutgoingMail& mail) {
  if (auto checked = mime::check_mail(mail); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  const auto plain = mail.plain_encoding.value_or(best_encoding(mail.text_plain));
  const auto html = mail.html_encoding.value_or(best_encoding(mail.text_html));
  const bool invites = !mail.calendar.empty();
  const auto frame =
      mime::make_frame(plain, html, invites ? std::optional(mail.method) : std::nullopt);
  std::string out;
  out.reserve(2048 + 3 * (mail.calendar.size() + mail.text_plain.size() + mail.text_html.size()));
  mime::HeaderWriter().append(out, mail);
  mime::append_encoded(out += frame.before_plain, mail.text_plain, plain);
  mime::append_encoded(out += frame.before_html, mail.text_html, html);
  for (const auto& before : {frame.before_calendar, frame.before_attachment}) {
    if (invites) mime::append_base64_lines(out += before, mail.calendar);
  }
  out += frame.end;
  if (out.size() > max_mail) return fail(Code::too_large, "mail is over 40 MB, which SES refuses");
  return out;
}

}  // namespace calinvite
