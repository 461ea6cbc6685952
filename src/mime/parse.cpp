#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "mime/decode.hpp"
#include "mime/header_values.hpp"
#include "mime/report.hpp"
#include "mime/structure.hpp"

namespace calinvite {
namespace {

using mime::find_header;
using mime::Headers;

// Real paths have less than twenty hops; mail that has been around more often goes in circles.
constexpr int max_received = 50;

void read_from(const std::string& value, std::vector<Mailbox>& from) {
  const auto addresses = mime::read_addresses(value);
  if (addresses.empty()) return;
  bool plain = addresses.size() == 1 && !addresses[0].in_group;
  for (const auto& entry : addresses) {
    const auto address = normalize_address(entry.address);
    from.push_back({entry.name, address ? *address : std::string()});
  }
  // Comments, groups and missing commas are read differently by different readers, which is how a
  // forged From passes one and shows as another: such a header must not count as one mailbox.
  const auto again = parse_mailbox(value);
  plain = plain && again && again->address == from.back().address;
  if (!plain) from.push_back({});
}

Result<void> read_address_headers(const Headers& headers, const MailLimits& limits,
                                  ParsedMail& mail) {
  const auto from = [&](const std::string& value) {
    ++mail.from_headers;
    read_from(value, mail.from);
  };
  if (auto done = mime::each_address_header(headers, "From", limits, from); !done) return done;
  for (const auto name : {"To", "Cc", "Delivered-To", "X-Original-To"}) {
    auto addresses = mime::read_address_headers(headers, name, limits);
    if (!addresses) return tl::unexpected(addresses.error());
    for (auto& address : *addresses) mail.recipients.push_back(std::move(address));
  }
  return {};
}

void read_id_headers(const Headers& headers, ParsedMail& mail) {
  if (const auto* value = find_header(headers, "Message-ID")) {
    const auto ids = mime::read_ids(*value);
    if (!ids.empty()) mail.message_id = ids.front();
  }
  for (const auto name : {"References", "In-Reply-To"}) {
    const auto* value = find_header(headers, name);
    if (!value) continue;
    for (auto& id : mime::read_ids(*value)) {
      if (std::find(mail.references.begin(), mail.references.end(), id) == mail.references.end()) {
        mail.references.push_back(std::move(id));
      }
    }
  }
}

bool has_null_return_path(const Headers& headers) {
  const auto* path = find_header(headers, "Return-Path");
  return path && text::trim(*path) == "<>";
}

bool is_automatic(const Headers& headers) {
  if (const auto* value = find_header(headers, "Auto-Submitted")) {
    const auto word = text::trim(std::string_view(*value).substr(0, value->find(';')));
    if (!text::iequals(word, "no")) return true;
  }
  if (const auto* value = find_header(headers, "Precedence")) {
    const auto word = text::lower(text::trim(*value));
    if (word == "auto_reply" || word == "bulk" || word == "junk") return true;
  }
  return find_header(headers, "X-Autoreply") || has_null_return_path(headers);
}

bool is_report(const Headers& headers, const ParsedMail& mail) {
  if (mail.delivery || mail.feedback) return true;
  const auto* type = find_header(headers, "Content-Type");
  if (type && mime::read_content_type(*type).type == "multipart/report") return true;
  const bool from_daemon = std::any_of(mail.from.begin(), mail.from.end(), [](const Mailbox& from) {
    return from.address.starts_with("mailer-daemon@");
  });
  return (from_daemon || has_null_return_path(headers)) &&
         std::none_of(mail.parts.begin(), mail.parts.end(), [](const MailPart& part) {
           return !part.embedded && mime::is_calendar(part);
         });
}

MailPart read_part(const mime::Leaf& leaf) {
  MailPart part;
  part.content_type = leaf.type.type;
  part.method = leaf.type.method;
  part.depth = leaf.depth;
  part.embedded = leaf.embedded != nullptr;
  const auto* disposition = find_header(leaf.headers, "Content-Disposition");
  if (disposition) part.filename = mime::read_filename(*disposition);
  if (part.filename.empty()) part.filename = leaf.type.name;
  const auto* encoding = find_header(leaf.headers, "Content-Transfer-Encoding");
  part.content = encoding ? mime::decode_transfer(leaf.body, *encoding) : std::string(leaf.body);
  if (part.content_type.starts_with("text/") || mime::is_calendar(part) ||
      !leaf.type.charset.empty()) {
    part.content = mime::decode_charset(part.content, leaf.type.charset);
  }
  return part;
}

/// What makes two copies of a calendar object the same although a transport rewrote line ends.
std::string without_line_ends(std::string_view content) {
  std::string bare;
  bare.reserve(content.size());
  std::copy_if(content.begin(), content.end(), std::back_inserter(bare),
               [](char c) { return c != '\r' && c != '\n'; });
  return bare;
}

// Files saved by hand begin with a byte order mark or empty lines now and then.
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_leading_blanks(std::string_view raw) {
  for (auto end = raw.find('\n'); end != std::string_view::npos; end = raw.find('\n')) {
    if (!text::trim(raw.substr(0, end)).empty()) break;
    raw.remove_prefix(end + 1);
  }
  return raw;
}

}  // namespace

Result<ParsedMail> parse_mail(std::string_view raw, const MailLimits& limits) {
  if (raw.size() > limits.max_bytes) {
    return fail(Code::too_large, "mail is over " + std::to_string(limits.max_bytes) + " bytes");
  }
  if (const auto nul = raw.find('\0'); nul != std::string_view::npos) {
    const auto line =
        1 + std::count(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    return fail(Code::invalid_input, "mail holds a NUL byte; expected an RFC 5322 message",
                Place{{}, static_cast<std::uint32_t>(line), 0, {}});
  }
  if (raw.starts_with(byte_order_mark)) raw.remove_prefix(byte_order_mark.size());
  const auto start = without_leading_blanks(raw);
  auto message = mime::read_entity(start, limits);
  if (!message) return tl::unexpected<Error>(message.error());
  if (message->headers.empty()) {
    return fail(Code::invalid_input, "mail begins without a header; expected an RFC 5322 message",
                Place{{}, 1, 0, {}});
  }
  mime::start_gmime();
  ParsedMail mail;
  if (auto done = read_address_headers(message->headers, limits, mail); !done) {
    return tl::unexpected<Error>(done.error());
  }
  // Other readers may end the headers at what we skip there, and so see another From or none.
  if (message->mbox || start.size() != raw.size()) mail.from.push_back({});
  if (const auto* subject = find_header(message->headers, "Subject")) {
    mail.subject = mime::decode_text(*subject);
  }
  read_id_headers(message->headers, mail);
  mime::ReportReader report(limits);
  auto walked = mime::walk(*message, limits, [&](const mime::Leaf& leaf) {
    report.take(leaf, mail.parts.emplace_back(read_part(leaf)));
  });
  if (!walked) return tl::unexpected<Error>(walked.error());
  report.finish(mail);
  mail.auto_submitted = is_automatic(message->headers);
  mail.looping =
      std::count_if(message->headers.begin(), message->headers.end(), [](const auto& header) {
        return text::iequals(header.first, "Received");
      }) > max_received;
  mail.delivery_report = is_report(message->headers, mail);
  mail.headers = std::move(message->headers);
  for (auto& header : mail.headers) header.second = text::to_valid_utf8(header.second);
  return mail;
}

std::vector<const MailPart*> calendar_parts(const ParsedMail& mail) {
  std::vector<const MailPart*> parts;
  if (mail.delivery_report) return parts;
  std::vector<std::string> seen;
  for (const auto& part : mail.parts) {
    if (!mime::is_calendar(part)) continue;
    auto bare = without_line_ends(part.content);
    if (std::find(seen.begin(), seen.end(), bare) != seen.end()) continue;
    seen.push_back(std::move(bare));
    parts.push_back(&part);
  }
  return parts;
}

}  // namespace calinvite
