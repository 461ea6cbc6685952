#include "preflight/preflight.hpp"

#include "preflight/findings.hpp"

namespace calinvite::preflight {
namespace {

using Severity = PreflightSeverity;

/// Whether people whose delivery stands so got a mail, or were refused one by their own server.
bool was_mailed(std::string_view delivery) {
  return delivery == "complained" || delivery == "bounced" || delivery == "delivered" ||
         delivery == "accepted";
}

void check_ses(const Subject& subject, const PreflightSources& sources, Findings& findings,
               std::optional<Identity>& identity) {
  SesAccountReader& ses = *sources.ses;
  const auto account = ses.account();
  if (account) {
    findings.ok(Check::account, "SES answers in " + std::string(ses.region()));
  } else {
    findings.unanswered(Check::account, account.error());
  }
  if (account || ses.clock_skew()) check_clock(ses.clock_skew(), findings);
  // Who may not ask for the account may yet ask for the rest; who gets no answer gets none to that.
  if (!account && account.error().code != Code::forbidden) return;
  if (account) check_account(subject, *account, findings);
  identity = check_identity(subject, ses, findings);
  if (identity) {
    check_dkim(*identity, sources.resolver, findings);
    check_mail_from(*identity, ses.region(), sources.resolver, findings);
  }
  const std::string& own = subject.domain.configuration_set;
  const std::string set = own.empty() && identity ? identity->ses.configuration_set : own;
  if (!set.empty()) {
    check_configuration_set(set, account && account->engagement_metrics, ses, findings);
  } else {
    findings.add(Check::configuration_set, Severity::warning,
                 "neither the domain nor its identity at SES names one",
                 "create one with an event destination, and name it in domain add "
                 "--configuration-set or as the identity's default");
  }
}

}  // namespace

Result<Subject> read_subject(Store& store, const Scope& scope) {
  if (!scope.organizer_address().empty()) {
    return fail(Code::forbidden, "an organizer can't look into the account; ask for the domain");
  }
  Subject subject;
  auto domain = store.find_domain(scope.domain_name());
  if (!domain) return tl::unexpected(domain.error());
  if (!*domain) return fail(Code::not_found, "no domain " + scope.domain_name());
  subject.domain = **std::move(domain);
  auto organizers = store.list_organizers(scope);
  if (!organizers) return tl::unexpected(organizers.error());
  subject.organizers = *std::move(organizers);
  const auto statistics = store.statistics(scope, {});
  if (!statistics) return tl::unexpected(statistics.error());
  for (const auto& [word, people] : statistics->delivery) {
    if (word == "complained") subject.complained += people;
    if (was_mailed(word)) subject.mailed += people;
  }
  // Whoever shares the account shares its quota, notices to organizers included.
  const auto invites = store.totals(Scope::system());
  if (!invites) return tl::unexpected(invites.error());
  const auto notices = store.notice_totals(Scope::system());
  if (!notices) return tl::unexpected(notices.error());
  for (const OutboxTotals* totals : {&*invites, &*notices}) {
    subject.waiting += totals->pending + totals->claimed + totals->held;
  }
  return subject;
}

std::vector<PreflightFinding> run(const Subject& subject, const PreflightSources& sources) {
  Findings findings;
  std::optional<Identity> identity;
  check_addresses(subject, findings);
  check_complaints(subject, findings);
  check_mx(subject, sources.ses != nullptr ? sources.ses->region() : std::string_view(),
           sources.resolver, findings);
  if (sources.ses != nullptr) {
    check_ses(subject, sources, findings, identity);
  } else {
    findings.add(Check::account, Severity::hint, "SES was not asked",
                 "give preflight a way to ask it, when mails leave through SES");
  }
  check_dmarc(subject, identity, sources.resolver, findings);
  return findings.take();
}

}  // namespace calinvite::preflight
