#include "base/json.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"

namespace calinvite {
namespace {

Place place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  return {{}, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column), {}};
}

/// Gives each repeated name its last value in its first place; sorting keeps a hostile object of
/// ten thousand members from costing their square.
void settle_repeated_names(Json::Object& object) {
  if (object.size() < 2) return;
  std::vector<std::size_t> order(object.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto name = [&](std::size_t i) -> const std::string& { return object[i].first; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return name(a) < name(b); });
  std::vector<bool> dropped;
  for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
    if (name(order[i]) != name(order[first])) {
      first = i;
      continue;
    }
    dropped.resize(object.size());
    dropped[order[i]] = true;
    object[order[first]].second = std::move(object[order[i]].second);
  }
  if (dropped.empty()) return;
  Json::Object kept;
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (!dropped[i]) kept.push_back(std::move(object[i]));
  }
  object = std::move(kept);
}

/// Builds the value from nlohmann's events; each open array or object is a frame.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(int max_depth) : max_depth_(max_depth) {}

  bool too_deep() const { return too_deep_; }
  std::size_t error_byte() const { return error_byte_; }
  Json take() { return std::move(root_); }

  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override {
    const bool fits = value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return add(fits ? Json(value) : Json(static_cast<double>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool key(string_t& name) override {
    frames_.back().name = std::move(name);
    return true;
  }
  bool end_object() override {
    Json::Object object = std::move(frames_.back().object);
    frames_.pop_back();
    settle_repeated_names(object);
    return add(std::move(object));
  }
  bool end_array() override {
    Json::Array array = std::move(frames_.back().array);
    frames_.pop_back();
    return add(std::move(array));
  }
  bool parse_error(std::size_t byte, const std::string&,
                   const nlohmann::detail::exception&) override {
    error_byte_ = byte;
    return false;
  }

 private:
  struct Frame {
    bool is_object = false;
    std::string name;
    Json::Array array;
    Json::Object object;
  };

  bool open(bool is_object) {
    too_deep_ = frames_.size() >= static_cast<std::size_t>(max_depth_);
    if (!too_deep_) frames_.emplace_back().is_object = is_object;
    return !too_deep_;
  }
  bool add(Json value) {
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = frames_.back(); frame.is_object) {
      frame.object.emplace_back(std::move(frame.name), std::move(value));
    } else {
      frame.array.push_back(std::move(value));
    }
    return true;
  }

  int max_depth_;
  bool too_deep_ = false;
  std::size_t error_byte_ = 0;
  std::vector<Frame> frames_;
  Json root_;
};

void append_escaped(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += "0123456789abcdef"[c >> 4];
      out += "0123456789abcdef"[c & 0xf];
  }
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

Result<Json> Json::parse(std::string_view text, std::size_t max_bytes, int max_depth) {
  if (text.size() > max_bytes) {
    return fail(Code::too_large, "JSON of " + std::to_string(text.size()) +
                                     " bytes; the limit is " + std::to_string(max_bytes));
  }
  // The parser takes a NUL for the end and would not look at what follows.
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    return fail(Code::invalid_input, "NUL byte in JSON text", place_of(text, nul));
  }
  Builder builder(max_depth);
  if (nlohmann::json::sax_parse(text, &builder)) return builder.take();
  if (builder.too_deep()) {
    return fail(Code::too_large,
                "JSON nested deeper than " + std::to_string(max_depth) + " levels");
  }
  const std::size_t byte = builder.error_byte();
  return fail(Code::invalid_input, "not JSON from here on",
              place_of(text, byte == 0 ? 0 : byte - 1));
}

void Json::append_to(std::string& out) const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
    append_number(out, *integer);
  } else if (const auto* number = std::get_if<double>(&value_)) {
    // JSON has no infinity and no NaN.
    std::isfinite(*number) ? append_number(out, *number) : void(out += "null");
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    out += *flag ? "true" : "false";
  } else if (const auto* text = std::get_if<std::string>(&value_)) {
    append_json_string(out, *text);
  } else if (const auto* elements = std::get_if<Array>(&value_)) {
    char separator = '[';
    for (const Json& element : *elements) {
      out += separator;
      element.append_to(out);
      separator = ',';
    }
    out += elements->empty() ? "[]" : "]";
  } else if (const auto* members = std::get_if<Object>(&value_)) {
    char separator = '{';
    for (const auto& [name, member] : *members) {
      out += separator;
      append_json_string(out, name);
      out += ':';
      member.append_to(out);
      separator = ',';
    }
    out += members->empty() ? "{}" : "}";
  } else {
    out += "null";
  }
}

std::string Json::write() const {
  std::string out;
  append_to(out);
  return out;
}

const Json& Json::operator[](std::string_view name) const {
  static const Json null;
  for (const auto& [key, value] : object()) {
    if (key == name) return value;
  }
  return null;
}

Json& Json::set(std::string_view name, Json value) {
  if (is_null()) value_ = Object();
  auto* members = std::get_if<Object>(&value_);
  assert(members != nullptr);
  for (auto& [key, old] : *members) {
    if (key == name) {
      old = std::move(value);
      return *this;
    }
  }
  members->emplace_back(name, std::move(value));
  return *this;
}

const Json::Array& Json::array() const {
  static const Array none;
  const auto* elements = std::get_if<Array>(&value_);
  return elements != nullptr ? *elements : none;
}

const Json::Object& Json::object() const {
  static const Object none;
  const auto* members = std::get_if<Object>(&value_);
  return members != nullptr ? *members : none;
}

std::string_view Json::string(std::string_view otherwise) const {
  const auto* text = std::get_if<std::string>(&value_);
  return text != nullptr ? *text : otherwise;
}

std::int64_t Json::integer(std::int64_t otherwise) const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) return *integer;
  const auto* number = std::get_if<double>(&value_);
  const bool whole =
      number != nullptr && *number == std::trunc(*number) && *number >= -0x1p63 && *number < 0x1p63;
  return whole ? static_cast<std::int64_t>(*number) : otherwise;
}

double Json::number(double otherwise) const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) {
    return static_cast<double>(*integer);
  }
  const auto* number = std::get_if<double>(&value_);
  return number != nullptr ? *number : otherwise;
}

bool Json::boolean(bool otherwise) const {
  const auto* flag = std::get_if<bool>(&value_);
  return flag != nullptr ? *flag : otherwise;
}

void append_json_string(std::string& out, std::string_view value) {
  out += '"';
  while (!value.empty()) {
    std::size_t plain = 0;
    while (value.size() - plain >= 8 && text::plain_eight(value.data() + plain)) plain += 8;
    out += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) break;
    const text::Utf8Step step = text::utf8_step(value);
    if (!step.valid) {
      out += "\xef\xbf\xbd";
    } else if (step.code_point < 0x20 || value.front() == '"' || value.front() == '\\') {
      append_escaped(out, static_cast<unsigned char>(value.front()));
    } else {
      out += value.substr(0, step.length);
    }
    value.remove_prefix(step.length);
  }
  out += '"';
}

}  // namespace calinvite
