// Takes in answers, by mail and by link, and tells what they came to.
#include "league.hpp"

// What the calendar program of somebody who declines mails to the address that their invitation
// came from. That address is theirs alone: it says whose answer this is.
static std::string reply_mail(const EventPage& invitation) {
  return "From: " + invitation.attendee->address + "\r\nTo: " + invitation.organizer_address +
         "\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
         "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nMETHOD:REPLY\r\n"
         "BEGIN:VEVENT\r\nUID:" +
         invitation.attendee->uid +
         "\r\nDTSTAMP:20370301T120000Z\r\nSEQUENCE:0\r\nORGANIZER:mailto:" +
         invitation.organizer_address +
         "\r\nATTENDEE;PARTSTAT=DECLINED:mailto:" + invitation.attendee->address +
         "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

int main() {
  auto engine = open_league("answers.db");
  const Event match = invite_fans(engine);
  check(engine.dispatch(*check(open_spool_transport("mails")), {}));

  // By mail: what comes in for the reply domain goes to ingest, whatever it is.
  const auto token = check(engine.rsvp_token(league, match.uid, "fan1@example.com"));
  const auto mail = reply_mail(check(engine.find_rsvp(token)));
  const auto tell = [](const IngestItem& item) {
    std::printf("mail: %s %s\n", to_string(item.outcome).data(), item.reason.c_str());
  };
  check(engine.ingest({.bytes = mail, .source = "reply.eml"}, tell));
  check(engine.ingest({.bytes = mail, .source = "the same again.eml"}, tell));

  // By link: whoever serves the page behind it records what a person pressed (link_pages.cpp).
  const auto link = check(engine.rsvp_token(league, match.uid, "fan2@example.com"));
  check(engine.rsvp(link, Partstat::accepted, "Two of us!"));
  const auto forged = engine.rsvp("AQE" + link.substr(3, 40), Partstat::accepted);
  std::printf("forged link: %s\n", forged ? "recorded" : code_name(forged.error().code).data());

  for (const auto& fan : check(engine.list_attendees(league, match.uid, Page{})).items) {
    std::printf("%s %s, by %s: %s\n", fan.address.c_str(), to_string(fan.partstat).data(),
                fan.channel.empty() ? "nothing" : fan.channel.c_str(), fan.comment.c_str());
  }
  for (const auto& item :
       check(engine.list_history(league, match.uid, "fan1@example.com", Page{})).items) {
    std::printf("fan1: %s, %s\n", to_string(item.receipt.kind).data(),
                to_string(item.evidence).data());
  }
  for (const auto& [word, count] : check(engine.statistics(league, match.uid)).rsvp) {
    std::printf("%lu %s\n", count, word.c_str());
  }
  return 0;
}
