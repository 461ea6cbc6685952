#include "aws/one_line.hpp"

#include "base/text.hpp"

namespace calinvite::aws {
namespace {

/// Length of the control character or line separator that `text` begins with; 0: none.
std::size_t control_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (text.size() > 1 && byte(0) == 0xc2 && byte(1) < 0xa0) return 2;  // C1
  return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t max_bytes) {
  // A replaced byte takes three: cut first, so that a hostile text costs no more than it may.
  const std::string valid = text::to_valid_utf8(text::utf8_prefix(text::trim(text), max_bytes));
  std::string line;
  for (std::string_view rest = text::utf8_prefix(valid, max_bytes); !rest.empty();) {
    const std::size_t control = control_length(rest);
    line += control == 0 ? rest.front() : ' ';
    rest.remove_prefix(control == 0 ? 1 : control);
  }
  return line;
}

}  // namespace calinvite::aws
