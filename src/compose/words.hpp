/// What a person reads in one revision's mails, in one language.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/compose.hpp"
#include "texts/texts.hpp"

namespace calinvite::compose {

/// The event, or the one instance of it, that a revision is about.
struct Shown {
  std::string summary;
  std::string description;  ///< cut (R60)
  bool cut = false;         ///< the whole description stands elsewhere
  std::string location;
  std::chrono::local_seconds start{};
  std::chrono::local_seconds end{};
};
Shown what_is_shown(const Revision& revision);

/// Values that every copy in one language shares.
struct Words {
  std::string catalog;   ///< language of the phrases
  texts::Values values;  ///< for the templates
};
/// @param language  BCP 47 as asked for; empty: the fallback
Words make_words(const Revision& revision, const Shown& shown, std::string_view language);

/// Without the characters that reorder or hide text (R150). Joiners stay: Persian and emoji need
/// them.
std::string without_text_controls(std::string_view text);

}  // namespace calinvite::compose
