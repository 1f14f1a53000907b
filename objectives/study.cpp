#include "objectives/study.h"

#include <algorithm>

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

std::vector<PriorUse> Study::sources() const {
  std::vector<PriorUse> used;
  for (const auto& use : prior) {
    if (!use.until_event) used.push_back(use);
  }
  return used;
}

std::shared_ptr<const Trial> Study::best_trial() const {
  std::shared_ptr<const Trial> best;
  if (spec.objectives.empty()) return best;
  for (const auto& trial : trials) {
    if (trial->state != TrialState::complete || !trial->value) continue;
    if (!best || is_better(spec.objectives.front().goal, *trial->value, *best->value)) best = trial;
  }
  return best;
}

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

std::shared_ptr<const Trial> trial_at(const std::shared_ptr<const Trial>& trial,
                                      std::int64_t event) {
  const bool ended = has_ended(trial->state) && trial->finished_event <= event;
  if (!ended) return as_pending(*trial);
  return trial->artifact.empty() ? trial : without_artifact(*trial);
}

}  // namespace hpo
