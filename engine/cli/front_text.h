#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/cli/study_access.h"
#include "objectives/front.h"
#include "objectives/study.h"

// What the verbs say of studies with two objectives or constraints.
namespace hpo::cli {

/// `latency_ms 61.2 > 50`; empty where the trial keeps all constraints or has not reported them.
std::string broken_text(const StudySpec& spec, const Trial& trial);

/// The mark of a table's row by the trial's number: `*` for the best one, of two objectives for the
/// knee, with `+` for the others on the front; `x` for trials that break a constraint.
std::map<std::int64_t, std::string> marks_of(const Study& study);
/// What the marks mean, where they need it: one line with its end, else empty.
std::string legend_of(const Study& study);

/// Fields for what the study has found: `best`, of two objectives `front`, `knee` and
/// `hypervolume`.
std::vector<std::pair<std::string, std::string>> found_fields(const Study& study);

/// `the best trade-off of 7 trials on the front: hpo compare shows all`; empty with one objective.
std::string front_sentence(const Study& study);

/// The trials on the front of two objectives, a line for each, and the front's gain.
std::string front_table(const Study& study);

/// The front as an array of trials.
nlohmann::ordered_json front_json(const LoadedStudy& loaded);
/// {hypervolume, reference by objective, trials: their numbers}, or null where the front is empty.
nlohmann::ordered_json gain_json(const Study& study);

}  // namespace hpo::cli
