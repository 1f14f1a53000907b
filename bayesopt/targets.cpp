#include "bayesopt/targets.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

constexpr double kAbsurd = 1e300;

bool is_maximized(const StudySpec& spec, std::size_t objective = 0) {
  return objective < spec.objectives.size() && spec.objectives[objective].goal == Goal::maximize;
}

bool is_usable(double value) { return std::isfinite(value) && std::abs(value) <= kAbsurd; }

bool is_usable(const StudySpec& spec, const Trial& trial) {
  return trial.value && is_usable(*trial.value) &&
         (spec.is_plain() || further_outputs(spec, trial));
}

bool blames_configuration(const Trial& trial) {
  if (!trial.failure) return true;
  switch (*trial.failure) {
    case FailureClass::lost:
    case FailureClass::start:
    case FailureClass::stopped:
      return false;
    case FailureClass::exit_code:
    case FailureClass::signal:
    case FailureClass::oom:
    case FailureClass::timeout:
    case FailureClass::nan:
    case FailureClass::no_metric:
      return true;
  }
  return true;
}

Role role_of(const StudySpec& spec, const Trial& trial) {
  switch (trial.state) {
    case TrialState::waiting:
    case TrialState::running:
      return Role::pending;
    case TrialState::complete:
      return is_usable(spec, trial) ? Role::observed : Role::failed;
    case TrialState::failed:
      return blames_configuration(trial) ? Role::failed : Role::silent;
    case TrialState::pruned:
      return is_usable(spec, trial) ? Role::observed : Role::silent;
    case TrialState::paused:
      return Role::silent;
  }
  return Role::silent;
}

}  // namespace

std::vector<Target> targets(const Study& study) {
  const bool maximize = is_maximized(study.spec);
  std::vector<Target> result;
  std::vector<double> complete;
  for (const auto& trial : study.trials) {
    Target target{.role = role_of(study.spec, *trial)};
    if (target.role == Role::observed) target.y = maximize ? -*trial->value : *trial->value;
    if (target.role == Role::observed && trial->state == TrialState::complete) {
      complete.push_back(target.y);
    }
    result.push_back(target);
  }
  std::sort(complete.begin(), complete.end());
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (study.trials[i]->state != TrialState::pruned || result[i].role != Role::observed) continue;
    if (complete.empty()) {
      result[i] = {.role = Role::silent};
    } else {
      result[i].y = std::clamp(result[i].y, complete[complete.size() / 2], complete.back());
    }
  }
  return result;
}

double target_of_value(const StudySpec& spec, double value) {
  return is_maximized(spec) ? -value : value;
}

double value_of_target(const StudySpec& spec, double y, std::size_t objective) {
  return is_maximized(spec, objective) ? -y : y;
}

std::optional<std::vector<double>> further_outputs(const StudySpec& spec, const Trial& trial) {
  std::vector<double> outputs;
  for (const auto& name : further_metrics(spec)) {
    const auto at = trial.metrics.find(name);
    if (at == trial.metrics.end() || !is_usable(at->second)) return std::nullopt;
    const std::size_t objective = 1 + outputs.size();
    outputs.push_back(is_maximized(spec, objective) ? -at->second : at->second);
  }
  return outputs;
}

}  // namespace hpo
