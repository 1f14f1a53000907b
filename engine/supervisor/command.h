#pragma once

#include <sys/types.h>

#include <filesystem>

#include "engine/supervisor/records.h"

namespace hpo::supervision {

/// A command that runs, or why it does not.
struct StartedCommand {
  pid_t pid = 0;  ///< also its process group; 0 where it could not be started
  StartStep failed_step = StartStep::none;
  int error = 0;  ///< errno of failed_step
};

/// Starts the job's command in its own process group, with its output appended to the attempt's
/// log. It gets no descriptor but these, and dies if the supervisor does.
StartedCommand start_command(const Job& job, const std::filesystem::path& root, int attempt);

}  // namespace hpo::supervision
