#pragma once

#include <string>
#include <vector>

#include "engine/cli/trial_selection.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo::cli {

/// The trials for which all conditions hold: `optimizer=sgd`, `lr<1e-3`, `state!=failed`; a field
/// (trial_fields.h), one of = != < <= > >=, and a value. A trial without the field fulfils none. A
/// number equals what a table shows of it (`lr=0.00314`). Errors: usage, for a text that is no
/// condition, a field or a value that cannot be, and an order of what has none.
Result<Trials> where(const Study& study, Trials trials, const std::vector<std::string>& conditions);

}  // namespace hpo::cli
