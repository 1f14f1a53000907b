#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/executor.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo::execution {

/// An attempt that runs, as the lock in its trial's folder tells.
struct LiveAttempt {
  std::int64_t trial = 0;
  std::filesystem::path root = {};  ///< the trial's folder
  pid_t supervisor = 0;             ///< 0: outside of this container or machine
};

/// The unfinished trials that run, be it under an engine or without one, in order of their number.
std::vector<LiveAttempt> live_attempts(const std::filesystem::path& study_folder,
                                       const Study& study);

/// The same of every trial folder that there is: what another database's study of this name left
/// may still run.
std::vector<LiveAttempt> live_attempts(const std::filesystem::path& study_folder);

/// Tells all of them to end, then waits until they are gone. Their records say that they were
/// stopped, so the next run goes on with them. Error: environment (one that cannot be reached from
/// here, or belongs to another user); the others have ended then.
Result<void> end_attempts(const std::vector<LiveAttempt>& attempts, CancelReason reason);

}  // namespace hpo::execution
