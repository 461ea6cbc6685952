/// A disk that forgets: an SQLite VFS whose writes reach the file only by a sync, as after a power
/// cut.
#pragma once

#include <cstdint>

namespace power_loss {

/// Makes it SQLite's default in this process; before the first store is opened.
void install();
/// The power fails: of what was not synced, each write is on the disk, half on it, or not, by seed.
/// Nothing may be written after.
void fail(std::uint32_t seed);
/// The process ends in peace: the system writes what it still holds.
void flush();

}  // namespace power_loss
