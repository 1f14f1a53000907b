#pragma once

#include <string>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// What makes `now` another problem than `stored`: one line a difference, named as the tuning file
/// names it; empty if they are the same. The order of the parameters does not matter.
std::vector<std::string> spec_differences(const StudySpec& stored, const StudySpec& now);

/// Success iff there are none; else the error usage, which shows them and the remedy.
Result<void> check_same_problem(const StudySpec& stored, const StudySpec& now);

}  // namespace hpo
