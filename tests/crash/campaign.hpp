/// The whole life of an event as an operator works it: every step may be taken again, and is, after
/// each crash.
#pragma once

#include <calinvite/engine.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace crash {

/// Messages a second that the callback's account says it takes: more than anybody sends.
constexpr double allowed_rate = 100'000;
inline const calinvite::Scope scope = calinvite::Scope::domain("league");

/// One run of it in a folder that holds the store, and what the world saw.
struct Campaign {
  std::filesystem::path folder;
  std::uint32_t seed = 0;
  int run = 0;         ///< how often the process was started before
  bool spool = false;  ///< sends into a spool folder, else to a callback that loses some answers
  /// What the engine's clock says; it stands still but where dispatch waits.
  std::shared_ptr<std::chrono::sys_seconds> now = std::make_shared<std::chrono::sys_seconds>();

  std::filesystem::path store() const { return folder / "league.db"; }
  std::filesystem::path seen() const { return folder / "seen"; }
  std::filesystem::path spooled() const { return folder / "spool"; }

  /// More than a transport has in flight, so that a crash can't excuse all of them.
  int people() const { return spool ? 100 : 32; }
  int most_in_flight() const { return spool ? 64 : 16; }

  calinvite::Engine open() const;
  /// Everything from the domain to the CANCEL. Ends the process on an error that no crash explains.
  void work() const;
};

}  // namespace crash
