#pragma once

#include <memory>

#include "engine/executors.h"

namespace hpo::sagemaker {

/// Runs trials as SageMaker training jobs. Before it returns, AWS has accepted the keys, the
/// study's lease is held, and local folders lie in S3. Errors: environment (keys, permissions,
/// network), usage (region, an empty channel), held (another machine runs the study).
Result<std::unique_ptr<Executor>> make_sagemaker_executor(const ExecutorOptions& options);

}  // namespace hpo::sagemaker
