/// A file that the build compiled into the library (scripts/embed.cmake).
#pragma once
#include <span>
#include <string_view>

namespace calinvite {
/// Both views live as long as the program.
struct EmbeddedFile {
  std::string_view name;      ///< relative to the embedded folder
  std::string_view contents;  ///< the bytes as they are
};
}  // namespace calinvite
