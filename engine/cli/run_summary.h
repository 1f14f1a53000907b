#pragma once

#include <string>

#include "engine/cli/output.h"
#include "engine/cli/study_run.h"
#include "engine/tuning_config.h"

namespace hpo::cli {

/// The result of a run: how it ended and the best trial; with json and csv what `hpo status`
/// prints.
void print_summary(const TuningConfig& config, const RunEnd& end, Format format);

/// What is useful next: go on, export, or look. `file_flags` name the tuning file again.
std::string next_command(const TuningConfig& config, const RunEnd& end,
                         const std::string& file_flags);

/// Interrupted, nothing usable, target missed, or done.
int exit_code_of(const TuningConfig& config, const RunEnd& end, bool require_target);

}  // namespace hpo::cli
