#include "base/json.hpp"

#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

using namespace calinvite;
using namespace std::string_literals;

namespace {

std::string rewritten(std::string_view text) {
  const auto json = Json::parse(text);
  REQUIRE(json.has_value());
  return json->write();
}

}  // namespace

TEST_CASE("JSON comes back compact and in its own order", "[json]") {
  CHECK(rewritten(" { \"z\" : [ 1 , -2.5 , true , false , null ] ,\n \"a\" : { } } ") ==
        R"({"z":[1,-2.5,true,false,null],"a":{}})");
  CHECK(rewritten("[]") == "[]");
  CHECK(rewritten("\"x\"") == "\"x\"");
  CHECK(rewritten("-0.5e-3") == "-5e-04");
}

TEST_CASE("members are reached by name and what is absent is null", "[json]") {
  const auto json = Json::parse(R"({"mail":{"messageId":"0100","tags":[7]},"n":3})");

  REQUIRE(json.has_value());
  CHECK((*json)["mail"]["messageId"].string() == "0100");
  CHECK((*json)["mail"]["tags"].array().at(0).integer() == 7);
  CHECK((*json)["n"]["deeper"]["still"].is_null());
  CHECK((*json)["n"].array().empty());
  CHECK((*json)["absent"].string("none") == "none");
  CHECK((*json)["mail"].integer(-1) == -1);
  CHECK((*json)["mail"].boolean(true));
}

TEST_CASE("a repeated name has its last value in its first place", "[json]") {
  CHECK(rewritten(R"({"a":1,"b":2,"a":3,"c":4,"b":5})") == R"({"a":3,"b":5,"c":4})");
}

TEST_CASE("numbers keep their worth at the ends of their ranges", "[json]") {
  CHECK(rewritten("9223372036854775807") == "9223372036854775807");
  CHECK(rewritten("-9223372036854775808") == "-9223372036854775808");
  const auto beyond = Json::parse("18446744073709551615");
  REQUIRE(beyond.has_value());
  CHECK(beyond->number() == 18446744073709551615.0);
  CHECK(beyond->integer(-1) == -1);
  CHECK(Json::parse("1e3")->integer() == 1000);
  CHECK(Json::parse("1.5")->integer(-1) == -1);
  CHECK(Json(std::numeric_limits<double>::infinity()).write() == "null");
  CHECK(Json(0.1).write() == "0.1");
}

TEST_CASE("objects are built by setting members", "[json]") {
  Json json;
  json.set("a", 1).set("b", Json::Array{"x", true}).set("a", "new");

  CHECK(json.write() == R"({"a":"new","b":["x",true]})");
}

TEST_CASE("strings are escaped where JSON demands it", "[json]") {
  CHECK(Json("\"\\/\b\f\n\r\t\x01\x1f\x7f").write() ==
        "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f\"");
  CHECK(Json("Grüße 日本 🎉").write() == "\"Grüße 日本 🎉\"");
  CHECK(Json("a\0b"s).write() == R"("a\u0000b")");
}

TEST_CASE("an escape is written right wherever it falls among plain text", "[json]") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string text = std::string(before, 'p') + "\"\xc3\xa9\n" + std::string(9, 'q');
    CHECK(Json::parse(Json(text).write())->string() == text);
  }
}

TEST_CASE("ill-formed UTF-8 is written as U+FFFD", "[json]") {
  CHECK(Json("a\xff"
             "b\xe2\x82")
            .write() ==
        "\"a\xef\xbf\xbd"
        "b\xef\xbf\xbd\"");
}

TEST_CASE("what is no JSON is refused with line and column", "[json]") {
  const auto json = Json::parse("{\"a\": 1,\n \"b\": x}");

  REQUIRE_FALSE(json.has_value());
  CHECK(json.error().code == Code::invalid_input);
  CHECK(json.error().place.line == 2);
  CHECK(json.error().place.column == 7);
}

TEST_CASE("every way of not being one JSON text is refused", "[json]") {
  const std::string text =
      GENERATE(""s, " "s, "{"s, "[1,]"s, "{\"a\":1,}"s, "{a:1}"s, "'a'"s, "01"s, "1 2"s, "{}{}"s,
               "nul"s, "\"\\x\""s, "\"\\ud800\""s, "\"\xff\""s, "\"\n\""s, "NaN"s, "1e999"s,
               "// c\n1"s, "{}\0"s, "{}\0garbage"s, "\xff"s, "[1"s, "\"a"s);
  CAPTURE(text);

  CHECK(Json::parse(text).error().code == Code::invalid_input);
}

TEST_CASE("JSON nested deeper than the limit is refused at once, however deep", "[json]") {
  const std::size_t depth = GENERATE(17, 1000, 200000);
  const std::string opened = GENERATE("["s, "{\"a\":"s);
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += opened;

  CHECK(Json::parse(text, text.size()).error().code == Code::too_large);
}

TEST_CASE("JSON may be as deep and as long as the limits say", "[json]") {
  const std::string deep = std::string(16, '[') + std::string(16, ']');

  CHECK(Json::parse(deep).has_value());
  CHECK(Json::parse(deep, deep.size()).has_value());
  CHECK(Json::parse(deep, deep.size() - 1).error().code == Code::too_large);
  CHECK(Json::parse(deep, 1000, 15).error().code == Code::too_large);
}

TEST_CASE("an object of repeated names costs no square of its size", "[json]") {
  std::string text = "{";
  while (text.size() < 250'000) text += "\"n\":1,";
  text += "\"n\":2}";
  const auto begin = std::clock();
  const auto json = Json::parse(text);
  const auto taken = std::clock() - begin;

  REQUIRE(json.has_value());
  CHECK(json->write() == R"({"n":2})");
  // About 10 ms; compared pair by pair it would be many seconds.
  CHECK(taken < 2 * CLOCKS_PER_SEC);
}

TEST_CASE("the notifications of the corpus come back with the same meaning", "[json][corpus]") {
  const std::filesystem::path corpus = CALINVITE_CORPUS_DIR;
  if (!std::filesystem::exists(corpus)) {
    std::cout << "skipped: no corpus at " << corpus.string() << '\n';
    return;
  }
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const auto json = Json::parse(text.str(), 2'000'000, 64);
    if (!json) continue;  // some are broken on purpose, which is none of this test's matter
    ++files;
    const std::string written = json->write();
    const auto again = Json::parse(written, 4'000'000, 64);
    INFO(entry.path().string());
    REQUIRE(again.has_value());
    CHECK(again->write() == written);
  }
  CHECK(files > 10);
}
