// Which page a path names.
#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "web/fields.hpp"
#include "web/handlers.hpp"
#include "web/page.hpp"

namespace calinvite {
namespace {

using web::Visit;

constexpr int not_found = 404;
constexpr int not_allowed = 405;
constexpr int too_large = 413;
constexpr std::size_t longest_path = 1024;

using Handler = WebResponse (*)(const Visit&, std::string_view);

/// A page by its path: who answers, about what, and whether it takes a form.
struct Route {
  Handler handler = nullptr;
  std::string name;
  bool takes_form = false;
};

Route route_of(std::string_view path) {
  constexpr std::string_view file = ".ics";
  if (path.size() > longest_path || !path.starts_with('/')) return {};
  const auto parts = text::split(path.substr(1), '/');
  std::string name = text::percent_decode(parts.size() > 1 ? parts[1] : std::string_view());
  if (parts.size() == 2 && parts[0] == "r") return {web::answer_rsvp, name, true};
  if (parts.size() == 3 && parts[0] == "r" && parts[2] == "invite.ics") {
    return {web::answer_rsvp_file, name};
  }
  if (parts.size() == 2 && parts[0] == "u") return {web::answer_unsubscribe, name, true};
  if (parts.size() == 2 && parts[0] == "c") return {web::answer_registration, name, true};
  if (parts.size() == 2 && parts[0] == "a") return {web::answer_approval, name, true};
  if (parts.size() == 3 && parts[0] == "event" && parts[2] == "invite") {
    return {web::answer_invite, name, true};
  }
  if (parts.size() != 2 || parts[0] != "e") return {};
  if (!name.ends_with(file)) return {web::answer_event, name};
  return {web::answer_event_file, name.substr(0, name.size() - file.size())};
}

WebResponse answer(const Visit& visit) {
  const Route route = route_of(visit.request.path);
  const std::string language = web::language_for(visit.request);
  if (route.handler == nullptr) return web::tell(not_found, language, "page_missing");
  const std::string& method = visit.request.method;
  if (method != "GET" && method != "HEAD" && !(visit.is_post() && route.takes_form)) {
    WebResponse response = web::tell(not_allowed, language, "page_missing");
    response.headers.emplace_back("Allow", route.takes_form ? "GET, HEAD, POST" : "GET, HEAD");
    return response;
  }
  if (visit.request.body.size() > visit.options.max_body_bytes) {
    return web::tell(too_large, language, "page_invalid");
  }
  return route.handler(visit, route.name);
}

}  // namespace

void web::note_visit(const Visit& visit, std::string_view token, TokenPurpose purpose,
                     std::string_view link) {
  static_cast<void>(
      visit.engine.record_visit(token, purpose,
                                {std::string(link), visit.request.method == "HEAD",
                                 std::string(web::header(visit.request, "User-Agent"))}));
}

WebResponse respond(Engine& engine, const WebRequest& request, const WebOptions& options) {
  WebResponse response = answer({engine, request, options});
  if (request.method == "HEAD") response.body.clear();
  return response;
}

}  // namespace calinvite
