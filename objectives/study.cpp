#include "objectives/study.h"

#include <algorithm>

namespace hpo {

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
  for (const auto& trial : study.trials) {
    if (trial->created_event > event) continue;
    if (!is_finished(trial->state) || trial->finished_event <= event) {
      past.trials.push_back(trial);
      continue;
    }
    auto unfinished = std::make_shared<Trial>(*trial);
    unfinished->state = TrialState::running;
    unfinished->metrics.clear();
    unfinished->value.reset();
    unfinished->failure.reset();
    unfinished->reason.clear();
    unfinished->finished_event = 0;
    unfinished->finished_at.reset();
    past.trials.push_back(std::move(unfinished));
  }
  return past;
}

}  // namespace hpo
