#include "calinvite/c/events.h"
#include "calinvite/web.hpp"
#include "engine.hpp"

namespace calinvite::capi {

static void fill(calinvite_web_response& to, const WebResponse& from, Arena& arena) {
  LEND_LIST(headers, header);
  LEND(body);
  to.body_size = from.body.size();
  LEND(status);
}

static void fill(calinvite_event_page& to, const EventPage& from, Arena& arena) {
  LEND(domain);
  LEND(event);
  LEND(organizer);
  LEND(organizer_address);
  LEND(state);
  LEND(attendee);
  LEND(landing);
  LEND_LIST(landings, landing);
}

static void fill(calinvite_form_check& to, const FormCheck& from, Arena&) {
  to.age_seconds = from.age.count();
  to.sequence = from.sequence;
}

namespace {

Partstat answer_of(const char* word) {
  // As reports and links spell it, not as calendars do.
  const auto answer = parse_status_word(needed_text(word, "answer"));
  if (!answer || *answer == Partstat::needs_action) {
    refuse("expected accepted, tentative or declined", "answer");
  }
  return *answer;
}

TokenPurpose purpose_of(std::uint32_t purpose) {
  if (purpose < CALINVITE_PURPOSE_RSVP || purpose > CALINVITE_PURPOSE_REGISTRATION) {
    refuse("expected one of CALINVITE_PURPOSE_*", "purpose");
  }
  return static_cast<TokenPurpose>(purpose);
}

LinkVisit visit_of(const calinvite_link_visit* pointed) {
  const auto given = read(needed(pointed, "visit"), "visit");
  LinkVisit visit;
  visit.link = needed_text(given.link, "visit.link");
  visit.head = given.head != 0;
  visit.agent = text_or(given.agent);
  return visit;
}

WebOptions web_options_of(const calinvite_web_options* pointed) {
  const auto given = read(pointed, "options");
  WebOptions options;
  if (given.address_cap != 0) options.caps.address = given.address_cap;
  if (given.network_cap != 0) options.caps.network = given.network_cap;
  if (given.event_cap != 0) options.caps.event = given.event_cap;
  if (given.domain_cap != 0) options.caps.domain = given.domain_cap;
  if (given.max_body_bytes != 0) options.max_body_bytes = given.max_body_bytes;
  if (given.least_form_seconds != 0) {
    options.least_form_age = std::chrono::seconds(given.least_form_seconds);
  }
  return options;
}

WebRequest web_request_of(const calinvite_web_request* pointed) {
  const auto given = read(needed(pointed, "request"), "request");
  WebRequest request;
  request.method = needed_text(given.method, "request.method");
  request.path = needed_text(given.path, "request.path");
  request.query = text_or(given.query);
  request.headers = headers_of(given.headers, given.header_count, "request.headers");
  request.body = bytes_of(given.body, given.body_size, "request.body");
  request.remote_address = text_or(given.remote_address);
  return request;
}

EventPage event_page_of(const calinvite_event_page* pointed) {
  const auto given = read(needed(pointed, "page"), "page");
  EventPage page;
  page.domain = text_or(given.domain);
  page.event = event_of(given.event, "page.event");
  page.organizer = text_or(given.organizer);
  page.organizer_address = text_or(given.organizer_address);
  page.state = choice_of(given.state, "page.state", PageState::open);
  if (given.attendee != nullptr) page.attendee = attendee_of(given.attendee, "page.attendee");
  page.landing = text_or(given.landing);
  return page;
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_rsvp(calinvite_engine* engine, const char* token, const char* answer,
                                const char* comment, int32_t sequence,
                                const calinvite_ingest_item** item_out,
                                calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, item_out, error_out, [&](calinvite::Engine& own) {
    return own.rsvp(capi::needed_text(token, "token"), capi::answer_of(answer),
                    capi::text_or(comment), sequence < 0 ? std::nullopt : std::optional(sequence));
  });
}

calinvite_status calinvite_rsvp_token(calinvite_engine* engine, const calinvite_scope* scope,
                                      const char* event, const char* address,
                                      const calinvite_text** token_out,
                                      calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, token_out, error_out, [&](calinvite::Engine& own) {
    return own.rsvp_token(capi::scope_of(scope), capi::needed_text(event, "event"),
                          capi::needed_text(address, "address"));
  });
}

calinvite_status calinvite_button(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const char* preset, const char* landing,
                                  const calinvite_text** html_out,
                                  calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, html_out, error_out, [&](calinvite::Engine& own) {
    return own.button(capi::scope_of(scope), capi::needed_text(event, "event"),
                      capi::needed_choice<calinvite::ButtonPreset>(preset, "preset"),
                      capi::text_or(landing));
  });
}

calinvite_status calinvite_respond(calinvite_engine* engine, const calinvite_web_request* request,
                                   const calinvite_web_options* options,
                                   const calinvite_web_response** response_out,
                                   calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, response_out, error_out, [&](calinvite::Engine& own) {
    return calinvite::respond(own, capi::web_request_of(request), capi::web_options_of(options));
  });
}

calinvite_status calinvite_find_rsvp(calinvite_engine* engine, const char* token,
                                     const calinvite_event_page** page_out,
                                     calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, page_out, error_out, [&](calinvite::Engine& own) {
    return own.find_rsvp(capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_find_button(calinvite_engine* engine, const char* event,
                                       const char* token, const calinvite_event_page** page_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, page_out, error_out, [&](calinvite::Engine& own) {
    return own.find_button(capi::needed_text(event, "event"), capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_find_event_page(calinvite_engine* engine, const char* event,
                                           const calinvite_event_page** page_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, page_out, error_out, [&](calinvite::Engine& own) {
    return own.find_event_page(capi::needed_text(event, "event"));
  });
}

calinvite_status calinvite_calendar_file(calinvite_engine* engine, const calinvite_event_page* page,
                                         const calinvite_text** calendar_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, calendar_out, error_out, [&](calinvite::Engine& own) {
    return own.calendar_file(capi::event_page_of(page));
  });
}

calinvite_status calinvite_issue_nonce(calinvite_engine* engine, const char* token,
                                       uint32_t purpose, int32_t sequence,
                                       const calinvite_text** nonce_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, nonce_out, error_out, [&](calinvite::Engine& own) {
    return own.issue_nonce(capi::needed_text(token, "token"), capi::purpose_of(purpose), sequence);
  });
}

calinvite_status calinvite_check_nonce(calinvite_engine* engine, const char* token,
                                       const char* nonce, const calinvite_form_check** check_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, check_out, error_out, [&](calinvite::Engine& own) {
    return own.check_nonce(capi::needed_text(token, "token"), capi::needed_text(nonce, "nonce"));
  });
}

calinvite_status calinvite_record_visit(calinvite_engine* engine, const char* token,
                                        uint32_t purpose, const calinvite_link_visit* visit,
                                        calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.record_visit(capi::needed_text(token, "token"), capi::purpose_of(purpose),
                                 capi::visit_of(visit)));
  });
}

calinvite_status calinvite_press_button(calinvite_engine* engine, const char* event,
                                        const char* token, const calinvite_invite_request* request,
                                        const char* network, const calinvite_web_options* options,
                                        uint32_t* invited_out,
                                        calinvite_error** error_out) noexcept {
  capi::clear(invited_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const bool invited = capi::value(
        own.press_button(capi::needed_text(event, "event"), capi::needed_text(token, "token"),
                         capi::request_of(capi::read(capi::needed(request, "request"), "request")),
                         capi::text_or(network), capi::web_options_of(options).caps));
    if (invited_out != nullptr) *invited_out = invited ? 1 : 0;
  });
}
