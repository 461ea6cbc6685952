// What a web request says: the first line is a header's value, the rest a body.
#include "base/text.hpp"
#include "fuzz/targets.hpp"
#include "web/fields.hpp"
#include "web/page.hpp"

namespace calinvite::fuzz {

void form(std::string_view input) {
  const auto line = input.substr(0, input.find('\n'));
  const auto body = input.substr(std::min(line.size() + 1, input.size()));
  WebRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", std::string(line)}, {"Accept-Language", std::string(line)}};
  request.body = body;
  for (const char* name : {"form", "answer", "email", ""}) {
    promise(text::is_utf8(web::Fields(body).get(name)), "a field is well-formed UTF-8");
    promise(text::is_utf8(web::form_of(request).get(name)), "a field is well-formed UTF-8");
  }
  promise(!web::is_one_click(request) || body.find("One-Click") != body.npos,
          "one click is asked for");
  const auto language = web::browser_language(request);
  promise(text::check_single_line(language, "language").has_value(), "a language is one line");
  const auto network = web::network_of(line);
  promise(network.empty() || line.find_first_of(".:") != line.npos, "a network is an address's");
  const auto origin = web::origin_of(body);
  promise(origin.find_first_of("\r\n ;,'\"@") == origin.npos, "an origin can stand in a header");
}

}  // namespace calinvite::fuzz
