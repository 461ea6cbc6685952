/// What every body of the C API runs in, and how arguments become C++ values.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "arena.hpp"
#include "calinvite.h"
#include "calinvite/result.hpp"

/// Lies in a block like any result.
struct calinvite_error {
  calinvite_status status;
  std::uint32_t line;
  std::uint32_t column;
  int retryable;
  const char* message;
  const char* source;
  const char* field;
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
template <class T>
T value(T plain) {
  return plain;
}

void fill(calinvite_error& to, const Error& from, Arena& arena);

/// The log of an engine; nobody listens where there is none.
struct Log {
  calinvite_log_fn write = nullptr;
  void* user_data = nullptr;
  void operator()(const char* level, const char* component, const std::string& message) const {
    if (write != nullptr) write(level, component, message.c_str(), user_data);
  }
};

/// Hands the exception that is being handled over, if the caller wants it; its status in any case.
calinvite_status give_current_exception(calinvite_error** error_out, const Log& log,
                                        const char* function) noexcept;

/// Before anything can fail: what a caller finds after a failure is no result of an earlier call.
template <class... Outs>
void clear(Outs*... outs) noexcept {
  ((outs != nullptr ? static_cast<void>(*outs = {}) : static_cast<void>(0)), ...);
}

template <class Body>
calinvite_status guard(calinvite_error** error_out, Body body, const Log& log = {},
                       const char* function = "") noexcept {
  clear(error_out);
  try {
    body();
    return CALINVITE_OK;
  } catch (...) {
    return give_current_exception(error_out, log, function);
  }
}

/// A body whose value, or Result of one, is given as the struct that `out` points to.
template <class Struct, class Body>
calinvite_status giving(const Struct** out, calinvite_error** error_out, Body body,
                        const Log& log = {}, const char* function = "") noexcept {
  clear(out);
  return guard(
      error_out,
      [&] {
        const auto made = value(body());
        if (out != nullptr) *out = make_block<Struct>(made);
      },
      log, function);
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

/// The rows of an array, each of the first one's size, as structs of ours.
template <class Struct>
std::vector<Struct> rows_of(const Struct* given, std::size_t count, const char* name) {
  std::vector<Struct> rows;
  if (count == 0) return rows;
  const std::size_t step = needed(given, name)->struct_size;
  const auto* at = reinterpret_cast<const std::byte*>(given);
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i, at += step) {
    Struct row = {};
    std::memcpy(&row, at, std::min(step, sizeof row));
    if (step < sizeof row.struct_size || row.struct_size != step) {
      refuse(std::string(name) + ": every row must begin with the _INIT value", name);
    }
    rows.push_back(row);
  }
  return rows;
}

inline std::vector<std::string> texts_of(const char* const* given, std::size_t count,
                                         const char* name) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.emplace_back(needed(needed(given, name)[i], name));
  return texts;
}

inline std::chrono::sys_seconds time_of(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}
inline std::optional<std::chrono::sys_seconds> time_if_any(std::int64_t seconds) {
  return seconds == 0 ? std::nullopt : std::optional(time_of(seconds));
}

/// The choice of that word; `otherwise` where there is none.
template <class Enum>
Enum choice_of(const char* word, const char* name, Enum otherwise) {
  if (text_or(word).empty()) return otherwise;
  const auto choice = parse_word<Enum>(word);
  if (!choice) refuse(std::string(name) + " has no \"" + word + "\"", name);
  return *choice;
}
template <class Enum>
Enum needed_choice(const char* word, const char* name) {
  return choice_of<Enum>(needed(word, name)[0] == '\0' ? "(nothing)" : word, name, Enum{});
}
inline std::chrono::local_seconds wall_of(const char* text, const char* name) {
  const auto wall = parse_iso(needed_text(text, name));
  if (!wall) throw Failure{{wall.error().code, wall.error().message, {{}, 0, 0, name}}};
  return wall->wall;
}

}  // namespace calinvite::capi
