#include "aws/profile.hpp"

#include "base/text.hpp"

namespace calinvite::aws {
namespace {

enum class Kind { config, credentials };

/// "profile x" as prefix and name; a lone word is a name.
struct Title {
  std::string_view kind;
  std::string_view name;
};

Title read_title(std::string_view inside) {
  inside = text::trim(inside);
  const auto space = inside.find_first_of(" \t");
  if (space == std::string_view::npos) return {{}, inside};
  std::string_view name = text::trim(inside.substr(space));
  if (name.size() >= 2 && name.front() == name.back() && (name[0] == '"' || name[0] == '\'')) {
    name = name.substr(1, name.size() - 2);
  }
  return {inside.substr(0, space), name};
}

/// A comment in a value needs white space before it: keys may hold any other '#' or ';'.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool mark = value[i] == '#' || value[i] == ';';
    if (mark && (value[i - 1] == ' ' || value[i - 1] == '\t')) return value.substr(0, i);
  }
  return value;
}

class Reader {
 public:
  Reader(SharedFiles& files, Kind kind, std::string source)
      : files_(files), kind_(kind), source_(std::move(source)) {}

  Result<void> read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (const std::string_view line : text::split(text, '\n')) {
      ++number_;
      if (auto done = read_line(line); !done) return done;
    }
    return {};
  }

 private:
  Result<void> read_line(std::string_view line) {
    const std::string_view content = text::trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') return {};
    const bool indented = line[0] == ' ' || line[0] == '\t';
    if (content[0] == '[' && !indented) return read_section(content);
    const auto equals = content.find('=');
    const bool continues = indented && !parent_.empty();
    if (equals == std::string_view::npos || equals == 0) {
      // More lines of a value: none of the settings that are read here has any.
      if (continues) return {};
      return fault("neither [section] nor name = value");
    }
    std::string name = text::lower(text::trim(content.substr(0, equals)));
    std::string_view value = content.substr(equals);
    value = text::trim(without_comment(value));
    value = text::trim(value.substr(1));
    if (continues) {
      if (parent_is_blank_ && settings_ != nullptr) keep(parent_ + '.' + name, value);
      return {};
    }
    parent_ = name;
    parent_is_blank_ = value.empty();
    if (settings_ != nullptr) keep(std::move(name), value);
    return {};
  }

  Result<void> read_section(std::string_view line) {
    parent_.clear();
    settings_ = nullptr;
    const auto end = line.find(']');
    if (end == std::string_view::npos) return fault("a section without ]");
    const Title title = read_title(line.substr(1, end - 1));
    if (title.name.empty()) return fault("a section without a name");
    const std::string name(title.name);
    if (kind_ == Kind::credentials) {
      if (title.kind.empty()) settings_ = &files_.profiles[name];
    } else if (title.kind == "services") {
      settings_ = &files_.services[name];
    } else if (title.kind == "profile" || (title.kind.empty() && name == "default")) {
      settings_ = &files_.profiles[name];
    }
    return {};
  }

  void keep(std::string name, std::string_view value) {
    if (!value.empty()) settings_->insert_or_assign(std::move(name), std::string(value));
  }

  // A line may hold a key: it is never quoted.
  Result<void> fault(std::string what) const {
    return fail(Code::invalid_input, std::move(what), {source_, number_, 0, {}});
  }

  SharedFiles& files_;
  Kind kind_;
  std::string source_;
  std::uint32_t number_ = 0;
  Settings* settings_ = nullptr;  ///< of the section that is read; null: passed over
  std::string parent_;            ///< last setting that was not indented
  bool parent_is_blank_ = false;  ///< indented lines are then settings of its own
};

}  // namespace

Result<void> read_config_file(SharedFiles& files, std::string_view text, std::string source) {
  return Reader(files, Kind::config, std::move(source)).read(text);
}

Result<void> read_credentials_file(SharedFiles& files, std::string_view text, std::string source) {
  return Reader(files, Kind::credentials, std::move(source)).read(text);
}

std::string_view setting(const Settings& settings, const std::string& name) noexcept {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace calinvite::aws
