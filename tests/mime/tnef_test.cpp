#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "calinvite/mime.hpp"

using calinvite::parse_tnef;
using calinvite::Partstat;

namespace {

std::string number(std::uint32_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string attribute(std::uint32_t id, const std::string& data, int off = 0) {
  std::uint32_t sum = 0;
  for (const char byte : data) sum += static_cast<unsigned char>(byte);
  return '\1' + number(id, 4) + number(static_cast<std::uint32_t>(data.size()), 4) + data +
         number(sum + static_cast<std::uint32_t>(off), 2);
}

std::string variable(const std::string& value) {
  std::string bytes = number(1, 4) + number(static_cast<std::uint32_t>(value.size()), 4) + value;
  while (bytes.size() % 4 != 0) bytes += '\0';
  return bytes;
}

std::string utf16(const std::string& ascii) {
  std::string wide;
  for (const char c : ascii + '\0') wide += std::string({c, '\0'});
  return wide;
}

const std::string start = number(0x223e9f78, 4) + number(1, 2);
const std::string meeting_set("\x90\xda\xd8\x6e\x0b\x45\x1b\x10\x98\xda\x00\xaa\x00\x3f\x13\x05",
                              16);

/// An answer as Exchange sends it to a domain for which rich text is on.
std::string meeting_response() {
  const std::string properties =
      number(5, 4) + number(0x001f, 2) + number(0x0037, 2) + variable(utf16("Accepted: Derby")) +
      number(0x0003, 2) + number(0x8005, 2) + meeting_set + number(0, 4) + number(5, 4) +
      number(7, 4) +  //
      number(0x0102, 2) + number(0x8001, 2) + meeting_set + number(0, 4) + number(3, 4) +
      variable(std::string("\x04\x00\x00\xab", 4)) +  //
      number(0x001e, 2) + number(0x8002, 2) + meeting_set + number(1, 4) + number(8, 4) +
      utf16("abc") + variable("x") +  //
      number(0x001f, 2) + number(0x5d01, 2) + variable(utf16("Fan0001@example.org"));
  return start + attribute(0x00069007, number(1252, 4)) +
         attribute(0x00078008, std::string("IPM.Microsoft Schedule.MtgRespP") + '\0') +
         attribute(0x00069003, properties);
}

}  // namespace

TEST_CASE("R120a: a meeting response in winmail.dat says what it is", "[mime]") {
  const auto message = parse_tnef(meeting_response());

  REQUIRE(message);
  CHECK(message->message_class == "IPM.Schedule.Meeting.Resp.Pos");
  CHECK(message->answer == Partstat::accepted);
  CHECK(message->global_object_id == "040000AB");
  CHECK(message->sender == "fan0001@example.org");
  CHECK(message->subject == "Accepted: Derby");
  CHECK(message->diagnostics.empty());
}

TEST_CASE("TNEF classes of answers are read in their new spelling too", "[mime]") {
  const auto answer = [](const std::string& name) {
    const auto message = parse_tnef(start + attribute(0x00078008, name));
    REQUIRE(message);
    return message->answer;
  };

  CHECK(answer("IPM.Schedule.Meeting.Resp.Tent") == Partstat::tentative);
  CHECK(answer("ipm.schedule.meeting.resp.neg") == Partstat::declined);
  CHECK_FALSE(answer("IPM.Schedule.Meeting.Request"));
  CHECK_FALSE(answer("IPM.Note"));
}

TEST_CASE("the sender of the old attribute is read when no property names one", "[mime]") {
  const std::string name("Fan 0001\0", 9);
  const std::string address("SMTP:fan0001@example.org\0", 25);
  const auto message = parse_tnef(
      start + attribute(0x00008000, number(1, 2) + number(0, 2) + number(9, 2) + number(25, 2) +
                                        name + address + std::string(8, '\0')));

  REQUIRE(message);
  CHECK(message->sender == "fan0001@example.org");
}

TEST_CASE("TNEF that is cut short, off or not TNEF never harms", "[mime]") {
  const std::string whole = meeting_response();

  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto message = parse_tnef(std::string_view(whole).substr(0, size));
    CHECK(message.has_value() == (size >= 4));
  }
  for (std::size_t at = 4; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0xff);
    CHECK(parse_tnef(changed));
  }
  const auto off = parse_tnef(start + attribute(0x00018004, "Derby", 1));
  REQUIRE(off);
  CHECK(off->subject == "Derby");
  CHECK(off->diagnostics.size() == 1);
}

TEST_CASE("winmail.dat is found by type or name", "[mime]") {
  const auto found = [](const std::string& type) {
    const auto mail = calinvite::parse_mail("From: a@example.org\nContent-Type: " + type + "\n\nx");
    REQUIRE(mail);
    return calinvite::find_tnef(*mail) != nullptr;
  };

  CHECK(found("application/ms-tnef"));
  CHECK(found("application/octet-stream; name=WINMAIL.DAT"));
  CHECK_FALSE(found("application/octet-stream"));
}
