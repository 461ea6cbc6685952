/// The pages behind the links of mails, as a function: an HTTP request in, a response out. Any
/// server can mount it; docs/links.md tells the paths, examples/server is one.
///
///     respond(engine, {.method = "GET", .path = "/r/AQE…", .query = "answer=accepted"})
///
/// GET and HEAD never change an answer, a suppression or an invitation, however often and by
/// whatever they come (R122). What a person presses is a POST that carries the page's nonce.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "calinvite/engine.hpp"

namespace calinvite {

using WebHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request as the server got it: nothing is decoded yet.
struct WebRequest {
  std::string method;  ///< such as GET
  std::string path;    ///< below the domain's base URL, without the query
  std::string query;   ///< behind the question mark
  WebHeaders headers;  ///< names in any case; used: Accept-Language, Content-Type, User-Agent
  std::string body;
  /// IPv4 or IPv6 address of who asks, as a trusted proxy tells it; empty: not known, and not
  /// capped
  std::string remote_address;
};

struct WebResponse {
  int status = 200;
  WebHeaders headers;  ///< without Content-Length, Date and Connection, which servers add
  std::string body;    ///< empty for HEAD
};

struct WebOptions {
  ButtonCaps caps;
  std::size_t max_body_bytes = 64 * 1024;  ///< of a form; more is answered by 413
  std::chrono::seconds least_form_age{2};  ///< a form for an invitation that comes back sooner was
                                           ///< filled in by no person, and is shown again
};

/// Answers one request. Any thread may call; the engine lets one in at a time. Errors of the store
/// become 503, with Retry-After, or 500.
WebResponse respond(Engine& engine, const WebRequest& request, const WebOptions& options = {});

}  // namespace calinvite
