#pragma once

#include <sys/types.h>

#include "engine/supervisor/records.h"

namespace hpo::supervision {

/// Blocks the signals that watch() takes, so that none is lost before it.
void block_signals();

/// Waits for the command's end; ends it at its timeout or on SIGTERM (gently, then with SIGKILL
/// after the grace period) or SIGUSR1 (at once). Fills in how it ended. Processes that it left may
/// still run.
void watch(pid_t command, const Job& job, ExitRecord& record);

}  // namespace hpo::supervision
