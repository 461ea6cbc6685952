/// A small JSON value: order-keeping objects, parse with limits, write. Home of nlohmann_json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite {

/// One JSON value. Objects keep the order of their members; a repeated name keeps the last value.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  ///< null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  /// @error invalid_input  not one JSON text (line and column given)
  /// @error too_large      longer than `max_bytes` or nested deeper than `max_depth`
  static Result<Json> parse(std::string_view text, std::size_t max_bytes = 256 * 1024,
                            int max_depth = 16);
  /// Compact, UTF-8, ill-formed bytes as U+FFFD.
  std::string write() const;

  bool is_null() const { return value_.index() == 0; }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const { return value_.index() == 2 || value_.index() == 3; }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The member, or null when this is no object or has none; chains: `j["mail"]["messageId"]`.
  const Json& operator[](std::string_view name) const;
  /// Sets or replaces a member; a null value becomes an object first.
  Json& set(std::string_view name, Json value);
  /// Elements of an array; empty for anything else.
  const Array& array() const;
  /// Members of an object; empty for anything else.
  const Object& object() const;
  std::string_view string(std::string_view otherwise = {}) const;
  std::int64_t integer(std::int64_t otherwise = 0) const;
  double number(double otherwise = 0) const;
  bool boolean(bool otherwise = false) const;

 private:
  void append_to(std::string& out) const;

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_ =
      nullptr;
};

/// Appends `text` as a quoted JSON string (RFC 8259 7).
void append_json_string(std::string& out, std::string_view text);

}  // namespace calinvite
