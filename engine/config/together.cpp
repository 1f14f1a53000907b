// What only several sections of the file together show.

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/known_trainers.h"
#include "engine/config/sections.h"
#include "engine/config/suggestions.h"
#include "objectives/objective.h"

namespace hpo::config {
namespace {

Section section_of(Section& root, const char* key) {
  return {root.find(key), key, "", root.findings()};
}

std::vector<std::string> metric_names(const TuningConfig& config) {
  std::vector<std::string> names;
  for (const auto& pattern : config.trial.metrics) names.push_back(pattern.metric);
  if (const auto* trainer = find_trainer(config.trial.trainer)) {
    names.insert(names.end(), trainer->metrics.begin(), trainer->metrics.end());
  }
  if (!config.trial.objective.empty()) names.emplace_back("value");
  return names;
}

/// A metric that the file demands, and the map that does.
struct Demanded {
  std::string metric = {};
  Section section;
};

std::vector<Demanded> demanded_metrics(const TuningConfig& config, Section& root) {
  std::vector<Demanded> demands;
  const auto add = [&](const char* key, std::size_t i, const std::string& metric) {
    const YamlNode* list = root.find(key);
    const bool is_there = list != nullptr && list->is_sequence() && i < list->items.size();
    Section section(is_there ? &list->items[i] : nullptr, fmt::format("{}[{}]", key, i), "",
                    root.findings());
    demands.push_back({.metric = metric, .section = section});
  };
  const auto& objectives = config.study.objectives;
  if (root.find("objectives") == nullptr && !objectives.empty()) {
    demands.push_back({.metric = objectives[0].metric, .section = section_of(root, "objective")});
  } else {
    for (std::size_t i = 0; i < objectives.size(); ++i) add("objectives", i, objectives[i].metric);
  }
  const auto& constraints = config.study.constraints;
  for (std::size_t i = 0; i < constraints.size(); ++i) add("constraints", i, constraints[i].metric);
  return demands;
}

/// A command may also report its metrics as JSON lines, which nobody can know beforehand; only a
/// name that is nearly one of the declared ones is an error then.
void check_metric_is_reported(const TuningConfig& config, Demanded& demand) {
  const TrialSpec& trial = config.trial;
  if (trial.trainer.empty() && trial.command.empty() && trial.objective.empty()) return;
  const auto names = metric_names(config);
  if (std::find(names.begin(), names.end(), demand.metric) != names.end()) return;
  const std::string hint = did_you_mean(demand.metric, names);
  if (!trial.command.empty() && hint.empty()) return;
  const std::string who = !trial.trainer.empty()     ? trial.trainer
                          : !trial.objective.empty() ? "objective " + trial.objective
                                                     : "trial.metrics";
  demand.section.error("metric",
                       {.message = fmt::format("{} does not report \"{}\"", who, demand.metric),
                        .expected = "one of " + join(names),
                        .hint = hint});
}

/// The smallest and the largest number of a domain; nothing where a value is no number.
std::optional<std::pair<double, double>> bounds_of(const Domain& domain) {
  if (const auto* d = std::get_if<FloatParameter>(&domain)) return std::pair{d->min, d->max};
  if (const auto* d = std::get_if<IntParameter>(&domain)) {
    return std::pair{static_cast<double>(d->min), static_cast<double>(d->max)};
  }
  std::optional<std::pair<double, double>> bounds;
  for (const auto& value : finite_values(domain)) {
    double x = 0;
    if (const auto* f = std::get_if<double>(&value)) {
      x = *f;
    } else if (const auto* i = std::get_if<std::int64_t>(&value)) {
      x = static_cast<double>(*i);
    } else {
      return std::nullopt;
    }
    bounds = bounds ? std::pair{std::min(bounds->first, x), std::max(bounds->second, x)}
                    : std::pair{x, x};
  }
  return bounds;
}

/// A built-in function is defined on its own space; the file declares a part of it.
void check_built_in_parameter(const TuningConfig& config, Section& root, const Parameter& needed) {
  Section parameters = section_of(root, "parameters");
  const Parameter* given = config.study.space.find(needed.name);
  if (given == nullptr) {
    if (config.trial.hyperparameters.contains(needed.name)) return;
    const auto bounds = bounds_of(needed.domain).value_or(std::pair{0.0, 1.0});
    root.findings().error(
        root.place("parameters"),
        {.message = fmt::format("parameters.{}: is missing; objective {} needs it", needed.name,
                                config.trial.objective),
         .expected = fmt::format("{}: {{type: float, min: {}, max: {}}}", needed.name, bounds.first,
                                 bounds.second)});
    return;
  }
  if (!given->when.empty()) {
    parameters.error(needed.name, {.message = fmt::format("objective {} always needs it",
                                                          config.trial.objective),
                                   .hint = "remove its \"when\""});
  }
  const auto bounds = bounds_of(given->domain);
  const auto domain = bounds_of(needed.domain);
  if (!bounds) {
    parameters.error(needed.name, {.message = fmt::format("must be a number for objective {}",
                                                          config.trial.objective)});
  } else if (domain && (bounds->first < domain->first || bounds->second > domain->second)) {
    parameters.error(needed.name, {.message = fmt::format(
                                       "objective {} is defined from {} to {} only",
                                       config.trial.objective, domain->first, domain->second)});
  }
}

void check_built_in(const TuningConfig& config, Section& root) {
  const auto objective = make_objective(config.trial.objective);
  if (!objective) return;
  for (const auto& needed : (*objective)->space().parameters) {
    check_built_in_parameter(config, root, needed);
  }
}

void check_fixed_and_searched(const TuningConfig& config, Section& root) {
  const YamlNode* parameters = root.find("parameters");
  Section trial = section_of(root, "trial");
  Section fixed(trial.find("hyperparameters"), "trial.hyperparameters", "", root.findings());
  for (const auto& [name, value] : config.trial.hyperparameters) {
    if (parameters == nullptr || !parameters->index_of(name)) continue;
    root.findings().error(fixed.key_place(name),
                          {.message = fmt::format("{}: is fixed here and searched under parameters",
                                                  fixed.path(name)),
                           .hint = "remove one of the two"});
  }
}

/// The best value that a metric can have, where that is known.
std::optional<double> best_possible(const TuningConfig& config, const ObjectiveSpec& objective) {
  if (!config.trial.objective.empty() && objective.goal == Goal::minimize) {
    const auto function = make_objective(config.trial.objective);
    if (function) return (*function)->optimum();
  }
  if (config.trial.trainer.empty()) return std::nullopt;
  const bool is_accuracy = objective.metric.ends_with(":accuracy");
  const bool is_loss = objective.metric.ends_with(":loss");
  if (is_accuracy && objective.goal == Goal::maximize) return 1.0;
  return is_loss && objective.goal == Goal::minimize ? std::optional(0.0) : std::nullopt;
}

void check_target(const TuningConfig& config, Section& root) {
  const ObjectiveSpec& objective = config.study.objectives[0];
  if (!config.limits.target) return;
  const auto best = best_possible(config, objective);
  if (!best || !is_better(objective.goal, *config.limits.target, *best)) return;
  section_of(root, "limits")
      .error("target",
             {.message = fmt::format("can never be reached: the best possible {} is {}, got {}",
                                     objective.metric, *best, *config.limits.target)});
}

void check_outputs(const TuningConfig& config, Section& root) {
  if (!config.export_to) return;
  if (*config.export_to == config.storage) {
    section_of(root, "export").error("to", {.message = "is the storage file"});
  }
  if (config.keep.models == 0) {
    section_of(root, "keep")
        .error("models", {.message = "0 keeps no model, but \"export\" wants the best one",
                          .expected = "at least 1"});
  }
}

}  // namespace

void check_together(const TuningConfig& config, ConfigUse use, bool space_is_known, Section& root) {
  if (use == ConfigUse::study) check_fixed_and_searched(config, root);
  check_outputs(config, root);
  if (space_is_known && !config.trial.objective.empty()) check_built_in(config, root);
  if (config.study.objectives.empty()) return;
  for (auto& demand : demanded_metrics(config, root)) check_metric_is_reported(config, demand);
  check_target(config, root);
}

void complete_limits(TuningConfig& config, Section& root) {
  const Limits& limits = config.limits;
  if (limits.trials || limits.runtime_s || limits.no_improvement) return;
  const auto size = config.study.space.cardinality();
  if (size && (config.strategy.name == "grid" || *size <= kDefaultTrials)) return;
  config.limits.trials = kDefaultTrials;
  root.findings().advise(
      root.place("limits"),
      {.message =
           fmt::format("limits.trials: not given, the study ends after {} trials", kDefaultTrials),
       .hint = "limits: {trials: N}, or runtime, or no_improvement"});
}

}  // namespace hpo::config
