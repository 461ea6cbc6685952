/// A kind of copy, compiled: composed whole once for a sample, then written for each attendee by
/// filling its holes. Equal to the byte to what write_copy and write_mail would make.
#pragma once

#include <array>
#include <string>

#include "compose/composition.hpp"
#include "compose/pattern.hpp"
#include "mime/outgoing.hpp"

namespace calinvite::compose {

/// What writing keeps from one copy to the next, so that no memory is asked for.
struct Room {
  /// Headers: one mail for each set of them, as a list gives up the memory of what it loses.
  std::array<std::array<OutgoingMail, 2>, 2> mails;
  mime::HeaderWriter headers;
  std::string line;
  std::string raw;  ///< of one part before base64
  std::chrono::sys_seconds stamp{};
  std::string dtstamp;  ///< `stamp` as text
};

class CopyTemplate {
 public:
  /// @error as Composer::compose, for every copy of the kind
  static Result<CopyTemplate> compile(const Composition& composition, const Kind& kind);

  const Manner& manner() const noexcept { return manner_; }
  /// Whether the copy is like the sample in all that is checked: then `write` is right for it.
  bool can_write(const CopyFields& copy) const;
  void write(const Composition& composition, const CopyFields& copy, Room& room,
             std::string& out) const;

 private:
  Manner manner_;
  mime::Frame frame_;
  Pattern subject_;
  Pattern plain_;
  Pattern html_;
  Pattern calendar_;
};

}  // namespace calinvite::compose
