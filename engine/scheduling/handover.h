#pragma once

#include <filesystem>

#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo {

/// Moves the checkpoints of the trial that this one continues into its own folder: the paused one
/// needs them no more, and a move is whole or not done, so after a crash it may be done again.
/// Nothing happens where the trial continues none, or has checkpoints already. Error: environment;
/// the trial then starts from its beginning.
Result<void> hand_over_checkpoints(const std::filesystem::path& study_folder, const Trial& trial);

}  // namespace hpo
