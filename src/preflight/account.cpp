#include <algorithm>
#include <cmath>

#include "mime/sender_policy.hpp"
#include "preflight/findings.hpp"

namespace calinvite::preflight {
namespace {

using Severity = PreflightSeverity;
using std::chrono::seconds;

/// SES refuses at five minutes; a minute is left for the way and for drifting on.
constexpr std::chrono::minutes refused_skew{4};
constexpr std::chrono::minutes noticed_skew{1};

std::string count(double number) { return std::to_string(std::llround(number)); }

void check_standing(const SesAccount& account, Findings& findings) {
  const std::string& standing = account.enforcement_status;
  if (standing == "HEALTHY") {
    findings.ok(Check::enforcement, "SES calls the account healthy");
  } else {
    findings.add(Check::enforcement, standing == "SHUTDOWN" ? Severity::error : Severity::warning,
                 "SES says \"" + standing + "\" of the account",
                 "see SES's mails and the reputation page of its console: lower bounces and "
                 "complaints, then ask for a review");
  }
}

void check_quota(const Subject& subject, const SesAccount& account, Findings& findings) {
  if (account.max_24_hour_send < 0) {
    return findings.ok(Check::quota, "the account has no daily quota");
  }
  const double left = std::max(0.0, account.max_24_hour_send - account.sent_last_24_hours);
  const std::string state = count(left) + " of " + count(account.max_24_hour_send) +
                            " mails are left for 24 hours, " + std::to_string(subject.waiting) +
                            " wait";
  if (static_cast<double>(subject.waiting) <= left) return findings.ok(Check::quota, state);
  findings.add(Check::quota, Severity::warning, state,
               "ask AWS for a higher sending quota, or leave dispatch running: it sends on as "
               "quota comes free");
}

bool has(const std::vector<std::string>& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void check_events(const std::string& name, const SesConfigurationSet& set, Findings& findings) {
  const auto published = [&](std::string_view kind) {
    return std::any_of(set.destinations.begin(), set.destinations.end(), [&](const auto& each) {
      return each.enabled && each.per_mail && has(each.kinds, kind);
    });
  };
  std::string missing;
  for (const char* kind : {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"}) {
    if (!published(kind)) missing.append(missing.empty() ? "" : ", ").append(kind);
  }
  const std::string fix = "give " + name +
                          " an enabled event destination (SNS, EventBridge or Firehose) with "
                          "SEND, DELIVERY, BOUNCE, COMPLAINT, REJECT and DELIVERY_DELAY";
  if (!missing.empty()) {
    findings.add(Check::events, Severity::error, name + " does not publish " + missing, fix);
  } else if (!published("DELIVERY_DELAY")) {
    findings.add(Check::events, Severity::hint, name + " does not publish DELIVERY_DELAY", fix);
  } else {
    findings.ok(Check::events, name + " publishes all that is needed");
  }
}

void check_tracking(const std::string& name, const SesConfigurationSet& set, bool account_tracks,
                    Findings& findings) {
  bool tracks = false;
  for (const SesEventDestination& each : set.destinations) {
    if (!each.enabled || (!has(each.kinds, "CLICK") && !has(each.kinds, "OPEN"))) continue;
    tracks = true;
    findings.add(Check::tracking, Severity::warning,
                 "destination " + each.name + " of " + name + " takes OPEN or CLICK",
                 "take OPEN and CLICK out of the event destination");
  }
  if (set.engagement_metrics.value_or(account_tracks)) {
    tracks = true;
    findings.add(
        Check::tracking, Severity::warning,
        "Virtual Deliverability Manager tracks engagement for " + name,
        "turn engagement tracking off in the set's Virtual Deliverability Manager options");
  }
  if (!tracks) findings.ok(Check::tracking, name + " leaves links as they are");
}

}  // namespace

void check_complaints(const Subject& subject, Findings& findings) {
  constexpr std::uint64_t telling = 1000;  // of fewer people, one more would be another verdict
  const std::string what = std::to_string(subject.complained) + " of " +
                           std::to_string(subject.mailed) + " people complained";
  const std::uint64_t weight = subject.complained * 1000;
  if (subject.mailed < telling || weight < subject.mailed) {
    return findings.ok(Check::complaints, what);
  }
  findings.add(
      Check::complaints, weight < 3 * subject.mailed ? Severity::warning : Severity::error, what,
      "mail those only who asked for it; stop the events and origins that draw complaints");
}

void check_clock(std::optional<seconds> skew, Findings& findings) {
  if (!skew) {
    return findings.add(Check::clock, Severity::unknown, "SES's answer has no date",
                        "compare this machine's clock with a time server");
  }
  const seconds off = std::chrono::abs(*skew);
  const std::string what = "this machine's clock is " + std::to_string(off.count()) + " seconds " +
                           (*skew < seconds(0) ? "ahead of" : "behind") + " SES's";
  if (off <= noticed_skew) return findings.ok(Check::clock, what);
  findings.add(Check::clock, off > refused_skew ? Severity::error : Severity::warning, what,
               "keep the clock right by NTP, such as with systemd-timesyncd or chrony");
}

void check_account(const Subject& subject, const SesAccount& account, Findings& findings) {
  if (account.production_access) {
    findings.ok(Check::sandbox, "the account has production access");
  } else {
    findings.add(Check::sandbox, Severity::error, "the account is in the sandbox",
                 "request production access in SES's console, or mail verified addresses only");
  }
  if (account.sending_enabled) {
    findings.ok(Check::sending, "the account may send");
  } else {
    findings.add(Check::sending, Severity::error, "sending is paused for the account",
                 "see why on the reputation page of SES's console, then enable sending again");
  }
  check_standing(account, findings);
  check_quota(subject, account, findings);
}

std::optional<Identity> check_identity(const Subject& subject, SesAccountReader& ses,
                                       Findings& findings) {
  const std::string& from = subject.domain.reply_domain;
  const std::string highest = mime::organizational_domain(from);
  // An identity covers the domains below it, unless one of them has its own.
  for (std::string name = from;; name.erase(0, name.find('.') + 1)) {
    auto known = ses.identity(name);
    if (!known && known.error().code == Code::not_found && name != highest) continue;
    if (!known && known.error().code == Code::not_found) break;
    if (!known) {
      findings.unanswered(Check::identity, known.error());
      return std::nullopt;
    }
    if (known->verified) {
      findings.ok(Check::identity, name + " is verified");
    } else {
      findings.add(Check::identity, Severity::error, name + " is not verified",
                   "publish the DKIM records that SES shows for " + name + ", and wait for them");
    }
    return Identity{std::move(name), *std::move(known)};
  }
  findings.add(Check::identity, Severity::error,
               "SES in " + std::string(ses.region()) + " knows neither " + from +
                   (from == highest ? " nor a domain above it" : " nor " + highest),
               "create a domain identity with Easy DKIM for " + highest + " in that region");
  return std::nullopt;
}

void check_configuration_set(const std::string& name, bool account_tracks, SesAccountReader& ses,
                             Findings& findings) {
  const auto set = ses.configuration_set(name);
  if (!set && set.error().code == Code::not_found) {
    return findings.add(Check::configuration_set, Severity::error,
                        "SES in " + std::string(ses.region()) + " has no configuration set " + name,
                        "create it there, or name another one: with it SES refuses every mail");
  }
  if (!set) return findings.unanswered(Check::configuration_set, set.error());
  if (set->sending_enabled) {
    findings.ok(Check::configuration_set, name + " exists and may send");
  } else {
    findings.add(Check::configuration_set, Severity::error, "sending is paused for " + name,
                 "enable sending for the configuration set again");
  }
  check_events(name, *set, findings);
  check_tracking(name, *set, account_tracks, findings);
}

}  // namespace calinvite::preflight
