/// A text of which all copies share most: lines that are the same in each, written once as they
/// travel, and lines with holes that each copy's fields fill.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "calinvite/compose.hpp"

namespace calinvite::compose {

/// What fills a hole.
enum class Field { uid, organizer_address, address, name, rsvp_token, unsubscribe_token, dtstamp };

/// How a value is written where its hole is.
enum class Escape { none, html, calendar_text, parameter, mail_address };

/// How a line is written once its holes are filled.
enum class LineForm { plain, quoted_printable, folded };

/// A copy's fields, and its DTSTAMP as calendar objects write it.
struct HoleValues {
  const CopyFields& copy;
  std::string_view dtstamp;
};

class Pattern {
 public:
  /// @param text   lines with CRLF or LF; of a calendar object still folded
  /// @param marks  the copy that `text` was written for: where its fields stand are the holes
  static Pattern of_mail_text(std::string_view text, LineForm form, Escape escape,
                              const CopyFields& marks);
  static Pattern of_calendar(std::string_view text, const CopyFields& marks);

  /// Appends the text with every line's CRLF.
  /// @param line  room for one line, kept between calls
  void append(std::string& out, const HoleValues& values, std::string& line) const;
  /// A copy's text is at most `size` and the fields in its holes long, lines not yet encoded.
  std::size_t holes() const noexcept { return holes_; }
  std::size_t size() const noexcept { return size_; }

 private:
  struct Piece {
    std::string before;
    Field field = Field::uid;
    Escape escape = Escape::none;
  };
  /// Lines without holes, ready to travel, and the line with holes behind them.
  struct Block {
    std::string lines;
    std::vector<Piece> pieces;
    std::string rest;
  };
  void add_line(std::string_view line, Escape escape, const CopyFields& marks);

  LineForm form_ = LineForm::plain;
  std::vector<Block> blocks_;
  std::string last_;  ///< lines behind the last block
  std::size_t holes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace calinvite::compose
