#include "engine/sagemaker/request_plan.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/sagemaker/cost.h"
#include "engine/sagemaker/names.h"
#include "engine/sagemaker/preparation.h"
#include "engine/sagemaker/request.h"

namespace hpo::sagemaker {
namespace {

constexpr const char* kNoId = "00000000000000000000000000000000";

std::string cost_lines(const TuningConfig& config) {
  const SageMakerSpec& spec = *config.sagemaker;
  if (spec.prices.empty()) return {};
  const double each = Cost(config).most_of(spec.instance_types.front());
  std::string text = fmt::format("\ncost       at most {:.2f} for each", each);
  if (config.limits.trials) {
    text += fmt::format(", {:.2f} for {} trials", each * static_cast<double>(*config.limits.trials),
                        *config.limits.trials);
  }
  if (spec.max_cost) text += fmt::format("; never more than {:g}", *spec.max_cost);
  return text;
}

}  // namespace

Result<RequestPlan> plan_requests(const TuningConfig& config, StudySpec study) {
  if (auto settings = settings_for(*config.sagemaker); !settings) return settings.error();
  auto channels = planned_channels(config);
  if (!channels) return channels.error();
  if (study.id.empty()) study.id = kNoId;
  RequestPlan plan{.cost = cost_lines(config)};
  plan.request = [&config, study, channels = *std::move(channels)](const Trial& trial) {
    const SageMakerSpec& spec = *config.sagemaker;
    const auto request =
        create_training_job({.config = config,
                             .study = study,
                             .trial = trial,
                             .channels = channels,
                             .instance_type = spec.instance_types.front(),
                             .checkpoints = checkpoints_uri(spec, study, trial.number).text()});
    return request.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  return plan;
}

}  // namespace hpo::sagemaker
