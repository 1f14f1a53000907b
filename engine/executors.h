#pragma once

#include <filesystem>
#include <memory>

#include "engine/executor.h"
#include "engine/tuning_config.h"
#include "objectives/error.h"

namespace hpo {

/// What an executor needs to know of the study it serves.
struct ExecutorOptions {
  const TuningConfig& config;
  StudySpec study = {};               ///< with its id
  std::filesystem::path folder = {};  ///< study_folder(...): trial folders, caches
  bool detach = false;  ///< cancelled training jobs are left running, for the next engine to adopt
};

/// The executor that the file asks for: in this process for `objective:`, local processes for
/// `command:` and `trainer:`, training jobs with `sagemaker:`. Errors: environment (no supervisor
/// beside this program, a folder that cannot be written); usage (unknown objective).
Result<std::unique_ptr<Executor>> make_executor(const ExecutorOptions& options);

}  // namespace hpo
