/// What reached the world, written down before the sender may know: it outlives the sender.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <calinvite/ical.hpp>
#include <calinvite/mime.hpp>
#include <calinvite/transport.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace crash {

/// A message that somebody got.
struct Sighting {
  std::string attempt_id;
  std::string to;
  std::string uid;  ///< "-": a notice to an organizer
  std::string method;
  int sequence = 0;

  std::string key() const { return uid + ' ' + to + ' ' + method + ' ' + std::to_string(sequence); }
};

/// Reads the calendar object of a message as its reader would.
inline Sighting sight(const std::string& attempt_id, const std::string& to,
                      const std::string& bytes) {
  Sighting seen{attempt_id, to, "-", "-", 0};
  const auto mail = calinvite::parse_mail(bytes);
  if (!mail) return seen;
  const auto parts = calinvite::calendar_parts(*mail);
  if (parts.empty()) return seen;
  const std::string& calendar = parts.front()->content;
  const auto value = [&](const std::string& name) {
    const auto at = calendar.find("\r\n" + name + ":") + name.size() + 3;
    return calendar.substr(at, calendar.find("\r\n", at) - at);
  };
  seen.uid = value("UID");
  seen.method = value("METHOD");
  seen.sequence = std::stoi(value("SEQUENCE"));
  return seen;
}

inline void witness(const std::filesystem::path& file, const Sighting& seen) {
  const std::string line = seen.attempt_id + ' ' + seen.key() + '\n';
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || ::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    ::_exit(3);  // the test itself is at fault
  }
  ::close(fd);
}

/// All of them, in order.
inline std::vector<Sighting> sightings(const std::filesystem::path& file) {
  std::vector<Sighting> all;
  std::ifstream in(file);
  for (Sighting seen;
       in >> seen.attempt_id >> seen.uid >> seen.to >> seen.method >> seen.sequence;) {
    all.push_back(seen);
  }
  return all;
}

}  // namespace crash
