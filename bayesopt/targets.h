#pragma once

#include <optional>
#include <vector>

#include "objectives/study.h"

namespace hpo {

/// What a trial tells a model.
enum class Role {
  observed,  ///< y is known
  failed,    ///< its configuration cannot be evaluated
  pending,   ///< running or waiting
  silent,    ///< nothing but that it was tried
};

/// A trial's role and, where it is observed, its value as "smaller is better".
struct Target {
  Role role = Role::silent;
  double y = 0;
};

/// What every trial of the study tells a model, in the trials' order. The only place that turns
/// goals and states into numbers to minimise.
///
/// NaN, infinite and absurd values (above 1e300) are failures. A failure that is no fault of the
/// configuration (lost, start, stopped) is silent. A pruned trial was worse than the others at the
/// step where it ended, and its last value is no final one: it is observed at that value, but not
/// as better than the median of the complete trials nor worse than the worst of them. With further
/// outputs a complete trial that lacks one has failed, and a pruned one is silent.
std::vector<Target> targets(const Study& study);

/// What a trial reported of the study's further outputs: the other objectives as "smaller is
/// better", then the metrics of constraints as they are. Nothing where one is missing or absurd.
std::optional<std::vector<double>> further_outputs(const StudySpec& spec, const Trial& trial);

/// A value in the user's sense as "smaller is better".
double target_of_value(const StudySpec& spec, double value);

/// A target's y as a value in the user's sense: the inverse of what targets() does with a value.
double value_of_target(const StudySpec& spec, double y, std::size_t objective = 0);

}  // namespace hpo
