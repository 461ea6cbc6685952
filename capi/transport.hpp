/// Ways out to the world, as C programs hold them.
#pragma once

#include <memory>

#include "calinvite/queue.hpp"
#include "calinvite/transport.hpp"
#include "guard.hpp"

struct calinvite_transport {
  std::unique_ptr<calinvite::Transport> transport;
};

struct calinvite_queue {
  std::unique_ptr<calinvite::NotificationQueue> queue;
};

namespace calinvite::capi {

Clock clock_of(calinvite_clock_fn clock, void* user_data);
SesOptions ses_options_of(const calinvite_aws_options* given, const char* name);

}  // namespace calinvite::capi
