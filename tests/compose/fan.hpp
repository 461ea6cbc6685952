/// An invitation without its content, and one attendee's copy of it.
#pragma once

#include "calinvite/compose.hpp"

/// What every invitation of these tests has; its event wants a summary and its times.
inline calinvite::Revision league_revision() {
  calinvite::Revision revision;
  revision.event.uid = "ev-1";
  revision.event.organizer = "fixtures@league.example";
  revision.event.timezone = "Europe/Berlin";
  revision.event.language = "en";
  revision.organizer_name = "League Fixtures";
  revision.base_url = "https://invite.example.com";
  return revision;
}

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
