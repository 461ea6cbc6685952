/// Mails that come back to a league, written from the invitation that they answer.
#pragma once

#include <string>
#include <vector>

#include "engine/league.hpp"

namespace answers {

using namespace league;

/// A calendar answer, part by part; what a test does not set is as a good client writes it.
struct Letter {
  explicit Letter(const OutgoingMessage& invitation)
      : from(invitation.to),
        to(invitation.from),
        uid(League::property(invitation, "UID")),
        sequence("SEQUENCE:" + League::property(invitation, "SEQUENCE") + "\r\n"),
        organizer(invitation.from),
        attendees("ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + invitation.to + "\r\n") {}

  Letter& answers(const std::string& partstat, const std::string& address,
                  const std::string& more = {}) {
    attendees = "ATTENDEE;PARTSTAT=" + partstat + more + ":mailto:" + address + "\r\n";
    return *this;
  }

  std::string calendar() const {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client 1//EN\r\nMETHOD:" + method +
           "\r\nBEGIN:VEVENT\r\n" + (uid.empty() ? "" : "UID:" + uid + "\r\n") + sequence +
           (dtstamp.empty() ? "" : "DTSTAMP:" + dtstamp + "\r\n") + times +
           (organizer.empty() ? "" : "ORGANIZER:mailto:" + organizer + "\r\n") + attendees + more +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
  }

  std::string raw() const {
    return "From: <" + from + ">\r\nTo: <" + to + ">\r\n" + headers +
           "Subject: answer\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; charset=UTF-8; "
           "method=" +
           method + "\r\n\r\n" + calendar();
  }

  std::string from, to, uid, sequence, organizer, attendees;
  std::string method = "REPLY";
  std::string dtstamp = "20270101T110000Z";
  std::string times = "DTSTART:20270508T140000Z\r\nDTEND:20270508T160000Z\r\n";
  std::string more;     ///< further properties
  std::string headers;  ///< further header lines
};

/// A league with one match and its invitations sent.
struct Match : League {
  explicit Match(const std::vector<std::string>& people = {"a@example.com"}) {
    uid = event().uid;
    invite(uid, people);
    dispatch();
    invitations = sent;
  }

  const OutgoingMessage& invitation(const std::string& address = "a@example.com") const {
    for (const auto& one : invitations) {
      if (one.to == address) return one;
    }
    FAIL("no invitation of " << address);
    return invitations.front();
  }
  IngestItem take(const std::string& raw, const std::string& as = {}) {
    const auto items = ingest(raw, "answer.eml", as);
    REQUIRE(items.size() == 1);
    return items[0];
  }
  Attendee attendee(const std::string& address = "a@example.com") {
    const auto all = engine->list_attendees(kScope, uid, {});
    REQUIRE(all);
    for (const auto& one : all->items) {
      if (one.address == address) return one;
    }
    FAIL("no attendee " << address);
    return {};
  }
  Receipt last_receipt() {
    const auto receipts = engine->list_receipts(kScope, uid, {1000, {}});
    REQUIRE(receipts);
    return receipts->items.back();
  }
  std::string report(ReportFormat format) {
    std::string text;
    REQUIRE(engine->report(kScope, uid, format, [&](std::string_view piece) {
      text += piece;
      return true;
    }));
    return text;
  }

  std::string uid;
  std::vector<OutgoingMessage> invitations;
};

}  // namespace answers
