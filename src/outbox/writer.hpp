/// From a claimed invite to the message that leaves; what invites share is made once.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "calinvite/compose.hpp"
#include "outbox/dispatch.hpp"

namespace calinvite::outbox {

class Writer {
 public:
  explicit Writer(const Surroundings& with) : with_(with) {}

  /// @error busy, store_full, store_corrupt, unavailable  from the store
  /// @error forbidden  the organizer is suspended
  /// @error any other  this invite can't be written, now or later
  Result<OutgoingMessage> write(const ClaimedInvite& invite, const std::string& attempt_id,
                                std::chrono::sys_seconds now);
  /// The DTSTAMP that `write` gives it.
  static std::chrono::sys_seconds dtstamp_of(const ClaimedInvite& invite,
                                             std::chrono::sys_seconds now);

 private:
  Result<OutgoingMessage> write_notice(const Notice& notice, const Domain& domain,
                                       const std::string& attempt_id, std::chrono::sys_seconds now);

  using Templates = std::map<std::string, std::string>;
  /// A revision ready to be written, or why it can't be.
  struct Prepared {
    Result<Composer> composer;
    std::optional<std::chrono::sys_seconds> over;  ///< as over_at
  };
  using Key = std::tuple<std::string, std::string, Method, std::int32_t, std::int32_t,
                         std::optional<OccurrenceId>>;  ///< domain, event, …, known sequence, …

  /// Runs last for hours, and others change meanwhile what is remembered.
  void forget_old(std::chrono::sys_seconds now);
  Result<const Domain*> domain(const std::string& name);
  /// Its own texts of invitations.
  Result<const Templates*> templates(const std::string& domain);
  Result<const Organizer*> organizer(const std::string& domain, const std::string& address);
  Result<const Prepared*> prepared(const ClaimedInvite& invite, const Domain& domain,
                                   const Organizer& organizer);
  Result<CopyFields> fields(const ClaimedInvite& invite, const Domain& domain,
                            const Organizer& organizer,
                            std::optional<std::chrono::sys_seconds> over,
                            std::chrono::sys_seconds now);

  const Surroundings& with_;
  std::chrono::sys_seconds learnt_{};  ///< when what follows was first looked up
  std::map<std::string, Domain> domains_;
  std::map<std::string, Templates> templates_;  ///< by domain
  std::map<std::pair<std::string, std::string>, Organizer> organizers_;
  std::map<Key, Prepared> prepared_;
  std::string bytes_;  ///< written into again and again; a transport gets a copy of its size
};

}  // namespace calinvite::outbox
