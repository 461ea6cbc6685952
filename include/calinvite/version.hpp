/// The version of the library that a program was linked with.
#pragma once
#include <string_view>

namespace calinvite {
/// As in the top-level CMakeLists.txt: "0.1.0" (semantic versioning).
std::string_view version() noexcept;
}  // namespace calinvite
