/// The nouns that several parts of the C API show or take.
#pragma once

#include <functional>

#include "calinvite/engine.hpp"
#include "calinvite/ical.hpp"
#include "guard.hpp"

namespace calinvite::capi {

void fill(calinvite_event& to, const Event& from, Arena& arena);
void fill(calinvite_attendee& to, const Attendee& from, Arena& arena);
void fill(calinvite_receipt& to, const Receipt& from, Arena& arena);
void fill(calinvite_outgoing_message& to, const OutgoingMessage& from, Arena& arena);
void fill(calinvite_outbox_totals& to, const OutboxTotals& from, Arena& arena);
void fill(calinvite_ingest_item& to, const IngestItem& from, Arena& arena);
void fill(calinvite_scope& to, const Scope& from, Arena& arena);
void fill(calinvite_text& to, const std::string& from, Arena& arena);

/// Of an event as somebody read it: its sequence is the source's.
struct SourceEvent {
  const Event& event;
};
void fill(calinvite_event& to, const SourceEvent& from, Arena& arena);

/// An event that a caller describes, over what `known` says where they do not.
/// @param name  of the argument
Event event_of(const calinvite_event* given, const char* name, const Event& known = {});
Attendee attendee_of(const calinvite_attendee* given, const char* name);
InviteRequest request_of(const calinvite_invite_request& given);
std::vector<InviteRequest> requests_of(const calinvite_invite_request* given, std::size_t count);
Scope scope_of(const calinvite_scope* given, const char* name = "scope");
Page page_of(const calinvite_page* given);
OccurrenceId occurrence_of(const char* wall, const char* name);
std::optional<OccurrenceId> occurrence_if_any(const char* wall, const char* name);

std::vector<std::pair<std::string, std::string>> headers_of(const calinvite_header* given,
                                                            std::size_t count, const char* name);

/// Hands what was left out to a callback, which may be NULL.
std::function<void(const Error&)> errors_to(calinvite_row_error_fn on_error, void* user_data);

/// A list, as `struct NAME_list`.
template <class List, class Value>
void fill_list(List& to, const std::vector<Value>& items, std::string_view next, Arena& arena) {
  arena.lend(to.items, to.count, items);
  to.next = arena.copy(next);
}

}  // namespace calinvite::capi

// fill() of a list of structs whose own fill() is known.
#define CALINVITE_FILL_LIST(Struct, Value)                                            \
  inline void fill(Struct##_list& to, const Paged<Value>& from, Arena& arena) {       \
    fill_list(to, from.items, from.next, arena);                                      \
  }                                                                                   \
  inline void fill(Struct##_list& to, const std::vector<Value>& from, Arena& arena) { \
    fill_list(to, from, {}, arena);                                                   \
  }
