/// Simulated people and their calendar programs: who answers an invitation, what, with which one.
#pragma once

#include <optional>
#include <string>

#include "calendar_reader.hpp"
#include "ledger.hpp"
#include "mail_reader.hpp"
#include "scenario.hpp"
#include "seed.hpp"

namespace ses_simulator {

/// SES's own addresses for tests, success+label@simulator.amazonses.com and so on. They count for
/// the rate, not for the day.
bool is_mailbox_simulator(const std::string& address);

/// Who sits behind an address: SES's test addresses first, then the scenario's list, then its
/// shares by seed.
Client client_of(const Recipients& recipients, const Seed& seed, const std::string& address);

/// What a scenario's client does with the mail: sets outcome and reply, the latter without a file.
/// @param event  nullptr: the mail has no calendar
void behave(Client client, const Recipients& recipients, const Seed& seed, const Appointment* event,
            Entry& entry);

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

/// The mail that comes back, as that person's program or mail server writes it.
/// @param event  nullptr: the mail had no calendar, so `reply` is no answer
std::string compose_reply(const Reply& reply, const Entry& entry, const Appointment* event,
                          const Mail& mail, const Seed& seed);

/// Of compose_reply(): what is no REPLY.
std::string out_of_office(const Reply& reply, const Entry& entry, const Mail& mail,
                          const Seed& seed);
std::string bounce_mail(const Reply& reply, const Entry& entry, const Mail& mail, const Seed& seed);

}  // namespace ses_simulator
