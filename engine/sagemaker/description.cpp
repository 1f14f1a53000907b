#include "engine/sagemaker/description.h"

#include <nlohmann/json.hpp>

#include "objectives/json.h"

namespace hpo::sagemaker {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<double> number_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number() ? std::optional(at->get<double>()) : std::nullopt;
}

std::optional<TimePoint> time_of(const json& object, const char* key) {
  const auto seconds = number_of(object, key);
  if (!seconds) return std::nullopt;
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000)));
}

void read_lists(const json& object, JobDescription& job) {
  if (const auto at = object.find("HyperParameters"); at != object.end() && at->is_object()) {
    for (const auto& [name, value] : at->items()) {
      if (value.is_string()) job.hyperparameters[name] = value.get<std::string>();
    }
  }
  if (const auto at = object.find("FinalMetricDataList"); at != object.end() && at->is_array()) {
    for (const auto& item : *at) {
      const auto value = number_of(item, "Value");
      if (value) job.final_metrics[text_of(item, "MetricName")] = *value;
    }
  }
  const auto transitions = object.find("SecondaryStatusTransitions");
  if (transitions == object.end() || !transitions->is_array()) return;
  for (const auto& item : *transitions) {
    job.interruptions += text_of(item, "Status") == "Interrupted" ? 1 : 0;
  }
}

}  // namespace

Result<JobDescription> description_from(const std::string& body) {
  const auto parsed = parse_json(body);
  if (!parsed || !parsed->is_object() || text_of(*parsed, "TrainingJobStatus").empty()) {
    return Error{.code = ErrorCode::corrupt,
                 .message = "SageMaker described a training job in words that are none",
                 .hint = "is AWS_ENDPOINT_URL_SAGEMAKER right?"};
  }
  const json& object = *parsed;
  JobDescription job{.name = text_of(object, "TrainingJobName"),
                     .arn = text_of(object, "TrainingJobArn"),
                     .status = text_of(object, "TrainingJobStatus"),
                     .secondary = text_of(object, "SecondaryStatus"),
                     .reason = text_of(object, "FailureReason")};
  job.billable_s = number_of(object, "BillableTimeInSeconds");
  job.began_at = time_of(object, "TrainingStartTime");
  job.ended_at = time_of(object, "TrainingEndTime");
  if (const auto at = object.find("ModelArtifacts"); at != object.end() && at->is_object()) {
    job.artifact = text_of(*at, "S3ModelArtifacts");
  }
  if (const auto at = object.find("ResourceConfig"); at != object.end() && at->is_object()) {
    job.instance_type = text_of(*at, "InstanceType");
  }
  read_lists(object, job);
  return job;
}

}  // namespace hpo::sagemaker
