/// Which copy something that came back is about, and how sure that is (R101 to R103).
#pragma once

#include <string>
#include <vector>

#include "calinvite/mime.hpp"
#include "ingest/context.hpp"

namespace calinvite::ingest {

/// Where an address was found, in words for a reason, and the address.
struct Trace {
  std::string where;
  std::string address;
};

/// What may tell the copy. Address tokens and the UID decide; `people` only without these.
struct Traces {
  std::vector<Trace> addresses;  ///< that may hold a token: those it was sent to, ORGANIZER
  std::string uid;               ///< as written; empty: none
  std::vector<Trace> people;     ///< ATTENDEE, then From
};

/// The addresses that a mail was sent to, in the order in which they decide.
Traces traces_of_mail(const IngestInput& input, const ParsedMail& mail);

struct CopyMatch {
  Attendee copy;
  bool by_token = false;  ///< an address token, which only those who saw the copy know, names it
};

/// The one copy that all traces agree on.
/// @error not_found  they lead to none
/// @error conflict   two of them name different copies, or several are possible; names both
Result<CopyMatch> find_copy(const Context& context, const Traces& traces);

}  // namespace calinvite::ingest
