/// A domain that is all right in every way, for tests to break one thing at a time.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "preflight/preflight.hpp"

namespace calinvite::test {

/// DNS out of tables. Names in `away` give no answer.
class TableResolver final : public Resolver {
 public:
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, std::vector<MailExchanger>> exchangers;
  std::map<std::string, std::string> aliases;
  std::set<std::string> away;

  Result<std::vector<std::string>> txt(const std::string& name) override {
    return find(texts, name);
  }
  Result<std::vector<MailExchanger>> mx(const std::string& name) override {
    return find(exchangers, name);
  }
  Result<std::optional<std::string>> cname(const std::string& name) override {
    if (away.count(name) > 0) return gone(name);
    const auto found = aliases.find(name);
    if (found == aliases.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }

 private:
  static tl::unexpected<Error> gone(const std::string& name) {
    return fail(Code::unavailable, "DNS of " + name + ": timeout");
  }
  template <class T>
  Result<T> find(const std::map<std::string, T>& table, const std::string& name) const {
    if (away.count(name) > 0) return gone(name);
    const auto found = table.find(name);
    return found == table.end() ? T() : found->second;
  }
};

/// An SES account out of values.
class ValueReader final : public SesAccountReader {
 public:
  Result<SesAccount> account_answer = SesAccount();
  std::map<std::string, SesIdentity> identities;
  std::map<std::string, SesConfigurationSet> sets;
  std::optional<Error> identity_error;
  std::optional<std::chrono::seconds> skew = std::chrono::seconds(-2);
  std::vector<std::string> asked;  ///< names of identities, in order

  Result<SesAccount> account() override { return account_answer; }
  Result<SesIdentity> identity(std::string_view name) override {
    asked.emplace_back(name);
    if (identity_error) return tl::unexpected(*identity_error);
    return find(identities, name);
  }
  Result<SesConfigurationSet> configuration_set(std::string_view name) override {
    return find(sets, name);
  }
  std::optional<std::chrono::seconds> clock_skew() const override { return skew; }
  std::string_view region() const override { return "eu-central-1"; }

 private:
  template <class T>
  static Result<T> find(const std::map<std::string, T>& table, std::string_view name) {
    const auto found = table.find(std::string(name));
    if (found == table.end()) return fail(Code::not_found, "no " + std::string(name));
    return found->second;
  }
};

struct World {
  preflight::Subject subject;
  TableResolver dns;
  ValueReader ses;

  World() {
    subject.domain.name = "league";
    subject.domain.from = "cal@reply.league.example";
    subject.domain.reply_domain = "reply.league.example";
    subject.domain.base_url = "https://cal.league.example";
    subject.domain.configuration_set = "invites";
    subject.organizers.push_back({"league", "office@league.example", "Office", "fixtures"});
    subject.waiting = 1000;

    dns.exchangers["reply.league.example"] = {{10, "inbound-smtp.eu-central-1.amazonaws.com"}};
    dns.exchangers["bounce.league.example"] = {{10, "feedback-smtp.eu-central-1.amazonses.com"}};
    dns.texts["bounce.league.example"] = {"v=spf1 include:amazonses.com ~all"};
    dns.texts["_dmarc.league.example"] = {"v=DMARC1; p=reject; rua=mailto:d@league.example"};
    for (const std::string token : {"aaa", "bbb", "ccc"}) {
      dns.aliases[token + "._domainkey.league.example"] = token + ".dkim.amazonses.com";
    }

    SesAccount account;
    account.max_24_hour_send = 50'000;
    account.production_access = true;
    account.enforcement_status = "HEALTHY";
    ses.account_answer = account;
    SesIdentity identity;
    identity.type = "DOMAIN";
    identity.verified = identity.dkim_enabled = true;
    identity.dkim_status = identity.mail_from_status = "SUCCESS";
    identity.dkim_origin = "AWS_SES";
    identity.dkim_tokens = {"aaa", "bbb", "ccc"};
    identity.mail_from_domain = "bounce.league.example";
    ses.identities["league.example"] = identity;
    SesConfigurationSet set;
    set.destinations.push_back(
        {"facts",
         true,
         true,
         {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY"}});
    ses.sets["invites"] = set;
  }

  SesIdentity& identity() { return ses.identities["league.example"]; }
  SesConfigurationSet& set() { return ses.sets["invites"]; }

  std::vector<PreflightFinding> run() { return preflight::run(subject, {dns, &ses}); }

  /// What is not ok, each as "check severity".
  std::vector<std::string> faults() {
    std::vector<std::string> faults;
    for (const PreflightFinding& finding : run()) {
      if (finding.severity == PreflightSeverity::ok) continue;
      CHECK_FALSE(finding.why.empty());
      CHECK_FALSE(finding.fix.empty());
      faults.push_back(finding.check + ' ' + std::string(to_string(finding.severity)));
    }
    return faults;
  }

  /// The first finding of a check; what it says and how to mend it.
  PreflightFinding find(std::string_view check) {
    for (PreflightFinding& finding : run()) {
      if (finding.check == check) return std::move(finding);
    }
    FAIL("no finding of " << check);
    return {};
  }
};

using Faults = std::vector<std::string>;

inline bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace calinvite::test
