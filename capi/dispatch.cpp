#include <limits>

#include "answer.hpp"
#include "calinvite/preflight.hpp"
#include "engine.hpp"

namespace calinvite::capi {

static void fill(calinvite_dispatch_progress& to, const DispatchProgress& from, Arena& arena) {
  LEND(totals);
  LEND(reason);
  LEND(settled);
  LEND(until);
  LEND(waiting);
}

static void fill(calinvite_sending_account& to, const SendingAccount& from, Arena& arena) {
  LEND(key);
  LEND(hold);
  LEND(reason);
  LEND(until);
  LEND(max_rate);
  LEND(max_24_hours);
  LEND(used_24_hours);
  LEND(answered);
  LEND(throttled);
}
CALINVITE_FILL_LIST(calinvite_sending_account, SendingAccount)

static void fill(calinvite_reputation_counts& to, const Reputation& from, Arena& arena) {
  LEND(hold);
  LEND(held);
  LEND(accepted);
  LEND(bounced);
  LEND(complained);
}

static void fill(calinvite_preflight_finding& to, const PreflightFinding& from, Arena& arena) {
  LEND(check);
  LEND(severity);
  LEND(what);
  LEND(why);
  LEND(fix);
}
CALINVITE_FILL_LIST(calinvite_preflight_finding, PreflightFinding)

/// A step of a dispatch, and why it ended before everything was sent.
struct Step {
  DispatchResult result;
  std::optional<DispatchProgress> wait;  ///< what it would have waited for
  bool full = false;                     ///< it sent as much as it may
  std::chrono::sys_seconds ended;

  /// Absent: there is something to do at once.
  std::optional<std::chrono::sys_seconds> next() const {
    if (!wait && !result.hold.empty()) return result.hold_until;
    const bool later = !full && result.next_due && *result.next_due > ended;
    if (!wait) return later ? result.next_due : std::nullopt;
    return later ? std::min(wait->until, *result.next_due) : wait->until;
  }
};

static void fill(calinvite_dispatch_result& to, const Step& from, Arena& arena) {
  const DispatchResult& result = from.result;
  arena.lend(to.totals, result.totals);
  to.reason =
      arena.copy(from.wait && !from.wait->reason.empty() ? from.wait->reason : result.reason);
  arena.lend(to.hold, result.hold);
  arena.lend(to.accepted, result.accepted);
  arena.lend(to.refused, result.refused);
  arena.lend(to.in_doubt, result.in_doubt);
  arena.lend(to.held, result.held);
  arena.lend(to.notices, result.notices);
  to.more = from.wait || from.full || result.next_due || !result.hold.empty() ? 1 : 0;
  arena.lend(to.next, from.next());
}

namespace {

/// A resolver of the host.
class CallbackResolver : public Resolver {
 public:
  CallbackResolver(calinvite_resolve_fn resolve, void* user_data)
      : resolve_(resolve), user_data_(user_data) {}

  Result<std::vector<std::string>> txt(const std::string& name) override {
    return ask("TXT", name);
  }

  Result<std::vector<MailExchanger>> mx(const std::string& name) override {
    auto records = ask("MX", name);
    if (!records) return tl::unexpected<Error>(std::move(records.error()));
    std::vector<MailExchanger> exchangers;
    for (const std::string& record : *records) {
      const auto space = record.find(' ');
      const std::string number = record.substr(0, space);
      const bool sound = space != std::string::npos && !number.empty() && number.size() <= 5 &&
                         number.find_first_not_of("0123456789") == std::string::npos &&
                         std::stoul(number) <= std::numeric_limits<std::uint16_t>::max();
      if (!sound) {
        return fail(Code::invalid_argument,
                    "the caller's MX record is not of the form \"10 mx.example.net\"");
      }
      exchangers.push_back(
          {static_cast<std::uint16_t>(std::stoul(number)), record.substr(space + 1)});
    }
    std::stable_sort(exchangers.begin(), exchangers.end(), [](const auto& one, const auto& other) {
      return one.preference < other.preference;
    });
    return exchangers;
  }

