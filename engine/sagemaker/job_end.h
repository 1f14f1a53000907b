#pragma once

#include <filesystem>

#include "engine/executor.h"
#include "engine/sagemaker/description.h"

namespace hpo::sagemaker {

/// A job that is over, and what this engine had asked of it.
struct JobEnd {
  const JobDescription& job;
  bool was_pruned = false;
  bool was_stopped = false;  ///< by the user, to be resumed
  std::filesystem::path log = {};
};

/// It never ran, because the region had no machine of its type.
bool is_capacity_error(const JobDescription& job);

/// The outcome that a job's end means.
TrialOutcome outcome_of(const JobEnd& end);

}  // namespace hpo::sagemaker
