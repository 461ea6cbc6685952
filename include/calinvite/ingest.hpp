/// What comes in: invitations, lists, answers, delivery facts, and what was made of each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/csv.hpp"
#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// Who vouches for the sender of an input. Never made from headers that a sender can write.
struct Authentication {
  bool passed = false;
  std::string address;  ///< of the sender vouched for; normalised
  std::string by;       ///< who says so: operator, host, ses
  std::string reason;   ///< why nobody vouches, as far as that is known
};

struct InboundNotification;  // calinvite/aws.hpp
struct ParsedMail;           // calinvite/mime.hpp

/// Whether SES's receipt of a mail vouches for its From: the receipt's Message-ID and From, or its
/// lack of them, are the mail's; exactly one From with one mailbox, neither spam nor virus, and
/// DMARC passed; or, where the domain has no DMARC policy, a dkim=pass of the From's domain, or of
/// one it lies below, in the Authentication-Results that SES put on top. Fail and processing-failed
/// are final.
/// @param receipt  from a channel whose sender is verified, and of this very mail
Authentication authenticate(const InboundNotification& receipt, const ParsedMail& mail);

/// A notification is believed: name this kind only for what came by a verified channel. In one that
/// was merely detected, delivery facts are read and a mail's verdicts are not.
enum class InputKind { detect, mail, calendar, event_list, notification };

/// Hands over the next bytes of an input, valid until the next call; empty at its end.
/// @error  whatever keeps it from reading on; it ends the call
using ReadBytes = std::function<Result<std::string_view>()>;

/// One input, in memory or read piece by piece.
struct IngestInput {
  std::string_view bytes;              ///< borrowed for the call
  std::string source;                  ///< file or channel name, for items and error places
  InputKind kind = InputKind::detect;  ///< detect: by content
  Authentication authentication;       ///< what the host itself says; not passed: receipt decides
  std::string domain;  ///< empty: by recipient address, organizer, or the only domain
  /// IANA zone for CSV rows and floating times, which name none; empty: such fail.
  std::string timezone;
  /// Of an event list, where numbers alone don't tell.
  DateOrder date_order = DateOrder::usual;
  /// When the event list was last written, if that is known: rows older than what was applied then
  /// change nothing.
  std::chrono::sys_seconds written{};
  /// SES's notification of this mail as JSON, from a channel whose sender is verified; empty: none.
  std::string_view receipt = {};
  /// Whom the mail was sent to on the wire; empty: as the receipt says, else headers alone.
  std::vector<std::string> envelope_recipients = {};
  ReadBytes read = {};  ///< what follows `bytes`, read as it is needed; empty: nothing does
};

enum class IngestOutcome {
  created,
  updated,
  cancelled,
  replied,
  recorded,
  already_seen,
  quarantined,
  refused,
  held,  ///< a change that waits for the organizer's go-ahead
};
/// As the program prints it: "already seen" for already_seen, else the word.
std::string_view to_string(IngestOutcome outcome) noexcept;

/// What was made of one item of an input: an event, a row, a reply, a fact.
struct IngestItem {
  std::string source;
  std::string item;  ///< part, row or UID within the source
  IngestOutcome outcome = IngestOutcome::refused;
  std::string event;   ///< our uid; empty when none is concerned
  std::string reason;  ///< why, for quarantined and refused; a remark otherwise
  Place place;
  std::optional<Code> code;  ///< of what was refused or quarantined; absent otherwise
  std::uint64_t told = 0;    ///< attendees who are owed a message for it
};

/// A local check of who sent a mail, for inputs that neither host nor receipt vouches for. Runs on
/// the calling thread, must not call the engine.
using Verifier = std::function<Authentication(const IngestInput&)>;

/// Called for each item in order, after it is durable; must not call the engine.
using IngestHandler = std::function<void(const IngestItem&)>;

}  // namespace calinvite
