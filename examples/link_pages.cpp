// Serves the page behind a link of a mail: requests in, responses out, whatever HTTP server there
// is. Opening a page changes nothing, as scanners open every link; pressing its button does.
#include <calinvite/web.hpp>

#include "league.hpp"

// What the response says, and how fan1's answer stands after it.
static void tell(Engine& engine, const Event& match, const char* what,
                 const WebResponse& response) {
  const auto fans = check(engine.list_attendees(league, match.uid, Page{}));
  std::printf("%s %d: %s\n", what, response.status, to_string(fans.items[0].partstat).data());
}

int main() {
  auto engine = open_league("link_pages.db");
  const Event match = invite_fans(engine);
  check(engine.dispatch(*check(open_spool_transport("mails")), {}));
  const std::string path = "/r/" + check(engine.rsvp_token(league, match.uid, "fan1@example.com"));

  WebRequest open{.method = "GET", .path = path, .query = "answer=accepted"};
  open.headers = {{"Accept-Language", "en"}, {"User-Agent", "Mozilla/5.0"}};
  open.remote_address = "192.0.2.7";  // as your server, or the proxy before it, knows it
  const WebResponse page = respond(engine, open);
  tell(engine, match, "GET", page);

  // The form brings back what the page gave it, so that nobody's page can post for a person.
  const std::string field = "name=\"form\" value=\"";
  const auto at = page.body.find(field) + field.size();
  const std::string form = page.body.substr(at, page.body.find('"', at) - at);
  WebRequest press{.method = "POST", .path = path};
  press.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  press.body = "answer=accepted";
  tell(engine, match, "POST without it", respond(engine, press));
  press.body += "&comment=Two+of+us&form=" + form;
  tell(engine, match, "POST", respond(engine, press));

  for (const auto& [name, value] : page.headers) {
    if (name == "Cache-Control") std::printf("%s: %s\n", name.c_str(), value.c_str());
  }
  const auto file = respond(engine, {.method = "GET", .path = path + "/invite.ics"});
  std::printf("its calendar file: %d, %s\n", file.status, file.body.substr(0, 15).c_str());
  std::printf("another's link: %d\n", respond(engine, {.method = "GET", .path = "/r/AQE"}).status);
  return 0;
}
