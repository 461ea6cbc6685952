/// A composed mail taken apart, to look at what its calendar object and its texts say.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/ical.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"
#include "compose/random_invitations.hpp"

namespace objects {

using namespace calinvite;
using std::chrono::local_seconds;

inline local_seconds wall(std::string_view iso) { return parse_iso(iso)->wall; }

inline const ZoneTable& zones() {
  static const ZoneTable table;
  return table;
}

inline Revision invitation() {
  Revision revision = league_revision();
  revision.event.summary = "Round 1";
  revision.event.description = "Bring a scarf.";
  revision.event.location = "Harbour Ground";
  revision.event.start = wall("2027-03-27T15:30");
  revision.event.end = wall("2027-03-27T17:15");
  return revision;
}

/// One content line, unfolded.
struct Line {
  std::string name;
  std::string parameters;  ///< from the first ';' on
  std::string value;
};

struct Object {
  std::string mail;  ///< as it travels
  std::string plain;
  std::string html;
  std::string calendar;  ///< as written
  std::vector<Line> lines;

  std::vector<Line> all(std::string_view name) const {
    std::vector<Line> found;
    for (const Line& line : lines) {
      if (line.name == name) found.push_back(line);
    }
    return found;
  }
  /// Of the VEVENT alone: what belongs to a VTIMEZONE or VALARM is left out.
  std::vector<Line> of_event(std::string_view name) const {
    std::vector<Line> found;
    std::vector<std::string> open;
    for (const Line& line : lines) {
      if (line.name == "BEGIN") open.push_back(line.value);
      if (line.name == name && open.back() == "VEVENT") found.push_back(line);
      if (line.name == "END") open.pop_back();
    }
    return found;
  }
  /// The value of the only such line of the VEVENT; a failure when there is none or another one.
  std::string value(std::string_view name) const {
    const auto found = of_event(name);
    INFO(name << "\n" << calendar);
    REQUIRE(found.size() == 1);
    return found[0].value;
  }
  std::string parameters(std::string_view name) const {
    const auto found = of_event(name);
    REQUIRE(found.size() == 1);
    return found[0].parameters;
  }
};

inline Line line_of(std::string_view text) {
  bool quoted = false;
  std::size_t colon = 0;
  for (; colon < text.size() && (quoted || text[colon] != ':'); ++colon) {
    quoted = quoted != (text[colon] == '"');
  }
  const auto name = std::min(text.find_first_of(";:"), text.size());
  return {std::string(text.substr(0, name)), std::string(text.substr(name, colon - name)),
          std::string(text.substr(std::min(colon + 1, text.size())))};
}

inline Object take_apart(std::string bytes) {
  const auto mail = parse_mail(bytes);
  REQUIRE(mail);
  REQUIRE(mail->parts.size() == 4);
  Object object{
      std::move(bytes), mail->parts[0].content, mail->parts[1].content, mail->parts[2].content, {}};
  std::string unfolded = object.calendar;
  for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ", at)) {
    unfolded.erase(at, 3);
  }
  for (std::size_t at = 0; at < unfolded.size();) {
    const auto end = unfolded.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    object.lines.push_back(line_of(std::string_view(unfolded).substr(at, end - at)));
    at = end + 2;
  }
  return object;
}

inline Object object_of(const Revision& revision, const CopyFields& copy = fan()) {
  const auto composer = Composer::prepare(revision, zones());
  if (!composer) FAIL(to_string(composer.error()));
  std::string bytes;
  const auto composed = composer->compose(copy, bytes);
  if (!composed) FAIL(to_string(composed.error()));
  return take_apart(std::move(bytes));
}

/// Some hundred random mails.
struct Sample {
  Revision revision;
  CopyFields copy;
  Object object;
};
inline const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = [] {
    dice::Invitations dice(31'65);
    std::vector<Sample> made;
    for (int n = 0; n < 300; ++n) {
      const Revision revision = dice.revision();
      const CopyFields copy = dice.copy(revision);
      made.push_back({revision, copy, object_of(revision, copy)});
    }
    return made;
  }();
  return all;
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace objects
