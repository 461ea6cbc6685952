/// What every body of the C API runs in, and how arguments become C++ values.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "calinvite.h"
#include "calinvite/result.hpp"

struct calinvite_error {
  calinvite::Error error;
};

namespace calinvite::capi {

/// Leaves a body with an error; only guard() catches it.
struct Failure {
  Error error;
};

[[noreturn]] inline void refuse(std::string message, std::string field) {
  throw Failure{{Code::invalid_argument, std::move(message), {{}, 0, 0, std::move(field)}}};
}

/// The value, or the way out with its error.
template <class T>
T value(Result<T>&& result) {
  if (!result) throw Failure{std::move(result.error())};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Hands `error` over if the caller wants it; its status in any case.
calinvite_status give(calinvite_error** error_out, const Error& error) noexcept;
/// The same for the exception that is being handled.
calinvite_status give_current_exception(calinvite_error** error_out) noexcept;

template <class Body>
calinvite_status guard(calinvite_error** error_out, Body body) noexcept {
  if (error_out != nullptr) *error_out = nullptr;
  try {
    body();
    return CALINVITE_OK;
  } catch (...) {
    return give_current_exception(error_out);
  }
}

/// A pointer that must not be NULL.
template <class T>
T* needed(T* pointer, const char* name) {
  if (pointer == nullptr) refuse(std::string(name) + " is NULL", name);
  return pointer;
}

inline std::string_view needed_text(const char* text, const char* name) {
  return needed(text, name);
}

inline std::string_view text_or(const char* text, std::string_view otherwise = {}) {
  return text != nullptr ? std::string_view(text) : otherwise;
}

/// Bytes with their size; NULL counts as none when the size is 0.
inline std::string_view bytes_of(const void* bytes, std::size_t size, const char* name) {
  if (size == 0) return {};
  return {static_cast<const char*>(needed(bytes, name)), size};
}

/// A struct of the caller's version: what it does not have yet is 0. NULL: all 0.
template <class Struct>
Struct read(const Struct* given, const char* name) {
  Struct result = {};
  if (given == nullptr) return result;
  if (given->struct_size < sizeof given->struct_size) {
    refuse(std::string(name) + ".struct_size is not set; begin with the _INIT value", name);
  }
  std::memcpy(&result, given, std::min(given->struct_size, sizeof result));
  return result;
}

/// Fills a struct of the caller's version as far as it goes.
template <class Struct>
void write(Struct* out, Struct filled, const char* name) {
  filled.struct_size = needed(out, name)->struct_size;
  if (filled.struct_size < sizeof filled.struct_size) {
    refuse(std::string(name) + ".struct_size is not set; begin with the _INIT value", name);
  }
  std::memcpy(out, &filled, std::min(filled.struct_size, sizeof filled));
}

}  // namespace calinvite::capi
