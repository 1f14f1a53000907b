// Spaces and studies that the sampler tests share.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "bayesopt/sampler.h"
#include "objectives/seed.h"

namespace hpo::testing_support {

inline ParameterValue text(const char* value) { return std::string(value); }

inline SearchSpace unit_box(int d) {
  SearchSpace space;
  for (int i = 0; i < d; ++i) {
    space.parameters.push_back({.name = "x" + std::to_string(i), .domain = FloatParameter{}});
  }
  return space;
}

/// Every kind of parameter, every scale, and conditions two levels deep, a child before its parent.
inline SearchSpace every_kind() {
  return {
      .parameters = {
          {.name = "nesterov",
           .domain = BoolParameter{},
           .when = {{.parent = "optimizer", .values = {text("sgd"), text("lion")}},
                    {.parent = "layers", .values = {std::int64_t{2}, std::int64_t{3}}}}},
          {.name = "lr", .domain = FloatParameter{.min = 1e-6, .max = 0.3, .scale = Scale::log}},
          {.name = "optimizer",
           .domain = CategoricalParameter{.values = {text("adam"), text("sgd"), text("lion")}}},
          {.name = "momentum",
           .domain = FloatParameter{.min = 0.1, .max = 0.9999, .scale = Scale::reverse_log},
           .when = {{.parent = "optimizer", .values = {text("sgd")}}}},
          {.name = "layers", .domain = IntParameter{.min = 1, .max = 4}},
          {.name = "width",
           .domain = IntParameter{.min = 3, .max = 3001, .scale = Scale::log, .step = 2}},
          {.name = "dropout", .domain = FloatParameter{.min = 0, .max = 0.7, .step = 0.1}},
          {.name = "size",
           .domain = OrdinalParameter{.values = {std::int64_t{96}, std::int64_t{128}, 0.5}}},
          {.name = "decay_rate",
           .domain = FloatParameter{.min = -2, .max = 3},
           .when = {{.parent = "nesterov", .values = {true}}}}}};
}

/// 2·3 + 4 + 1·2 = 12 configurations, some behind conditions.
inline SearchSpace twelve() {
  return {.parameters = {
              {.name = "kind",
               .domain = CategoricalParameter{.values = {text("a"), text("b"), text("c")}}},
              {.name = "flag",
               .domain = BoolParameter{},
               .when = {{.parent = "kind", .values = {text("a"), text("c")}}}},
              {.name = "level",
               .domain =
                   OrdinalParameter{.values = {std::int64_t{1}, std::int64_t{2}, std::int64_t{4}}},
               .when = {{.parent = "kind", .values = {text("a")}}}},
              {.name = "count",
               .domain = IntParameter{.min = 5, .max = 8},
               .when = {{.parent = "kind", .values = {text("b")}}}}}};
}

inline Study empty_study(SearchSpace space, std::uint64_t seed = 7, Goal goal = Goal::minimize) {
  Study study;
  study.spec.objectives = {{.metric = "value", .goal = goal}};
  study.spec.space = std::move(space);
  study.spec.seed = seed;
  return study;
}

inline std::unique_ptr<Sampler> sampler_of(std::string_view name, const SearchSpace& space) {
  auto sampler = make_sampler(name, nlohmann::json::object(), space);
  check(sampler.has_value(), "a sampler for the test's space");
  return std::move(*sampler);
}

inline std::uint64_t next_seed(const Study& study) {
  return mix_seed(study.spec.seed, study.trials.size());
}

inline Trial& set_outcome(Trial& trial, TrialState state, std::optional<double> value) {
  trial.state = state;
  trial.value = value;
  return trial;
}

inline void add_trial(Study& study, Suggestion suggestion, TrialState state,
                      std::optional<double> value = {}) {
  Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .configuration = std::move(suggestion.configuration),
              .model = std::move(suggestion.model)};
  study.trials.push_back(std::make_shared<const Trial>(set_outcome(trial, state, value)));
}

/// Replaces trial `number` by one with this outcome.
inline void finish(Study& study, std::size_t number, TrialState state,
                   std::optional<double> value = {}) {
  Trial trial = *study.trials[number];
  study.trials[number] = std::make_shared<const Trial>(set_outcome(trial, state, value));
}

using Evaluate = std::function<double(const Configuration&)>;

/// Runs `count` more trials one after the other; ends early where the sampler fails.
inline void run(Sampler& sampler, Study& study, int count, const Evaluate& evaluate) {
  for (int i = 0; i < count; ++i) {
    auto suggestion = sampler.suggest(study, next_seed(study));
    if (!suggestion) return;
    const double value = evaluate(suggestion->configuration);
    add_trial(study, std::move(*suggestion), TrialState::complete, value);
  }
}

/// Some value of any configuration that changes with each parameter.
inline double any_value(const Configuration& configuration) {
  double sum = 0;
  for (const auto& [name, value] : configuration) {
    if (const auto* x = std::get_if<double>(&value)) sum += (*x - 0.3) * (*x - 0.3);
    if (const auto* i = std::get_if<std::int64_t>(&value))
      sum += 0.01 * static_cast<double>(*i % 97);
    if (const auto* b = std::get_if<bool>(&value)) sum += *b ? 0.2 : 0;
    if (const auto* s = std::get_if<std::string>(&value))
      sum += 0.1 * static_cast<double>(s->back() % 7);
  }
  return sum;
}

inline double x_of(const Configuration& configuration, const char* name) {
  return std::get<double>(configuration.at(name));
}

/// `count` Sobol points with their values.
inline Study sampled(const SearchSpace& space, int count, const Evaluate& evaluate) {
  Study study = empty_study(space);
  run(*sampler_of("sobol", space), study, count, evaluate);
  return study;
}

inline double best_value(const Study& study) { return *study.best_trial()->value; }

}  // namespace hpo::testing_support
