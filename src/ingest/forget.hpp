/// Raw input that was kept and names somebody who is to be forgotten.
#pragma once

#include <cstdint>
#include <string_view>

#include "calinvite/store.hpp"

namespace calinvite::ingest {

/// Drops what lies in quarantine and names the address, as it is written or inside what a mail
/// encodes. What cannot be read as a mail is searched as it stands.
/// @return how many
Result<std::uint64_t> drop_mentions(Store& store, const Scope& scope, std::string_view address);

}  // namespace calinvite::ingest
