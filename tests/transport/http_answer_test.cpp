#include <catch2/catch.hpp>
#include <optional>

#include "transport/http/answer.hpp"

using namespace calinvite;
using namespace calinvite::http;

namespace {

constexpr std::size_t most = 1000;

/// Reads `bytes` in pieces of `size`. @return absent when it is refused
std::optional<AnswerReader> read_all(std::string_view bytes, std::size_t size) {
  AnswerReader reader(most);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    if (!reader.add(bytes.substr(0, size))) return std::nullopt;
  }
  return reader;
}

std::optional<AnswerReader> read_all(std::string_view bytes) {
  return read_all(bytes, bytes.size());
}

}  // namespace

TEST_CASE("an answer is the same in whatever pieces it comes", "[transport]") {
  const std::string_view length =
      "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
      "HTTP/1.1 200 OK\r\nDate: today\r\nX-Amzn-ErrorType:  Some \r\nContent-Length: "
      "5\r\n\r\nhello";
  const std::string_view chunks =
      "HTTP/1.1 200 OK\r\nDate: today\r\nX-Amzn-ErrorType:  Some \r\n"
      "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (const auto& bytes : {length, chunks}) {
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
      const auto answer = read_all(bytes, size);
      REQUIRE(answer);
      CHECK(answer->is_done());
      CHECK(answer->keeps_alive());
      CHECK(answer->status == 200);
      CHECK(answer->body == "hello");
      CHECK(find_header(answer->headers, "date") == "today");
      CHECK(find_header(answer->headers, "x-amzn-errortype") == "Some");
      CHECK(find_header(answer->headers, "x-interim").empty());
    }
  }
}

TEST_CASE("an answer without a length ends with its connection, and no other does", "[transport]") {
  auto endless = read_all("HTTP/1.1 200 OK\r\n\r\nhello");
  REQUIRE(endless);
  CHECK_FALSE(endless->is_done());
  CHECK(endless->end());
  CHECK(endless->body == "hello");
  CHECK_FALSE(endless->keeps_alive());

  for (const char* half :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"}) {
    auto reader = read_all(half);
    REQUIRE(reader);
    CHECK_FALSE(reader->end());
  }
}

TEST_CASE("a connection serves another request only where the next answer would begin",
          "[transport]") {
  CHECK(read_all("HTTP/1.1 204 No Content\r\n\r\n")->keeps_alive());
  CHECK(read_all("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")->keeps_alive());
  CHECK_FALSE(
      read_all("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")->keeps_alive());
  const auto kept = [](const std::string& fields) {
    return read_all("HTTP/1.1 200 OK\r\n" + fields + "\r\n")->keeps_alive();
  };
  CHECK(kept("Connection: keep-alive, upgrade\r\nContent-Length: 0\r\n"));
  CHECK_FALSE(kept("Connection: upgrade, close\r\nContent-Length: 0\r\n"));
  CHECK_FALSE(kept("Connection: upgrade\r\nConnection: CLOSE ,x\r\nContent-Length: 0\r\n"));
  const auto both = read_all(
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\n");
  CHECK(both->body == "hello");
  CHECK_FALSE(both->keeps_alive());
  CHECK_FALSE(read_all("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")->keeps_alive());
  const auto more = read_all("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
  CHECK(more->body == "ok");
  CHECK_FALSE(more->keeps_alive());
}

TEST_CASE("what is no answer, or one beyond measure, is refused", "[transport]") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string long_line(most + 1, 'a');
  for (const std::string& bytes :
       {std::string("SSH-2.0-x\r\n"),
        std::string("HTTP/2 200\r\n"),
        std::string("HTTP/1.1 2x0 OK\r\n"),
        std::string("HTTP/1.1 99 Low\r\n"),
        std::string("HTTP/1.1 101 Switching\r\n\r\n"),
        head + "no colon\r\n",
        head + "A: b\r\n folded\r\n",
        head + "Content-Length: -1\r\n\r\n",
        head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        head + "Content-Length: 1001\r\n\r\n",
        head + "Content-Length: 99999999999999999999\r\n\r\n",
        head + "Transfer-Encoding: gzip\r\n\r\n",
        head + "Transfer-Encoding:\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        head + "Content-Length : 5\r\n",
        head + "A\tb: c\r\n",
        head + "\tA: b\r\n",
        std::string("HTTP/1.1 2000 OK\r\n"),
        std::string("HTTP/1.1 200OK\r\n"),
        std::string("HTTP/1.1\t200 OK\r\n"),
        std::string("HTTP/1.x 200 OK\r\n"),
        head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc" + long_line,
        long_line,
        head + "A: " + long_line + "\r\n",
        head + "\r\n" + long_line,
        head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + long_line}) {
    INFO(bytes);
    CHECK_FALSE(read_all(bytes));
    CHECK_FALSE(read_all(bytes, 1));
  }
}
