#include <algorithm>

#include "calinvite/transport.hpp"
#include "transport/smtp/connection.hpp"
#include "transport/smtp/options.hpp"

namespace calinvite {
namespace {

using smtp::Connection;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class SmtpTransport final : public Transport {
 public:
  explicit SmtpTransport(SmtpOptions options) : options_(std::move(options)) {}

  std::size_t max_in_flight() const override { return options_.max_connections; }

  std::string account_key() const override {
    return options_.ses_region.empty() ? std::string() : "ses:" + options_.ses_region;
  }

  std::string message_id_host() const override {
    return options_.ses_region.empty() ? std::string() : ses_message_id_host(options_.ses_region);
  }

  Result<void> submit(OutgoingMessage message) override {
    if (in_flight_ >= max_in_flight()) {
      return fail(Code::invalid_argument, "more messages submitted than may be in flight");
    }
    auto delivery = smtp::make_delivery(std::move(message));
    if (!delivery) return tl::unexpected<Error>(delivery.error());
    Connection& connection = free_connection();
    if (auto taken = connection.deliver(std::move(*delivery)); !taken) return taken;
    ++in_flight_;
    return {};
  }

  std::vector<SendOutcome> poll(milliseconds wait) override {
    const auto now = steady_clock::now();
    // Hours are as good as for ever, and can't overflow.
    const auto end = now + std::min<milliseconds>(wait, std::chrono::hours(24));
    auto outcomes = collect();
    for (bool last = false; outcomes.empty() && in_flight_ > 0 && !last;) {
      last = !pump(end);
      outcomes = collect();
    }
    return outcomes;
  }

 private:
  /// An open one before one that would have to connect.
  Connection& free_connection() {
    const auto find = [&](auto is_fit) {
      return std::find_if(connections_.begin(), connections_.end(),
                          [&](const auto& each) { return is_fit(*each); });
    };
    auto found = find([](const Connection& each) { return each.is_open(); });
    if (found == connections_.end()) found = find([](const auto& each) { return each.is_free(); });
    if (found != connections_.end()) return **found;
    connections_.push_back(std::make_unique<Connection>(options_));
    return *connections_.back();
  }

  std::vector<SendOutcome> collect() {
    std::vector<SendOutcome> outcomes;
    for (const auto& connection : connections_) {
      if (auto outcome = connection->take_outcome()) outcomes.push_back(std::move(*outcome));
    }
    in_flight_ -= outcomes.size();
    return outcomes;
  }

  /// Waits for whatever comes first, and goes on. @return false when `end` has passed
  bool pump(steady_clock::time_point end) {
    std::vector<pollfd> fds;
    std::vector<std::size_t> ends;  ///< of each connection's part of fds
    auto until = end;
    for (const auto& connection : connections_) {
      until = std::min(until, connection->append_waits(fds));
      ends.push_back(fds.size());
    }
    const auto pause = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    ::poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(pause, 0)));
    std::size_t next = 0;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      bool ready = false;
      for (; next < ends[i]; ++next) ready = ready || fds[next].revents != 0;
      connections_[i]->advance(ready);
    }
    return steady_clock::now() < end;
  }

  SmtpOptions options_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t in_flight_ = 0;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_smtp_transport(SmtpOptions options) {
  if (auto checked = smtp::check_names(options); !checked) return tl::unexpected(checked.error());
  const auto refuse = [](const char* why) { return fail(Code::invalid_argument, why); };
  if (options.port == 0 || options.max_connections == 0 ||
      options.command_timeout <= std::chrono::seconds(0) ||
      options.answer_timeout <= std::chrono::seconds(0)) {
    return refuse("SMTP needs a port, a connection and timeouts");
  }
  if (options.user.empty() != options.password.empty()) {
    return refuse("SMTP needs a user and a password, or neither");
  }
  const bool exposed = options.tls == SmtpTls::none && !smtp::is_loopback(options.host);
  if (exposed && !options.password.empty()) {
    return refuse("an SMTP password would travel in the clear; use STARTTLS or implicit TLS");
  }
  return std::unique_ptr<Transport>(std::make_unique<SmtpTransport>(std::move(options)));
}

}  // namespace calinvite
