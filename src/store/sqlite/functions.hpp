/// Functions of ours that statements call.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
}

namespace calinvite::sqlite {

/// The key of the hashes that stand for erased people; absent until it is set.
using ErasureKey = std::optional<std::array<std::uint8_t, 32>>;

/// What stands for an erased address, and keeps it suppressed; absent without a key.
std::optional<std::string> erased_as(const ErasureKey& key, std::string_view address);

/// erased_as(address): the hash that keeps an erased address suppressed, NULL without a key.
/// erased_row(id), erased_uid(uid): in place of what names a copy outside; the same for the same.
/// mentions(text, address), without_mentions(text, address, other): as in store/mentions.hpp.
/// @param key  must live as long as the database
void add_functions(SQLite::Database& database, const ErasureKey& key);

}  // namespace calinvite::sqlite
