/// Pages as responses: words in the reader's language, and the headers that every page has.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/web.hpp"
#include "texts/texts.hpp"

namespace calinvite::web {

/// The language of a page, BCP 47: the attendee's, else the first of the browser's that we have,
/// else the event's.
/// @param page  nullptr: of no event
std::string language_for(const WebRequest& request, const EventPage* page = nullptr);
/// The first language of Accept-Language that has a catalog; empty when none has.
std::string browser_language(const WebRequest& request);

/// @param values    beside `title` and those of the language
/// @param sends_to  web address that its form may lead to, besides ours; empty: none
WebResponse show(int status, std::string_view page, std::string_view language, texts::Values values,
                 std::string_view sends_to = {});
/// A page of one phrase.
WebResponse tell(int status, std::string_view language, std::string_view phrase);
/// Not valid, expired, forged, of another purpose, without a nonce: all the same (R125).
WebResponse not_valid(const WebRequest& request, int status);
/// The event as every page of it shows it.
texts::Values about(const EventPage& page, std::string_view language);

WebResponse redirect(std::string_view to);
WebResponse calendar_file(Engine& engine, const EventPage& page, const WebRequest& request);
/// What an error of the engine is to a reader.
/// @param invalid  status for what is not valid
WebResponse failed(const WebRequest& request, const Error& error, int invalid);

/// Scheme, host and port of a web address; empty when a header could not hold it as it is.
std::string_view origin_of(std::string_view address);

}  // namespace calinvite::web
