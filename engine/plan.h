#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/tuning_config.h"
#include "objectives/error.h"

namespace hpo {

/// What is known about a run besides its file.
struct PlanContext {
  std::filesystem::path folder = {};     ///< of the study: study_folder(config.storage, name)
  std::optional<Study> resumed = {};     ///< the stored study that the run goes on with
  std::vector<PriorStudy> sources = {};  ///< what strategy.warm_start names
  std::optional<int> capacity = {};      ///< trials that fit on this machine at once
  /// With `sagemaker:` the request that starts a trial, and lines about what all of them may cost.
  std::function<std::string(const Trial&)> request = {};
  std::string cost = {};
};

/// What `hpo run` would do, for people: how many trials, how many at once and on what, the next
/// configurations with their exact command lines, and where everything is kept. Touches nothing.
/// Errors: what the sampler says of the space.
Result<std::string> describe_plan(const TuningConfig& config, const PlanContext& context);

}  // namespace hpo
