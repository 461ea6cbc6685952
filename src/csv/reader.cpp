#include <algorithm>
#include <array>
#include <cstring>

#include "calinvite/csv.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_row_bytes = 64 * 1024;
constexpr std::size_t max_cells = 200;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// LF, CRLF and lone CR.
std::uint32_t count_line_ends(std::string_view text) {
  std::uint32_t count = 0;
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    ++count;
  }
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    count += at + 1 == text.size() || text[at + 1] != '\n' ? 1 : 0;
  }
  return count;
}

/// `text` with every doubled quote halved in place.
std::string_view halve_quotes(char* text, std::size_t size) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < size; ++at) {
    text[kept++] = text[at];
    if (text[at] == '"') ++at;
  }
  return {text, kept};
}

}  // namespace

struct CsvReader::Impl {
 public:
  explicit Impl(char separator) : separator_(separator) {
    for (const char c : {separator, '"', '\r', '\n'}) marks_[static_cast<unsigned char>(c)] = true;
  }

  void feed(std::string_view bytes, bool last) {
    buffer_.erase(0, row_);
    scan_ -= row_;
    row_ = 0;
    buffer_ += bytes;
    last_ = last;
  }

  Result<std::optional<CsvRow>> next() {
    if (!skip_byte_order_mark()) return std::nullopt;
    while (scan_ < buffer_.size()) {
      const Step step = advance();
      if (step == Step::wait) break;
      if (step == Step::row) return take_row();
      if (step == Step::refused) return tl::unexpected(std::move(refusal_));
    }
    if (!last_ || scan_ == row_) return std::nullopt;
    const bool open = state_ == State::quoted;
    if (open) refuse(Code::invalid_input, row_, "a quote that never ends");
    if (open || end_cell() == Step::refused) return tl::unexpected(std::move(refusal_));
    return take_row();
  }

 private:
  enum class State { cell_start, plain, quoted, after_quote, skipping };
  enum class Step { on, wait, row, refused };
  /// From the start of the row: the buffer moves while a row is still coming in.
  struct Cell {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool doubled = false;  ///< holds "" for "
  };

  bool skip_byte_order_mark() {
    if (started_) return true;
    const auto head = std::string_view(buffer_).substr(0, byte_order_mark.size());
    if (!last_ && head.size() < byte_order_mark.size() && byte_order_mark.starts_with(head)) {
      return false;
    }
    if (head == byte_order_mark) row_ = scan_ = head.size();
    return started_ = true;
  }

  Step advance() {
    switch (state_) {
      case State::cell_start:
        return begin_cell();
      case State::plain:
        return in_plain();
      case State::quoted:
        return in_quotes();
      case State::after_quote:
        return end_quoted();
      case State::skipping:
        break;
    }
    return skip_line();
  }

  Step begin_cell() {
    const bool quoted = buffer_[scan_] == '"';
    state_ = quoted ? State::quoted : State::plain;
    if (quoted) ++scan_;
    has_quotes_ |= quoted;
    cell_ = {scan_ - row_, 0, false};
    return Step::on;
  }

  Step in_plain() {
    while (scan_ < buffer_.size() && !is_mark(buffer_[scan_])) ++scan_;
    if (scan_ - row_ > max_row_bytes) return refuse_size();
    if (scan_ == buffer_.size()) return Step::wait;
    if (buffer_[scan_] != '"') return end_at_mark();
    return refuse(Code::invalid_input, scan_,
                  "a quote inside a cell that does not begin with one; expected the cell in quotes "
                  "and the quote doubled");
  }

  Step in_quotes() {
    // No further than a row may reach, or rows that are given up would cost the whole buffer each.
    const std::size_t end = std::min(buffer_.size(), row_ + max_row_bytes + 1);
    const void* quote = scan_ < end ? std::memchr(&buffer_[scan_], '"', end - scan_) : nullptr;
    scan_ = quote == nullptr
                ? end
                : static_cast<std::size_t>(static_cast<const char*>(quote) - buffer_.data());
    if (scan_ - row_ > max_row_bytes) return refuse_size();
    if (quote == nullptr || (scan_ + 1 == buffer_.size() && !last_)) return Step::wait;
    if (scan_ + 1 < buffer_.size() && buffer_[scan_ + 1] == '"') {
      cell_.doubled = true;
      scan_ += 2;
      return Step::on;
    }
    cell_.end = scan_++ - row_;
    state_ = State::after_quote;
    return Step::on;
  }

