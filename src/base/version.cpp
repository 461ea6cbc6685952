#include "calinvite/version.hpp"

std::string_view calinvite::version() noexcept { return CALINVITE_VERSION; }
