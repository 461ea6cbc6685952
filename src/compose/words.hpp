/// What a person reads of one event, in one language.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/compose.hpp"
#include "texts/texts.hpp"

namespace calinvite::compose {

/// The event, or the one instance of it, that a mail is about.
struct Shown {
  std::string summary;
  std::string description;  ///< cut (R60)
  bool cut = false;         ///< the whole description stands elsewhere
  std::string location;     ///< empty where there is none but to join
  std::string conference;
  std::chrono::local_seconds start{};
  std::chrono::local_seconds end{};
};
/// @param occurrence         one instance; absent: the event itself
/// @param description_limit  characters
Shown what_is_shown(const Event& event, const std::optional<OccurrenceId>& occurrence,
                    std::size_t description_limit);

/// Values that every mail about the event in one language shares.
struct Words {
  std::string catalog;   ///< language of the phrases
  std::string dates;     ///< language that dates are written in
  texts::Values values;  ///< for the templates
};
/// @param language  BCP 47 as asked for; empty: the fallback
Words make_words(const Event& event, const Shown& shown, std::string_view language);

/// Takes a link that stands where a place would for the link to join by, when the other state of
/// the event has one of those: a link that moved there is no place that is gone.
void take_place_for_link(Shown& shown, const Shown& other);

/// When it is, as `words` has it for what is shown: with the zone where it has one.
std::string when_text(const Event& event, const Shown& shown, const std::string& dates);

/// Whether a place is one on the web.
bool is_link(std::string_view text);

/// Without the characters that reorder or hide text (R150). Joiners stay: Persian and emoji need
/// them.
std::string without_text_controls(std::string_view text);

}  // namespace calinvite::compose
