#include "calinvite/engine.hpp"

#include <limits>
#include <memory>

#include "guard.hpp"

namespace capi = calinvite::capi;
using calinvite::Code;

struct calinvite_engine {
  calinvite_engine(calinvite::Engine opened, std::unique_ptr<calinvite::Transport> with)
      : engine(std::move(opened)), transport(std::move(with)) {}
  calinvite::Engine engine;
  std::unique_ptr<calinvite::Transport> transport;  ///< null: none
};

namespace {

std::string string_of(const char* text) { return std::string(capi::text_or(text)); }

calinvite::Clock clock_of(const calinvite_engine_options& options) {
  if (options.clock == nullptr) return calinvite::system_time;
  return [clock = options.clock, user_data = options.user_data] {
    return std::chrono::sys_seconds(std::chrono::seconds(clock(user_data)));
  };
}

calinvite::Random random_of(const calinvite_engine_options& options) {
  if (options.random == nullptr) return calinvite::system_random;
  return [random = options.random, user_data = options.user_data](std::span<std::uint8_t> out) {
    random(out.data(), out.size(), user_data);
  };
}

std::unique_ptr<calinvite::Transport> transport_of(const calinvite_engine_options& options) {
  const std::string_view kind = capi::text_or(options.transport);
  constexpr std::string_view spool = "spool:";
  if (kind.empty()) return nullptr;
  if (kind.starts_with(spool)) {
    return capi::value(calinvite::open_spool_transport(kind.substr(spool.size())));
  }
  if (kind != "ses") {
    throw capi::Failure{{Code::unsupported,
                         "no transport \"" + std::string(kind) + "\"; expected ses or spool:DIR",
                         {{}, 0, 0, "transport"}}};
  }
  calinvite::SesOptions ses;
  ses.region = string_of(options.ses_region);
  ses.credentials = {string_of(options.ses_access_key_id), string_of(options.ses_secret_access_key),
                     string_of(options.ses_session_token)};
  ses.endpoint = string_of(options.ses_endpoint);
  ses.ca_file = string_of(options.ca_file);
  ses.clock = clock_of(options);
  return capi::value(calinvite::open_ses_transport(std::move(ses)));
}

calinvite::Engine& engine_of(calinvite_engine* engine) {
  return capi::needed(engine, "engine")->engine;
}

calinvite::Scope scope_of(const char* domain, const char* organizer) {
  std::string name(capi::needed_text(domain, "domain"));
  return organizer == nullptr ? calinvite::Scope::domain(std::move(name))
                              : calinvite::Scope::organizer(std::move(name), organizer);
}

/// Addresses are compared as normalize_address gives them.
std::vector<calinvite::InviteRequest> requests_of(const calinvite_invite_request* given,
                                                  std::size_t count) {
  std::vector<calinvite::InviteRequest> requests;
  for (std::size_t i = 0; i < count; ++i) {
    const calinvite_invite_request& request = capi::needed(given, "requests")[i];
    requests.push_back({capi::value(calinvite::normalize_address(
                            capi::needed_text(request.address, "requests.address"))),
                        string_of(request.name), string_of(request.language)});
  }
  return requests;
}

int lend(const calinvite::Receipt& receipt, calinvite_receipt_fn on_receipt, void* user_data) {
  calinvite_receipt lent = {};
  lent.struct_size = sizeof lent;
  lent.kind = to_string(receipt.kind).data();
  lent.event = receipt.event.c_str();
  lent.address = receipt.address.c_str();
  lent.method = to_string(receipt.method).data();
  lent.attempt_id = receipt.attempt_id.c_str();
  lent.message_id = receipt.message_id.c_str();
  lent.detail = receipt.detail.c_str();
  lent.time = receipt.time.time_since_epoch().count();
  lent.sequence = receipt.sequence;
  return on_receipt(&lent, user_data);
}

void lend(const calinvite::IngestItem& item, calinvite_ingest_item_fn on_item, void* user_data) {
  calinvite_ingest_item lent = {};
  lent.struct_size = sizeof lent;
  lent.source = item.source.c_str();
  lent.item = item.item.c_str();
  lent.outcome = to_string(item.outcome).data();
  lent.event = item.event.c_str();
  lent.reason = item.reason.c_str();
  lent.line = item.place.line;
  lent.column = item.place.column;
  on_item(&lent, user_data);
}

}  // namespace

calinvite_status calinvite_open(const calinvite_engine_options* options,
                                calinvite_engine** engine_out,
                                calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    *capi::needed(engine_out, "engine_out") = nullptr;
    const auto given = capi::read(capi::needed(options, "options"), "options");
    calinvite::EngineOptions wanted;
    wanted.store = capi::needed_text(given.store, "options.store");
    std::copy_n(capi::needed(given.master_key, "options.master_key"), wanted.master_key.size(),
                wanted.master_key.begin());
    wanted.clock = clock_of(given);
    wanted.random = random_of(given);
    auto transport = transport_of(given);  // first: a wrong setting must not leave a store behind
    auto engine = capi::value(calinvite::Engine::open(std::move(wanted)));
    *engine_out =
        std::make_unique<calinvite_engine>(std::move(engine), std::move(transport)).release();
  });
}

void calinvite_close(calinvite_engine* engine) noexcept { delete engine; }

