#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "mime/header_text.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_mail = 40 * 1024 * 1024;  // SES after base64 (R15)
constexpr std::size_t max_word = 900;               // no line may reach 998 octets (R14)
constexpr std::size_t base64_line = 76;

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
  const bool plain = std::all_of(id.begin(), id.end(),
                                 [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>'; });
  if (id.empty() || !plain || id.size() > max_word) {
    return refuse(field, "is no message id; expected printable ASCII without brackets");
  }
  return {};
}

Result<void> check_headers(const OutgoingMail& mail) {
  std::vector<std::string> seen(own_headers.begin(), own_headers.end());
  for (const auto& [name, value] : mail.headers) {
    if (!is_token(name) || name.size() > base64_line) {
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

std::string two_digits(unsigned value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

/// RFC 5322 3.3, always UTC.
std::string write_date(std::chrono::sys_seconds time) {
  constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return std::string(days[std::chrono::weekday(day).c_encoding()]) + ", " +
         two_digits(static_cast<unsigned>(date.day())) + " " +
         std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year())) + " " +
         two_digits(static_cast<unsigned>(clock.hours().count())) + ":" +
         two_digits(static_cast<unsigned>(clock.minutes().count())) + ":" +
         two_digits(static_cast<unsigned>(clock.seconds().count())) + " +0000";
}

void append_headers(std::string& out, const OutgoingMail& mail) {
  using mime::append_header;
  const std::string from = write_mailbox(mail.from);
  append_header(out, "From", from);
  append_header(out, "To", write_mailbox(mail.to));
  append_header(out, "Reply-To", from);
  append_header(out, "Subject", encode_header_text(mail.subject));
  append_header(out, "Date", write_date(mail.date));
  append_header(out, "Message-ID", "<" + mail.message_id + ">");
  if (!mail.references.empty()) {
    std::string references;
    for (const auto& id : mail.references)
      references += (references.empty() ? "<" : " <") + id + ">";
    append_header(out, "References", references);
    append_header(out, "In-Reply-To", "<" + mail.references.back() + ">");
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

/// Text parts have CRLF line ends before they are encoded (RFC 2049 4).
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  std::string out;
  text::append_base64(out, bytes, base64_line);
  return out;
}

void append_part(std::string& out, std::string_view boundary, std::string_view headers,
                 std::string_view encoded) {
  out.append("--").append(boundary).append("\r\n").append(headers);
  out.append("Content-Transfer-Encoding: base64\r\n\r\n").append(encoded);
}

void append_alternative(std::string& out, const OutgoingMail& mail, std::string_view boundary,
                        std::string_view calendar) {
  append_part(out, boundary, "Content-Type: text/plain; charset=UTF-8\r\n",
              base64_lines(with_crlf(mail.text_plain)));
  append_part(out, boundary, "Content-Type: text/html; charset=UTF-8\r\n",
              base64_lines(with_crlf(mail.text_html)));
  if (!calendar.empty()) {
    const std::string method(to_string(mail.method));
    append_part(out, boundary,
                "Content-Type: text/calendar; charset=UTF-8; method=" + method + "\r\n", calendar);
  }
  out.append("--").append(boundary).append("--\r\n");
}

void append_multipart(std::string& out, std::string_view subtype, std::string_view boundary) {
  out.append("Content-Type: multipart/").append(subtype);
  out.append(";\r\n boundary=\"").append(boundary).append("\"\r\n\r\n");
}

}  // namespace

Result<std::string> write_mail(const OutgoingMail& mail) {
  if (auto checked = check_mail(mail); !checked) return tl::unexpected<Error>(checked.error());
  // "=_" can't occur in base64, so no boundary occurs in a part.
  const auto seed = crypto::sha256_hex(mail.boundary_seed).substr(0, 32);
  const std::string inner = "=_" + seed + "_a";
  const std::string outer = "=_" + seed + "_m";
  std::string out;
  out.reserve(2048 + 3 * mail.calendar.size() +
              2 * (mail.text_plain.size() + mail.text_html.size()));
  append_headers(out, mail);
  if (mail.calendar.empty()) {
    append_multipart(out, "alternative", inner);
    append_alternative(out, mail, inner, {});
  } else {
    const auto calendar = base64_lines(mail.calendar);
    append_multipart(out, "mixed", outer);
    out.append("--").append(outer).append("\r\n");
    append_multipart(out, "alternative", inner);
    append_alternative(out, mail, inner, calendar);
    append_part(out, outer,
                "Content-Type: application/ics; name=\"invite.ics\"\r\n"
                "Content-Disposition: attachment; filename=\"invite.ics\"\r\n",
                calendar);
    out.append("--").append(outer).append("--\r\n");
  }
  if (out.size() > max_mail) return fail(Code::too_large, "mail is over 40 MB, which SES refuses");
  return out;
}

}  // namespace calinvite
