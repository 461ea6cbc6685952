/// What each kind of link answers. Paths are told in docs/links.md.
#pragma once

#include <string_view>

#include "calinvite/web.hpp"

namespace calinvite::web {

/// One request with what it is answered from.
struct Visit {
  Engine& engine;
  const WebRequest& request;
  const WebOptions& options;

  bool is_post() const { return request.method == "POST"; }
};

/// Notes that a link of a mail was opened; that its page is read matters more.
void note_visit(const Visit& visit, std::string_view token, TokenPurpose purpose,
                std::string_view link);

WebResponse answer_rsvp(const Visit& visit, std::string_view token);
WebResponse answer_rsvp_file(const Visit& visit, std::string_view token);
WebResponse answer_unsubscribe(const Visit& visit, std::string_view token);
WebResponse answer_registration(const Visit& visit, std::string_view token);
WebResponse answer_approval(const Visit& visit, std::string_view token);
WebResponse answer_invite(const Visit& visit, std::string_view event);
WebResponse answer_event(const Visit& visit, std::string_view event);
WebResponse answer_event_file(const Visit& visit, std::string_view event);

}  // namespace calinvite::web
