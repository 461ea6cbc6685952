/// Notifications taken in together: their facts become one durable step.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/ingest.hpp"

namespace calinvite::ingest {

/// Collects what notifications say until `flush` stores it in one step; items are told after that,
/// in order. A mail that came in is a step of its own, and flushes what came before it. Borrows all
/// that it is made with.
class NotificationBatch {
 public:
  NotificationBatch(Store& store, const Clock& clock, const MailHandler& on_mail,
                    const IngestHandler& on_item);

  /// @param input  whose channel it is; its bytes are not read
  /// @return why some of it is refused; absent: it counts, once `flush` has returned
  /// @error only from the store
  Result<std::optional<Error>> add(const IngestInput& input, std::string_view text,
                                   const Place& place);
  /// Tells of one that can't be read at all.
  void refuse(const Error& error) {
    items_.push_back(refused(error.place.source, "notification", error));
  }
  /// Facts that wait for `flush`.
  std::size_t size() const noexcept { return facts_.size(); }
  /// @error only from the store; then the same may be flushed again
  Result<void> flush();

 private:
  Result<std::optional<Error>> add_one(const IngestInput& input, std::string_view text,
                                       const Place& place);
  Result<std::optional<Error>> take_mail(const IngestInput& input,
                                         const InboundNotification& received, std::string_view text,
                                         const Place& place);

  Store& store_;
  const Clock& clock_;
  const MailHandler& on_mail_;
  const IngestHandler& on_item_;
  std::vector<IngestItem> items_;
  std::vector<DeliveryFact> facts_;
  std::vector<std::size_t> item_of_;  ///< by fact
};

}  // namespace calinvite::ingest
