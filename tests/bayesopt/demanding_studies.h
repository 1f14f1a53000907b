// Studies with two objectives or constraints that tests share.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "objectives/front.h"
#include "tests/bayesopt/studies.h"

namespace hpo::testing_support {

using Metrics = std::map<std::string, double>;
using EvaluateAll = std::function<Metrics(const Configuration&)>;

inline double at(const Configuration& configuration, const std::string& name) {
  return std::get<double>(configuration.at(name));
}

/// Objectives `cost` and `error`, both to be minimised.
inline Study two_objectives(SearchSpace space, std::uint64_t seed) {
  Study study = empty_study(std::move(space), seed);
  study.spec.objectives = {{.metric = "cost"}, {.metric = "error"}};
  return study;
}

/// Completes trial `number` with the metrics; the first objective's is its value.
inline void complete(Study& study, std::size_t number, const Metrics& metrics) {
  Trial trial = *study.trials[number];
  trial.metrics = metrics;
  trial.state = TrialState::complete;
  trial.value = metrics.at(study.spec.objectives[0].metric);
  trial.finished_event = ++study.last_event;
  study.trials[number] = std::make_shared<const Trial>(std::move(trial));
}

/// Runs `count` more trials, `pending` of them at a time besides the one that is asked for.
inline void run_all(Sampler& sampler, Study& study, std::size_t count, const EvaluateAll& evaluate,
                    std::size_t pending = 0) {
  const auto value_of = [&](std::size_t number) {
    complete(study, number, evaluate(study.trials[number]->configuration));
  };
  for (std::size_t i = 0; i < count; ++i) {
    auto suggestion = sampler.suggest(study, next_seed(study));
    check(suggestion.has_value(), "a suggestion");
    add_trial(study, std::move(*suggestion), TrialState::running);
    if (study.trials.size() > pending) value_of(study.trials.size() - 1 - pending);
  }
  for (std::size_t k = study.trials.size() - pending; k < study.trials.size(); ++k) value_of(k);
}

/// Zitzler, Deb & Thiele (2000), problem 1: the front is x1 = x2 = ... = 0, error = 1 - √cost.
inline Metrics zdt1(const Configuration& configuration) {
  double sum = 0;
  for (const auto& [name, value] : configuration) {
    if (name != "x0") sum += std::get<double>(value);
  }
  const double cost = at(configuration, "x0");
  const double g = 1 + 9 * sum / static_cast<double>(configuration.size() - 1);
  return {{"cost", cost}, {"error", g * (1 - std::sqrt(cost / g))}};
}

/// Area up to the corner that every trial of the problem lies in.
inline double area_of(const Study& study, const ParetoPoint& corner) {
  return hypervolume(Front(study).points(), corner);
}

/// The nearer to (0.9, 0.9) the better, on a disc that does not hold it: the optimum lies on its
/// edge, at a distance of 0.9 √2 - 0.8 = 0.473.
inline Study disc(std::uint64_t seed) {
  Study study = empty_study(unit_box(2), seed);
  study.spec.constraints = {{.metric = "radius", .max = 0.8}};
  return study;
}
inline Metrics distances(const Configuration& configuration) {
  const double x = at(configuration, "x0");
  const double y = at(configuration, "x1");
  return {{"value", std::hypot(x - 0.9, y - 0.9)}, {"radius", std::hypot(x, y)}};
}

}  // namespace hpo::testing_support
