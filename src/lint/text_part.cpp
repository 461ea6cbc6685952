#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "lint/checks.hpp"
#include "mime/decode.hpp"

namespace calinvite::lint {
namespace {

constexpr std::size_t max_html = 90 * 1024;

/// Those names of HTML that mail programs write; the rest is left as it stands.
struct Named {
  std::string_view name;
  char32_t code_point;
};
constexpr Named named[] = {
    {"amp", 0x26},     {"lt", 0x3c},       {"gt", 0x3e},       {"quot", 0x22},    {"apos", 0x27},
    {"ndash", 0x2013}, {"mdash", 0x2014},  {"hellip", 0x2026}, {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"sbquo", 0x201a}, {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"bdquo", 0x201e}, {"laquo", 0xab},
    {"raquo", 0xbb},   {"lsaquo", 0x2039}, {"rsaquo", 0x203a}, {"bull", 0x2022},  {"middot", 0xb7},
    {"deg", 0xb0},     {"times", 0xd7},    {"euro", 0x20ac},   {"pound", 0xa3},   {"copy", 0xa9},
    {"reg", 0xae},     {"trade", 0x2122},  {"auml", 0xe4},     {"ouml", 0xf6},    {"uuml", 0xfc},
    {"Auml", 0xc4},    {"Ouml", 0xd6},     {"Uuml", 0xdc},     {"szlig", 0xdf},   {"aacute", 0xe1},
    {"eacute", 0xe9},  {"iacute", 0xed},   {"oacute", 0xf3},   {"uacute", 0xfa},  {"Eacute", 0xc9},
    {"agrave", 0xe0},  {"egrave", 0xe8},   {"ugrave", 0xf9},   {"acirc", 0xe2},   {"ecirc", 0xea},
    {"icirc", 0xee},   {"ocirc", 0xf4},    {"ucirc", 0xfb},    {"euml", 0xeb},    {"iuml", 0xef},
    {"atilde", 0xe3},  {"otilde", 0xf5},   {"ntilde", 0xf1},   {"ccedil", 0xe7},  {"Ccedil", 0xc7},
    {"aring", 0xe5},   {"Aring", 0xc5},    {"aelig", 0xe6},    {"AElig", 0xc6},   {"oslash", 0xf8},
    {"Oslash", 0xd8},  {"rarr", 0x2192},   {"larr", 0x2190},   {"nbsp", 0xa0}};

/// The code point of what stands between `&` and `;`; 0: none.
char32_t referred(std::string_view inside) {
  if (!inside.starts_with('#')) {
    const auto* const known = std::find_if(std::begin(named), std::end(named),
                                           [&](const Named& n) { return n.name == inside; });
    return known == std::end(named) ? 0 : known->code_point;
  }
  inside.remove_prefix(1);
  const bool hex = inside.starts_with('x') || inside.starts_with('X');
  if (hex) inside.remove_prefix(1);
  std::uint32_t number = 0;
  const char* const end = inside.data() + inside.size();
  const auto read = std::from_chars(inside.data(), end, number, hex ? 16 : 10);
  const bool surrogate = number >= 0xd800 && number <= 0xdfff;
  if (read.ec != std::errc() || read.ptr != end || surrogate || number > 0x10ffff) return 0;
  return number;
}

std::string decode_entities(std::string_view text) {
  constexpr std::size_t longest = 12;  // with & and ;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = text[at] == '&' ? text.substr(at, longest).find(';') : std::string_view::npos;
    const char32_t meant =
        size == std::string_view::npos ? 0 : referred(text.substr(at + 1, size - 1));
    if (meant == 0) {
      out += text[at++];
      continue;
    }
    // A blank that keeps words together is a blank to who compares texts.
    if (meant == 0xa0) {
      out += ' ';
    } else {
      text::append_utf8(out, meant);
    }
    at += size + 1;
  }
  return out;
}

/// One blank for each run of blanks and line ends.
std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(text::trim(out));
}

std::string without_tags(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t open = std::min(html.find('<', at), html.size());
    out += html.substr(at, open - at);
    const std::size_t close = html.find('>', open);
    at = close == std::string_view::npos ? html.size() : close + 1;
  }
  return out;
}

std::string_view without_margin(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// The value of an attribute within one tag, entities decoded; empty when absent.
std::string attribute(std::string_view tag, std::string_view name) {
  const std::string lower = text::lower(tag);
  for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
    const bool begins =
        at > 0 && std::string_view(" \t\r\n\"'").find(tag[at - 1]) != std::string_view::npos;
    std::string_view rest = without_margin(tag.substr(at + name.size()));
    if (!begins || !rest.starts_with('=')) continue;
    rest = without_margin(rest.substr(1));
    const char quote = rest.empty() ? ' ' : rest.front();
    if (quote == '"' || quote == '\'')
      return decode_entities(rest.substr(1, rest.find(quote, 1) - 1));
    return decode_entities(rest.substr(0, rest.find_first_of(" \t\r\n>")));
  }
  return {};
}

struct Anchor {
  Link link;
  bool tracked = true;  ///< no ses:no-track
};

std::vector<Anchor> anchors_in(std::string_view html) {
  constexpr std::size_t longest_tag = 64 * 1024;
  std::vector<Anchor> anchors;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::string_view start = html.substr(at, 3);
    if (start.size() < 3 || (start[1] != 'a' && start[1] != 'A') ||
        std::string_view(" \t\r\n").find(start[2]) == std::string_view::npos) {
      continue;
    }
    const std::string_view rest = html.substr(at, longest_tag);
    const std::string_view tag = rest.substr(0, rest.find('>'));
    const std::string target(text::trim(attribute(tag, "href")));
    const bool web = target.starts_with("http://") || target.starts_with("https://");
    if (web) anchors.push_back({{target, at}, tag.find("ses:no-track") == std::string_view::npos});
    at += tag.size() - 1;
  }
  return anchors;
}

