/// Brings a store's tables to the version that this build knows: forward only, a step each.
#pragma once

#include <filesystem>
#include <span>

#include "base/embedded_file.hpp"
#include "calinvite/result.hpp"
#include "store/sqlite/connection.hpp"

namespace calinvite::sqlite {

/// Makes an empty file that only its owner can read; what is there already stays as it is.
/// @error unavailable  the folder is missing or closed to us
Result<void> create_private_file(const std::filesystem::path& file);

/// Turns the write-ahead log on and runs the migrations that `file` lacks, each in one transaction
/// with its row in the version table, so that two processes may open at once. Before a store in use
/// is changed, a copy of it is left beside it as FILE.v<version>; when another copy has that name,
/// as FILE.v<version>.2 and so on.
/// @param migrations  in order, named NNNN_words.sql with consecutive numbers from 1
/// @error store_corrupt  written by a newer version, or not a calinvite store
Result<void> migrate(Connection& connection, const std::filesystem::path& file,
                     std::span<const EmbeddedFile> migrations);

}  // namespace calinvite::sqlite
