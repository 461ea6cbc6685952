#include "calinvite/suppression.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite {

bool is_binding(std::string_view reason) noexcept {
  using namespace suppression_reason;
  return reason == unsubscribed || reason == bounced || reason == complained || reason == erased;
}

Result<void> check_consent(const ConsentGiven& consent) {
  constexpr std::size_t longest_source = 500;
  constexpr std::size_t longest_text = 4000;
  const auto refuse = [](const char* field, const std::string& why) {
    return fail(Code::invalid_input, std::string(field) + ": " + why, {{}, 0, 0, field});
  };
  if (auto line = text::check_single_line(consent.source, "consent_source"); !line) return line;
  if (consent.source.empty()) return refuse("consent_source", "empty; expected where it was given");
  if (consent.source.size() > longest_source) return refuse("consent_source", "over 500 bytes");
  if (consent.text.size() > longest_text) return refuse("consent_text", "over 4,000 bytes");
  const bool controls = std::any_of(consent.text.begin(), consent.text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
  });
  if (controls || !text::is_utf8(consent.text)) {
    return refuse("consent_text", "control characters or bytes that are no UTF-8");
  }
  return {};
}

}  // namespace calinvite
