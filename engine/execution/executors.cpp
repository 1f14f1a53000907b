#include "engine/executors.h"

#include "engine/execution/in_process_executor.h"
#include "engine/execution/local_executor.h"

namespace hpo {

Result<std::unique_ptr<Executor>> make_executor(const ExecutorOptions& options) {
  const TrialSpec& trial = options.config.trial;
  if (trial.objective.empty()) return execution::make_local_executor(options);
  auto objective = make_objective(trial.objective);
  if (!objective) return objective.error();
  return execution::make_in_process_executor(*std::move(objective), trial, options.study);
}

}  // namespace hpo
