#include <algorithm>

#include "base/text.hpp"
#include "mime/sender_policy.hpp"
#include "preflight/findings.hpp"

namespace calinvite::preflight {
namespace {

using Severity = PreflightSeverity;

constexpr std::string_view ses_name = "amazonses.com";

bool lies_at(std::string_view host, std::string_view name) {
  return host == name || host.ends_with("." + std::string(name));
}

std::string region_or_word(std::string_view region) {
  return region.empty() ? "REGION" : std::string(region);
}

// ---- DKIM --------------------------------------------------------------------------------------

/// What one name of a DKIM key looks like in DNS.
enum class KeyState { found, missing, doubled, foreign };

bool holds_key(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
    const auto key = mime::parse_dkim_key(text);
    return key && !key->revoked;
  });
}

/// Easy DKIM: an alias to SES's key, or the key itself where the zone flattens aliases.
Result<KeyState> look_up_alias(const std::string& token, const std::string& domain,
                               Resolver& resolver) {
  const std::string name = token + "._domainkey." + domain;
  const auto alias = resolver.cname(name);
  if (!alias) return tl::unexpected(alias.error());
  if (*alias) {
    const bool ours =
        (*alias)->starts_with(text::lower(token) + ".dkim.") && lies_at(**alias, ses_name);
    return ours ? KeyState::found : KeyState::foreign;
  }
  const auto texts = resolver.txt(name);
  if (!texts) return tl::unexpected(texts.error());
  if (holds_key(*texts)) return KeyState::found;
  if (!texts->empty()) return KeyState::foreign;
  // Many consoles put the zone behind every name, also where it stands there already.
  const auto doubled = resolver.cname(name + '.' + mime::organizational_domain(domain));
  if (!doubled) return tl::unexpected(doubled.error());
  return *doubled ? KeyState::doubled : KeyState::missing;
}

bool check_alias(const std::string& token, const std::string& domain, Resolver& resolver,
                 Findings& findings) {
  const auto state = look_up_alias(token, domain, resolver);
  const std::string name = token + "._domainkey." + domain;
  const std::string fix =
      "publish CNAME " + name + " -> " + token + ".dkim.amazonses.com, as SES's console shows it";
  if (!state) {
    findings.unanswered(Check::dkim, state.error());
  } else if (*state == KeyState::missing) {
    findings.add(Check::dkim, Severity::error, name + " is not published", fix);
  } else if (*state == KeyState::foreign) {
    findings.add(Check::dkim, Severity::error, name + " does not lead to SES's key", fix);
  } else if (*state == KeyState::doubled) {
    findings.add(Check::dkim, Severity::error, name + " is published with the zone's name twice",
                 fix + "; the name in the zone ends at _domainkey or below, not in " +
                     mime::organizational_domain(domain));
  }
  return state && *state == KeyState::found;
}

/// A key of the owner's own, at the selector that SES signs by.
bool check_own_key(const std::string& selector, const std::string& domain, Resolver& resolver,
                   Findings& findings) {
  const std::string name = selector + "._domainkey." + domain;
  const auto texts = resolver.txt(name);
  if (!texts) {
    findings.unanswered(Check::dkim, texts.error());
    return false;
  }
  if (!holds_key(*texts)) {
    findings.add(Check::dkim, Severity::error,
                 name + (texts->empty() ? " is not published" : " holds no key that counts"),
                 "publish TXT " + name + " with the public key that belongs to SES's private one");
    return false;
  }
  const bool testing = std::any_of(texts->begin(), texts->end(), [](const std::string& text) {
    const auto key = mime::parse_dkim_key(text);
    return key && key->testing;
  });
  if (!testing) return true;
  findings.add(Check::dkim, Severity::warning, name + " says that it is being tried out (t=y)",
               "take t=y out of the record");
  return false;
}

// ---- SPF ---------------------------------------------------------------------------------------

constexpr int most_lookups = 10;  // RFC 7208 4.6.4

/// What following an SPF record from domain to domain has shown so far.
struct SpfWalk {
  bool lets_ses_in = false;
  char all = '\0';  ///< of the record at the start
  int lookups = 0;
  std::string flaw;  ///< a permanent error of receivers; empty: none
  std::optional<Error> trouble;
};

std::optional<mime::SpfRecord> read_spf(const std::string& domain, Resolver& resolver,
                                        SpfWalk& walk) {
  const auto texts = resolver.txt(domain);
  if (!texts) {
    walk.trouble = texts.error();
    return std::nullopt;
  }
  const auto found = std::find_if(texts->begin(), texts->end(), mime::is_spf);
  const auto records = std::count_if(texts->begin(), texts->end(), mime::is_spf);
  if (records != 1) {
    walk.flaw = domain + (records == 0 ? " has no SPF record" : " has several SPF records");
    return std::nullopt;
  }
  auto record = mime::parse_spf(*found);
  if (record) return *std::move(record);
  walk.flaw = domain + ": " + record.error().message;
  return std::nullopt;
}

