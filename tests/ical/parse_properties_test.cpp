// What an event says and whom it names, as it is read.
#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

TEST_CASE("what RFC 7986 adds is read: categories, colour, conferences and images", "[ical]") {
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nCATEGORIES:Sport,Home\\, away\nCATEGORIES:Cup\n"
      "COLOR:darkseagreen\n"
      "CONFERENCE;VALUE=URI;FEATURE=PHONE;LABEL=Dial in:tel:+1-555-0100\n"
      "CONFERENCE;VALUE=URI;FEATURE=\"AUDIO,video\";LABEL=\"Watch, "
      "talk\":https://talk.example/a;b?c=d\n"
      "IMAGE;VALUE=URI;DISPLAY=BADGE:https://league.example/badge.png\n"
      "IMAGE;VALUE=BINARY;ENCODING=BASE64:aGVsbG8=\n");

  CHECK(read.categories == std::vector<std::string>{"Sport", "Home, away", "Cup"});
  CHECK(read.color == "darkseagreen");
  REQUIRE(read.conferences.size() == 2);
  CHECK(read.conferences[0].uri == "tel:+1-555-0100");
  CHECK(read.conferences[0].label == "Dial in");
  CHECK(read.conferences[1].label == "Watch, talk");
  CHECK(read.conferences[1].features == std::vector<std::string>{"AUDIO", "VIDEO"});
  CHECK(read.images == std::vector<std::string>{"https://league.example/badge.png"});
  CHECK(read.event.conference == "https://talk.example/a;b?c=d");
  CHECK(read.event.url.empty());
}

TEST_CASE("R56, R65: the join link is a CONFERENCE with pictures, else any, else a vendor's",
          "[ical]") {
  const auto link = [](const std::string& lines) {
    return event_of("DTSTART:20270601T100000Z\n" + lines).event.conference;
  };
  const std::string google = "X-GOOGLE-CONFERENCE:https://meet.google.example/abc\n";
  const std::string teams = "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l/1\n";
  const std::string audio = "CONFERENCE;FEATURE=AUDIO:https://talk.example/a\n";
  CHECK(link(google) == "https://meet.google.example/abc");
  CHECK(link(teams) == "https://teams.example/l/1");
  CHECK(link(teams + google) == "https://meet.google.example/abc");
  CHECK(link(google + audio) == "https://talk.example/a");
  CHECK(link(audio + "CONFERENCE;FEATURE=\"CHAT,VIDEO\":https://talk.example/v\n") ==
        "https://talk.example/v");
  for (const auto bad : {"tel:+1-555-0100", "http://talk.example/", "https://a b", ""}) {
    CHECK(link("CONFERENCE:" + std::string(bad) + "\n") == "");
    CHECK(link("X-GOOGLE-CONFERENCE:" + std::string(bad) + "\n") == "");
  }
}

TEST_CASE("R53: free time and counter-proposals are read", "[ical]") {
  const auto event = [](const std::string& lines) {
    return event_of("DTSTART:20270601T100000Z\n" + lines).event;
  };
  CHECK(event("TRANSP:transparent\n").transparent);
  CHECK_FALSE(event("TRANSP:OPAQUE\n").transparent);
  CHECK_FALSE(event("").transparent);
  CHECK_FALSE(event("X-MICROSOFT-DISALLOW-COUNTER:TRUE\n").counters_allowed);
  CHECK(event("X-MICROSOFT-DISALLOW-COUNTER:FALSE\n").counters_allowed);
  CHECK(event("").counters_allowed);
}

TEST_CASE("R54: the first DISPLAY alarm up to four weeks before the start is the reminder",
          "[ical]") {
  const auto minutes = [](const std::string& alarms) {
    const auto reminder = event_of("DTSTART:20270601T100000Z\n" + alarms).event.reminder;
    return reminder ? reminder->count() : -1;
  };
  const auto alarm = [](const std::string& trigger, const std::string& action = "DISPLAY") {
    return "BEGIN:VALARM\nACTION:" + action + "\nTRIGGER" + trigger + "\nEND:VALARM\n";
  };
  CHECK(minutes(alarm(":-PT15M")) == 15);
  CHECK(minutes(alarm(";RELATED=START:-P1DT2H")) == 26 * 60);
  CHECK(minutes(alarm(":-P4W")) == 28 * 24 * 60);
  CHECK(minutes(alarm(":PT0S")) == 0);
  CHECK(minutes(alarm(":-PT90S")) == 1);
  for (const auto other : {":PT15M", ";RELATED=END:-PT15M", ":-P5W", ":-15", ":--PT5M", ":",
                           ";VALUE=DATE-TIME:20270601T090000Z"}) {
    INFO(other);
    CHECK(minutes(alarm(other)) == -1);
    CHECK(minutes(alarm(other) + alarm(":-PT20M")) == 20);
  }
  CHECK(minutes(alarm(":-PT15M", "AUDIO") + alarm(":-PT15M", "EMAIL")) == -1);
  CHECK(minutes(alarm(":-PT5M") + alarm(":-PT10M")) == 5);
  CHECK(minutes("BEGIN:X-OTHER\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:X-OTHER\n") == -1);
  // What an alarm says is not said by its event.
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nBEGIN:VALARM\nDESCRIPTION:Go\nSUMMARY:x\nUID:y\n"
      "END:VALARM\n");
  CHECK(read.event.description.empty());
}

