#include "base/text.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/utf8.hpp"

using namespace calinvite;
using namespace calinvite::text;
using namespace std::string_literals;

namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string random_bytes(std::mt19937& source, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(source() & 0xff);
  return bytes;
}

/// The code point in UTF-8, without asking whether it may be.
std::string utf8_of(char32_t c) {
  const auto tail = [](char32_t bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), tail(c)};
  if (c < 0x10000) return {static_cast<char>(0xe0 | c >> 12), tail(c >> 6), tail(c)};
  return {static_cast<char>(0xf0 | c >> 18), tail(c >> 12), tail(c >> 6), tail(c)};
}

}  // namespace

TEST_CASE("case folding touches ASCII letters alone", "[text]") {
  CHECK(lower("MAILTO:Ä@Example.COM[`{") == "mailto:Ä@example.com[`{");
  CHECK(iequals("Content-Type", "CONTENT-TYPE"));
  CHECK_FALSE(iequals("Content-Type", "Content-Typ"));
  CHECK_FALSE(iequals("[", "{"));
}

TEST_CASE("trimming takes white space from both ends and nothing inside", "[text]") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim(" \r\n").empty());
  CHECK(trim("").empty());
}

TEST_CASE("splitting keeps empty parts", "[text]") {
  CHECK(split("a;;b;", ';') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(split("", ';') == std::vector<std::string_view>{""});
}

TEST_CASE("every Unicode scalar value is UTF-8 and no surrogate is", "[text]") {
  bool all_right = true;
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    const bool surrogate = c >= 0xd800 && c < 0xe000;
    all_right = all_right && is_utf8(utf8_of(c)) == !surrogate;
  }
  CHECK(all_right);
  CHECK_FALSE(is_utf8(utf8_of(0x110000)));
}

TEST_CASE("overlong, cut and stray bytes are no UTF-8 wherever they stand", "[text]") {
  const std::string bad = GENERATE("\xc0\x80"s, "\xc1\xbf"s, "\xe0\x9f\xbf"s, "\xf0\x8f\xbf\xbf"s,
                                   "\xf5\x80\x80\x80"s, "\xff"s, "\x80"s, "\xe2\x82"s, "\xc3("s);
  const std::size_t before = GENERATE(0, 1, 7, 8, 9, 16);

  CHECK_FALSE(is_utf8(std::string(before, 'a') + bad));
  CHECK_FALSE(is_utf8(std::string(before, 'a') + bad + "12345678"));
}

TEST_CASE("each maximal subpart of ill-formed UTF-8 becomes one U+FFFD", "[text]") {
  // The example of the Unicode standard, table 3-8.
  CHECK(to_valid_utf8("a\xf1\x80\x80\xe1\x80\xc2"
                      "b\x80"
                      "c\x80\xbf"
                      "d") ==
        "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
        "b\xef\xbf\xbd"
        "c\xef\xbf\xbd\xef\xbf\xbd"
        "d");
  CHECK(to_valid_utf8("Grüße 日本 🎉") == "Grüße 日本 🎉");
}

TEST_CASE("a prefix never ends inside a character", "[text]") {
  const std::string_view text = "aé日🎉z";  // 1 + 2 + 3 + 4 + 1 bytes
  const std::vector<std::size_t> sizes = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t limit = 0; limit < sizes.size(); ++limit) {
    CAPTURE(limit);
    CHECK(utf8_prefix(text, limit) == text.substr(0, sizes[limit]));
  }
}

TEST_CASE("a prefix of ill-formed text keeps to its limit", "[text]") {
  const std::string stray(20, '\x80');
  for (std::size_t limit = 0; limit < 24; ++limit) {
    CHECK(utf8_prefix(stray, limit).size() == std::min(limit, stray.size()));
  }
}

TEST_CASE("M5 every control and line separator is refused in a single-line field", "[text]") {
  std::vector<char32_t> refused = {0x7f, 0x2028, 0x2029};
  for (char32_t c = 0; c < 0x20; ++c) refused.push_back(c);
  for (char32_t c = 0x80; c < 0xa0; ++c) refused.push_back(c);
  for (const char32_t c : refused) {
    for (const std::size_t before : {0, 3, 8, 13}) {
      CAPTURE(static_cast<unsigned>(c), before);
      const std::string value = std::string(before, 'x') + utf8_of(c) + "BCC:eve@example.com";
      const auto checked = check_single_line(value, "summary");

      REQUIRE_FALSE(checked.has_value());
      CHECK(checked.error().code == Code::invalid_input);
      CHECK(checked.error().place.field == "summary");
      CHECK(checked.error().message.find("byte " + std::to_string(before) + ";") !=
            std::string::npos);
    }
  }
}

TEST_CASE("a refused character is named by its code point", "[text]") {
  const auto line_feed = check_single_line("a\nb", "name");
  const auto separator = check_single_line("a\u2028b", "name");
  const auto broken = check_single_line("ab\xff", "name");

  CHECK(line_feed.error().message.starts_with("name holds U+000A at byte 1;"));
  CHECK(separator.error().message.starts_with("name holds U+2028 at byte 1;"));
  CHECK(broken.error().message.starts_with("name is not well-formed UTF-8 at byte 2;"));
}

