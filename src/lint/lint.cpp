#include "calinvite/lint.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "lint/checks.hpp"
#include "mime/decode.hpp"

namespace calinvite {
namespace lint {
namespace {

constexpr std::size_t max_mail = 40 * 1024 * 1024;  // SES (R15)

/// The parts of a mail that matter, in document order.
struct Leaves {
  std::vector<const Part*> all;
  const Part* alternative = nullptr;  ///< the one that holds the calendar, else the first
  const Part* inline_calendar = nullptr;
  std::vector<const Part*> attached;  ///< calendars
};

std::string file_name(const Part& part) {
  const Parameterized disposition = part.disposition();
  if (const std::string* name = disposition.find("filename")) return *name;
  const std::string* name = part.type.find("name");
  return name ? *name : std::string();
}

bool is_calendar(const Part& part) {
  const std::string& type = part.type.value;
  return type == "text/calendar" || type == "application/ics" || type == "text/x-vcalendar" ||
         text::lower(file_name(part)).ends_with(".ics");
}

void collect(const Part& part, const Part* parent, Leaves& leaves) {
  if (part.type.value == "multipart/alternative" && !leaves.alternative) leaves.alternative = &part;
  if (!part.parts.empty()) {
    for (const Part& child : part.parts) collect(child, &part, leaves);
    return;
  }
  leaves.all.push_back(&part);
  if (!is_calendar(part)) return;
  const bool in_alternative = parent && parent->type.value == "multipart/alternative";
  const bool shown = part.type.value == "text/calendar" &&
                     (in_alternative || part.disposition().value != "attachment");
  if (shown && !leaves.inline_calendar) {
    leaves.inline_calendar = &part;
    if (in_alternative) leaves.alternative = parent;
  } else {
    leaves.attached.push_back(&part);
  }
}

std::uint32_t line_of(const Part& part, std::string_view header) {
  const Header* found = part.header(header);
  return found ? found->line : part.line;
}

void check_tree(const Part& mail, const Leaves& leaves, Findings& findings) {
  const auto& parts = mail.parts;
  const bool mixed = mail.type.value == "multipart/mixed" && parts.size() == 2 &&
                     parts[0].type.value == "multipart/alternative" && parts[1].parts.empty() &&
                     is_calendar(parts[1]);
  if (!mixed) {
    std::string shape = mail.type.value;
    for (std::size_t at = 0; at < parts.size() && at < 5; ++at) {
      shape += (at == 0 ? " of " : ", ") + parts[at].type.value;
    }
    findings.add(Check::mixed, "the body is " + in_quotes(shape), line_of(mail, "Content-Type"), 1,
                 "Content-Type");
  }
  if (!leaves.alternative) {
    findings.add(Check::alternative, "no multipart/alternative", line_of(mail, "Content-Type"), 1,
                 "Content-Type");
    return;
  }
  std::string shape;
  for (const Part& child : leaves.alternative->parts) {
    shape += (shape.empty() ? "" : ", ") + child.type.value;
    if (shape.size() > 200) break;
  }
  if (shape != "text/plain, text/html, text/calendar") {
    findings.add(Check::alternative, "the alternative holds " + in_quotes(shape),
                 line_of(*leaves.alternative, "Content-Type"), 1, "Content-Type");
  }
}

/// @param method  of the calendar inside, upper case
void check_inline(const Part& part, const std::string& method, Findings& findings) {
  const std::uint32_t line = line_of(part, "Content-Type");
  const std::string* said = part.type.find("method");
  if (!said) {
    findings.add(Check::method, "text/calendar without method", line, 1, "Content-Type");
  } else if (!method.empty() && text::upper(*said) != method) {
    findings.add(Check::method, "method is " + in_quotes(*said) + ", METHOD " + in_quotes(method),
                 line, 1, "Content-Type");
  } else if (*said != text::upper(*said) ||
             text::lower(part.header("Content-Type")->raw).find("method=\"") != std::string::npos) {
    findings.add(Check::method_form, "method is quoted or lower case", line, 1, "Content-Type");
  }
  const std::string* charset = part.type.find("charset");
  if (!charset || !text::iequals(*charset, "utf-8")) {
    findings.add(Check::charset, charset ? "charset is " + in_quotes(*charset) : "no charset", line,
                 1, "Content-Type");
  }
  const Header* disposition = part.header("Content-Disposition");
  const Header* id = part.header("Content-ID");
  const Header* first = disposition ? disposition : id;
  if (!first) return;
  const bool both = disposition && id;
  findings.add(both ? Check::inline_both : Check::inline_bare,
               both ? "Content-Disposition and Content-ID" : first->name, first->line, 1,
               first->name);
}

void check_attachment(const Part& part, Findings& findings) {
  const std::uint32_t line = line_of(part, "Content-Type");
  const std::string* name = part.type.find("name");
  const Parameterized disposition = part.disposition();
  const std::string* filename = disposition.find("filename");
  const auto good = [](const std::string* file) {
    return file && text::lower(*file).ends_with(".ics") &&
           std::all_of(file->begin(), file->end(), [](char c) { return c >= ' ' && c < 127; });
  };
  if (part.type.find("method")) {
    findings.add(Check::attachment_method, "the attached calendar has method", line, 1,
                 "Content-Type");
  }
  std::string fault;
  if (part.type.value != "application/ics")
    fault = "the attachment is " + in_quotes(part.type.value);
  if (!good(name) || !good(filename)) fault = "name or filename is no ASCII name ending in .ics";
  if (disposition.value != "attachment") fault = "the attachment is not marked as one";
  if (!fault.empty()) findings.add(Check::attachment, fault, line, 1, "Content-Type");
}

void check_encoding(const Part& part, Findings& findings) {
  constexpr std::size_t longest = 76;
  const std::uint32_t line = line_of(part, "Content-Transfer-Encoding");
  if (part.encoding.empty() || part.encoding == "7bit") {
    findings.add(Check::part_7bit, "the calendar part is 7bit", line, 1,
                 "Content-Transfer-Encoding");
  } else if (part.encoding != "base64") {
    findings.add(Check::part_encoding, "the calendar part is " + in_quotes(part.encoding), line, 1,
                 "Content-Transfer-Encoding");
  } else {
    for (std::string_view row : text::split(part.body, '\n')) {
      if (row.ends_with('\r')) row.remove_suffix(1);
      if (row.size() <= longest) continue;
      findings.add(Check::part_encoding,
                   "base64 lines of " + std::to_string(row.size()) + " characters", line, 1,
                   "Content-Transfer-Encoding");
      break;
    }
  }
}

/// UID of the first VEVENT, or empty; for comparing with another part only.
std::string uid_of(const std::string& text) {
  Findings unused;
  const auto calendar = read_raw_calendar(text, CalendarLimits(), LineFeeds::stored, unused);
  if (!calendar || calendar->calendars.empty()) return {};
  const Component& head = calendar->components[calendar->calendars.front()];
  const auto events = calendar->children(head, "VEVENT");
  return events.empty() ? std::string() : text_of(events.front()->first("UID"));
}

void check_same(const Part& attached, const std::string& shown, const std::string& uid,
                Findings& findings) {
  const std::string other = attached.decoded();
  if (other == shown) return;
  const bool same_uid = uid_of(other) == uid;
  findings.add(same_uid ? Check::same_bytes : Check::same_uid,
               same_uid ? "inline and attached calendar are not the same bytes"
                        : "inline and attached calendar have different UIDs",
               attached.line, 1, "Content-Type");
}

std::string part_name(std::string_view source, const Part& part) {
  const std::string name = file_name(part);
  return std::string(source) + '[' + text::one_line(name.empty() ? part.type.value : name, 80) +
         ']';
}

Result<Facts> lint_calendar_part(const Part& part, const Leaves& leaves, Envelope envelope,
                                 LineFeeds stored, const ZoneTable& zones, std::string_view source,
                                 Findings& findings) {
  const std::string text = part.decoded();
  if (const std::string* method = part.type.find("method")) envelope.method = text::upper(*method);
  const bool raw = part.encoding != "base64";
  findings.look_at(part_name(source, part));
  const auto calendar =
      read_raw_calendar(text, CalendarLimits(), raw ? stored : LineFeeds::sent, findings);
  if (!calendar) return tl::unexpected(calendar.error());
  const Facts facts = check_calendar(*calendar, envelope, zones, findings);
  findings.look_at(std::string(source));
  if (&part == leaves.inline_calendar) {
    for (const Part* attached : leaves.attached) check_same(*attached, text, facts.uid, findings);
  }
  return facts;
}

void lint_texts(const Part& mail, const Leaves& leaves, const Facts* facts, std::string_view source,
                Findings& findings) {
  const Header* language = mail.header("Content-Language");
  for (const Part* part : leaves.all) {
    const std::string& type = part->type.value;
    if (type == "text/x-amp-html") {
      findings.add(Check::amp, type, line_of(*part, "Content-Type"), 1, "Content-Type");
    }
    const bool text = type == "text/plain" || type == "text/html";
    if (!text || is_calendar(*part) || part->disposition().value == "attachment") continue;
    findings.look_at(part_name(source, *part));
    check_text_part(*part, language ? std::string_view(language->value) : "", facts, findings);
    findings.look_at(std::string(source));
  }
}

Result<void> lint_mail(std::string_view bytes, const ZoneTable& zones, std::string_view source,
                       Findings& findings) {
  mime::start_gmime();
  const auto mail = read_message(bytes, MailLimits());
  if (!mail) return tl::unexpected(mail.error());
  Leaves leaves;
  collect(*mail, nullptr, leaves);
  const LineFeeds stored = check_raw_mail(bytes, findings);
  const Part* calendar = leaves.inline_calendar;
  if (!calendar && !leaves.attached.empty()) calendar = leaves.attached.front();
  std::optional<Facts> facts;
  if (calendar) {
    check_tree(*mail, leaves, findings);
    auto read = lint_calendar_part(*calendar, leaves, read_envelope(*mail), stored, zones, source,
                                   findings);
    if (!read) return tl::unexpected(read.error());
    facts = std::move(*read);
  } else {
    findings.add(Check::has_calendar, "no calendar part", 1);
  }
  if (leaves.inline_calendar) check_inline(*leaves.inline_calendar, facts->method, findings);
  if (leaves.inline_calendar) check_encoding(*leaves.inline_calendar, findings);
  for (const Part* attached : leaves.attached) {
    check_attachment(*attached, findings);
    check_encoding(*attached, findings);
  }
  const Facts* known = facts ? &*facts : nullptr;
  check_headers(*mail, known, findings);
  lint_texts(*mail, leaves, known, source, findings);
  return {};
}

Result<void> lint_calendar(std::string_view bytes, const ZoneTable& zones, Findings& findings) {
  const auto calendar = read_raw_calendar(bytes, CalendarLimits(), LineFeeds::sent, findings);
  if (!calendar) return tl::unexpected(calendar.error());
  check_calendar(*calendar, Envelope(), zones, findings);
  return {};
}

bool begins_calendar(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return text::iequals(text::trim(bytes.substr(0, 200)).substr(0, 6), "BEGIN:");
}

}  // namespace
}  // namespace lint

Result<std::vector<Finding>> lint_message(std::string_view bytes, const ZoneTable& zones,
                                          std::string_view source) {
  using namespace calinvite::lint;
  Findings findings;
  findings.look_at(std::string(source));
  if (bytes.find('\0') != std::string_view::npos) {
    return fail(Code::invalid_input, "a NUL byte; expected a mail or a calendar",
                {std::string(source), 0, 0, {}});
  }
  if (bytes.size() > max_mail) {
    findings.add(Check::mail_size, "the mail has " + std::to_string(bytes.size()) + " bytes");
    return findings.take();
  }
  const auto done = begins_calendar(bytes) ? lint_calendar(bytes, zones, findings)
                                           : lint_mail(bytes, zones, source, findings);
  if (!done) {
    Error error = done.error();
    if (error.place.source.empty()) error.place.source = source;
    return tl::unexpected(error);
  }
  return findings.take();
}

}  // namespace calinvite
