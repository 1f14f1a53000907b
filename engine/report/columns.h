#pragma once

#include <nlohmann/json_fwd.hpp>

#include "objectives/study.h"

namespace hpo::report {

/// The trials of a study, one column for each thing known of them, in order of their numbers, with
/// the words that the columns count:
///
///   states, failures, resources, samplers, modes: words; `columns` holds their index, the last
///     index of the type for none
///   parameters: [{name, type, scale, min, max, step, values, when}]
///   metrics: names of the metrics besides the objectives, at most four
///   origin_ms: when the first attempt started, since 1970
///   columns: {state, failure, resource, sampler, mode, attempt, started_s, duration_s,
///     objectives: [...], parameters: [...], metrics: [...]}, each packed() (binary.h). Seconds
///     count from origin_ms; what is absent is NaN, of parameters with `values` the last index of
///     the type.
///   reasons: number -> first line of why a trial failed or was pruned, of the newest 2,000
///
/// `now`: up to which running trials count.
nlohmann::ordered_json trials_json(const Study& study, TimePoint now);

}  // namespace hpo::report
