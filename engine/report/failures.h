#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/report/study_source.h"

namespace hpo::report {

/// The failed trials by class, the most frequent class first, with the newest ones' last words:
///
///   [{class, count, trials: [number, ...] (newest 50), examples: [{trial, reason, lines}] (3)}]
nlohmann::ordered_json failures_json(const StudySource& source);

}  // namespace hpo::report
