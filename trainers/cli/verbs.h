#pragma once

#include <filesystem>
#include <string>

#include "objectives/error.h"

namespace hpo::cli {

/// Exit codes (product.md): 0 done, 1 nothing usable came out, 2 usage or data, 3 environment.
int exit_code(const Error& error);

/// Prints `hpo-model: message` and the hint to stderr; answers the exit code.
int fail(const Error& error);

/// `hpo-model train`: one training in a trial's folder.
struct TrainArgs {
  std::string trainer = "bird_classifier";
  std::filesystem::path directory = {};  ///< empty: SAGEMAKER_BASE_DIR, else /opt/ml
  double checkpoint_interval_s = 2;
};
int train(const TrainArgs& args);

}  // namespace hpo::cli