TEST_CASE("HTML stands in for a missing description, without its tags", "[ical]") {
  const std::string html =
      "X-ALT-DESC;FMTTYPE=text/html:<html><head><style>p {color: red}</style></head><body>"
      "<p>Gates &amp; bars\\, open<br>at <b>18:30</b></p>  <script>alert(1)</script>Bye</body>\n";
  const auto read = event_of("DTSTART:20270601T100000Z\n" + html);

  CHECK(read.event.description == "Gates & bars, open\nat 18:30\nBye");
  CHECK(read.description_html.find("<b>18:30</b>") != std::string::npos);
  CHECK(event_of("DTSTART:20270601T100000Z\nDESCRIPTION:Plain\n" + html).event.description ==
        "Plain");
  CHECK(event_of("DTSTART:20270601T100000Z\nX-ALT-DESC:no type\n").description_html.empty());
}

TEST_CASE("R116: who delegated to whom is read, as are role and kind", "[ical]") {
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nATTENDEE;ROLE=OPT-PARTICIPANT;CUTYPE=ROOM;PARTSTAT=DELEGATED;"
      "DELEGATED-TO=\"mailto:fan0002@example.com\",\"MAILTO:fan0003@example.com\":"
      "mailto:fan0001@example.com\nATTENDEE;DELEGATED-FROM=\"mailto:fan0001@example.com\":"
      "mailto:fan0002@example.com\n");

  REQUIRE(read.attendees.size() == 2);
  CHECK(read.attendees[0].partstat == Partstat::delegated);
  CHECK(read.attendees[0].role == "OPT-PARTICIPANT");
  CHECK(read.attendees[0].type == "ROOM");
  CHECK(read.attendees[0].delegated_to ==
        std::vector<std::string>{"fan0002@example.com", "fan0003@example.com"});
  CHECK(read.attendees[1].delegated_from == std::vector<std::string>{"fan0001@example.com"});
}

TEST_CASE("parameters keep quotes out and undo the escapes of RFC 6868", "[ical]") {
  const auto name = [](const std::string& parameter) {
    return event_of("DTSTART:20270601T100000Z\nATTENDEE;" + parameter +
                    ":mailto:fan0001@example.com\n")
        .attendees.at(0)
        .name;
  };

  CHECK(name("CN=\"Fan; 0001: the first\"") == "Fan; 0001: the first");
  CHECK(name("X-A=\"b;CN=c\";cn=Fan ^'0001^' ^^ ^x") == "Fan \"0001\" ^ ^x");
  CHECK(name("CN=Fan^n0001") == "Fan 0001");
  CHECK(name("CN;X=y").empty());
}

TEST_CASE("addresses are read in every form clients write (R94)", "[ical]") {
  const auto address = [](const std::string& attendee) {
    return event_of("DTSTART:20270601T100000Z\nATTENDEE" + attendee + "\n").attendees.at(0).address;
  };

  CHECK(address(":mailto:fan@example.com") == "fan@example.com");
  CHECK(address(":MAILTO:Fan@Example.com") == "fan@example.com");
  CHECK(address(": mailto: fan@example.com ") == "fan@example.com");
  CHECK(address(":mailto:<fan@example.com>") == "fan@example.com");
  CHECK(address(":<mailto:fan@example.com>") == "fan@example.com");
  CHECK(address(":mailto:mailto:fan@example.com") == "fan@example.com");
  CHECK(address(":mailto:fan%2Btag@example.com") == "fan+tag@example.com");
  CHECK(address(":mailto:fan@example.com?subject=hi") == "fan@example.com");
  CHECK(address(":fan@example.com") == "fan@example.com");
  CHECK(address(";EMAIL=fan@example.com:urn:uuid:0000") == "fan@example.com");
  CHECK(address(":urn:uuid:0000").empty());
  CHECK(address(":mailto:fan%0D%0A@example.com").empty());
}

TEST_CASE("an unknown PARTSTAT is kept as written and means no answer", "[ical]") {
  const auto attendee = event_of(
                            "DTSTART:20270601T100000Z\n"
                            "ATTENDEE;PARTSTAT=x-maybe:mailto:fan@example.com\n")
                            .attendees.at(0);

  CHECK(attendee.partstat == Partstat::needs_action);
  CHECK(attendee.partstat_raw == "x-maybe");
}

TEST_CASE("texts keep no control characters, single-line ones no line breaks either", "[ical]") {
  const Event event = event_of(
                          "DTSTART:20270601T100000Z\nSUMMARY:Two\\nlines\x01!\n"
                          "LOCATION:Hall 1\\n\\nRing Road\nDESCRIPTION:a\\nb\x02\tc\xc2\x85"
                          "d\xe2\x80\xa8"
                          "e\n")
                          .event;

  CHECK(event.summary == "Two lines !");
  CHECK(event.location == "Hall 1, Ring Road");
  CHECK(event.description == "a\nb\tcd\ne");
}

TEST_CASE("only web addresses are taken as URL", "[ical]") {
  const auto url = [](const std::string& value) {
    return event_of("DTSTART:20270601T100000Z\nURL:" + value + "\n").event.url;
  };

  CHECK(url("https://league.example/f?a=1,2;b") == "https://league.example/f?a=1,2;b");
  CHECK(url("HTTP://league.example") == "HTTP://league.example");
  CHECK(url("javascript:alert(1)").empty());
  CHECK(url("https://league.example/a b").empty());
  CHECK(url("https://").empty());
}
