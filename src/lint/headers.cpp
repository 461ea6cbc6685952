#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "lint/checks.hpp"
#include "mime/decode.hpp"

namespace calinvite::lint {
namespace {

/// What belongs in a mail at most once, and is written by whoever sends it.
constexpr std::array<std::string_view, 22> once = {"from",
                                                   "sender",
                                                   "reply-to",
                                                   "to",
                                                   "cc",
                                                   "bcc",
                                                   "message-id",
                                                   "in-reply-to",
                                                   "references",
                                                   "subject",
                                                   "date",
                                                   "mime-version",
                                                   "content-type",
                                                   "content-class",
                                                   "content-language",
                                                   "content-transfer-encoding",
                                                   "content-disposition",
                                                   "auto-submitted",
                                                   "x-auto-response-suppress",
                                                   "list-unsubscribe",
                                                   "list-unsubscribe-post",
                                                   "return-path"};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The addresses of one header as they are written, which GMime does not give back: an A-label
/// stays one. An entry without `<…>` is an address as a whole.
std::vector<std::string> split_addresses(std::string_view value) {
  std::vector<std::string> addresses;
  std::string bare, angled;
  bool quoted = false, in_angles = false, seen_angles = false;
  int comment = 0;
  const auto finish = [&] {
    const std::string_view address = text::trim(seen_angles ? angled : bare);
    if (!address.empty()) addresses.emplace_back(address);
    bare.clear();
    angled.clear();
    seen_angles = in_angles = false;
  };
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '\\') {
      ++at;
    } else if (c == '"' && comment == 0) {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == '(' || c == ')') {
      comment = std::max(0, comment + (c == '(' ? 1 : -1));
    } else if (comment > 0) {
      continue;
    } else if (c == ',' || c == ';') {
      finish();
    } else if (c == ':' && !in_angles) {
      bare.clear();  // the name of a group
    } else if (c == '<' || c == '>') {
      in_angles = c == '<';
      seen_angles = true;
    } else {
      (in_angles ? angled : bare) += c;
    }
  }
  finish();
  return addresses;
}

/// Addresses of every header of that name.
std::vector<std::string> addresses_of(const Part& mail, std::string_view name) {
  std::vector<std::string> addresses;
  for (const Header& header : mail.headers) {
    if (!text::iequals(header.name, name)) continue;
    for (std::string& address : split_addresses(header.value)) {
      addresses.push_back(std::move(address));
    }
  }
  return addresses;
}

std::string single(const Part& mail, std::string_view name) {
  const auto all = addresses_of(mail, name);
  return all.size() == 1 ? all.front() : std::string();
}

void check_bytes(const Header& header, Findings& findings) {
  const auto bad = std::find_if(header.raw.begin(), header.raw.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7f || (byte < ' ' && c != '\t' && c != '\r' && c != '\n');
  });
  if (bad == header.raw.end()) return;
  findings.add(
      Check::header_bytes,
      header.name + (static_cast<unsigned char>(*bad) >= 0x80 ? " has bytes beyond ASCII"
                                                              : " has a control character"),
      header.line, static_cast<std::uint32_t>(bad - header.raw.begin()) + 1, header.name);
}

