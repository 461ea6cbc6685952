#include "texts/templates.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "embedded/text_templates.hpp"
#include "texts/texts.hpp"

namespace calinvite::texts {
using kainjow::mustache::data;
using kainjow::mustache::mustache;

namespace {

/// As HTML text or attribute; line ends, which only running text has, become visible ones.
std::string escape_html(const std::string& value) {
  std::string out;
  for (const char c : text::html_escape(value)) {
    if (c == '\n') out += "<br>";
    out += c;
  }
  return out;
}

}  // namespace

std::string_view embedded_template(std::string_view name) {
  const std::string file_name = std::string(name) + ".mustache";
  const auto file = std::find_if(text_templates.begin(), text_templates.end(),
                                 [&](const EmbeddedFile& f) { return f.name == file_name; });
  return file == text_templates.end() ? std::string_view() : file->contents;
}

Result<mustache> parse_template(std::string_view name, std::string_view contents) {
  mustache page{std::string(contents)};
  if (!page.is_valid()) {
    return fail(Code::invalid_input,
                "template " + std::string(name) + " does not parse: " + page.error_message());
  }
  if (name.ends_with(".html")) {
    page.set_custom_escape(escape_html);
  } else {
    page.set_custom_escape([](const std::string& value) { return value; });
  }
  return page;
}

namespace {

std::string_view contents_of(std::string_view name, const Overrides& overrides) {
  const auto own = overrides.find(std::string(name));
  return own == overrides.end() ? embedded_template(name) : own->second;
}

/// Looks names up while a template is rendered: values, and phrases with their placeholders filled.
class Context : public kainjow::mustache::basic_context<std::string> {
 public:
  Context(std::string_view language, const Values& values, const Overrides& overrides)
      : language_(language), values_(values), overrides_(overrides) {}

  // Sections only ask whether a value is there; they open no scope of their own.
  void push(const data*) override {}
  void pop() override {}
  const data* get_partial(const std::string& name) const override {
    const auto found = found_.find("> " + name);
    if (found != found_.end()) return &found->second;
    return keep("> " + name, std::string(contents_of(name, overrides_)));
  }

  const data* get(const std::string& name) const override {
    const auto found = found_.find(name);
    if (found != found_.end()) return &found->second;
    if (name.starts_with("t."))
      return keep(name, fill(language_, phrase(language_, name.substr(2)), values_));
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
  const Overrides& overrides_;
  mutable std::map<std::string, data> found_;
};

// A thread keeps so many texts of each template: domains may have their own.
constexpr std::size_t max_parsed = 16;

/// A template, parsed. Parsing costs more than all else in a mail, so each thread keeps its own:
/// rendering is not const.
Result<mustache*> find_template(std::string_view name, const Overrides& overrides) {
  const auto contents = contents_of(name, overrides);
  if (contents.empty()) return fail(Code::not_found, "no template " + std::string(name));
  using Pages = std::map<std::string, mustache, std::less<>>;  // by contents
  thread_local std::map<std::string, Pages, std::less<>> parsed;
  Pages& pages = parsed.try_emplace(std::string(name)).first->second;
  const auto known = pages.find(contents);
  // A part that does not parse leaves its fault in the page that it was put into.
  if (known != pages.end() && known->second.is_valid()) return &known->second;
  auto page = parse_template(name, contents);
  if (!page) return tl::unexpected<Error>(page.error());
  if (pages.size() >= max_parsed) pages.clear();
  return &pages.insert_or_assign(std::string(contents), std::move(*page)).first->second;
}

Result<std::string> render_page(mustache& page, Context& context) {
  auto text = page.render(context);
  if (!page.is_valid()) {
    return fail(Code::invalid_input,
                "a part of a template does not parse: " + page.error_message());
  }
  return text;
}

}  // namespace

Result<std::string> render(std::string_view name, std::string_view language, const Values& values,
                           const Overrides& overrides) {
  Context context(language, values, overrides);
  const auto page = find_template(name, overrides);
  if (!page) return tl::unexpected<Error>(page.error());
  return render_page(**page, context);
}

}  // namespace calinvite::texts
