/// An event as the C API lends it.
#pragma once

#include <string>

#include "calinvite.h"
#include "calinvite/model.hpp"

namespace calinvite::capi {

/// Keeps the texts that `lent` points into.
class EventView {
 public:
  /// @param parsed  as read, when the SEQUENCE to show is the source's
  EventView(Event event, bool parsed);
  EventView(const EventView&) = delete;
  EventView& operator=(const EventView&) = delete;
  const calinvite_event* lent() const noexcept { return &lent_; }

 private:
  Event event_;
  std::string start_;
  std::string end_;
  calinvite_event lent_;
};

}  // namespace calinvite::capi