  Result<std::optional<std::string>> cname(const std::string& name) override {
    auto records = ask("CNAME", name);
    if (!records) return tl::unexpected<Error>(std::move(records.error()));
    if (records->empty()) return std::optional<std::string>();
    return std::optional(records->front());
  }

 private:
  Result<std::vector<std::string>> ask(const char* type, const std::string& name) {
    calinvite_answer answer;
    const auto status = resolve_(type, name.c_str(), &answer, user_data_);
    if (status == CALINVITE_OK) return std::move(answer.records);
    return tl::unexpected<Error>(failure_of(status, "the caller's resolver has no answer"));
  }

  calinvite_resolve_fn resolve_;
  void* user_data_;
};

std::unique_ptr<Resolver> resolver_of(const calinvite_preflight_sources& given) {
  if (given.resolve != nullptr) {
    return std::make_unique<CallbackResolver>(given.resolve, given.user_data);
  }
  return value(open_resolver({.servers = std::string(text_or(given.dns_servers))}));
}

DispatchOptions options_of(const calinvite_dispatch_options& given) {
  DispatchOptions options;
  options.max_messages = given.max_messages;
  if (given.lease_seconds != 0) options.lease = std::chrono::seconds(given.lease_seconds);
  options.pace.batch = given.batch;
  options.pace.pause = std::chrono::milliseconds(given.pause_milliseconds);
  options.wait_while_held = given.wait_while_held != 0;
  options.max_rate = given.max_rate;
  if (given.most_bounces != 0) options.reputation.bounces = given.most_bounces;
  if (given.most_complaints != 0) options.reputation.complaints = given.most_complaints;
  if (given.min_messages != 0) options.reputation.min_messages = given.min_messages;
  return options;
}

/// Has what the dispatch tells reach the caller, and what the caller wants reach the dispatch.
void connect(DispatchOptions& options, const calinvite_dispatch_options& given,
             const calinvite_engine& engine, calinvite_receipt_fn on_receipt, void* user_data) {
  const Limit limit{given.stop, given.deadline, engine.clock};
  options.on_progress = [=, on_progress = given.on_progress,
                         log = engine.log](const DispatchProgress& progress) {
    if (progress.waiting && !progress.reason.empty()) {
      log("info", "calinvite_dispatch", "waiting: " + progress.reason);
    }
    if (limit.reached()) return false;
    if (on_progress == nullptr) return true;
    const Block<calinvite_dispatch_progress> lent;
    fill(*lent.result(), progress, lent.arena());
    return on_progress(lent.result(), user_data) == 0;
  };
  options.on_receipt = [=](const Receipt& receipt) {
    if (limit.reached()) return false;
    if (on_receipt == nullptr) return true;
    const Block<calinvite_receipt> lent;
    fill(*lent.result(), receipt, lent.arena());
    return on_receipt(lent.result(), user_data) == 0;
  };
}

Transport& transport_of(const calinvite_dispatch_options& given, const calinvite_engine& engine) {
  if (given.transport != nullptr) return *given.transport->transport;
  if (engine.transport == nullptr) refuse("the engine was opened without a transport", "engine");
  return *engine.transport;
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_dispatch(calinvite_engine* engine,
                                    const calinvite_dispatch_options* options,
                                    calinvite_receipt_fn on_receipt, void* user_data,
                                    uint32_t* sent_out, calinvite_error** error_out) noexcept {
  capi::clear(sent_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const auto given = capi::read(options, "options");
    auto wanted = capi::options_of(given);
    capi::connect(wanted, given, *engine, on_receipt, user_data);
    // By receipt, so that a dispatch that fails tells as well.
    wanted.on_receipt = [&, tell = wanted.on_receipt](const calinvite::Receipt& receipt) {
      const bool accepted = receipt.kind == calinvite::ReceiptKind::accepted;
      if (sent_out != nullptr && accepted && *sent_out < UINT32_MAX) ++*sent_out;
      return tell(receipt);
    };
    const auto result = capi::value(own.dispatch(capi::transport_of(given, *engine), wanted));
    if (!result.hold.empty()) engine->log("warning", "calinvite_dispatch", result.hold);
    if (result.stopped)
      throw capi::Failure{{calinvite::Code::stopped, "the caller stopped the dispatch", {}}};
  });
}

calinvite_status calinvite_dispatch_step(calinvite_engine* engine,
                                         const calinvite_dispatch_options* options,
                                         calinvite_receipt_fn on_receipt, void* user_data,
                                         const calinvite_dispatch_result** result_out,
                                         calinvite_error** error_out) noexcept {
  capi::clear(result_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const auto given = capi::read(options, "options");
    auto wanted = capi::options_of(given);
    constexpr std::uint64_t usual_step = 100;
    if (wanted.max_messages == 0) wanted.max_messages = usual_step;
    capi::connect(wanted, given, *engine, on_receipt, user_data);
    capi::Step step;
    bool stopped_by_caller = false;
    wanted.on_progress = [&,
                          tell = wanted.on_progress](const calinvite::DispatchProgress& progress) {
      if (!tell(progress)) stopped_by_caller = true;
      if (progress.waiting) step.wait = progress;
      return !stopped_by_caller && !progress.waiting;
    };
    wanted.on_receipt = [&, tell = wanted.on_receipt](const calinvite::Receipt& receipt) {
      if (!tell(receipt)) stopped_by_caller = true;
      return !stopped_by_caller;
    };
    step.result = capi::value(own.dispatch(capi::transport_of(given, *engine), wanted));
    step.ended = engine->clock();
    const auto& result = step.result;
    step.full =
        result.accepted + result.refused + result.in_doubt + result.notices >= wanted.max_messages;
    if (result_out != nullptr) {
      *result_out = capi::make_block<calinvite_dispatch_result>(step);
    }
    if (stopped_by_caller)
      throw capi::Failure{{calinvite::Code::stopped, "the caller stopped the dispatch", {}}};
  });
}

calinvite_status calinvite_totals(calinvite_engine* engine, const calinvite_scope* scope,
                                  const calinvite_outbox_totals** totals_out,
                                  calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, totals_out, error_out, [&](calinvite::Engine& own) {
    return own.totals(capi::scope_of(scope));
  });
}

