/// Transports and queues as Python holds them.
#pragma once

#include <atomic>
#include <memory>

#include "calinvite/queue.hpp"
#include "calinvite/transport.hpp"
#include "values.hpp"

namespace calinvite::python {

/// Stay where they were made. Each is for one call at a time.
struct PyTransport {
  std::unique_ptr<Transport> held;
  std::atomic_flag in_use;
};
struct PyQueue {
  std::unique_ptr<NotificationQueue> held;
  std::atomic_flag in_use;
};

/// What `work(*shared.held)` gives, unless another call is using it.
template <class Shared, class Work>
auto use(Shared& shared, const char* name, Work work) -> decltype(work(*shared.held)) {
  if (shared.in_use.test_and_set()) {
    return fail(Code::invalid_argument, std::string("another call is using the ") + name,
                {{}, 0, 0, name});
  }
  auto result = work(*shared.held);
  shared.in_use.clear();
  return result;
}

}  // namespace calinvite::python
