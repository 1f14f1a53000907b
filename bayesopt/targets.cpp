#include "bayesopt/targets.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

constexpr double kAbsurd = 1e300;

bool is_maximized(const StudySpec& spec) {
  return !spec.objectives.empty() && spec.objectives.front().goal == Goal::maximize;
}

bool is_usable(const Trial& trial) {
  return trial.value && std::isfinite(*trial.value) && std::abs(*trial.value) <= kAbsurd;
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

Role role_of(const Trial& trial) {
  switch (trial.state) {
    case TrialState::waiting:
    case TrialState::running:
      return Role::pending;
    case TrialState::complete:
      return is_usable(trial) ? Role::observed : Role::failed;
    case TrialState::failed:
      return blames_configuration(trial) ? Role::failed : Role::silent;
    case TrialState::pruned:
      return is_usable(trial) ? Role::observed : Role::silent;
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
    Target target{.role = role_of(*trial)};
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

double value_of_target(const StudySpec& spec, double y) { return is_maximized(spec) ? -y : y; }

}  // namespace hpo
