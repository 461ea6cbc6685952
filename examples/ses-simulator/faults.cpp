#include "faults.hpp"

#include <nlohmann/json.hpp>

namespace ses_simulator {
namespace {

bool is_open(const Fault& fault, const Occasion& occasion) {
  return occasion.number >= fault.first && occasion.number <= fault.last &&
         occasion.seconds >= fault.from_seconds && occasion.seconds < fault.to_seconds;
}

Answer refused(int status, const char* type, const char* message) {
  return {status, type, nlohmann::json{{"message", message}}.dump()};
}

Answer error_of(const Fault& fault) {
  Answer answer{fault.status, fault.error_type, "{}"};
  if (fault.status == 502 || fault.status == 504) {  // a gateway before SES, not SES
    answer.error_type.clear();
    answer.content_type = "text/html";
    answer.body = "<html><body><h1>" + std::to_string(fault.status) + "</h1></body></html>";
  }
  return answer;
}

}  // namespace

const Fault* fault_for(const std::vector<Fault>& faults, const Seed& seed,
                       const Occasion& occasion) {
  std::size_t index = 0;
  for (const Fault& fault : faults) {
    const std::string place = std::to_string(index++);
    const std::string tries = std::to_string(occasion.try_number);
    if (is_open(fault, occasion) && occasion.try_number <= fault.tries &&
        seed.percent({"fault", place, occasion.identity, tries}) < fault.percent) {
      return &fault;
    }
  }
  return nullptr;
}

bool in_force(const std::vector<Fault>& faults, Fault::Kind kind, const Occasion& occasion) {
  for (const Fault& fault : faults) {
    const bool always = fault.percent >= 100 && fault.tries == Fault::no_end;
    if (fault.kind == kind && always && is_open(fault, occasion)) return true;
  }
  return false;
}

Answer refusal_by(const Fault& fault) {
  Answer answer;
  switch (fault.kind) {
    case Fault::Kind::throttle:
      answer = refused(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
      break;
    case Fault::Kind::daily_quota:
      answer = refused(400, "LimitExceededException", "Daily message quota exceeded.");
      break;
    case Fault::Kind::suspend:
      answer = refused(400, "AccountSuspendedException", "Your account has been suspended.");
      break;
    case Fault::Kind::pause:
      answer = refused(400, "SendingPausedException", "Email sending is paused for this account.");
      break;
    case Fault::Kind::error:
      answer = error_of(fault);
      break;
    case Fault::Kind::drop:
    case Fault::Kind::half_answer:
    case Fault::Kind::slow:
      answer = {500, "InternalFailure", R"({"message":"The request was not taken."})"};
      return spoil(fault, answer);
  }
  answer.delay = fault.delay;
  return answer;
}

Answer spoil(const Fault& fault, Answer answer) {
  if (fault.kind == Fault::Kind::error) answer = error_of(fault);
  if (fault.kind == Fault::Kind::drop) answer.sent = Sent::nothing;
  if (fault.kind == Fault::Kind::half_answer) answer.sent = Sent::half;
  answer.delay = fault.delay;
  return answer;
}

}  // namespace ses_simulator