  Step end_quoted() {
    if (is_mark(buffer_[scan_]) && buffer_[scan_] != '"') return end_at_mark();
    // That quote may have been the first one of another row: the lines between get their chance.
    return refuse(Code::invalid_input, row_,
                  "text behind a closing quote; expected a separator or the end of the row");
  }

  /// At a separator or a line end.
  Step end_at_mark() {
    const bool ends_row = buffer_[scan_] != separator_;
    std::size_t after = scan_ + 1;
    if (buffer_[scan_] == '\r' && after == buffer_.size() && !last_) return Step::wait;
    if (buffer_[scan_] == '\r' && after < buffer_.size() && buffer_[after] == '\n') ++after;
    if (ends_row && scan_ == row_) {  // a blank line
      drop_until(after, 1);
      return Step::on;
    }
    if (end_cell() == Step::refused) return Step::refused;
    scan_ = after;
    return ends_row ? Step::row : Step::on;
  }

  Step end_cell() {
    if (cells_.size() == max_cells) {
      return refuse(Code::too_large, scan_, "more than 200 cells in a row");
    }
    if (state_ == State::cell_start) cell_ = {scan_ - row_, 0, false};
    if (state_ != State::after_quote) cell_.end = scan_ - row_;
    cells_.push_back(cell_);
    state_ = State::cell_start;
    return Step::on;
  }

  std::optional<CsvRow> take_row() {
    CsvRow row;
    row.line = line_;
    row.cells.reserve(cells_.size());
    const std::uint32_t lines =
        has_quotes_ ? count_line_ends(std::string_view(buffer_).substr(row_, scan_ - row_)) : 1;
    for (const Cell& cell : cells_) {
      char* const text = buffer_.data() + row_ + cell.begin;
      const std::size_t size = cell.end - cell.begin;
      row.cells.push_back(cell.doubled ? halve_quotes(text, size) : std::string_view(text, size));
    }
    drop_until(scan_, lines);
    return row;
  }

  void drop_until(std::size_t next, std::uint32_t lines) {
    line_ += lines;
    row_ = scan_ = next;
    state_ = State::cell_start;
    cells_.clear();
    has_quotes_ = false;
  }

  Step refuse_size() {
    if (state_ != State::quoted) {
      return refuse(Code::too_large, scan_, "a row of more than 64 KiB");
    }
    return refuse(Code::too_large, row_, "a row of more than 64 KiB; its quote may never end");
  }

  /// Gives the row up and goes on behind the physical line that `from` stands in.
  Step refuse(Code code, std::size_t from, const char* message) {
    const auto lines_until = [&](std::size_t at) {
      return count_line_ends(std::string_view(buffer_).substr(row_, at - row_));
    };
    const Place place{{},
                      line_ + lines_until(row_ + cell_.begin),
                      static_cast<std::uint32_t>(cells_.size() + 1),
                      {}};
    drop_until(from, lines_until(from));
    state_ = State::skipping;
    refusal_ = {code, message, place};
    return Step::refused;
  }

  Step skip_line() {
    scan_ = std::min(buffer_.find_first_of("\r\n", scan_), buffer_.size());
    row_ = scan_;
    if (scan_ == buffer_.size()) return Step::wait;
    std::size_t after = scan_ + 1;
    if (buffer_[scan_] == '\r' && after == buffer_.size() && !last_) return Step::wait;
    if (buffer_[scan_] == '\r' && after < buffer_.size() && buffer_[after] == '\n') ++after;
    drop_until(after, 1);
    return Step::on;
  }

  bool is_mark(char c) const { return marks_[static_cast<unsigned char>(c)]; }

  char separator_;
  std::array<bool, 256> marks_{};
  std::string buffer_;
  std::size_t row_ = 0;   ///< start of the row in the buffer
  std::size_t scan_ = 0;  ///< everything before was looked at
  State state_ = State::cell_start;
  Cell cell_;
  std::vector<Cell> cells_;
  bool has_quotes_ = false;
  std::uint32_t line_ = 1;  ///< on which the row begins
  Error refusal_;           ///< what Step::refused is about
  bool last_ = false;
  bool started_ = false;
};

CsvReader::CsvReader(char separator) : impl_(std::make_unique<Impl>(separator)) {}
CsvReader::~CsvReader() = default;
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;

void CsvReader::feed(std::string_view bytes, bool last) { impl_->feed(bytes, last); }

Result<std::optional<CsvRow>> CsvReader::next() { return impl_->next(); }

void append_csv_row(std::string& out, const std::vector<std::string_view>& cells) {
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) out += ',';
    first = false;
    out += '"';
    if (cell.find_first_of("=+-@\t\r") == 0) out += '\'';
    for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
  out += "\r\n";
}

}  // namespace calinvite
