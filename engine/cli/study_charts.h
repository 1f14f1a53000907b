#pragma once

#include <string>
#include <vector>

#include "engine/cli/chart.h"
#include "engine/cli/study_access.h"

// The charts of a study, each of its first objective. Values that are not finite are not drawn.

namespace hpo::cli {

/// Every trial's value by its number and the best so far; failed ones at the foot.
Chart history_chart(const Study& study);

/// What trials reported step by step: the best ones and the newest, 20 at most. Errors: of the
/// storage; not_found, where no trial reported twice.
Result<Chart> curves_chart(const LoadedStudy& loaded);

/// Values by each of the parameters, all of them where none is named. Error: usage, for one that
/// the study does not have.
Result<std::vector<Chart>> slice_charts(const Study& study, const std::vector<std::string>& names);

}  // namespace hpo::cli
