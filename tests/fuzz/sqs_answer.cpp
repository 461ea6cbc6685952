#include "fuzz/targets.hpp"
#include "transport/sqs/protocol.hpp"

namespace calinvite::fuzz {

void sqs_answer(std::string_view input) {
  const auto messages = sqs::read_messages(input);
  if (!messages) {
    check_error(messages.error());
  } else {
    for (const QueueMessage& message : *messages) {
      promise(message.id.find_first_of("\r\n") == std::string::npos, "an id is one line");
    }
  }
  const auto count = sqs::read_batch(input);
  if (!count) check_error(count.error());
}

}  // namespace calinvite::fuzz
