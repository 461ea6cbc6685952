#include "calinvite/mime.hpp"

#include <algorithm>

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void mail(std::string_view input) {
  const auto mail = parse_mail(input);
  if (!mail) return check_error(mail.error());
  promise(mail->parts.size() <= MailLimits().max_parts, "parts are bounded");
  for (const MailPart* part : calendar_parts(*mail)) {
    promise(part >= mail->parts.data() && part < mail->parts.data() + mail->parts.size(),
            "a calendar part is one of the mail's");
  }
  promise(reply_text(*mail).size() <= input.size() * 3, "quoted text only shrinks");
  for (const MailPart& part : mail->parts) {
    if (part.content_type != "application/ms-tnef") continue;
    if (const auto tnef = parse_tnef(part.content); !tnef) check_error(tnef.error());
  }
  for (const auto& [name, value] : mail->headers) {
    const auto results = parse_authentication_results(value);
    if (!results) check_error(results.error());
  }
  // The reader of winmail.dat, without the detour over a mail around it.
  if (const auto tnef = parse_tnef(input); !tnef) check_error(tnef.error());
}

}  // namespace calinvite::fuzz