TEST_CASE("text of any script passes as a single line", "[text]") {
  CHECK(check_single_line("", "summary"));
  CHECK(check_single_line("Ligaspiel \"Nord\" \\ Süd – مباراة 試合 🎉 \u00a0~", "summary"));
  CHECK(check_single_line("\u00a0\u2027\u202a", "summary"));
}

TEST_CASE("hex is read and written", "[text]") {
  const std::vector<std::uint8_t> bytes = {0x00, 0x7f, 0xab, 0xff};

  CHECK(hex(bytes) == "007fabff");
  CHECK(from_hex("007FABff") == bytes);
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("0g"));
  CHECK_FALSE(from_hex("0:"));
}

TEST_CASE("base64 agrees with the vectors of RFC 4648", "[text]") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64url(bytes_of("\xfb\xff\xfe")) == "-__-");
  CHECK(base64url(bytes_of("fo")) == "Zm8");
  CHECK(base32_lower(bytes_of("foobar")) == "mzxw6ytboi");
  CHECK(base32_lower(bytes_of("f")) == "my");
  CHECK(base32_lower(bytes_of("")) == "");
}

TEST_CASE("base64 of any bytes comes back whole", "[text]") {
  std::mt19937 source(20270328);
  for (std::size_t size = 0; size < 400; ++size) {
    CAPTURE(size);
    const std::string bytes = random_bytes(source, size);
    std::string lines = "kept:";
    append_base64(lines, bytes, 76);

    CHECK(from_base64(base64(bytes)) == bytes);
    CHECK(from_base64(lines.substr(5)) == bytes);
    CHECK(from_base64url(base64url(bytes_of(bytes))) == bytes_of(bytes));
  }
}

TEST_CASE("base64 lines have their length and end in CRLF, the last one too", "[text]") {
  const std::size_t length = GENERATE(76, 64, 10);
  const std::string bytes(133, 'q');
  std::string lines;
  append_base64(lines, bytes, length);

  REQUIRE(lines.ends_with("\r\n"));
  std::string joined;
  const auto parts = split(lines, '\n');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    REQUIRE(parts[i].ends_with('\r'));
    const auto line = parts[i].substr(0, parts[i].size() - 1);
    CHECK((i + 2 == parts.size() ? line.size() <= length : line.size() == length));
    joined += line;
  }
  CHECK(joined == base64(bytes));
}

TEST_CASE("base64 of a mail may be broken by white space but not by anything else", "[text]") {
  CHECK(from_base64(" Zm 9v\r\n\tYmFy ") == "foobar");
  CHECK(from_base64("Zm8") == "fo");
  CHECK(from_base64("Zm8=\r\n") == "fo");
  CHECK_FALSE(from_base64("Zm8*"));
  CHECK_FALSE(from_base64("Zm8=Zm8="));
  CHECK_FALSE(from_base64("Zm-_"));
  CHECK_FALSE(from_base64("Z"));
}

TEST_CASE("base64url has one spelling of each value", "[text]") {
  CHECK_FALSE(from_base64url("Zm8="));
  CHECK_FALSE(from_base64url("Zm9"));   // bits of the last group that no byte takes
  CHECK_FALSE(from_base64url("Zm+/"));  // the other alphabet
  CHECK_FALSE(from_base64url("Zm9v\n"));
  CHECK_FALSE(from_base64url("Z"));
  CHECK(from_base64url("Zm8") == bytes_of("fo"));
}

TEST_CASE("percent-encoding keeps unreserved characters alone", "[text]") {
  CHECK(percent_encode("a-b._~Z9") == "a-b._~Z9");
  CHECK(percent_encode("a b+c/ü@") == "a%20b%2Bc%2F%C3%BC%40");
  CHECK(percent_decode("a%20b%2bc+%C3%BC") == "a b+c+ü");
  CHECK(percent_decode("100% %4 %zz %") == "100% %4 %zz %");
  CHECK(percent_decode("%2541") == "%41");
}

TEST_CASE("what is shown of an input is one line of so many bytes at most", "[base]") {
  CHECK(text::one_line("  two\r\nlines\t", 40) == "two  lines");
  CHECK(text::one_line("\x01tab\u0085\u2028end", 40) == " tab  end");
  CHECK(text::one_line("caf\xe9", 40) == "caf\xef\xbf\xbd");
  CHECK(text::one_line("caf\xe9", 5) == "caf");
  CHECK(text::one_line("\u00e9\u00e9", 3) == "\u00e9");
}

TEST_CASE("regression D15: values in HTML cannot become markup", "[text]") {
  CHECK(html_escape("<a href=\"x\" title='y'>R&D</a>") ==
        "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
}

TEST_CASE("R150: characters that turn around or hide text are found, joiners and marks are not",
          "[text]") {
  for (const std::string hidden :
       {"\u200b", "\u202a", "\u202e", "\u2060", "\u2066", "\u206f", "\ufeff"}) {
    CHECK(find_hidden(hidden) == 0);
    CHECK(find_hidden("Süd – 試合 \xe2" + hidden + "z\u202a") == 17);
  }
  for (const std::string shown : {"", "Fan", "\u200c\u200d\u200e\u200f", "\u2028\u2029\u202f\u205f",
                                  "\u2070\u200a", "\ufefe\ufffd", "\xe2\x80", "\xef"}) {
    CHECK(find_hidden(shown) == std::string::npos);
  }
}
