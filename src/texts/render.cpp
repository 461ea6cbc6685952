#include <algorithm>
#include <kainjow/mustache.hpp>

#include "base/text.hpp"
#include "embedded/text_templates.hpp"
#include "texts/texts.hpp"

namespace calinvite::texts {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

/// Looks names up while a template is rendered: values, and phrases with their placeholders filled.
class Context : public kainjow::mustache::basic_context<std::string> {
 public:
  Context(std::string_view language, const Values& values) : language_(language), values_(values) {}

  // Sections only ask whether a value is there; they open no scope of their own.
  void push(const data*) override {}
  void pop() override {}
  const data* get_partial(const std::string&) const override { return nullptr; }

  const data* get(const std::string& name) const override {
    const auto found = found_.find(name);
    if (found != found_.end()) return &found->second;
    if (name.starts_with("t.")) return keep(name, fill(phrase(language_, name.substr(2)), values_));
    const auto value = values_.find(name);
    if (value == values_.end() || value->second.empty()) return nullptr;
    return keep(name, value->second);
  }

 private:
  const data* keep(const std::string& name, const std::string& text) const {
    return &found_.emplace(name, data(text)).first->second;
  }

  std::string_view language_;
  const Values& values_;
  mutable std::map<std::string, data> found_;
};

/// As HTML text or attribute; line ends, which only running text has, become visible ones.
std::string escape_html(const std::string& value) {
  std::string out;
  for (const char c : text::html_escape(value)) {
    if (c == '\n') out += "<br>";
    out += c;
  }
  return out;
}

/// A parsed template. Parsing costs more than all else in a mail, so each thread keeps its own:
/// rendering is not const.
Result<mustache*> find_template(std::string_view name) {
  thread_local std::map<std::string, mustache, std::less<>> parsed;
  const auto known = parsed.find(name);
  if (known != parsed.end()) return &known->second;
  const std::string file_name = std::string(name) + ".mustache";
  const auto file = std::find_if(text_templates.begin(), text_templates.end(),
                                 [&](const EmbeddedFile& f) { return f.name == file_name; });
  if (file == text_templates.end()) {
    return fail(Code::not_found, "no template " + std::string(name));
  }
  mustache page{std::string(file->contents)};
  if (!page.is_valid()) {
    return fail(Code::invalid_input,
                "template " + std::string(name) + " does not parse: " + page.error_message());
  }
  if (name.ends_with(".html")) {
    page.set_custom_escape(escape_html);
  } else {
    page.set_custom_escape([](const std::string& value) { return value; });
  }
  return &parsed.emplace(name, std::move(page)).first->second;
}

}  // namespace

Result<std::string> render(std::string_view name, std::string_view language, const Values& values) {
  const auto page = find_template(name);
  if (!page) return tl::unexpected<Error>(page.error());
  Context context(language, values);
  return (*page)->render(context);
}

}  // namespace calinvite::texts
