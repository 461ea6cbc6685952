/// What stands in a mail that was sent, line by line.
#pragma once

#include "league.hpp"

namespace league {

/// The header fields of the mail itself, unfolded, each `Name: value`.
inline std::vector<std::string> headers_of(const OutgoingMessage& message) {
  std::vector<std::string> fields;
  std::string_view rest = message.bytes;
  while (!rest.starts_with("\r\n")) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.starts_with(' ') || line.starts_with('\t')) {
      fields.back() += line;
    } else {
      fields.emplace_back(line);
    }
  }
  return fields;
}

/// The value of one; empty when absent.
inline std::string header(const OutgoingMessage& message, const std::string& name) {
  for (const std::string& field : headers_of(message)) {
    if (field.starts_with(name + ": ")) return field.substr(name.size() + 2);
  }
  return {};
}

/// The token of the link that mail programs unsubscribe by.
inline std::string unsubscribe_token(const OutgoingMessage& message) {
  const std::string link = header(message, "List-Unsubscribe");
  const auto at = link.find("/u/");
  REQUIRE(at != std::string::npos);
  return link.substr(at + 3, link.find('>', at) - at - 3);
}

/// The first decoded part of a type, such as text/html.
inline std::string part_of(const OutgoingMessage& message, const std::string& type) {
  const auto mail = parse_mail(message.bytes);
  REQUIRE(mail);
  for (const MailPart& leaf : mail->parts) {
    if (leaf.content_type == type) return leaf.content;
  }
  FAIL("no " << type);
  return {};
}

/// The calendar object's content lines, unfolded, parameters and all.
inline std::vector<std::string> lines_of(const OutgoingMessage& message) {
  std::string text = League::calendar_of(message);
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at)) {
    text.erase(at, 3);
  }
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

/// The first of VEVENT's that begins with `name` and a delimiter; empty when there is none.
inline std::string line_of(const OutgoingMessage& message, const std::string& name) {
  bool inside = false;
  for (const std::string& line : lines_of(message)) {
    inside = inside || line == "BEGIN:VEVENT";
    if (inside && (line.starts_with(name + ":") || line.starts_with(name + ";"))) return line;
  }
  return {};
}

/// All those, `|` between them, that have to stay the same in every message of a copy (R66).
inline std::string identity_of(const OutgoingMessage& message) {
  return League::property(message, "UID") + '|' + League::property(message, "ORGANIZER") + '|' +
         header(message, "From") + '|' + League::property(message, "ATTENDEE") + '|' +
         message.from + '|' + message.to;
}

/// What orders the messages of a copy (R70).
inline std::pair<int, std::string> order_of(const OutgoingMessage& message) {
  return {std::stoi(League::property(message, "SEQUENCE")), League::property(message, "DTSTAMP")};
}

}  // namespace league
