/// One attendee's copy of an invitation.
#pragma once

#include "calinvite/compose.hpp"

inline calinvite::CopyFields fan() {
  calinvite::CopyFields copy;
  copy.uid = "ci-0123456789abcdef0123456789abcdef";
  copy.organizer_address = "fixtures+abcdefgh23456777@reply.example.com";
  copy.address = "fan0001@example.org";
  copy.name = "Fan 0001";
  copy.rsvp_token = "RSVP-token_1";
  copy.unsubscribe_token = "UNSUBSCRIBE-token_1";
  copy.dtstamp = std::chrono::sys_seconds(std::chrono::seconds(1798761600));
  copy.attempt_id = "attempt-1";
  return copy;
}
