/// Expands recurrence rules for recurrence_oracle.py to compare: of each line "START RULE" it
/// prints the first instances, separated by spaces.
#include <cstdlib>
#include <iostream>
#include <string>

#include "calinvite/time.hpp"

int main() {
  constexpr std::size_t limit = 20;
  for (std::string line; std::getline(std::cin, line);) {
    const auto space = line.find(' ');
    const auto start = calinvite::parse_basic(line.substr(0, space));
    if (!start) return EXIT_FAILURE;
    const auto instances = calinvite::expand_rrule(line.substr(space + 1), start->wall, {}, limit);
    if (!instances) {
      std::cerr << to_string(instances.error()) << '\n';
      return EXIT_FAILURE;
    }
    for (const auto instance : *instances) std::cout << calinvite::format_basic(instance) << ' ';
    std::cout << '\n';
  }
  return EXIT_SUCCESS;
}
