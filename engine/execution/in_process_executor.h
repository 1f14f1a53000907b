#pragma once

#include <memory>

#include "engine/executor.h"
#include "engine/tuning_config.h"
#include "objectives/objective.h"

namespace hpo::execution {

/// Evaluates a function inside this process, on the engine's thread: for functions that cost
/// little. Its metric `value` is reported as the study's objective metric. What an evaluation
/// returns is the trial's last report; a `stop` in answer to it comes too late to stop anything.
std::unique_ptr<Executor> make_in_process_executor(std::unique_ptr<Objective> objective,
                                                   const TrialSpec& trial, const StudySpec& study);

}  // namespace hpo::execution
