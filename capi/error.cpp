#include <atomic>
#include <new>

#include "answer.hpp"
#include "calinvite/version.hpp"
#include "guard.hpp"

using calinvite::Code;

struct calinvite_stop {
  std::atomic<bool> requested = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");
};

namespace calinvite::capi {

void end_block(const void* given) noexcept {
  auto* memory =
      static_cast<std::byte*>(const_cast<void*>(given)) - Block<calinvite_text>::struct_at;
  reinterpret_cast<Arena*>(memory)->~Arena();
  ::operator delete(memory);
}

void fill(calinvite_error& to, const Error& from, Arena& arena) {
  to.status = static_cast<calinvite_status>(from.code);
  to.retryable = from.retryable() ? 1 : 0;
  to.line = from.place.line;
  to.column = from.place.column;
  LEND(message);
  arena.lend(to.source, from.place.source);
  arena.lend(to.field, from.place.field);
}

namespace {

calinvite_status give(calinvite_error** error_out, const Error& error, const Log& log,
                      const char* function) noexcept {
  try {
    log("error", function, to_string(error));
    if (error_out != nullptr) *error_out = make_block<calinvite_error>(error);
  } catch (...) {
    // No memory to say more than the status does.
  }
  return static_cast<calinvite_status>(error.code);
}

}  // namespace

calinvite_status give_current_exception(calinvite_error** error_out, const Log& log,
                                        const char* function) noexcept {
  try {
    throw;
  } catch (const Failure& failure) {
    return give(error_out, failure.error, log, function);
  } catch (const std::bad_alloc&) {
    return CALINVITE_INTERNAL;  // no memory to say so
  } catch (...) {
    // Its text stays inside: who knows what it quotes.
    return give(error_out, {Code::internal, "an exception reached the C API", {}}, log, function);
  }
}

bool stop_requested(const calinvite_stop* stop) noexcept {
  return stop != nullptr && stop->requested.load(std::memory_order_relaxed);
}

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

const char* calinvite_version() noexcept { return calinvite::version().data(); }

const char* calinvite_status_name(calinvite_status status) noexcept {
  return status == CALINVITE_OK ? "ok" : calinvite::code_name(static_cast<Code>(status)).data();
}

// Without memory there is a status and no error: who prints one all the same prints nothing.
calinvite_status calinvite_error_status(const calinvite_error* error) noexcept {
  return error == nullptr ? CALINVITE_OK : error->status;
}

const char* calinvite_error_message(const calinvite_error* error) noexcept {
  return error == nullptr ? "" : error->message;
}

const char* calinvite_error_source(const calinvite_error* error) noexcept {
  return error == nullptr ? "" : error->source;
}

const char* calinvite_error_field(const calinvite_error* error) noexcept {
  return error == nullptr ? "" : error->field;
}

uint32_t calinvite_error_line(const calinvite_error* error) noexcept {
  return error == nullptr ? 0 : error->line;
}

uint32_t calinvite_error_column(const calinvite_error* error) noexcept {
  return error == nullptr ? 0 : error->column;
}

int calinvite_error_retryable(const calinvite_error* error) noexcept {
  return error == nullptr ? 0 : error->retryable;
}

void calinvite_error_free(calinvite_error* error) noexcept { calinvite_free(error); }

void calinvite_free(const void* given) noexcept {
  if (given != nullptr) capi::end_block(given);
}

calinvite_status calinvite_answer_add(calinvite_answer* answer, const char* text) noexcept {
  return capi::guard(nullptr, [&] {
    capi::needed(answer, "answer")->records.emplace_back(capi::needed_text(text, "text"));
  });
}

calinvite_status calinvite_stop_new(calinvite_stop** stop_out,
                                    calinvite_error** error_out) noexcept {
  capi::clear(stop_out);
  return capi::guard(error_out, [&] {
    capi::needed(stop_out, "stop_out");
    *stop_out = new calinvite_stop;
  });
}

void calinvite_stop_request(calinvite_stop* stop) noexcept {
  if (stop != nullptr) stop->requested.store(true, std::memory_order_relaxed);
}

uint32_t calinvite_stop_requested(const calinvite_stop* stop) noexcept {
  return capi::stop_requested(stop) ? 1 : 0;
}

void calinvite_stop_free(calinvite_stop* stop) noexcept { delete stop; }

const calinvite_library* calinvite_about() noexcept {
  // Views of literals: there is nothing to free, and nothing that could fail.
  static const auto about = [] {
    static std::array<const char*, 16> features = {};
    static std::array<calinvite_header, 16> dependencies = {};
    calinvite_library library = {
        sizeof library, calinvite::version().data(), features.data(), 0, dependencies.data(), 0};
    for (const std::string_view feature : calinvite::features()) {
      features.at(library.feature_count++) = feature.data();
    }
    for (const auto& dependency : calinvite::dependencies()) {
      dependencies.at(library.dependency_count++) = {dependency.name.data(),
                                                     dependency.version.data()};
    }
    return library;
  }();
  return &about;
}

uint32_t calinvite_has_feature(const char* name) noexcept {
  for (const std::string_view feature : calinvite::features()) {
    if (name != nullptr && feature == name) return 1;
  }
  return 0;
}
