#pragma once

#include <memory>

#include "engine/executors.h"

namespace hpo::execution {

/// Runs trials as processes of this machine, each under a supervisor that outlives this process.
/// Errors: environment (no supervisor or trainer beside this program, a folder that cannot be
/// written); usage (an expression of a metric).
Result<std::unique_ptr<Executor>> make_local_executor(const ExecutorOptions& options);

}  // namespace hpo::execution
