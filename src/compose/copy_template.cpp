#include "compose/copy_template.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace calinvite::compose {
namespace {

constexpr std::size_t longest_field = 254;    // of an address; longer ones are composed whole
constexpr std::size_t room_in_html = 80'000;  // R19 holds whatever the fields are
constexpr std::size_t longest_escape = 6;     // &quot;

LineForm form_of(TransferEncoding encoding) {
  return encoding == TransferEncoding::quoted_printable ? LineForm::quoted_printable
                                                        : LineForm::plain;
}

bool is_made_of(std::string_view text, std::string_view others) {
  return !text.empty() && text.size() <= longest_field &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

bool is_token(std::string_view text) {
  return text.size() <= longest_field && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

/// A name without anything to refuse or to take out.
bool is_common_name(std::string_view name) {
  return name.size() <= longest_field && text::check_single_line(name, "name") &&
         text::find_hidden(name) == name.npos;
}

}  // namespace

Result<CopyTemplate> CopyTemplate::compile(const Composition& composition, const Kind& kind) {
  auto manner = make_manner(composition, kind);
  if (!manner) return tl::unexpected<Error>(manner.error());
  const CopyFields marks = sample_copy(composition, kind);
  const auto sample = write_copy(composition, *manner, marks);
  if (!sample) return tl::unexpected<Error>(sample.error());
  if (auto checked = mime::check_mail(*sample); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  CopyTemplate made;
  made.manner_ = std::move(*manner);
  made.frame_ = mime::make_frame(made.manner_.plain, made.manner_.html, sample->method);
  made.subject_ = Pattern::of_mail_text(sample->subject, LineForm::plain, Escape::none, marks);
  made.plain_ =
      Pattern::of_mail_text(sample->text_plain, form_of(made.manner_.plain), Escape::none, marks);
  made.html_ =
      Pattern::of_mail_text(sample->text_html, form_of(made.manner_.html), Escape::html, marks);
  made.calendar_ = Pattern::of_calendar(sample->calendar, marks);
  return made;
}

bool CopyTemplate::can_write(const CopyFields& copy) const {
  return html_.size() + html_.holes() * longest_field * longest_escape <= room_in_html &&
         is_made_of(copy.uid, "-") && is_made_of(copy.attempt_id, "-_.") &&
         is_normal_address(copy.address) && is_normal_address(copy.organizer_address) &&
         copy.address != copy.organizer_address && is_common_name(copy.name) &&
         is_token(copy.rsvp_token) && is_token(copy.unsubscribe_token) &&
         (copy.first_message_id.empty() || (copy.first_message_id.size() <= longest_field &&
                                            mime::is_message_id(copy.first_message_id)));
}

void CopyTemplate::write(const Composition& composition, const CopyFields& copy, Room& room,
                         std::string& out) const {
  if (room.dtstamp.empty() || room.stamp != copy.dtstamp) {
    room.stamp = copy.dtstamp;
    const std::chrono::local_seconds utc(copy.dtstamp.time_since_epoch());
    room.dtstamp.assign(format_basic(utc)).append("Z");
  }
  const HoleValues values{copy, room.dtstamp};
  OutgoingMail& mail = room.mails[copy.first_message_id.empty()][copy.unsubscribe_token.empty()];
  set_headers(composition, manner_.words.catalog, copy, mail);
  mail.subject.clear();
  subject_.append(mail.subject, values, room.line);
  mail.subject.resize(mail.subject.size() - 2);
  mail.calendar.assign(1, ' ');  // there is one

  out.clear();
  room.headers.append(out, mail);
  const auto append_text = [&](const std::string& before, const Pattern& pattern,
                               TransferEncoding encoding) {
    out += before;
    if (encoding != TransferEncoding::base64) return pattern.append(out, values, room.line);
    room.raw.clear();
    pattern.append(room.raw, values, room.line);
    room.raw.resize(room.raw.size() - 2);
    mime::append_base64_lines(out, room.raw);
  };
  append_text(frame_.before_plain, plain_, manner_.plain);
  append_text(frame_.before_html, html_, manner_.html);
  room.raw.clear();
  calendar_.append(room.raw, values, room.line);
  out += frame_.before_calendar;
  const std::size_t begin = out.size();
  mime::append_base64_lines(out, room.raw);
  const std::size_t size = out.size() - begin;
  out += frame_.before_attachment;
  out.append(out, begin, size);
  out += frame_.end;
}

}  // namespace calinvite::compose
