/// Functions of ours that statements call.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/time.hpp"

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
/// erased_fact(fact): in place of the key of a fact about somebody erased, which may hold such a
/// name; the same for the same.
/// event_over(start, end, timezone, all_day, rrule, exdates, overrides): over_at of the event with
/// these columns, NULL when it goes on.
/// mentions(text, address), without_mentions(text, address, other): as in store/mentions.hpp.
/// @param key, zones  must live as long as the database
void add_functions(SQLite::Database& database, const ErasureKey& key, const ZoneTable& zones);

}  // namespace calinvite::sqlite
