#include "ingest/lines.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace calinvite::ingest {
namespace {

bool is_object(std::string_view text) { return text.starts_with('{') && text.ends_with('}'); }

class Lines {
 public:
  explicit Lines(const IngestInput& input, const std::function<Result<void>(const JsonText&)>& take)
      : input_(input), take_(take) {}

  Result<void> add(std::string_view piece, bool last) {
    held_ += piece;
    if (first_) {
      if (held_.size() < 3 && !last) return {};
      if (held_.starts_with("\xef\xbb\xbf")) held_.erase(0, 3);
      first_ = false;
    }
    std::size_t begin = 0;
    while (form_ != Form::whole) {
      const auto end = held_.find('\n', std::max(begin, searched_));
      if (end == std::string::npos) break;
      searched_ = 0;
      if (auto done = end_line(std::string_view(held_).substr(begin, end - begin)); !done) {
        return done;
      }
      if (form_ != Form::whole) begin = end + 1;  // else this line is part of the one text
    }
    held_.erase(0, begin);
    searched_ = held_.size();
    if (form_ == Form::lines && held_.size() > max_line_bytes) {
      skipping_ = true;
      held_.clear();
      searched_ = 0;
    }
    if (held_.size() > max_gathered_bytes) {
      return fail(Code::too_large, "one JSON text of more than 64 MiB", {input_.source, 0, 0, {}});
    }
    return last ? end_input() : Result<void>();
  }

 private:
  enum class Form { unknown, lines, whole };

  Result<void> end_line(std::string_view text) {
    const auto line = text::trim(text);
    if (form_ == Form::unknown && !line.empty()) {
      form_ = is_object(line) ? Form::lines : Form::whole;
      if (form_ == Form::whole) return {};
    }
    ++line_;
    const bool too_long = std::exchange(skipping_, false) || line.size() > max_line_bytes;
    if (too_long) return take_({{}, line_, true});
    return line.empty() ? Result<void>() : take_({line, line_, false});
  }

  Result<void> end_input() {
    if (form_ == Form::lines) {
      return held_.empty() && !skipping_ ? Result<void>() : end_line(held_);
    }
    const auto text = text::trim(held_);
    return text.empty() ? Result<void>() : take_({text, 0, false});
  }

  const IngestInput& input_;
  const std::function<Result<void>(const JsonText&)>& take_;
  Form form_ = Form::unknown;
  std::string held_;
  std::size_t searched_ = 0;  ///< so much of `held_` has no line end
  std::uint32_t line_ = 0;
  bool first_ = true;
  bool skipping_ = false;  ///< the line that is being read is too long
};

}  // namespace

Result<void> feed_json_texts(const IngestInput& input,
                             const std::function<Result<void>(const JsonText&)>& take) {
  Lines lines(input, take);
  return feed_pieces(input,
                     [&](std::string_view piece, bool last) { return lines.add(piece, last); });
}

}  // namespace calinvite::ingest
