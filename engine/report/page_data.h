#pragma once

#include <string>
#include <vector>

#include "engine/report/study_source.h"
#include "objectives/error.h"

namespace hpo::report {

/// What the page shows, as one JSON text, which may stand inside a <script> element: it holds no
/// `<`. The report has it in the page; a server may send it to the page instead.
///
///   {schema: 1, version, made_at, studies: [{name, state (standing.h), created_at, active_s,
///   strategy, objectives,
///     trials (columns.h), curves (curves.h), failures (failures.h), winner (winner.h),
///     answers: {searched, won, why, mattered, failed, next: [sentence, ...]},
///     model (model_json.h)}]}
///
/// `now`: up to which running trials count. Error: of the storage.
Result<std::string> page_data(const std::vector<StudySource>& studies, const std::string& version,
                              TimePoint now);

}  // namespace hpo::report
