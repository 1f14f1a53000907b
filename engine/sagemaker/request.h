#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/tuning_config.h"
#include "objectives/study.h"

namespace hpo::sagemaker {

/// What a training job is made of, besides the file.
struct JobFacts {
  const TuningConfig& config;
  const StudySpec& study;
  const Trial& trial;
  const std::map<std::string, std::string>& channels;  ///< name → s3://…, `code` among them
  std::string instance_type = {};
  std::string checkpoints = {};  ///< s3://…
};

/// The request of CreateTrainingJob. A pure function: the same attempt always gives the same.
nlohmann::json create_training_job(const JobFacts& facts);

/// Its HyperParameters alone: what a job is recognised by.
std::map<std::string, std::string> hyperparameters_of(const TuningConfig& config,
                                                      const Trial& trial);

}  // namespace hpo::sagemaker
