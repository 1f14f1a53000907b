#pragma once

#include <map>
#include <optional>
#include <string>

#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo::sagemaker {

/// What DescribeTrainingJob says of a job, as far as it matters here.
struct JobDescription {
  std::string name = {};
  std::string arn = {};
  std::string status = {};     ///< InProgress, Completed, Failed, Stopping, Stopped, or a new word
  std::string secondary = {};  ///< Starting, Training, Interrupted, MaxRuntimeExceeded, ...
  std::string reason = {};     ///< why it failed
  std::string artifact = {};   ///< s3://…/model.tar.gz
  std::string instance_type = {};
  std::map<std::string, std::string> hyperparameters = {};
  std::map<std::string, double> final_metrics = {};  ///< in single precision, as the service has it
  std::optional<double> billable_s = {};             ///< of one instance
  std::optional<TimePoint> began_at = {};
  std::optional<TimePoint> ended_at = {};
  int interruptions = 0;  ///< of a spot job

  /// Whether it will never change again.
  [[nodiscard]] bool is_over() const {
    return status == "Completed" || status == "Failed" || status == "Stopped";
  }
  [[nodiscard]] bool has_begun() const { return began_at.has_value() || is_over(); }
};

/// Error: corrupt, where the answer is none.
Result<JobDescription> description_from(const std::string& body);

}  // namespace hpo::sagemaker
