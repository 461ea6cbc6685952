/// One attendee's message, composed whole from the revision, the phrases and the templates. What
/// Composer writes for everybody is made from this once, and must equal it to the byte.
#pragma once

#include <optional>
#include <string>

#include "calinvite/compose.hpp"
#include "calinvite/mime.hpp"
#include "compose/words.hpp"

namespace calinvite::compose {

/// A revision, checked, with what no language and no attendee changes.
struct Composition {
  Revision revision;
  const ZoneTable* zones = nullptr;
  Shown shown;
  std::optional<Shown> before;  ///< of a change that can be told
  CalendarLinks links;          ///< empty: none are offered
  std::size_t dates = 0;        ///< of a series that ends
  bool merges = false;          ///< the event's texts hold merge fields
  std::string texts;            ///< all that may stand in a copy, in lower case
};
/// @error as Composer::prepare
Result<Composition> make_composition(Revision revision, const ZoneTable& zones);

/// What decides which sentences a copy holds and how it travels: all copies of a kind differ in
/// the fields of CopyFields alone.
struct Kind {
  std::string language;  ///< as asked for
  bool first = true;
  bool named = false;
  bool asks = false;          ///< has RSVP links
  bool unsubscribes = false;  ///< has a link for it
  Partstat partstat = Partstat::needs_action;
  friend bool operator==(const Kind&, const Kind&) = default;
};
/// Writes the kind of a copy over another one, in memory that is kept.
void set_kind(Kind& kind, const Revision& revision, const CopyFields& copy);

/// How a kind is said and travels, decided by a sample.
struct Manner {
  Words words;
  TransferEncoding plain = TransferEncoding::base64;
  TransferEncoding html = TransferEncoding::base64;
};
Result<Manner> make_manner(const Composition& composition, const Kind& kind);

/// A copy of the kind that no one gets, whose fields can be told from all else.
CopyFields sample_copy(const Composition& composition, const Kind& kind);

void append_unsubscribe_link(std::string& out, std::string_view base_url, std::string_view token);

/// Sets a copy's headers but for the subject, over those of another in memory that is kept.
void set_headers(const Composition& composition, const std::string& language,
                 const CopyFields& copy, OutgoingMail& mail);

/// @error as Composer::compose
Result<OutgoingMail> write_copy(const Composition& composition, const Manner& manner,
                                const CopyFields& copy);

}  // namespace calinvite::compose
