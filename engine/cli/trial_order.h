#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cli/trial_selection.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo::cli {

/// The trials in one of the states; all where none is named. Error: usage, for a word that is no
/// state.
Result<Trials> with_states(Trials trials, const std::vector<std::string>& states);

/// The trials with a value, best first, at most so many.
Trials best_first(const Study& study, Trials trials, std::int64_t count);

/// Ordered by a field (trial_fields.h), ascending; with `-` before it descending. Trials without it
/// come last. Error: usage, with the fields there are.
Result<Trials> sorted_by(const Study& study, const Trials& trials, const std::string& field);

}  // namespace hpo::cli
