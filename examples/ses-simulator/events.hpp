/// SES event publishing: the JSON records that a configuration set sends out for one message.
#pragma once

#include <string>

#include "ledger.hpp"
#include "mail_reader.hpp"
#include "seed.hpp"

namespace ses_simulator {

/// The records as JSON lines: Send, then what the outcome says (Delivery, Bounce, or Delivery and
/// Complaint).
std::string event_lines(const Entry& entry, const Mail& mail, const Seed& seed);

}  // namespace ses_simulator
