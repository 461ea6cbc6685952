#include "aws/message_tag.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite {

bool is_ses_word(std::string_view word, std::size_t longest) noexcept {
  return !word.empty() && word.size() <= longest &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

Result<void> check_tags(const std::vector<MessageTag>& tags) {
  constexpr std::size_t longest = 256;
  for (const MessageTag& tag : tags) {
    if (is_ses_word(tag.name, longest) && is_ses_word(tag.value, longest)) continue;
    return fail(Code::invalid_argument,
                "message tag \"" + text::one_line(tag.name, 40) +
                    "\" is not of SES's alphabet; 1 to 256 of A-Z a-z 0-9 - _ in name and value",
                {{}, 0, 0, "tags"});
  }
  return {};
}

}  // namespace calinvite