calinvite_status calinvite_add_domain(calinvite_engine* engine, const calinvite_domain* domain,
                                      calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::read(capi::needed(domain, "domain"), "domain");
    calinvite::Domain wanted;
    wanted.name = capi::needed_text(given.name, "domain.name");
    wanted.from = capi::needed_text(given.from, "domain.from");
    wanted.reply_domain = capi::needed_text(given.reply_domain, "domain.reply_domain");
    wanted.base_url = capi::needed_text(given.base_url, "domain.base_url");
    wanted.super_user = string_of(given.super_user);
    wanted.configuration_set = string_of(given.configuration_set);
    if (const auto separator = string_of(given.separator); !separator.empty()) {
      if (separator.size() > 1) capi::refuse("expected + or -", "domain.separator");
      wanted.separator = separator.front();
    }
    if (given.description_limit != 0) wanted.description_limit = given.description_limit;
    wanted.cancelled_status_on_uninvite = given.no_uninvite_status == 0;
    capi::value(engine_of(engine).add_domain(std::move(wanted)));
  });
}

calinvite_status calinvite_add_organizer(calinvite_engine* engine,
                                         const calinvite_organizer* organizer,
                                         calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::read(capi::needed(organizer, "organizer"), "organizer");
    calinvite::Organizer wanted;
    wanted.domain = string_of(given.domain);
    wanted.address = capi::needed_text(given.address, "organizer.address");
    wanted.name = string_of(given.name);
    wanted.local_part = string_of(given.local_part);
    wanted.bulk = given.bulk != 0;
    capi::value(engine_of(engine).add_organizer(std::move(wanted)));
  });
}

calinvite_status calinvite_ingest(calinvite_engine* engine, const calinvite_ingest_input* input,
                                  calinvite_ingest_item_fn on_item, void* user_data,
                                  calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::read(capi::needed(input, "input"), "input");
    calinvite::IngestInput wanted;
    wanted.bytes = capi::bytes_of(given.bytes, given.size, "input.bytes");
    wanted.source = string_of(given.source);
    wanted.domain = string_of(given.domain);
    wanted.timezone = string_of(given.timezone);
    if (given.sender != nullptr) {
      wanted.authentication = {true, capi::value(calinvite::normalize_address(given.sender)),
                               "host"};
    }
    capi::value(engine_of(engine).ingest(wanted, [&](const calinvite::IngestItem& item) {
      if (on_item != nullptr) lend(item, on_item, user_data);
    }));
  });
}

calinvite_status calinvite_invite(calinvite_engine* engine, const char* domain,
                                  const char* organizer, const char* event,
                                  const calinvite_invite_request* requests, size_t request_count,
                                  const char* origin, calinvite_plan* plan_out,
                                  calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    capi::read(plan_out, "plan_out");  // now, not when everybody is invited
    const auto plan = capi::value(engine_of(engine).invite(
        scope_of(domain, organizer), capi::needed_text(event, "event"),
        requests_of(requests, request_count), capi::needed_text(origin, "origin")));
    if (plan_out == nullptr) return;
    calinvite_plan filled = {sizeof filled, plan.invite, plan.update, plan.cancel, 0};
    for (const auto& [reason, count] : plan.skip) filled.skip += count;
    capi::write(plan_out, filled, "plan_out");
  });
}

calinvite_status calinvite_dispatch(calinvite_engine* engine,
                                    const calinvite_dispatch_options* options,
                                    calinvite_receipt_fn on_receipt, void* user_data,
                                    uint32_t* sent_out, calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    if (sent_out != nullptr) *sent_out = 0;
    const auto given = capi::read(options, "options");
    calinvite::DispatchOptions wanted;
    wanted.max_messages = given.max_messages;
    if (given.lease_seconds != 0) wanted.lease = std::chrono::seconds(given.lease_seconds);
    if (on_receipt != nullptr) {
      wanted.on_receipt = [&](const calinvite::Receipt& receipt) {
        return lend(receipt, on_receipt, user_data) == 0;
      };
    }
    auto& own = *capi::needed(engine, "engine");
    if (own.transport == nullptr)
      capi::refuse("the engine was opened without a transport", "engine");
    const auto result = capi::value(own.engine.dispatch(*own.transport, wanted));
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (sent_out != nullptr) {
      *sent_out = static_cast<std::uint32_t>(std::min(result.accepted, most));
    }
    if (result.stopped) throw capi::Failure{{Code::stopped, "the caller stopped the dispatch", {}}};
  });
}

calinvite_status calinvite_report(calinvite_engine* engine, const char* domain,
                                  const char* organizer, const char* event, int32_t format,
                                  calinvite_report_fn on_piece, void* user_data,
                                  calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    static_assert(CALINVITE_REPORT_TABLE == static_cast<int>(calinvite::ReportFormat::table));
    static_assert(CALINVITE_REPORT_CSV == static_cast<int>(calinvite::ReportFormat::csv));
    static_assert(CALINVITE_REPORT_JSON == static_cast<int>(calinvite::ReportFormat::json));
    if (format < CALINVITE_REPORT_TABLE || format > CALINVITE_REPORT_JSON) {
      capi::refuse("no report format " + std::to_string(format) + "; expected CALINVITE_REPORT_*",
                   "format");
    }
    capi::needed(on_piece, "on_piece");
    capi::value(engine_of(engine).report(
        scope_of(domain, organizer), capi::text_or(event),
        static_cast<calinvite::ReportFormat>(format), [&](std::string_view piece) {
          return on_piece(piece.data(), piece.size(), user_data) == 0;
        }));
  });
}
