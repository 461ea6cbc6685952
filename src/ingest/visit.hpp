/// That somebody, or something, opened a link of an answer.
#pragma once

#include "ingest/context.hpp"

namespace calinvite::ingest {

/// Whether a User-Agent says that no person uses it: it is no browser, or it names itself a robot,
/// a filter or a proxy of mails. Of an empty one nothing is known.
bool is_automatic(std::string_view agent);

/// At the end of a detail: no person, as far as can be told (R126).
inline constexpr std::string_view automated_label = ", automated";

/// Appends an unconfirmed receipt `clicked`; as Engine::record_visit.
/// @param automated  whether the request itself shows that no person made it
Result<void> record_visit(const Context& context, const Attendee& attendee, std::string_view link,
                          bool automated);

}  // namespace calinvite::ingest
