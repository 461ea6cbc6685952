/// Simulated people and their calendar programs: who answers an invitation, what, with which one.
#pragma once

#include <optional>
#include <string>

#include "calendar_reader.hpp"
#include "ledger.hpp"
#include "mail_reader.hpp"
#include "seed.hpp"

namespace ses_simulator {

/// How an address's mail ends: bounced, complained or delivered, the same for every revision.
/// @param bounce,complaint  percent of all addresses
std::string outcome_of(const Seed& seed, const std::string& address, double bounce,
                       double complaint);

/// What this person answers, absent when they do not: only a REQUEST that asks (PARTSTAT
/// NEEDS-ACTION or none) is answered, by the same share of addresses each time. An answer is kept
/// on updates but for a few who change their mind, decliners least.
/// @param share  percent of all addresses that answer
std::optional<Reply> plan_reply(const Seed& seed, const std::string& address,
                                const Appointment& appointment, double share);

/// The mail with the REPLY, as that person's program writes it.
std::string compose_reply(const Reply& reply, const Entry& entry, const Appointment& appointment,
                          const Seed& seed);

}  // namespace ses_simulator
