#pragma once

#include <functional>
#include <string>

#include "engine/tuning_config.h"
#include "objectives/error.h"

namespace hpo::sagemaker {

/// What a dry run shows of jobs.
struct RequestPlan {
  std::function<std::string(const Trial&)> request = {};  ///< CreateTrainingJob's body, as JSON
  std::string cost = {};                                  ///< lines about the most it may cost
};

/// The requests that a run would send, from the file alone: nothing is asked of AWS. A study that
/// does not exist yet has no id; its jobs are shown with zeros in its place. Errors: of folders.
Result<RequestPlan> plan_requests(const TuningConfig& config, StudySpec study);

}  // namespace hpo::sagemaker