void check_anchors(const std::vector<Anchor>& anchors, std::string_view html, Findings& findings) {
  const auto tracked = [](const Anchor& anchor) { return anchor.tracked; };
  const auto first = std::find_if(anchors.begin(), anchors.end(), tracked);
  if (first == anchors.end()) return;
  const auto count = std::count_if(anchors.begin(), anchors.end(), tracked);
  const auto place = Places(html).of(first->link.at);
  findings.add(Check::no_track, std::to_string(count) + " anchors without ses:no-track", place.line,
               place.column, "a");
}

/// R18 and R151: what does something by itself.
void check_active(std::string_view html, Findings& findings) {
  const std::string lower = text::lower(html);
  const auto add = [&](Check check, std::size_t at, const std::string& what) {
    const auto place = Places(lower).of(at);
    findings.add(check, what, place.line, place.column);
  };
  for (const char* word : {"<script", "<form", "<iframe", "<frame", "javascript:"}) {
    std::size_t at = lower.find(word);
    // Passive markup about the event is R18's.
    while (at != std::string::npos &&
           lower.substr(at, 60).find("application/ld+json") != std::string::npos) {
      at = lower.find(word, at + 1);
    }
    if (at != std::string::npos) add(Check::active_html, at, std::string("the HTML has ") + word);
  }
  std::size_t action = lower.find("potentialaction");
  for (std::size_t at = lower.find("schema.org/");
       at != std::string::npos && action == std::string::npos;
       at = lower.find("schema.org/", at + 1)) {
    const auto name = std::string_view(lower).substr(at + 11, 40);
    if (name.substr(0, name.find_first_of("\"' >")).ends_with("action")) action = at;
  }
  if (action != std::string::npos) add(Check::markup_action, action, "a schema.org action");
}

bool has_right_to_left(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if ((lead == 0xd6 && next >= 0x90) || (lead >= 0xd7 && lead <= 0xdf)) return true;
    if (lead == 0xe0 && (next == 0xa0 || next == 0xa1 || next == 0xa2 || next == 0xa3)) return true;
  }
  return false;
}

void check_language(std::string_view html, std::string_view content_language, Findings& findings) {
  const std::string head = text::lower(html.substr(0, 4096));
  const std::size_t at = head.find("<html");
  if (at == std::string::npos || content_language.empty()) return;
  const std::string tag = head.substr(at, head.find('>', at) - at);
  const std::string lang = attribute(tag, "lang");
  const auto primary = [](std::string_view language) {
    return text::lower(text::trim(language.substr(0, language.find_first_of("-_,"))));
  };
  if (lang.empty() || primary(lang) == primary(content_language)) return;
  const auto place = Places(html).of(at);
  findings.add(Check::content_language,
               "the HTML is " + in_quotes(lang) + ", the mail " + in_quotes(content_language),
               place.line, place.column, "html");
}

void check_html(const std::string& html, std::string_view content_language, Findings& findings) {
  if (html.size() > max_html) {
    findings.add(Check::html_size, "the HTML has " + std::to_string(html.size()) + " bytes", 1);
  }
  check_active(html, findings);
  check_language(html, content_language, findings);
  const std::string lower = text::lower(html);
  if (has_right_to_left(html) && lower.find(" dir=") == std::string::npos &&
      lower.find("<bdi") == std::string::npos) {
    findings.add(Check::bidi_isolation, "right-to-left text without dir or bdi", 1, 1);
  }
}

/// R10 and R84: what the text says without the calendar part.
void check_says(const std::string& seen, const std::vector<Link>& links, const Facts& facts,
                Findings& findings) {
  for (const std::string& fact : {collapsed(facts.summary), collapsed(facts.location)}) {
    if (!facts.scheduling() || fact.empty() || seen.find(fact) != std::string::npos) continue;
    // A place may be the target of a link.
    const bool linked = std::any_of(links.begin(), links.end(),
                                    [&](const Link& link) { return link.target == fact; });
    if (!linked) findings.add(Check::texts_tell, "the text does not name " + in_quotes(fact), 1);
  }
  if (facts.request() && !facts.one_date && links.empty()) {
    findings.add(Check::texts_tell, "the text has no link to answer by", 1);
  }
  if (!facts.cancel()) return;
  for (const Link& link : links) {
    const std::string lower = text::lower(link.target);
    if (lower.find("rsvp") == std::string::npos && lower.find("answer=") == std::string::npos) {
      continue;
    }
    findings.add(Check::cancel_asks, "a link to answer in a cancellation", 1);
    return;
  }
}

}  // namespace

void check_text_part(const Part& part, std::string_view content_language, const Facts* facts,
                     Findings& findings) {
  const std::string* charset = part.type.find("charset");
  const std::string text = mime::decode_charset(part.decoded(), charset ? *charset : "");
  const bool html = part.type.value == "text/html";
  std::vector<Link> links;
  if (html) {
    const auto anchors = anchors_in(text);
    for (const Anchor& anchor : anchors) links.push_back(anchor.link);
    check_html(text, content_language, findings);
    check_anchors(anchors, text, findings);
  } else {
    links = links_in(text);
  }
  check_links(links, text, html ? "a" : "", 0, findings);
  if (facts) {
    const std::string seen = collapsed(html ? decode_entities(without_tags(text)) : text);
    check_says(seen, links, *facts, findings);
  }
}

}  // namespace calinvite::lint
