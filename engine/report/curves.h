#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/report/study_source.h"
#include "objectives/error.h"

namespace hpo::report {

/// What trials reported of the first objective, step by step, of the best 100 trials and of as many
/// spread evenly over the others; at most 200 points each. Null where no trial reported twice.
///
///   {metric, trials: [number, ...], lengths: [points, ...], steps: packed f4, values: packed}
///
/// The points of all trials follow one another. Error: of the storage.
Result<nlohmann::ordered_json> curves_json(const StudySource& source);

}  // namespace hpo::report
