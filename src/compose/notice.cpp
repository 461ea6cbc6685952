#include "compose/notice.hpp"

#include "base/text.hpp"
#include "compose/words.hpp"
#include "locale/locale.hpp"

namespace calinvite::compose {
namespace {

/// A subject is read as one short line, whatever it was made from.
std::string subject_line(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string line;
  for (const char c : text::to_valid_utf8(without_text_controls(text))) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    line += control ? ' ' : c;
  }
  return std::string(text::utf8_prefix(line, longest));
}

}  // namespace

Result<NoticeText> write_notice(NoticeKind kind, const Event* event, std::string_view language,
                                texts::Values values, const texts::Overrides& overrides) {
  const std::string name = "notice_" + std::string(to_string(kind));
  NoticeText notice;
  notice.language = texts::best_language(language);
  const bool right_to_left = locale::is_right_to_left(notice.language);
  values["language"] = notice.language;
  values["direction"] = right_to_left ? "rtl" : "ltr";
  values["side"] = right_to_left ? "right" : "left";
  values["subject"] = subject_line(values["subject"]);
  if (event != nullptr) {
    const Words words = make_words(
        *event, what_is_shown(*event, std::nullopt, Domain().description_limit), language);
    values.insert(words.values.begin(), words.values.end());
    values["uid"] = event->uid;
  }
  if (const auto advice = values.find("advice"); advice != values.end()) {
    advice->second = texts::phrase(notice.language, advice->second);
  }
  values["intro"] =
      texts::fill(notice.language, texts::phrase(notice.language, name + "_intro"), values);
  notice.subject = subject_line(
      texts::fill(notice.language, texts::phrase(notice.language, name + "_subject"), values));
  values["title"] = notice.subject;
  auto plain = texts::render(name + ".txt", notice.language, values, overrides);
  auto html = texts::render(name + ".html", notice.language, values, overrides);
  if (!plain || !html) return tl::unexpected<Error>(plain ? html.error() : plain.error());
  notice.text = std::move(*plain);
  notice.html = std::move(*html);
  return notice;
}

}  // namespace calinvite::compose