void follow_spf(const std::string& domain, Resolver& resolver, SpfWalk& walk) {
  const bool first = walk.lookups == 0;
  auto record = read_spf(domain, resolver, walk);
  if (!record) return;
  if (first) walk.all = record->all;
  walk.lookups += record->lookups;
  if (!record->redirect.empty()) record->includes.push_back(record->redirect);
  for (const std::string& next : record->includes) {
    if (walk.lookups > most_lookups) {
      walk.flaw = domain + " takes more than ten questions to DNS";
    }
    // SES's own record is its business, and costs no more questions.
    if (next == ses_name) walk.lets_ses_in = true;
    if (walk.lets_ses_in || walk.trouble || !walk.flaw.empty()) return;
    follow_spf(next, resolver, walk);
  }
}

void check_spf(const std::string& domain, Resolver& resolver, Findings& findings) {
  SpfWalk walk;
  follow_spf(domain, resolver, walk);
  const std::string fix =
      "publish TXT " + domain + " \"v=spf1 include:amazonses.com ~all\", as its one SPF record";
  if (walk.trouble) return findings.unanswered(Check::spf, *walk.trouble);
  if (!walk.flaw.empty()) return findings.add(Check::spf, Severity::error, walk.flaw, fix);
  if (!walk.lets_ses_in) {
    return findings.add(Check::spf, Severity::error, domain + " does not include amazonses.com",
                        fix);
  }
  if (walk.all == '+') {
    return findings.add(Check::spf, Severity::warning, domain + " lets everybody in (+all)", fix);
  }
  findings.ok(Check::spf, domain + " lets SES in");
}

// ---- DMARC -------------------------------------------------------------------------------------

/// The policy that holds for a From domain, and where it stands.
struct DmarcPolicy {
  std::string place;  ///< the domain whose record it is
  mime::DmarcRecord record;
};

/// @return absent: there is none, or a finding says what is wrong with it
std::optional<DmarcPolicy> find_dmarc(const std::string& from, Resolver& resolver,
                                      Findings& findings) {
  const std::string above = mime::organizational_domain(from);
  for (std::string place = from;; place = above) {
    const auto texts = resolver.txt("_dmarc." + place);
    if (!texts) {
      findings.unanswered(Check::dmarc, texts.error());
      return std::nullopt;
    }
    const auto found = std::find_if(texts->begin(), texts->end(), mime::is_dmarc);
    if (found == texts->end() && place != above) continue;
    const std::string fix =
        "publish TXT _dmarc." + above + " \"v=DMARC1; p=none; rua=mailto:ADDRESS\"";
    const auto refuse = [&](const std::string& what) {
      findings.add(Check::dmarc, Severity::error, "_dmarc." + place + what, fix);
      return std::nullopt;
    };
    if (found == texts->end()) return refuse(" has no DMARC record");
    if (std::count_if(texts->begin(), texts->end(), mime::is_dmarc) > 1) {
      return refuse(" has several DMARC records, which count for none");
    }
    auto record = mime::parse_dmarc(*found);
    if (!record) return refuse(": " + record.error().message);
    return DmarcPolicy{std::move(place), *std::move(record)};
  }
}

void judge_policy(const DmarcPolicy& policy, const std::string& from, Findings& findings) {
  const bool own = policy.place == from;
  const std::string what = "_dmarc." + policy.place + " says " +
                           (own ? policy.record.policy : policy.record.subdomain_policy) + " for " +
                           from;
  if (policy.record.reports) return findings.ok(Check::dmarc, what);
  findings.add(Check::dmarc, Severity::hint, what + ", and nobody is told how mails fare",
               "add rua=mailto:ADDRESS to the record");
}

void judge_alignment(const std::string& from, const Identity& identity,
                     const mime::DmarcRecord& record, Findings& findings) {
  const bool signs = identity.ses.dkim_enabled && identity.ses.dkim_status == "SUCCESS";
  const bool bounces = identity.ses.mail_from_status == "SUCCESS";
  const std::string spf_name = bounces ? identity.ses.mail_from_domain : std::string(ses_name);
  const bool by_dkim = signs && mime::is_aligned(identity.name, from, record.strict_dkim);
  const bool by_spf = bounces && mime::is_aligned(spf_name, from, record.strict_spf);
  if (by_dkim) {
    return findings.ok(Check::alignment, "DKIM of " + identity.name + " speaks for " + from +
                                             (by_spf ? ", and so does SPF of " + spf_name : ""));
  }
  const bool strict = signs && record.strict_dkim;
  const std::string fix =
      strict ? "take adkim=s out of the DMARC record, or make " + from + " an identity of its own"
             : "have SES sign for " + mime::organizational_domain(from) + " by Easy DKIM";
  const std::string dkim = signs ? "DKIM of " + identity.name : "no DKIM signature";
  if (by_spf) {
    return findings.add(
        Check::alignment, Severity::warning,
        "only SPF of " + spf_name + " speaks for " + from + ": mails that are forwarded fail", fix);
  }
  findings.add(Check::alignment, Severity::error,
               "neither " + dkim + " nor SPF of " + spf_name + " speaks for " + from, fix);
}

}  // namespace

