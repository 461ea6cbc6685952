/// Whose messages of SNS a C program believes.
#pragma once

#include "calinvite.h"
#include "calinvite/sns.hpp"

namespace calinvite::capi {

SnsTrust trust_of(const calinvite_sns_trust& given);
/// @error of the callback; refuses one that is missing
FetchCertificate fetch_of(const calinvite_sns_trust& given);

}  // namespace calinvite::capi