/// A line over 78 that could have been folded.
void check_folding(const Header& header, Findings& findings) {
  constexpr std::size_t longest = 78;
  std::uint32_t number = header.line;
  for (std::string_view line : text::split(header.raw, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t words = line.find_first_not_of(" \t", line.find(':') + 1);
    const bool folds = words < line.size() && line.find_first_of(" \t", words) < line.size();
    if (line.size() > longest && folds) {
      findings.add(Check::header_78,
                   header.name + " has a line of " + std::to_string(line.size()) + " octets",
                   number, longest + 1, header.name);
      return;
    }
    ++number;
  }
}

void check_each(const Part& mail, Findings& findings) {
  std::map<std::string, int> seen;
  for (const Header& header : mail.headers) {
    check_bytes(header, findings);
    const std::string name = text::lower(header.name);
    if (std::find(once.begin(), once.end(), name) == once.end()) continue;
    if (++seen[name] == 2) {
      findings.add(Check::header_once, header.name + " is there again", header.line, 1,
                   header.name);
    }
    check_folding(header, findings);
  }
}

void check_recipients(const Part& mail, Findings& findings) {
  const auto to = addresses_of(mail, "To");
  const Header* header = mail.header("To");
  if (to.size() != 1) {
    findings.add(Check::one_recipient,
                 header ? "To names " + std::to_string(to.size()) + " addresses" : "no To",
                 header ? header->line : 1, 1, "To");
  }
  for (const char* name : {"Cc", "Bcc"}) {
    const Header* copy = mail.header(name);
    if (!copy) continue;
    findings.add(Check::one_recipient, std::string(name) + " is there", copy->line, 1, name);
  }
  for (const char* name : {"From", "To"}) {
    for (const std::string& address : addresses_of(mail, name)) {
      if (is_ascii(address)) continue;
      findings.add(Check::ascii_address, std::string(name) + " has an address beyond ASCII",
                   mail.header(name)->line, 1, name);
    }
  }
}

void check_sender(const Part& mail, const Facts* facts, Findings& findings) {
  const std::string from = single(mail, "From");
  const Header* header = mail.header("From");
  const bool known = facts && facts->scheduling() && !facts->organizer.empty();
  if (known && from != facts->organizer) {
    findings.add(Check::from_organizer, "From is not ORGANIZER " + in_quotes(facts->organizer),
                 header ? header->line : 1, 1, "From");
  }
  const Header* reply = mail.header("Reply-To");
  if (known && reply && !text::iequals(single(mail, "Reply-To"), facts->organizer)) {
    findings.add(Check::reply_to, "Reply-To is not the ORGANIZER address", reply->line, 1,
                 "Reply-To");
  }
  const Header* sender = mail.header("Sender");
  if (sender && !text::iequals(single(mail, "Sender"), from)) {
    findings.add(Check::sender, "Sender is not From", sender->line, 1, "Sender");
  }
}

void check_automatic(const Part& mail, Findings& findings) {
  const Header* submitted = mail.header("Auto-Submitted");
  if (!submitted || !text::iequals(submitted->value, "auto-generated")) {
    findings.add(Check::auto_submitted, "no Auto-Submitted: auto-generated",
                 submitted ? submitted->line : 1, 1, "Auto-Submitted");
  }
  if (!mail.header("X-Auto-Response-Suppress")) {
    findings.add(Check::auto_submitted, "no X-Auto-Response-Suppress", 1, 1,
                 "X-Auto-Response-Suppress");
  }
  const Header* content = mail.header("Content-class");
  if (content && !text::iequals(content->value, "urn:content-classes:calendarmessage")) {
    findings.add(Check::content_class, "Content-class is " + in_quotes(content->value),
                 content->line, 1, "Content-class");
  }
}

void check_unsubscribe(const Part& mail, Findings& findings) {
  const Header* list = mail.header("List-Unsubscribe");
  const Header* post = mail.header("List-Unsubscribe-Post");
  if (!list) {
    findings.add(Check::unsubscribe, "no List-Unsubscribe", 1, 1, "List-Unsubscribe");
  } else if (text::lower(list->value).find("<https://") == std::string::npos) {
    findings.add(Check::unsubscribe_form, "List-Unsubscribe has no https link", list->line, 1,
                 "List-Unsubscribe");
  }
  if (list && (!post || post->value != "List-Unsubscribe=One-Click")) {
    findings.add(Check::unsubscribe_form, "no List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                 post ? post->line : list->line, 1, "List-Unsubscribe-Post");
  }
}

void check_words(const Part& mail, Findings& findings) {
  if (!mail.header("Content-Language")) {
    findings.add(Check::content_language, "no Content-Language", 1, 1, "Content-Language");
  }
  const Header* subject = mail.header("Subject");
  if (!subject) return;
  const std::string control = bidi_control(mime::decode_text(subject->value));
  if (control.empty()) return;
  findings.add(Check::bidi_controls, "Subject holds " + control, subject->line, 1, "Subject");
}

}  // namespace

Envelope read_envelope(const Part& mail) {
  return {true, {}, single(mail, "From"), single(mail, "To")};
}

void check_headers(const Part& mail, const Facts* facts, Findings& findings) {
  check_each(mail, findings);
  check_recipients(mail, findings);
  check_sender(mail, facts, findings);
  check_automatic(mail, findings);
  check_unsubscribe(mail, findings);
  check_words(mail, findings);
}

LineFeeds check_raw_mail(std::string_view bytes, Findings& findings) {
  constexpr std::size_t longest = 998;
  std::uint32_t number = 0, crlf = 0, first_bare = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    ++number;
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    std::string_view line = bytes.substr(at, end - at);
    at = end + 1;
    const bool ended = line.ends_with('\r');
    if (ended) line.remove_suffix(1);
    if (ended) ++crlf;
    if (!ended && end < bytes.size() && first_bare == 0) first_bare = number;
    if (line.size() > longest) {
      findings.add(Check::header_998, "the line has " + std::to_string(line.size()) + " octets",
                   number, longest + 1);
    }
    const auto bare = line.find('\r');
    if (bare != std::string_view::npos) {
      findings.add(Check::mixed_line_ends, "a CR alone", number,
                   static_cast<std::uint32_t>(bare) + 1);
    }
  }
  if (crlf > 0 && first_bare > 0) {
    findings.add(Check::mixed_line_ends, "an LF alone, while other lines end in CRLF", first_bare);
  } else if (crlf == 0 && first_bare > 0) {
    findings.add(Check::line_feeds, "all lines end in LF", 1);
  }
  return crlf == 0 ? LineFeeds::stored : LineFeeds::sent;
}

}  // namespace calinvite::lint
