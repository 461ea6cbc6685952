/// The whole life of an event as an operator works it: every step may be taken again, and is, after
/// each crash.
#pragma once

#include <calinvite/engine.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace crash {

inline const calinvite::Scope scope = calinvite::Scope::domain("league");
constexpr int people = 20;

/// One run of it in a folder that holds the store, and what the world saw.
struct Campaign {
  std::filesystem::path folder;
  std::uint32_t seed = 0;
  int run = 0;         ///< how often the process was started before
  bool spool = false;  ///< sends into a spool folder, else to a callback that loses some answers

  std::filesystem::path store() const { return folder / "league.db"; }
  std::filesystem::path seen() const { return folder / "seen"; }
  std::filesystem::path spooled() const { return folder / "spool"; }

  calinvite::Engine open() const;
  /// Everything from the domain to the CANCEL. Ends the process on an error that no crash explains.
  void work() const;
};

}  // namespace crash
