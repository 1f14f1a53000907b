#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/tuning_config.h"

namespace hpo {

/// What a trial trains with: the fixed hyperparameters of the file and the suggested ones.
Configuration trial_hyperparameters(const TrialSpec& trial, const Configuration& suggested);

/// The configuration that a trial runs with: hyperband's budget beside what was suggested.
Configuration with_budget(const StrategySpec& strategy, Configuration suggested,
                          std::optional<std::int64_t> budget);

/// The command line of a trial's process: the user's command with `--name value` for each
/// hyperparameter, in order of their names as SageMaker's toolkit has them, or `hpo-model train`,
/// which reads hyperparameters.json. Empty for a built-in objective.
std::vector<std::string> trial_arguments(const TrialSpec& trial, const Configuration& suggested);

/// Where a command works: trial.source, else the tuning file's folder.
const std::filesystem::path& command_folder(const TuningConfig& config);

/// The words as a POSIX shell takes them: quoted where they need it, with blanks between.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace hpo
