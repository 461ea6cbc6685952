/// The words by which C programs name choices, both ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "calinvite/engine.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/lint.hpp"

namespace calinvite::capi {

/// Of an enum that has no words of its own in C++: by its values, which begin at 0.
template <class Enum>
inline constexpr auto words_of = nullptr;
template <class Enum>
concept HasWords = !std::is_same_v<decltype(words_of<Enum>), const std::nullptr_t>;

template <std::size_t count>
using Words = std::array<std::string_view, count>;

template <>
inline constexpr auto words_of<EventFilter::When> = Words<3>{"all", "future", "past"};
template <>
inline constexpr auto words_of<EventSort> = Words<4>{"start", "organizer", "created", "changed"};
template <>
inline constexpr auto words_of<DateOrder> = Words<3>{"usual", "mdy", "dmy"};
template <>
inline constexpr auto words_of<InputKind> =
    Words<5>{"detect", "mail", "calendar", "event_list", "notification"};
template <>
inline constexpr auto words_of<SuppressionScope> = Words<2>{"organizer", "domain"};
template <>
inline constexpr auto words_of<OrganizerState> = Words<2>{"registered", "suspended"};
template <>
inline constexpr auto words_of<SesVerdict> =
    Words<5>{"none", "pass", "fail", "gray", "processing_failed"};
template <>
inline constexpr auto words_of<PageState> = Words<4>{"open", "over", "cancelled", "withdrawn"};
template <>
inline constexpr auto words_of<EventCommand> = Words<3>{"create", "update", "cancel"};
template <>
inline constexpr auto words_of<ReplyEffect::Verdict> = Words<3>{"applied", "repeated", "history"};
template <>
inline constexpr auto words_of<BucketSize> = Words<2>{"hour", "day"};

template <class Enum>
std::string_view word_of(Enum value) {
  if constexpr (HasWords<Enum>) {
    return words_of<Enum>.at(static_cast<std::size_t>(value));
  } else {
    return to_string(value);
  }
}

/// What reads the words of the other enums.
template <class Enum>
inline constexpr auto parser_of = nullptr;
template <>
inline constexpr auto parser_of<Method> = parse_method;
template <>
inline constexpr auto parser_of<Partstat> = parse_partstat;
template <>
inline constexpr auto parser_of<EventStatus> = parse_event_status;
template <>
inline constexpr auto parser_of<Registration> = parse_registration;
template <>
inline constexpr auto parser_of<SharedPolicy> = parse_shared_policy;
template <>
inline constexpr auto parser_of<OutboxState> = parse_outbox_state;
template <>
inline constexpr auto parser_of<ButtonPreset> = parse_button_preset;

template <class Enum>
std::optional<Enum> parse_word(std::string_view word) {
  if constexpr (HasWords<Enum>) {
    for (std::size_t i = 0; i < words_of<Enum>.size(); ++i) {
      if (words_of<Enum>[i] == word) return static_cast<Enum>(i);
    }
    return std::nullopt;
  } else {
    return parser_of<Enum>(word);
  }
}

}  // namespace calinvite::capi
