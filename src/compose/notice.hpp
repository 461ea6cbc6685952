/// Notices: mails to an organizer about their own events, mails and lists.
#pragma once

#include <string>

#include "calinvite/model.hpp"
#include "texts/texts.hpp"

namespace calinvite::compose {

/// What a notice says, in one language.
struct NoticeText {
  std::string language;
  std::string subject;
  std::string text;
  std::string html;
};

/// Writes a notice. Values by kind: `domain` always; `page`, `button` (created), `told` (changed,
/// cancelled, approval), `link` (approval, registration), `limit` (limit), `good`, `bad`, `errors`
/// (imported), `subject`, `reason`, `advice` (failed: the key of a phrase).
/// @param event     whose summary, time and place are shown; nullptr: none
/// @param language  BCP 47 as wanted
Result<NoticeText> write_notice(NoticeKind kind, const Event* event, std::string_view language,
                                texts::Values values, const texts::Overrides& overrides);

}  // namespace calinvite::compose
