#include "objectives/study.h"

#include <algorithm>
#include <cmath>

#include "objectives/front.h"

namespace hpo {
namespace {

// What was chosen, and nothing of how the attempts go: that is not known later (a retry replaces
// the attempt before it), so a choice must not depend on it.
std::shared_ptr<const Trial> as_pending(const Trial& trial) {
  return std::make_shared<Trial>(Trial{.number = trial.number,
                                       .configuration = trial.configuration,
                                       .seed = trial.seed,
                                       .state = TrialState::running,
                                       .sampler = trial.sampler,
                                       .seen = trial.seen,
                                       .model = trial.model,
                                       .budget = trial.budget,
                                       .continues = trial.continues,
                                       .created_event = trial.created_event});
}

// A finished trial changes in one thing: its model may be removed (keep.models).
std::shared_ptr<const Trial> without_artifact(const Trial& trial) {
  auto copy = std::make_shared<Trial>(trial);
  copy->artifact.clear();
  return copy;
}

}  // namespace

const char* to_string(Goal goal) { return goal == Goal::minimize ? "minimize" : "maximize"; }
const char* to_string(ValueRule rule) { return rule == ValueRule::last ? "last" : "best"; }

std::optional<Goal> goal_from(std::string_view name) {
  if (name == "minimize") return Goal::minimize;
  if (name == "maximize") return Goal::maximize;
  return std::nullopt;
}

std::optional<ValueRule> value_rule_from(std::string_view name) {
  if (name == "last") return ValueRule::last;
  if (name == "best") return ValueRule::best;
  return std::nullopt;
}

std::optional<std::vector<double>> objective_values(const StudySpec& spec, const Trial& trial) {
  if (!trial.value || !std::isfinite(*trial.value)) return std::nullopt;
  std::vector<double> values = {*trial.value};
  for (std::size_t k = 1; k < spec.objectives.size(); ++k) {
    const auto at = trial.metrics.find(spec.objectives[k].metric);
    if (at == trial.metrics.end() || !std::isfinite(at->second)) return std::nullopt;
    values.push_back(at->second);
  }
  return values;
}

std::optional<bool> is_feasible(const StudySpec& spec, const Trial& trial) {
  bool holds = true;
  for (const auto& constraint : spec.constraints) {
    const auto at = trial.metrics.find(constraint.metric);
    if (at == trial.metrics.end() || std::isnan(at->second)) return std::nullopt;
    holds = holds && constraint.holds(at->second);
  }
  return holds;
}

std::vector<std::string> further_metrics(const StudySpec& spec) {
  std::vector<std::string> names;
  for (std::size_t k = 1; k < spec.objectives.size(); ++k) {
    names.push_back(spec.objectives[k].metric);
  }
  for (const auto& constraint : spec.constraints) names.push_back(constraint.metric);
  return names;
}

bool is_eligible(const StudySpec& spec, const Trial& trial) {
  return trial.state == TrialState::complete && objective_values(spec, trial) &&
         is_feasible(spec, trial).value_or(false);
}

std::vector<std::shared_ptr<const Trial>> Study::front() const { return Front(*this).trials(); }

std::vector<PriorUse> Study::sources() const {
  std::vector<PriorUse> used;
  for (const auto& use : prior) {
    if (!use.until_event) used.push_back(use);
  }
  return used;
}

std::shared_ptr<const Trial> Study::best_trial() const { return Front(*this).knee(); }

std::int64_t Study::count(TrialState state) const {
  return std::count_if(trials.begin(), trials.end(),
                       [&](const auto& trial) { return trial->state == state; });
}

std::int64_t Study::finished() const {
  return std::count_if(trials.begin(), trials.end(),
                       [](const auto& trial) { return is_finished(trial->state); });
}

Study study_at(const Study& study, std::int64_t event) {
  Study past{.spec = study.spec, .trials = {}, .last_event = event};
  past.trials.reserve(study.trials.size());
  for (const auto& use : study.prior) {
    if (!use.holds_at(event)) continue;
    past.prior.push_back({.source = use.source, .since_event = use.since_event});
  }
  for (const auto& trial : study.trials) {
    if (trial->created_event > event) break;  // numbers and creations have the same order
    past.trials.push_back(trial_at(trial, event));
  }
  return past;
}

Study with_objective(const Study& study, std::size_t k) {
  check(k < study.spec.objectives.size(), "an objective of the study");
  Study view = study;
  view.spec.objectives = {study.spec.objectives[k]};
  view.spec.constraints.clear();
  if (k == 0) return view;
  const std::string& metric = view.spec.objectives.front().metric;
  for (auto& trial : view.trials) {
    auto copy = std::make_shared<Trial>(*trial);
    const auto at = copy->metrics.find(metric);
    copy->value = at == copy->metrics.end() ? std::nullopt : std::optional(at->second);
    copy->model.clear();
    trial = std::move(copy);
  }
  return view;
}

std::shared_ptr<const Trial> trial_at(const std::shared_ptr<const Trial>& trial,
                                      std::int64_t event) {
  const bool ended = has_ended(trial->state) && trial->finished_event <= event;
  if (!ended) return as_pending(*trial);
  return trial->artifact.empty() ? trial : without_artifact(*trial);
}

}  // namespace hpo
