#include "transport.hpp"

#include "answer.hpp"
#include "calinvite/engine.hpp"
#include "values.hpp"

namespace calinvite::capi {

namespace {

CredentialsSource::Fetch fetch_of(calinvite_credentials_fn fetch, void* user_data) {
  return [=]() -> Result<TimedCredentials> {
    calinvite_credentials keys = {sizeof keys, nullptr, nullptr, nullptr, 0};
    const auto status = fetch(&keys, user_data);
    if (status != CALINVITE_OK) {
      return tl::unexpected<Error>(failure_of(status, "the caller has no keys for AWS"));
    }
    if (keys.access_key_id == nullptr || keys.secret_access_key == nullptr) {
      return fail(Code::invalid_argument, "the caller gave half a pair of keys, or none");
    }
    return TimedCredentials{
        {keys.access_key_id, keys.secret_access_key, std::string(text_or(keys.session_token))},
        time_if_any(keys.expires)};
  };
}

AwsEnvironment environment_of(const calinvite_aws_options& given) {
  AwsEnvironment environment;
  environment.variable = [variable = given.variable,
                          user_data = given.user_data](const std::string& name) {
    return std::string(text_or(variable(name.c_str(), user_data)));
  };
  environment.home = std::string(text_or(given.home));
  return environment;
}

/// What SES and the other services have in common.
template <class Options>
void override_with(const calinvite_aws_options& given, Options& options) {
  if (given.region != nullptr) options.region = given.region;
  if (given.endpoint != nullptr) options.endpoint = given.endpoint;
  if (given.ca_file != nullptr) options.ca_file = given.ca_file;
  options.fips = options.fips || given.fips != 0;
  options.dual_stack = options.dual_stack || given.dual_stack != 0;
  options.clock = clock_of(given.clock, given.user_data);
  if (given.access_key_id != nullptr) {
    options.source = nullptr;
    options.credentials = {
        given.access_key_id,
        std::string(needed_text(given.secret_access_key, "options.secret_access_key")),
        std::string(text_or(given.session_token))};
  } else if (given.credentials != nullptr) {
    options.source =
        std::make_shared<CredentialsSource>(fetch_of(given.credentials, given.user_data));
  }
}

AwsServiceOptions service_options_of(const calinvite_aws_options* pointed, const char* service) {
  const auto given = read(needed(pointed, "options"), "options");
  AwsServiceOptions options;
  if (given.variable != nullptr) {
    options =
        value(find_aws_service(environment_of(given), service, std::string(text_or(given.region))));
  }
  override_with(given, options);
  return options;
}

SendVerdict verdict_of(const char* word) {
  for (const auto verdict : {SendVerdict::accepted, SendVerdict::refused, SendVerdict::throttled,
                             SendVerdict::unavailable}) {
    if (text_or(word) == to_string(verdict)) return verdict;
  }
  return SendVerdict::in_doubt;
}

auto sender_of(calinvite_send_fn send, void* user_data) {
  return [=](const OutgoingMessage& message) {
    const Block<calinvite_outgoing_message> lent;
    fill(*lent.result(), message, lent.arena());
    calinvite_send_outcome told = {sizeof told, nullptr, nullptr};
    SendOutcome outcome;
    outcome.attempt_id = message.attempt_id;
    outcome.verdict = verdict_of(send(lent.result(), &told, user_data));
    outcome.message_id = text_or(told.message_id);
    outcome.detail = text_or(told.detail);
    return outcome;
  };
}

void give_transport(std::unique_ptr<Transport> opened, calinvite_transport** out) {
  auto transport = std::make_unique<calinvite_transport>();
  transport->transport = std::move(opened);
  *out = transport.release();
}

}  // namespace

Clock clock_of(calinvite_clock_fn clock, void* user_data) {
  if (clock == nullptr) return system_time;
  return [=] { return time_of(clock(user_data)); };
}

SesOptions ses_options_of(const calinvite_aws_options* pointed, const char* name) {
  const auto given = read(needed(pointed, name), name);
  SesOptions options;
  if (given.variable != nullptr) {
    options = value(find_ses_options(environment_of(given), std::string(text_or(given.region))));
  }
  override_with(given, options);
  if (given.max_connections != 0) options.max_connections = given.max_connections;
  if (given.answer_seconds != 0)
    options.answer_timeout = std::chrono::seconds(given.answer_seconds);
  return options;
}

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_open_ses_transport(const calinvite_aws_options* options,
                                              calinvite_transport** transport_out,
                                              calinvite_error** error_out) noexcept {
  capi::clear(transport_out);
  return capi::guard(error_out, [&] {
    capi::needed(transport_out, "transport_out");
    capi::give_transport(
        capi::value(calinvite::open_ses_transport(capi::ses_options_of(options, "options"))),
        transport_out);
  });
}

calinvite_status calinvite_open_smtp_transport(const calinvite_smtp_options* options,
                                               calinvite_transport** transport_out,
                                               calinvite_error** error_out) noexcept {
  capi::clear(transport_out);
  return capi::guard(error_out, [&] {
    capi::needed(transport_out, "transport_out");
    const auto given = capi::read(capi::needed(options, "options"), "options");
    auto wanted =
        capi::value(calinvite::parse_smtp_url(capi::needed_text(given.url, "options.url")));
    wanted.password = capi::text_or(given.password);
    wanted.ca_file = capi::text_or(given.ca_file);
    if (given.max_connections != 0) wanted.max_connections = given.max_connections;
    if (given.command_seconds != 0) {
      wanted.command_timeout = std::chrono::seconds(given.command_seconds);
    }
    if (given.answer_seconds != 0) {
      wanted.answer_timeout = std::chrono::seconds(given.answer_seconds);
    }
    capi::give_transport(capi::value(calinvite::open_smtp_transport(std::move(wanted))),
                         transport_out);
  });
}

calinvite_status calinvite_open_spool_transport(const char* folder,
                                                calinvite_transport** transport_out,
                                                calinvite_error** error_out) noexcept {
  capi::clear(transport_out);
  return capi::guard(error_out, [&] {
    capi::needed(transport_out, "transport_out");
    capi::give_transport(
        capi::value(calinvite::open_spool_transport(capi::needed_text(folder, "folder"))),
        transport_out);
  });
}

calinvite_status calinvite_make_callback_transport(calinvite_send_fn send, void* user_data,
                                                   calinvite_transport** transport_out,
                                                   calinvite_error** error_out) noexcept {
  capi::clear(transport_out);
  return capi::guard(error_out, [&] {
    capi::needed(transport_out, "transport_out");
    capi::needed(send, "send");
    capi::give_transport(calinvite::make_callback_transport(capi::sender_of(send, user_data)),
                         transport_out);
  });
}

void calinvite_transport_free(calinvite_transport* transport) noexcept { delete transport; }

calinvite_status calinvite_open_sqs_queue(const char* url, const calinvite_aws_options* options,
                                          uint32_t visibility_seconds, calinvite_queue** queue_out,
                                          calinvite_error** error_out) noexcept {
  capi::clear(queue_out);
  return capi::guard(error_out, [&] {
    capi::needed(queue_out, "queue_out");
    calinvite::SqsOptions wanted;
    wanted.url = capi::needed_text(url, "url");
    wanted.service = capi::service_options_of(options, "sqs");
    if (visibility_seconds != 0) wanted.visibility = std::chrono::seconds(visibility_seconds);
    const auto given = capi::read(options, "options");
    if (given.answer_seconds != 0) {
      wanted.answer_timeout = std::chrono::seconds(given.answer_seconds);
    }
    auto queue = std::make_unique<calinvite_queue>();
    queue->queue = capi::value(calinvite::open_sqs_queue(std::move(wanted)));
    *queue_out = queue.release();
  });
}

void calinvite_queue_free(calinvite_queue* queue) noexcept { delete queue; }

calinvite_status calinvite_confirm_sns_subscription(const calinvite_aws_options* options,
                                                    const char* topic_arn, const char* token,
                                                    calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    capi::value(
        calinvite::confirm_sns_subscription(capi::service_options_of(options, "sns"),
                                            std::string(capi::needed_text(topic_arn, "topic_arn")),
                                            std::string(capi::needed_text(token, "token"))));
  });
}
