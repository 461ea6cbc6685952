/// Writing reports of a scope, page by page.
#pragma once

#include "calinvite/report.hpp"

namespace calinvite::report {

/// Of one event, or of every event in scope when `event` is empty.
/// @error stopped  the sink ended it
Result<void> write(Store& store, const Scope& scope, std::string_view event, ReportFormat format,
                   const ReportSink& sink);

}  // namespace calinvite::report
