/// The version of the library that a program was linked with, and what is in it.
#pragma once
#include <span>
#include <string_view>

namespace calinvite {
/// As in the top-level CMakeLists.txt: "0.1.0" (semantic versioning).
std::string_view version() noexcept;

/// Stores, transports, queues and readers that are built in, such as store:sqlite or transport:ses;
/// the table lives as long as the program.
std::span<const std::string_view> features() noexcept;

/// A library that this one uses.
struct Dependency {
  std::string_view name;
  std::string_view version;  ///< that calinvite was built against
};
/// The table lives as long as the program.
std::span<const Dependency> dependencies() noexcept;
}  // namespace calinvite
