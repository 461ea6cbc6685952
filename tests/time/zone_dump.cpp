/// Answers questions about time zones, one a line, for zoneinfo_oracle.py to compare:
/// "zone NAME" chooses one, "u SECONDS" asks for the offset at an instant, "l SECONDS" for the
/// instant of a wall clock. Seconds count from 1970 either way.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "calinvite/time.hpp"

int main() {
  std::ios::sync_with_stdio(false);
  const calinvite::ZoneTable zones;
  std::optional<calinvite::Zone> zone;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.starts_with("zone ")) {
      auto found = zones.find(line.substr(5));
      if (!found) {
        std::cerr << to_string(found.error()) << '\n';
        return EXIT_FAILURE;
      }
      zone.emplace(*std::move(found));
      continue;
    }
    const std::chrono::seconds asked(std::atoll(line.c_str() + 2));
    const auto answer =
        line.front() == 'u'
            ? zone->offset_at(std::chrono::sys_seconds(asked))
            : zone->to_instant(std::chrono::local_seconds(asked)).time_since_epoch();
    std::cout << answer.count() << '\n';
  }
  return EXIT_SUCCESS;
}
