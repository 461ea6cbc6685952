/// Answers of people who were not invited: an attendee passed a copy on to them (R105).
#pragma once

#include "ingest/ingest.hpp"

namespace calinvite::ingest {

/// A copy, and who answers it in place of the attendee.
struct SharedAnswer {
  const Attendee& attendee;  ///< whose copy it is; their own answer stays
  const ParsedAttendee& said;
  Answer answer;
  Receipt receipt;  ///< for the history of the attendee
};

/// Does with the person what Domain::shared_attendees says.
/// @return replied: they are an attendee; recorded: they are kept; refused
/// @error conflict  they are invited themselves, and not by this way: whose answer it is can't be
///                  told (R103)
Result<IngestItem> record_shared(const Context& context, const IngestInput& input,
                                 const Event& event, const SharedAnswer& shared, IngestItem item);

}  // namespace calinvite::ingest
