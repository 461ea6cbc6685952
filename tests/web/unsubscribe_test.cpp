// The page of an unsubscribe link: read, pressed, and one click of a mail program.
#include "web/site.hpp"

using namespace site;

namespace {

const std::string one_click = "List-Unsubscribe=One-Click";

/// Path of the link in the mail that was sent last.
std::string unsubscribe_path(Site& site) {
  const auto& bytes = site.sent_to(fan).bytes;
  const auto header = bytes.find("List-Unsubscribe: ");
  REQUIRE(header != std::string::npos);
  const auto begin = bytes.find("/u/", header);
  return bytes.substr(begin, bytes.find('>', begin) - begin);
}

std::uint64_t suppressed(Site& site) {
  return site
      .invite(site.event("Next " + std::to_string(site.now.time_since_epoch().count())).uid, {fan})
      .skip["suppressed"];
}

}  // namespace

TEST_CASE("R138: one click unsubscribes at once, again changes nothing, and looking never does",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = unsubscribe_path(site);
  for (int i = 0; i < 3; ++i) {
    CHECK(site.get(path).status == 200);
    CHECK(site.get(path + "?" + one_click).status == 200);
    CHECK(site.ask("HEAD", path).status == 200);
    CHECK(has(site.get(path), "Do you want to get no more invitations?"));
  }
  CHECK(site.engine->list_suppressions(kScope, {}, {})->items.empty());
  CHECK(site.engine->list_consents(kScope, {}, {})->items.empty());
  CHECK(site.clicks(event.uid).size() == 2);  // one for a person, one that HEAD shows to be none's
  const auto before = site.stored();
  for (const std::string body : {"", "List-Unsubscribe=One-Click&x=1", "List-Unsubscribe=one-click",
                                 "scope=organizer", "form=x&scope=organizer"}) {
    CHECK(site.post(path, body).status == 404);
  }
  CHECK(site.post(path.substr(0, path.size() - 1), one_click).status == 404);
  CHECK(site.post("/u/" + site.rsvp_path(event.uid).substr(3), one_click).status == 404);
  CHECK(site.stored() == before);

  const auto done = site.post(path, one_click);
  CHECK(done.status == 200);
  CHECK(header(done, "Location").empty());
  CHECK(header(done, "Set-Cookie").empty());
  CHECK(suppressed(site) == 1);
  CHECK(site.post(path, one_click).status == 200);
  CHECK(has(site.get(path), "You will get no more of these invitations"));
}

TEST_CASE(
    "R139: a person unsubscribes by a button of the page, from one organizer or from all, "
    "and declines nothing",
    "[web]") {
  for (const std::string scope : {"organizer", "domain"}) {
    Site site;
    const auto event = site.invited_event();
    const auto path = unsubscribe_path(site);
    const auto page = site.get(path);
    CHECK(has(page, "No more from League Office"));
    CHECK(page.body.find(fan) == std::string::npos);
    CHECK(site.post(path, filled_in(page, "scope=everything")).status == 404);

    const auto done = site.post(path, filled_in(page, "scope=" + scope));
    CHECK(done.status == 200);
    CHECK(has(done, "You will get no more of these invitations"));
    CHECK(has(done, "<form") == (scope == "organizer"));  // the rest can still be asked for
    CHECK(suppressed(site) == 1);
    CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);
  }
}

TEST_CASE("a nonce of another link unsubscribes nobody", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = unsubscribe_path(site);
  const auto nonce = input(site.get(site.rsvp_path(event.uid)), "form");
  CHECK(site.post(path, "form=" + nonce + "&scope=organizer").status == 404);
  CHECK(suppressed(site) == 0);
}
