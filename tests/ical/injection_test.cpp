#include <functional>

#include "ical/copies.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

/// C0 and C1 controls, DEL and the line separators, as UTF-8; a NUL too.
std::vector<std::string> controls() {
  std::vector<std::string> all;
  for (char c = 0; c < 0x20; ++c) all.emplace_back(1, c);
  all.emplace_back("\x7f");
  for (int c = 0x80; c < 0xa0; ++c) all.push_back(std::string("\xc2") + static_cast<char>(c));
  all.emplace_back("\xe2\x80\xa8");
  all.emplace_back("\xe2\x80\xa9");
  return all;
}

struct Field {
  std::string name;
  std::function<void(Event&, CalendarCopy&, const std::string&)> put;
};

const std::vector<Field>& single_lines() {
  static const std::vector<Field> fields = {
      {"summary", [](Event& e, CalendarCopy&, const std::string& v) { e.summary += v; }},
      {"url", [](Event& e, CalendarCopy&, const std::string& v) { e.url += v; }},
      {"conference", [](Event& e, CalendarCopy&,
                        const std::string& v) { e.conference = "https://a.example" + v; }},
      {"conference_label",
       [](Event&, CalendarCopy& c, const std::string& v) { c.conference_label += v; }},
      {"timezone", [](Event& e, CalendarCopy&, const std::string& v) { e.timezone += v; }},
      {"rrule", [](Event& e, CalendarCopy&, const std::string& v) { e.rrule = "FREQ=DAILY" + v; }},
      {"uid", [](Event&, CalendarCopy& c, const std::string& v) { c.uid += v; }},
      {"organizer_address",
       [](Event&, CalendarCopy& c, const std::string& v) { c.organizer_address.insert(5, v); }},
      {"organizer_name",
       [](Event&, CalendarCopy& c, const std::string& v) { c.organizer_name += v; }},
      {"attendee_address",
       [](Event&, CalendarCopy& c, const std::string& v) { c.attendee_address += v; }},
      {"attendee_name",
       [](Event&, CalendarCopy& c, const std::string& v) { c.attendee_name += v; }},
      {"language", [](Event&, CalendarCopy& c, const std::string& v) { c.language += v; }}};
  return fields;
}

}  // namespace

TEST_CASE("no control character passes through any single-line field (M5)", "[ical]") {
  for (const Field& field : single_lines()) {
    for (const std::string& control : controls()) {
      INFO(field.name << " with byte " << static_cast<int>(control.back()));
      Event event = fixture();
      CalendarCopy copy = copy_of(event);
      field.put(event, copy, control + "ATTENDEE:mailto:spy@example.org");
      const auto text = write(copy);
      REQUIRE_FALSE(text.has_value());
      CHECK(text.error().code == Code::invalid_input);
      CHECK(text.error().place.field == field.name);
      CHECK(text.error().message.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("description and location keep line breaks as text and lose other controls (R49)",
          "[ical]") {
  for (const std::string& control : controls()) {
    if (control[0] == '\0') continue;
    INFO("byte " << static_cast<int>(control.back()));
    Event event = fixture();
    event.location = "Gate" + control + "ATTENDEE:mailto:spy@example.org";
    CalendarCopy copy = copy_of(event);
    copy.description = "Text" + control + "ATTENDEE:mailto:spy@example.org";
    const std::string text = unfolded(written(copy));

    CHECK(text.find("\nATTENDEE:mailto:spy") == std::string::npos);
    const ParsedEvent read = one(text);
    CHECK(read.attendees.size() == 1);
    const bool line_end = control == "\n" || control.size() == 3;
    const std::string kept = line_end ? "\n" : control == "\t" ? "\t" : "";
    CHECK(read.event.description == "Text" + kept + "ATTENDEE:mailto:spy@example.org");
  }
}

TEST_CASE("a NUL or broken UTF-8 in a text is refused", "[ical]") {
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("a\xff"), std::string("\xc3")}) {
    Event event = fixture();
    CalendarCopy copy = copy_of(event);
    copy.description = bad;
    CHECK(write(copy).error().place.field == "description");
    copy = copy_of(event);
    event.location = bad;
    CHECK(write(copy).error().place.field == "location");
  }
}

TEST_CASE("what would leave its parameter, property or rule is refused (M5)", "[ical]") {
  const std::pair<std::string, std::string> attempts[] = {{"organizer_address", " "},
                                                          {"attendee_address", "?subject=x"},
                                                          {"organizer_address", "<"},
                                                          {"attendee_address", ",x@example.org"},
                                                          {"attendee_address", ";CN=x"},
                                                          {"attendee_address", "\""},
                                                          {"url", " x"},
                                                          {"url", "\"x"},
                                                          {"rrule", ":X"},
                                                          {"rrule", " COUNT=1"},
                                                          {"uid", " x"},
                                                          {"uid", "\xc3\xa4"},
                                                          {"language", ";X=y"},
                                                          {"language", ":x"},
                                                          {"timezone", ";X=y"},
                                                          {"timezone", "/../Paris"}};
  for (const auto& [name, value] : attempts) {
    for (const Field& field : single_lines()) {
      if (field.name != name) continue;
      INFO(name << ' ' << value);
      Event event = fixture();
      CalendarCopy copy = copy_of(event);
      field.put(event, copy, value);
      const auto text = write(copy);
      REQUIRE_FALSE(text.has_value());
      CHECK(text.error().place.field == name);
    }
  }
}

TEST_CASE("names may hold anything printable and stay names", "[ical]") {
  const Event event = fixture();
  CalendarCopy copy = copy_of(event);
  copy.organizer_name = "x\";SENT-BY=\"mailto:spy@example.org";
  copy.attendee_name = "\":mailto:spy@example.org";
  const ParsedEvent read = one(written(copy));

  CHECK(read.organizer_name == "x';SENT-BY='mailto:spy@example.org");
  CHECK(read.event.source_organizer == copy.organizer_address);
  REQUIRE(read.attendees.size() == 1);
  CHECK(read.attendees[0].address == copy.attendee_address);
  CHECK(read.attendees[0].name == "':mailto:spy@example.org");
}
