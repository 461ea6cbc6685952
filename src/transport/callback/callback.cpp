#include <utility>

#include "calinvite/transport.hpp"

namespace calinvite {
namespace {

/// Every message with a durable intent is in doubt after a crash: few at a time.
constexpr std::size_t batch = 16;

class CallbackTransport final : public Transport {
 public:
  explicit CallbackTransport(std::function<SendOutcome(const OutgoingMessage&)> send)
      : send_(std::move(send)) {}

  std::size_t max_in_flight() const override { return batch; }

  Result<void> submit(OutgoingMessage message) override {
    if (outcomes_.size() >= batch) {
      return fail(Code::invalid_argument, "more messages submitted than may be in flight");
    }
    SendOutcome outcome;
    try {
      outcome = send_(message);
    } catch (...) {
      outcome = {{}, SendVerdict::in_doubt, {}, "the host's sender threw an exception"};
    }
    outcome.attempt_id = std::move(message.attempt_id);
    outcomes_.push_back(std::move(outcome));
    return {};
  }

  std::vector<SendOutcome> poll(std::chrono::milliseconds) override {
    return std::exchange(outcomes_, {});
  }

 private:
  std::function<SendOutcome(const OutgoingMessage&)> send_;
  std::vector<SendOutcome> outcomes_;
};

}  // namespace

std::unique_ptr<Transport> make_callback_transport(
    std::function<SendOutcome(const OutgoingMessage&)> send) {
  return std::make_unique<CallbackTransport>(std::move(send));
}

}  // namespace calinvite
