#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "trainers/trainer.h"

namespace hpo {

/// Answers an environment variable; nothing where it is unset.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// This process' environment.
Environment process_environment();

/// Whether a GPU is leased: the engine names it in CUDA_VISIBLE_DEVICES. A managed SageMaker job
/// leaves that unset and has the machine for itself.
bool is_gpu_leased(const Environment& environment);

/// A trial as its process finds it: SageMaker's folder layout and the engine's variables.
struct TrainingJob {
  Configuration hyperparameters = {};
  TrainContext context = {};  ///< without its functions
  std::filesystem::path failure = {};
};

/// Reads input/config/hyperparameters.json, the channels below input/data, HPO_SEED,
/// HPO_CACHE_DIR, HPO_OBJECTIVE_METRIC, _GOAL and _VALUE, OMP_NUM_THREADS and the GPU lease.
///
/// Values are decoded as JSON where they are JSON, as SageMaker's SDK writes them, else taken as
/// they are. Errors: not_found (no such folder), usage (a file or variable that cannot be read).
Result<TrainingJob> read_training_job(const std::filesystem::path& base,
                                      const Environment& environment);

/// The line that the engine and SageMaker read a metric from.
std::string metric_line(std::string_view metric, double value, std::int64_t step);

/// Writes output/failure: the reason for people, cut to the 1024 characters that SageMaker shows.
Result<void> write_failure(const std::filesystem::path& file, const Error& error);

}  // namespace hpo
