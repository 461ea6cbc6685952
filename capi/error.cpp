#include <new>

#include "calinvite/version.hpp"
#include "guard.hpp"

using calinvite::Code;

namespace calinvite::capi {

calinvite_status give(calinvite_error** error_out, const Error& error) noexcept {
  const auto status = static_cast<calinvite_status>(error.code);
  if (error_out == nullptr) return status;
  try {
    *error_out = new calinvite_error{error};
  } catch (const std::bad_alloc&) {
    // The status says enough.
  }
  return status;
}

calinvite_status give_current_exception(calinvite_error** error_out) noexcept {
  try {
    throw;
  } catch (const Failure& failure) {
    return give(error_out, failure.error);
  } catch (const std::bad_alloc&) {
    return CALINVITE_INTERNAL;  // no memory to say so
  } catch (...) {
    // Its text stays inside: who knows what it quotes.
    return give(error_out, {Code::internal, "an exception reached the C API", {}});
  }
}

}  // namespace calinvite::capi

const char* calinvite_version() noexcept { return calinvite::version().data(); }

const char* calinvite_status_name(calinvite_status status) noexcept {
  return status == CALINVITE_OK ? "ok" : calinvite::code_name(static_cast<Code>(status)).data();
}

calinvite_status calinvite_error_status(const calinvite_error* error) noexcept {
  return static_cast<calinvite_status>(error->error.code);
}

const char* calinvite_error_message(const calinvite_error* error) noexcept {
  return error->error.message.c_str();
}

const char* calinvite_error_source(const calinvite_error* error) noexcept {
  return error->error.place.source.c_str();
}

const char* calinvite_error_field(const calinvite_error* error) noexcept {
  return error->error.place.field.c_str();
}

uint32_t calinvite_error_line(const calinvite_error* error) noexcept {
  return error->error.place.line;
}

uint32_t calinvite_error_column(const calinvite_error* error) noexcept {
  return error->error.place.column;
}

int calinvite_error_retryable(const calinvite_error* error) noexcept {
  return error->error.retryable() ? 1 : 0;
}

void calinvite_error_free(calinvite_error* error) noexcept { delete error; }
