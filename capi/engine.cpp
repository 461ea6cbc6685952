#include "engine.hpp"

#include "answer.hpp"
#include "sns_trust.hpp"

namespace calinvite::capi {

namespace {

std::string string_of(const char* text) { return std::string(text_or(text)); }

Random random_of(const calinvite_engine_options& options) {
  if (options.random == nullptr) return system_random;
  return [random = options.random, user_data = options.user_data](std::span<std::uint8_t> out) {
    random(out.data(), out.size(), user_data);
  };
}

/// What a verifier is shown: without `read`, which only ingest itself may drain.
void show(calinvite_ingest_input& to, const IngestInput& from, Arena& arena) {
  to.bytes = from.bytes.data();
  to.size = from.bytes.size();
  LEND(source);
  to.kind = from.kind == InputKind::detect ? nullptr : arena.copy(word_of(from.kind));
  LEND(domain);
  LEND(timezone);
  LEND(date_order);
  to.receipt = arena.copy(from.receipt);
  to.receipt_size = from.receipt.size();
  arena.lend(to.envelope_recipients, to.envelope_recipient_count, from.envelope_recipients);
  LEND(written);
}

Verifier verifier_of(const calinvite_engine_options& options) {
  if (options.verifier == nullptr) return {};
  return [verify = options.verifier, user_data = options.user_data](const IngestInput& input) {
    const Block<calinvite_ingest_input> lent;
    show(*lent.result(), input, lent.arena());
    calinvite_answer sender;
    verify(lent.result(), &sender, user_data);
    if (sender.records.empty()) return Authentication{false, {}, "host", "nobody vouches for it"};
    const auto address = normalize_address(sender.records.front());
    if (!address) return Authentication{false, {}, "host", address.error().message};
    return Authentication{true, *address, "host", {}};
  };
}

EngineOptions engine_options_of(const calinvite_engine_options& given) {
  EngineOptions wanted;
  wanted.store = needed_text(given.store, "options.store");
  std::copy_n(needed(given.master_key, "options.master_key"), wanted.master_key.size(),
              wanted.master_key.begin());
  wanted.clock = clock_of(given.clock, given.user_data);
  wanted.random = random_of(given);
  wanted.verifier = verifier_of(given);
  if (given.zoneinfo != nullptr) wanted.zoneinfo = given.zoneinfo;
  return wanted;
}

IngestInput input_of(const calinvite_ingest_input* pointed) {
  const auto given = read(needed(pointed, "input"), "input");
  IngestInput input;
  input.bytes = bytes_of(given.bytes, given.size, "input.bytes");
  input.source = string_of(given.source);
  input.kind = choice_of(given.kind, "input.kind", InputKind::detect);
  if (given.sender != nullptr) {
    input.authentication = {true, value(normalize_address(given.sender)), "host", {}};
  }
  input.domain = string_of(given.domain);
  input.timezone = string_of(given.timezone);
  input.date_order = choice_of(given.date_order, "input.date_order", DateOrder::usual);
  input.written = time_of(given.written);
  input.receipt = bytes_of(given.receipt, given.receipt_size, "input.receipt");
  input.envelope_recipients = texts_of(given.envelope_recipients, given.envelope_recipient_count,
                                       "input.envelope_recipients");
  if (given.read != nullptr) input.read = pieces_of(given.read, given.user_data, given.stop);
  return input;
}

SnsOptions sns_options_of(const calinvite_sns_options& given) {
  const auto trust = read(needed(given.trust, "sns.trust"), "sns.trust");
  SnsOptions options;
  options.trust = trust_of(trust);
  options.certificate = fetch_of(trust);
  if (given.confirm != nullptr) {
    options.confirm = [given](const SnsMessage& message) -> Result<void> {
      const auto status =
          given.confirm(message.topic_arn.c_str(), message.token.c_str(), given.user_data);
      if (status == CALINVITE_OK) return {};
      return tl::unexpected<Error>(failure_of(status, "the caller did not confirm the topic"));
    };
  }
  return options;
}

ReceiveOptions receive_options_of(const calinvite_receive_options& given, const Limit& limit) {
  ReceiveOptions options;
  options.max_messages = given.max_messages;
  options.until_empty = given.until_empty != 0;
  if (given.wait_seconds != 0) options.wait = std::chrono::seconds(given.wait_seconds);
  if (given.together != 0) options.together = given.together;
  if (given.most_receives != 0) options.most_receives = given.most_receives;
  if (given.sns != nullptr) options.sns = sns_options_of(read(given.sns, "options.sns"));
  options.domain = string_of(given.domain);
  options.stop = [limit] { return limit.reached(); };
  return options;
}

}  // namespace

static void fill(calinvite_receive_result& to, const ReceiveResult& from, Arena& arena) {
  LEND(received);
  LEND(removed);
  LEND(quarantined);
  LEND(left);
}

bool Limit::reached() const {
  return stop_requested(stop) || (deadline != 0 && clock().time_since_epoch().count() >= deadline);
}

ReadBytes pieces_of(calinvite_read_fn read, void* user_data, const calinvite_stop* stop) {
  needed(read, "read");
  return [=]() -> Result<std::string_view> {
    const char* bytes = nullptr;
    std::size_t size = 0;
    if (stop_requested(stop) || read(&bytes, &size, user_data) != 0) {
      return fail(Code::stopped, "the caller stopped the reading");
    }
    if (bytes == nullptr) size = 0;
    return std::string_view(bytes, size);
  };
}

IngestHandler items_to(const calinvite_engine* engine, const char* function,
                       calinvite_ingest_item_fn on_item, void* user_data) {
  return [=](const IngestItem& item) {
    if (item.code) {
      engine->log("warning", function,
                  item.source + " " + item.item + ": " + std::string(to_string(item.outcome)) +
                      ": " + item.reason);
    }
    if (on_item == nullptr) return;
    const Block<calinvite_ingest_item> lent;
    fill(*lent.result(), item, lent.arena());
    on_item(lent.result(), user_data);
  };
}

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_open(const calinvite_engine_options* options,
                                calinvite_engine** engine_out,
                                calinvite_error** error_out) noexcept {
  capi::clear(engine_out);
  capi::Log log;
  return capi::guard(
      error_out,
      [&] {
        const auto given = capi::read(capi::needed(options, "options"), "options");
        const std::unique_ptr<calinvite_transport> transport(given.transport);
        log = {given.log, given.user_data};
        capi::needed(engine_out, "engine_out");
        auto wanted = capi::engine_options_of(given);
        auto clock = wanted.clock;
        auto engine = capi::value(calinvite::Engine::open(std::move(wanted)));
        *engine_out =
            new calinvite_engine{transport != nullptr ? std::move(transport->transport) : nullptr,
                                 std::move(clock), log, std::move(engine)};
      },
      log, __func__);
}

void calinvite_close(calinvite_engine* engine) noexcept { delete engine; }

calinvite_status calinvite_ingest(calinvite_engine* engine, const calinvite_ingest_input* input,
                                  calinvite_ingest_item_fn on_item, void* user_data,
                                  calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.ingest(capi::input_of(input),
                           capi::items_to(engine, "calinvite_ingest", on_item, user_data)));
  });
}

