#include "calinvite/c/events.h"

#include "calinvite/web.hpp"
#include "engine.hpp"

namespace calinvite::capi {

static void fill(calinvite_plan& to, const Plan& from, Arena& arena) {
  LEND(event);
  LEND(invite);
  LEND(update);
  LEND(cancel);
  arena.lend(to.skip_reasons, to.skip_reason_count, from.skip);
  for (const auto& [reason, count] : from.skip) to.skip += count;
}

static void fill(calinvite_event_summary& to, const EventSummary& from, Arena& arena) {
  LEND(event);
  LEND(attendees);
}
CALINVITE_FILL_LIST(calinvite_event_summary, EventSummary)

static void fill(calinvite_approval& to, const Approval& from, Arena& arena) {
  LEND(domain);
  LEND(before);
  LEND(after);
  LEND(plan);
}

static void fill(calinvite_held_change& to, const HeldChange& from, Arena& arena) {
  LEND(event);
  LEND(time);
}
CALINVITE_FILL_LIST(calinvite_held_change, HeldChange)

namespace {

EventFilter filter_of(const calinvite_event_filter* pointed, const Clock& clock) {
  const auto given = read(pointed, "filter");
  EventFilter filter;
  filter.when = choice_of(given.when, "filter.when", filter.when);
  filter.now = clock();
  if (given.changed_within != 0) filter.changed_within = std::chrono::seconds(given.changed_within);
  filter.search = text_or(given.search);
  filter.organizer = text_or(given.organizer);
  filter.sort = choice_of(given.sort, "filter.sort", filter.sort);
  return filter;
}

/// What the caller shows of an event, over what is stored of it.
Event edited_event(Engine& engine, const Scope& scope, const calinvite_event* given) {
  const auto shown = read(needed(given, "event"), "event");
  return event_of(given, "event",
                  value(engine.get_event(scope, needed_text(shown.uid, "event.uid"))));
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_create_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_event* event,
                                        const calinvite_event** event_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, event_out, error_out, [&](calinvite::Engine& own) {
    return own.create_event(capi::scope_of(scope), capi::event_of(event, "event"));
  });
}

calinvite_status calinvite_get_event(calinvite_engine* engine, const calinvite_scope* scope,
                                     const char* uid, const calinvite_event** event_out,
                                     calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, event_out, error_out, [&](calinvite::Engine& own) {
    return own.get_event(capi::scope_of(scope), capi::needed_text(uid, "uid"));
  });
}

calinvite_status calinvite_list_events(calinvite_engine* engine, const calinvite_scope* scope,
                                       const calinvite_event_filter* filter,
                                       const calinvite_page* page,
                                       const calinvite_event_summary_list** events_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, events_out, error_out, [&](calinvite::Engine& own) {
    return own.list_events(capi::scope_of(scope), capi::filter_of(filter, engine->clock),
                           capi::page_of(page));
  });
}

calinvite_status calinvite_update_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_event* event, uint32_t include_declined,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    const auto within = capi::scope_of(scope);
    return own.update_event(within, capi::edited_event(own, within, event), include_declined != 0);
  });
}

calinvite_status calinvite_preview_update(calinvite_engine* engine, const calinvite_scope* scope,
                                          const calinvite_event* event, uint32_t include_declined,
                                          const calinvite_plan** plan_out,
                                          calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    const auto within = capi::scope_of(scope);
    return own.preview_update(within, capi::edited_event(own, within, event),
                              include_declined != 0);
  });
}

calinvite_status calinvite_cancel_event(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* uid, uint32_t include_declined,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.cancel_event(capi::scope_of(scope), capi::needed_text(uid, "uid"),
                            include_declined != 0);
  });
}

calinvite_status calinvite_find_held_change(calinvite_engine* engine, const calinvite_scope* scope,
                                            const char* event,
                                            const calinvite_approval** approval_out,
                                            calinvite_error** error_out) noexcept {
  capi::clear(approval_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const auto held =
        capi::value(own.find_held_change(capi::scope_of(scope), capi::needed_text(event, "event")));
    if (held && approval_out != nullptr)
      *approval_out = capi::make_block<calinvite_approval>(*held);
  });
}

calinvite_status calinvite_list_held_changes(calinvite_engine* engine, const calinvite_scope* scope,
                                             const calinvite_page* page,
                                             const calinvite_held_change_list** changes_out,
                                             calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, changes_out, error_out, [&](calinvite::Engine& own) {
    return own.list_held_changes(capi::scope_of(scope), capi::page_of(page));
  });
}

calinvite_status calinvite_approve_change(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* event, const calinvite_plan** plan_out,
                                          calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.approve_change(capi::scope_of(scope), capi::needed_text(event, "event"));
  });
}

calinvite_status calinvite_drop_held_change(calinvite_engine* engine, const calinvite_scope* scope,
                                            const char* event,
                                            calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.drop_held_change(capi::scope_of(scope), capi::needed_text(event, "event")));
  });
}

calinvite_status calinvite_find_approval(calinvite_engine* engine, const char* token,
                                         const calinvite_approval** approval_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, approval_out, error_out, [&](calinvite::Engine& own) {
    return own.find_approval(capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_approve(calinvite_engine* engine, const char* token,
                                   const calinvite_plan** plan_out,
                                   calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.approve(capi::needed_text(token, "token"));
  });
}

calinvite_status calinvite_plan_invites(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* event, const calinvite_invite_request* requests,
                                        size_t request_count, const char* origin,
                                        const calinvite_plan** plan_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.plan_invites(capi::scope_of(scope), capi::needed_text(event, "event"),
                            capi::requests_of(requests, request_count),
                            capi::needed_text(origin, "origin"));
  });
}

calinvite_status calinvite_invite(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const calinvite_invite_request* requests,
                                  size_t request_count, const char* origin,
                                  const calinvite_plan** plan_out,
                                  calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.invite(capi::scope_of(scope), capi::needed_text(event, "event"),
                      capi::requests_of(requests, request_count),
                      capi::needed_text(origin, "origin"));
  });
}

calinvite_status calinvite_uninvite(calinvite_engine* engine, const calinvite_scope* scope,
                                    const char* event, const char* address,
                                    const calinvite_plan** plan_out,
                                    calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.uninvite(capi::scope_of(scope), capi::needed_text(event, "event"),
                        capi::needed_text(address, "address"));
  });
}

calinvite_status calinvite_resend(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, const char* address,
                                  const calinvite_plan** plan_out,
                                  calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.resend(capi::scope_of(scope), capi::needed_text(event, "event"),
                      capi::needed_text(address, "address"));
  });
}

calinvite_status calinvite_resend_in_doubt(calinvite_engine* engine, const calinvite_scope* scope,
                                           const char* event, const calinvite_plan** plan_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.resend_in_doubt(capi::scope_of(scope), capi::needed_text(event, "event"));
  });
}

calinvite_status calinvite_resend_outdated(calinvite_engine* engine, const calinvite_scope* scope,
                                           const char* event, const calinvite_plan** plan_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, plan_out, error_out, [&](calinvite::Engine& own) {
    return own.resend_outdated(capi::scope_of(scope), capi::needed_text(event, "event"));
  });
}

calinvite_status calinvite_preview(calinvite_engine* engine, const calinvite_scope* scope,
                                   const char* event, const char* address,
                                   const calinvite_outgoing_message** message_out,
                                   calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, message_out, error_out, [&](calinvite::Engine& own) {
    return own.preview(capi::scope_of(scope), capi::needed_text(event, "event"),
                       capi::needed_text(address, "address"));
  });
}
