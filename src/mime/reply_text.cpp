#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_text = 4000;
constexpr std::size_t max_read = 256 * 1024;

/// Outlook's and others' line between an answer and the copy of what it answers.
bool is_original_rule(std::string_view line) {
  if (line.size() < 10) return false;
  if (line.find_first_not_of('_') == std::string_view::npos) return true;
  if (!line.starts_with("-----")) return false;
  const auto word = text::trim(line.substr(std::min(line.find_first_not_of('-'), line.size())));
  return !word.empty() && word.ends_with("-----");
}

bool ends_with_any(std::string_view line, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return line.ends_with(word); });
}
bool begins_with_any(std::string_view line, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return line.starts_with(word); });
}

/// A line such as "On Monday, Fan 0001 wrote:". It counts in front of quoted lines only, so a
/// sentence that looks like one is kept.
bool is_attribution(std::string_view line) {
  if (!line.ends_with(':') || line.size() > 300) return false;
  return line.find_first_of("@0123456789") != std::string_view::npos ||
         ends_with_any(line, {"wrote:", "schrieb:", "a écrit :", "a écrit:", "escribió:",
                              "ha scritto:", "schreef:", "escreveu:"});
}

/// Drops an attribution, of one or two lines, that stands right before quoted text.
void drop_attribution(std::vector<std::string_view>& kept) {
  while (!kept.empty() && kept.back().empty()) kept.pop_back();
  if (kept.empty() || !is_attribution(kept.back())) return;
  kept.pop_back();
  const bool paragraph_begins = kept.size() == 1 || (kept.size() > 1 && kept.end()[-2].empty());
  if (paragraph_begins &&
      begins_with_any(kept.back(), {"On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em "})) {
    kept.pop_back();
  }
}

/// The header lines that Outlook puts above its copy, when it draws no rule.
bool begins_copied_header(std::string_view line, std::string_view next) {
  return begins_with_any(line, {"From: ", "Von: ", "De : ", "De: ", "Da: ", "Van: "}) &&
         begins_with_any(next, {"Sent: ", "Date: ", "Gesendet: ", "Datum: ", "Envoyé : ",
                                "Enviado: ", "Enviado el: ", "Inviato: ", "Verzonden: "});
}

std::vector<std::string_view> lines_of(std::string_view text) {
  auto lines = text::split(text, '\n');
  for (std::string_view& line : lines) line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return lines;
}

}  // namespace

std::string reply_text(const ParsedMail& mail) {
  const auto part = std::find_if(mail.parts.begin(), mail.parts.end(), [](const MailPart& one) {
    return one.content_type == "text/plain" && one.filename.empty() && !one.embedded;
  });
  if (part == mail.parts.end()) return {};
  const auto lines = lines_of(text::utf8_prefix(part->content, max_read));
  std::vector<std::string_view> kept;
  bool quoting = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto line = lines[at];
    if (line == "--" || is_original_rule(line)) break;
    if (at + 1 < lines.size() && begins_copied_header(line, lines[at + 1])) break;
    if (line.starts_with('>')) {
      if (!quoting) drop_attribution(kept);
      quoting = true;
      continue;
    }
    quoting = quoting && line.empty();
    if (!quoting) kept.push_back(line);
  }
  std::string out;
  for (const auto line : kept) {
    if (out.size() > max_text) break;
    out.append(line).append("\n");
  }
  return std::string(text::trim(text::utf8_prefix(text::trim(out), max_text)));
}

}  // namespace calinvite