calinvite_status calinvite_ingest_notifications(calinvite_engine* engine, const char* const* texts,
                                                size_t count, calinvite_ingest_item_fn on_item,
                                                calinvite_refused_fn on_refused, void* user_data,
                                                calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    std::vector<std::string_view> views;
    for (std::size_t i = 0; i < count; ++i) {
      views.emplace_back(capi::needed_text(capi::needed(texts, "texts")[i], "texts"));
    }
    const auto verdicts = capi::value(own.ingest_notifications(
        views, capi::items_to(engine, "calinvite_ingest_notifications", on_item, user_data)));
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (!verdicts[i] || on_refused == nullptr) continue;
      const capi::Block<calinvite_error> lent;
      capi::fill(*lent.result(), *verdicts[i], lent.arena());
      on_refused(i, lent.result(), user_data);
    }
  });
}

calinvite_status calinvite_ingest_sns(calinvite_engine* engine, const char* body, size_t size,
                                      const calinvite_sns_options* options,
                                      calinvite_ingest_item_fn on_item, void* user_data,
                                      calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const auto given = capi::read(capi::needed(options, "options"), "options");
    capi::value(own.ingest_sns(capi::bytes_of(body, size, "body"), capi::sns_options_of(given),
                               capi::items_to(engine, "calinvite_ingest_sns", on_item, user_data)));
  });
}

calinvite_status calinvite_receive(calinvite_engine* engine, calinvite_queue* queue,
                                   const calinvite_receive_options* options,
                                   calinvite_ingest_item_fn on_item, void* user_data,
                                   const calinvite_receive_result** result_out,
                                   calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, result_out, error_out, [&](calinvite::Engine& own) {
    const auto given = capi::read(options, "options");
    const capi::Limit limit{given.stop, given.deadline, engine->clock};
    return own.receive(*capi::needed(queue, "queue")->queue, capi::receive_options_of(given, limit),
                       capi::items_to(engine, "calinvite_receive", on_item, user_data));
  });
}
