/// The pieces that an outgoing mail is put together from, each appended to what the caller keeps:
/// write_mail uses them once, composing for many attendees again and again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calinvite/mime.hpp"

namespace calinvite::mime {

/// Writes a mail's headers up to MIME-Version.
class HeaderWriter {
 public:
  /// @param mail  must pass check_mail; its parts are not looked at
  void append(std::string& out, const OutgoingMail& mail);

 private:
  std::string value_;
};

/// What stands around the parts: all of it but for the headers above and the encoded contents.
/// `before_calendar` and `before_attachment` are empty without a calendar.
struct Frame {
  std::string before_plain;
  std::string before_html;
  std::string before_calendar;
  std::string before_attachment;
  std::string end;
};
/// @param method  of the calendar; absent: there is none
Frame make_frame(TransferEncoding plain, TransferEncoding html, std::optional<Method> method);

/// Refuses what no header may hold.
/// @error invalid_input  a control character in a single-line field, or a bad address
Result<void> check_mail(const OutgoingMail& mail);

/// Whether Message-ID and References can hold it, within brackets.
bool is_message_id(std::string_view id);

/// Appends a text part as it travels, line breaks as CRLF; the last CRLF belongs to the boundary
/// that follows (RFC 2046 5.1.1).
void append_encoded(std::string& out, std::string_view text, TransferEncoding encoding);
/// One line of text and its CRLF as quoted-printable (RFC 2045 6.7), in lines of at most 76.
void append_quoted_line(std::string& out, std::string_view line);
/// `bytes` in lines of 76 characters (R8).
void append_base64_lines(std::string& out, std::string_view bytes);

}  // namespace calinvite::mime
