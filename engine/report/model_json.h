#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/report/knowledge.h"
#include "objectives/study.h"

namespace hpo::report {

/// What the page draws of a model; {why_not} where there is none.
///
///   {results, noise_stddev, calibration: {explained, within_one, good},
///    importance: [{name, total: [value, low, high], alone: [...], in_best}] (largest first),
///    slices: [{parameter, trial, values: packed f8 or [value, ...], mean: packed,
///      stddev: packed}],
///    contours: [{first, second, trial, a: values, b: values, mean: packed}]}
///
/// Parameters are named by their index in the space. `trial`: the one whose other values the slice
/// or contour has; null where several have its configuration or none. At most the ten most
/// important parameters have contours.
nlohmann::ordered_json model_json(const Study& study, const Knowledge& known);

}  // namespace hpo::report
