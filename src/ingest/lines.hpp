/// JSON texts of an input, one a line or all of it one, without holding more than a line.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "ingest/ingest.hpp"

namespace calinvite::ingest {

/// The longest line that is taken as a notification.
inline constexpr std::size_t max_line_bytes = 1'000'000;

struct JsonText {
  std::string_view bytes;  ///< trimmed, not empty; valid during the call
  std::uint32_t line = 0;  ///< from 1 on; 0: the whole input is one text
  bool too_long = false;   ///< over max_line_bytes: passed over, `bytes` is empty
};

/// Hands each text to `take`. Lines are texts when the first that is not blank is an object from
/// brace to brace; the last of all may lack its line end.
/// @error too_large  an input that is one text, over max_gathered_bytes
/// @error as input.read and `take`
Result<void> feed_json_texts(const IngestInput& input,
                             const std::function<Result<void>(const JsonText&)>& take);

}  // namespace calinvite::ingest
