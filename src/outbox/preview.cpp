#include "outbox/preview.hpp"

#include "outbox/writer.hpp"

namespace calinvite::outbox {

Result<OutgoingMessage> preview(const Surroundings& with, const ClaimedInvite& invite) {
  // No attempt is kept under this name, so nothing that comes back can count for a send.
  return Writer(with).write(invite, "preview", with.clock());
}

}  // namespace calinvite::outbox