calinvite_status calinvite_notice_totals(calinvite_engine* engine, const calinvite_scope* scope,
                                         const calinvite_outbox_totals** totals_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, totals_out, error_out, [&](calinvite::Engine& own) {
    return own.notice_totals(capi::scope_of(scope));
  });
}

calinvite_status calinvite_list_accounts(calinvite_engine* engine,
                                         const calinvite_sending_account_list** accounts_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, accounts_out, error_out,
                           [&](calinvite::Engine& own) { return own.list_accounts(); });
}

calinvite_status calinvite_resume_account(calinvite_engine* engine, const char* key,
                                          calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.resume_account(capi::needed_text(key, "key")));
  });
}

calinvite_status calinvite_reputation(calinvite_engine* engine, const calinvite_scope* scope,
                                      const calinvite_reputation_counts** counts_out,
                                      calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, counts_out, error_out, [&](calinvite::Engine& own) {
    return own.reputation(capi::scope_of(scope));
  });
}

calinvite_status calinvite_lift_hold(calinvite_engine* engine, const calinvite_scope* scope,
                                     calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.lift_hold(capi::scope_of(scope)));
  });
}

calinvite_status calinvite_preflight(calinvite_engine* engine, const calinvite_scope* scope,
                                     const calinvite_preflight_sources* sources,
                                     const calinvite_preflight_finding_list** findings_out,
                                     calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, findings_out, error_out, [&](calinvite::Engine& own) {
    const auto given = capi::read(sources, "sources");
    const auto resolver = capi::resolver_of(given);
    std::unique_ptr<calinvite::SesAccountReader> ses;
    if (given.ses != nullptr)
      ses = capi::value(
          calinvite::open_ses_account_reader(capi::ses_options_of(given.ses, "sources.ses")));
    return own.preflight(capi::scope_of(scope), {*resolver, ses.get()});
  });
}
