#include "engine/executors.h"

#include "engine/execution/in_process_executor.h"
#include "engine/execution/local_executor.h"
#include "engine/sagemaker/sagemaker_executor.h"

namespace hpo {

Result<std::unique_ptr<Executor>> make_executor(const ExecutorOptions& options) {
  const TrialSpec& trial = options.config.trial;
  if (options.config.sagemaker) return sagemaker::make_sagemaker_executor(options);
  if (trial.objective.empty()) return execution::make_local_executor(options);
  auto objective = make_objective(trial.objective);
  if (!objective) return objective.error();
  return execution::make_in_process_executor(*std::move(objective), trial, options.study);
}

}  // namespace hpo
