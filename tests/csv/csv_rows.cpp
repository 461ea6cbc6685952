// Prints what CsvReader makes of standard input, for python_oracle.py: one line a row, the cells in
// hex and separated by blanks, or "error". The argument is the size of the pieces it is fed.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>

#include "calinvite/csv.hpp"

int main(int argc, char** argv) {
  const std::size_t piece = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 4096;
  const std::string input((std::istreambuf_iterator<char>(std::cin)),
                          std::istreambuf_iterator<char>());
  std::string_view rest = input;
  calinvite::CsvReader reader;
  do {
    const auto now = rest.substr(0, piece);
    rest.remove_prefix(now.size());
    reader.feed(now, rest.empty());
    for (;;) {
      const auto row = reader.next();
      if (!row) {
        std::puts("error");
        continue;
      }
      if (!*row) break;
      std::string line;
      for (const std::string_view cell : (*row)->cells) {
        line += line.empty() ? "-" : " -";
        for (const char c : cell) {
          constexpr char digits[] = "0123456789abcdef";
          line += digits[static_cast<unsigned char>(c) >> 4];
          line += digits[c & 0xf];
        }
      }
      std::puts(line.c_str());
    }
  } while (!rest.empty());
}
