#include "calinvite/aws.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

/// First byte: which status; up to the first line end: x-amzn-ErrorType; then the body.
void ses_answer(std::string_view input) {
  constexpr int statuses[] = {200, 400, 403, 404, 408, 413, 429, 500, 502, 503, 504, 302};
  if (input.empty()) return;
  const int status = statuses[static_cast<unsigned char>(input.front()) % std::size(statuses)];
  input.remove_prefix(1);
  const auto end = std::min(input.find('\n'), input.size());
  const auto body = input.substr(std::min(end + 1, input.size()));
  const SendAnswer answer = read_send_answer(status, input.substr(0, end), body);
  promise((answer.verdict == SendVerdict::accepted) == !answer.message_id.empty(),
          "accepted means a MessageId");
  promise(answer.verdict != SendVerdict::accepted || status == 200, "only 200 accepts");
  promise(answer.message.size() <= 500 && answer.message.find_first_of("\r\n") == std::string::npos,
          "the message is one line of at most 500 bytes");
  if (const auto account = read_account_answer(body); !account) check_error(account.error());
  if (const auto identity = read_identity_answer(body); !identity) check_error(identity.error());
  if (const auto set = read_configuration_set_answer(body); !set) check_error(set.error());
  const auto destinations = read_event_destinations_answer(body);
  if (!destinations) check_error(destinations.error());
}

}  // namespace calinvite::fuzz
