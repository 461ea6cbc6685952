/* Serves the page behind a link of a mail: requests in, responses out, whatever HTTP server there
   is. Opening a page changes nothing, as scanners open every link; pressing its button does. */
#include "league.h"

static const calinvite_web_response* ask(calinvite_engine* engine, const char* method,
                                         const char* path, const char* body) {
  static const calinvite_header headers[] = {{"Accept-Language", "en"},
                                             {"User-Agent", "Mozilla/5.0"},
                                             {"Content-Type", "application/x-www-form-urlencoded"}};
  calinvite_web_request request = CALINVITE_WEB_REQUEST_INIT;
  request.method = method;
  request.path = path;
  request.query = "answer=accepted";
  request.headers = headers;
  request.header_count = 3;
  request.body = body;
  request.body_size = strlen(body);
  request.remote_address = "192.0.2.7"; /* as your server, or the proxy before it, knows it */
  calinvite_error* error;
  const calinvite_web_response* response;
  check(calinvite_respond(engine, &request, NULL, &response, &error), &error);
  return response;
}

/* What the response says, and how fan1's answer stands after it. */
static void tell(calinvite_engine* engine, const char* event, const char* what,
                 const calinvite_web_response* response) {
  calinvite_error* error;
  const calinvite_attendee_list* fans;
  check(calinvite_list_attendees(engine, league(), event, NULL, NULL, &fans, &error), &error);
  printf("%s %d: %s\n", what, response->status, fans->items[0]->partstat);
  calinvite_free(fans);
}

int main(void) {
  calinvite_error* error;
  calinvite_transport* spool;
  check(calinvite_open_spool_transport("mails", &spool, &error), &error);
  calinvite_engine* engine = open_league("link_pages.db", spool);
  const calinvite_event* match = invite_fans(engine);
  check(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error), &error);
  const calinvite_text* token;
  check(calinvite_rsvp_token(engine, league(), match->uid, "fan1@example.com", &token, &error),
        &error);
  char path[100], file[120], body[200] = "answer=accepted", form[CALINVITE_LINK_TOKEN_SIZE] = "";
  snprintf(path, sizeof path, "/r/%s", token->bytes);
  snprintf(file, sizeof file, "%s/invite.ics", path);
  calinvite_free(token);

  const calinvite_web_response* page = ask(engine, "GET", path, "");
  tell(engine, match->uid, "GET", page);
  /* The form brings back what the page gave it, so that nobody's page can post for a person. */
  const calinvite_web_response* pressed = ask(engine, "POST", path, body);
  tell(engine, match->uid, "POST without it", pressed);
  calinvite_free(pressed);
  sscanf(strstr(page->body, "name=\"form\""), "name=\"form\" value=\"%64[A-Za-z0-9_-]", form);
  snprintf(body, sizeof body, "answer=accepted&comment=Two+of+us&form=%s", form);
  pressed = ask(engine, "POST", path, body);
  tell(engine, match->uid, "POST", pressed);
  calinvite_free(pressed);

  for (size_t i = 0; i < page->header_count; ++i) {
    if (strcmp(page->headers[i].name, "Cache-Control") != 0) continue;
    printf("%s: %s\n", page->headers[i].name, page->headers[i].value);
  }
  calinvite_free(page);
  const calinvite_web_response* calendar = ask(engine, "GET", file, "");
  printf("its calendar file: %d, %.15s\n", calendar->status, calendar->body);
  calinvite_free(calendar);
  const calinvite_web_response* other = ask(engine, "GET", "/r/AQE", "");
  printf("another's link: %d\n", other->status);
  calinvite_free(other);
  calinvite_free(match);
  calinvite_close(engine);
  return 0;
}
