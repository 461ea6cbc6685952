/// Strict reading of a JSON object: every field has its type and range, every other is an error,
/// and an error tells its place.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace ses_simulator {

/// Keeps the first problem found anywhere below one document; reading goes on without effect.
class JsonFields {
 public:
  using json = nlohmann::json;

  /// @param place  of `value`, empty for the document; `problem` outlives this
  JsonFields(const json& value, std::string place, std::string& problem)
      : value_(value), place_(std::move(place)), problem_(problem) {
    if (!value_.is_object()) fail(place_, "expected an object");
  }

  /// Sets `into` when the field is there.
  void number(const char* name, double& into, double least, double most) {
    const json* field = find(name);
    if (field == nullptr) return;
    const bool right =
        field->is_number() && field->get<double>() >= least && field->get<double>() <= most;
    if (right) into = field->get<double>();
    if (!right) fail(at(name), "expected a number from " + text_of(least) + " to " + text_of(most));
  }

  void whole(const char* name, std::uint64_t& into, std::uint64_t least) {
    const json* field = find(name);
    if (field == nullptr) return;
    const bool right = field->is_number_unsigned() && field->get<std::uint64_t>() >= least;
    if (right) into = field->get<std::uint64_t>();
    if (!right) fail(at(name), "expected a whole number from " + std::to_string(least));
  }

  void boolean(const char* name, bool& into) {
    const json* field = find(name);
    if (field == nullptr) return;
    if (field->is_boolean()) into = field->get<bool>();
    if (!field->is_boolean()) fail(at(name), "expected true or false");
  }

  void text(const char* name, std::string& into) {
    const json* field = find(name);
    if (field == nullptr) return;
    if (field->is_string()) into = field->get<std::string>();
    if (!field->is_string()) fail(at(name), "expected a text");
  }

  /// Calls `read` with the fields of an object.
  void object(const char* name, const std::function<void(JsonFields&)>& read) {
    const json* field = find(name);
    if (field == nullptr) return;
    JsonFields fields(*field, at(name), problem_);
    if (!field->is_object()) return;
    read(fields);
    fields.finish();
  }

  /// Calls `read` with every element and its place.
  void list(const char* name,
            const std::function<void(const json&, const std::string& place)>& read) {
    const json* field = find(name);
    if (field == nullptr) return;
    if (!field->is_array()) return fail(at(name), "expected a list");
    std::size_t number = 0;
    for (const json& item : *field) read(item, at(name) + "[" + std::to_string(number++) + "]");
  }

  /// Calls `read` with every field, whatever its name.
  void each(const std::function<void(const std::string& name, const json&)>& read) {
    if (!value_.is_object()) return;
    for (const auto& [name, field] : value_.items()) {
      known_.insert(name);
      read(name, field);
    }
  }

  /// Every field that nobody asked for is an error. To be called last.
  void finish() {
    if (!value_.is_object()) return;
    for (const auto& item : value_.items()) {
      if (known_.count(item.key()) != 0) continue;
      std::string names;
      for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
      fail(at(item.key()), "unknown; expected one of " + names);
    }
  }

  void fail(const std::string& place, const std::string& what) {
    if (problem_.empty()) problem_ = (place.empty() ? "the document" : place) + ": " + what;
  }

  std::string at(const std::string& name) const {
    return place_.empty() ? name : place_ + "." + name;
  }

 private:
  static std::string text_of(double number) { return json(number).dump(); }

  const json* find(const char* name) {
    known_.insert(name);
    if (!value_.is_object()) return nullptr;
    const auto found = value_.find(name);
    return found == value_.end() ? nullptr : &*found;
  }

  const json& value_;
  const std::string place_;
  std::string& problem_;
  std::set<std::string> known_;
};

}  // namespace ses_simulator