void check_mx(const Subject& subject, std::string_view region, Resolver& resolver,
              Findings& findings) {
  const std::string& name = subject.domain.reply_domain;
  const auto exchangers = resolver.mx(name);
  if (!exchangers) return findings.unanswered(Check::mx, exchangers.error());
  const std::string fix = "publish MX " + name + " 10 inbound-smtp." + region_or_word(region) +
                          ".amazonaws.com, or the server that hands its mail to calinvite ingest";
  if (exchangers->empty()) {
    return findings.add(Check::mx, Severity::error, name + " has no MX", fix);
  }
  const std::string& host = exchangers->front().host;
  if (host.empty()) {
    findings.add(Check::mx, Severity::error, name + " says that it takes no mail", fix);
  } else if (lies_at(host, "google.com") || lies_at(host, "googlemail.com")) {
    findings.add(Check::mx, Severity::warning,
                 name +
                     " is a Google Workspace domain: Google keeps answers between two of its "
                     "calendars to itself (R24)",
                 fix);
  } else {
    findings.ok(Check::mx, "mail to " + name + " goes to " + host);
  }
}

void check_dkim(const Identity& identity, Resolver& resolver, Findings& findings) {
  const SesIdentity& ses = identity.ses;
  if (!ses.dkim_enabled) {
    return findings.add(Check::dkim, Severity::error, "SES does not sign mails of " + identity.name,
                        "turn on Easy DKIM for " + identity.name + " in SES");
  }
  const bool own_key = ses.dkim_origin == "EXTERNAL";
  bool sound = true;
  for (const std::string& token : ses.dkim_tokens) {
    const bool found = own_key ? check_own_key(token, identity.name, resolver, findings)
                               : check_alias(token, identity.name, resolver, findings);
    sound = found && sound;
  }
  if (ses.dkim_status != "SUCCESS") {
    findings.add(
        Check::dkim, Severity::error,
        "SES says \"" + ses.dkim_status + "\" of DKIM for " + identity.name,
        "publish the records that SES shows; it looks again by itself, for up to 72 hours");
  } else if (sound) {
    findings.ok(Check::dkim, "SES signs for " + identity.name +
                                 (ses.dkim_tokens.empty() ? ", by keys that it does not name"
                                                          : ", and its keys are published"));
  }
}

void check_mail_from(const Identity& identity, std::string_view region, Resolver& resolver,
                     Findings& findings) {
  const SesIdentity& ses = identity.ses;
  const std::string host = "feedback-smtp." + region_or_word(region) + ".amazonses.com";
  if (ses.mail_from_domain.empty()) {
    return findings.add(Check::mail_from, Severity::warning,
                        identity.name + " has no MAIL FROM domain; amazonses.com stands in",
                        "set one in SES, such as bounce." + identity.name + ", with MX 10 " + host +
                            " and TXT \"v=spf1 include:amazonses.com ~all\"");
  }
  const std::string& name = ses.mail_from_domain;
  const Severity severity = ses.mail_from_required ? Severity::error : Severity::warning;
  const std::string fix = "publish MX " + name + " 10 " + host + ", and no other";
  const auto exchangers = resolver.mx(name);
  if (!exchangers) {
    findings.unanswered(Check::mail_from, exchangers.error());
  } else if (exchangers->size() != 1 || exchangers->front().host != host) {
    findings.add(Check::mail_from, severity, name + " does not have " + host + " as its one MX",
                 fix);
  } else if (ses.mail_from_status != "SUCCESS") {
    findings.add(Check::mail_from, severity, "SES says \"" + ses.mail_from_status + "\" of " + name,
                 "wait for SES to look again, or set the MAIL FROM domain anew");
  } else {
    findings.ok(Check::mail_from, "bounces go to " + name);
  }
  check_spf(name, resolver, findings);
}

void check_dmarc(const Subject& subject, const std::optional<Identity>& identity,
                 Resolver& resolver, Findings& findings) {
  const std::string& from = subject.domain.reply_domain;
  const auto policy = find_dmarc(from, resolver, findings);
  if (policy) judge_policy(*policy, from, findings);
  // Without a record names are compared as they would be by the plainest one.
  if (identity) {
    judge_alignment(from, *identity, policy ? policy->record : mime::DmarcRecord(), findings);
  }
}

}  // namespace calinvite::preflight
