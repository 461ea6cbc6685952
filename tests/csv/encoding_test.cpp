#include <catch2/catch.hpp>
#include <string>

#include "csv/encoding.hpp"

using calinvite::csv::Decoder;

namespace {

std::string decode(std::string_view bytes, Decoder& decoder, std::size_t piece = 1000) {
  std::string text;
  do {
    const auto now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    text += decoder.decode(now, bytes.empty());
  } while (!bytes.empty());
  return text;
}

std::string decode(std::string_view bytes) {
  Decoder decoder;
  return decode(bytes, decoder);
}

/// `text` of code units below U+10000, each as two bytes.
std::string utf16(std::u16string_view text, bool big, bool mark) {
  std::string bytes;
  const auto put = [&](char16_t c) {
    const auto high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xff);
    bytes += big ? high : low;
    bytes += big ? low : high;
  };
  if (mark) put(0xfeff);
  for (const char16_t c : text) put(c);
  return bytes;
}

}  // namespace

TEST_CASE("UTF-8 passes as it is, its mark is left out", "[csv]") {
  CHECK(decode("uid,Spiel für Köln\n") == "uid,Spiel für Köln\n");
  CHECK(decode("\xef\xbb\xbfuid") == "uid");
  CHECK(decode("").empty());
  CHECK(decode("a") == "a");
}

TEST_CASE("UTF-16 of either order is read, with a mark or without", "[csv]") {
  const std::u16string text = u"uid,Köln € \xd83c\xdfc6\r\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      for (const std::size_t piece : {1, 3, 1000}) {
        Decoder decoder;
        CHECK(decode(utf16(text, big, mark), decoder, piece) == "uid,Köln € 🏆\r\n");
        CHECK(decoder.foreign() == "UTF-16");
        CHECK_FALSE(decoder.flawed());
      }
    }
  }
}

TEST_CASE("halves of characters in UTF-16 are not made up", "[csv]") {
  for (const auto& bytes : {utf16(u"uid \xd83c,", false, true), utf16(u"uid \xdfc6", false, true),
                            utf16(u"uid", false, true) + "x", utf16(u"uid\xd83c", true, true)}) {
    Decoder decoder;
    CHECK(decode(bytes, decoder).find('\xff') != std::string::npos);
    CHECK(decoder.flawed());
  }
}

TEST_CASE("what is no UTF-8 from its first foreign byte on is Windows-1252", "[csv]") {
  for (const std::size_t piece : {1, 2, 1000}) {
    Decoder decoder;
    CHECK(decode("uid\nK\xf6ln \x80\x9f\nM\xfcnchen", decoder, piece) == "uid\nKöln €Ÿ\nMünchen");
    CHECK(decoder.foreign() == "Windows-1252");
    CHECK(decoder.line() == 2);
    CHECK_FALSE(decoder.flawed());
  }
}

TEST_CASE("bytes that neither encoding has are marked, not dropped", "[csv]") {
  for (const std::string_view bytes : {"K\xf6ln \x81", "Köln K\xf6ln", "\xef\xbb\xbfK\xf6ln"}) {
    Decoder decoder;
    const std::string text = decode(bytes, decoder);
    CHECK(decoder.flawed());
    CHECK(text.find_first_of("\xff\xf6") != std::string::npos);
  }
}
