/// Lists as UTF-8, whatever the spreadsheet saved them in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace calinvite::csv {

/// Tells the encoding of a list by its bytes and undoes it piece by piece: a byte order mark, NULs
/// where UTF-16 has them, else UTF-8 until the first byte beyond ASCII is no UTF-8: Windows-1252.
class Decoder {
 public:
  /// The next bytes as UTF-8 without a mark, valid until the next call and as long as `bytes`.
  /// What the encoding does not have becomes the byte FF: rows that hold one are not UTF-8.
  std::string_view decode(std::string_view bytes, bool last);
  /// The encoding's name when it is not UTF-8; empty while it is or is not known.
  std::string_view foreign() const;
  /// The line on which that showed.
  std::uint32_t line() const { return line_; }
  /// Some byte so far was not of the encoding.
  bool flawed() const { return flawed_; }

 private:
  enum class Encoding { unknown, utf8, utf16_le, utf16_be, windows_1252 };

  bool begin(bool last);
  std::string_view from_utf8(std::string_view bytes, bool last);
  void from_windows(std::string_view bytes);
  void from_utf16(std::string_view bytes, bool last);
  void count_lines(std::string_view bytes);

  Encoding encoding_ = Encoding::unknown;
  std::string kept_;  ///< bytes of an unfinished character, or before the encoding is known
  std::string text_;
  bool sure_ = false;  ///< a mark or a character beyond ASCII says that it is UTF-8
  bool flawed_ = false;
  std::uint32_t line_ = 1;
};

}  // namespace calinvite::csv
