#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/prior.h"
#include "objectives/search_space.h"
#include "objectives/trial.h"

namespace hpo {

enum class Goal { minimize, maximize };
/// Which of a trial's reports is its value: the last one, or the best one.
enum class ValueRule { last, best };

const char* to_string(Goal goal);
const char* to_string(ValueRule rule);
std::optional<Goal> goal_from(std::string_view name);
std::optional<ValueRule> value_rule_from(std::string_view name);

/// What is optimised: a metric, its direction, and which report counts.
struct ObjectiveSpec {
  std::string metric = {};
  Goal goal = Goal::minimize;
  ValueRule value = ValueRule::last;
  bool operator==(const ObjectiveSpec&) const = default;
};

/// What a trial must keep to be usable: the last value of a metric, from `min` to `max`. At least
/// one of them is there.
struct ConstraintSpec {
  std::string metric = {};
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool operator==(const ConstraintSpec&) const = default;

  [[nodiscard]] bool holds(double value) const {
    return !(min && !(value >= *min)) && !(max && !(value <= *max));
  }
  /// By how much a value breaks it; 0 where it holds.
  [[nodiscard]] double excess(double value) const {
    const double below = min ? *min - value : 0;
    const double above = max ? value - *max : 0;
    return std::max({0.0, below, above});
  }
};

/// Objectives that a study can have: the hypervolume of more is not computed here.
inline constexpr std::size_t kMostObjectives = 2;

/// Whether `a` is strictly better than `b` under the goal.
constexpr bool is_better(Goal goal, double a, double b) {
  return goal == Goal::minimize ? a < b : a > b;
}

/// The problem: what identifies a study. Another objective or space is another study.
struct StudySpec {
  std::string id = {};  ///< random, made when the study is created
  std::string name = {};
  std::vector<ObjectiveSpec> objectives = {};    ///< at most kMostObjectives
  std::vector<ConstraintSpec> constraints = {};  ///< all have to hold
  SearchSpace space = {};
  std::uint64_t seed = 0;
  bool operator==(const StudySpec&) const = default;

  /// One objective and nothing to keep: a trial is worth its value.
  [[nodiscard]] bool is_plain() const { return objectives.size() < 2 && constraints.empty(); }
};

/// A study as a value: safe to copy to a worker thread. Trials are shared, immutable, in order of
/// their number (trials[i]->number == i).
struct Study {
  StudySpec spec = {};
  std::vector<std::shared_ptr<const Trial>> trials = {};
  std::int64_t last_event = 0;       ///< the number of the newest change
  std::vector<PriorUse> prior = {};  ///< other studies whose results it knows (strategy.warm_start)

  /// The prior studies that are used now, in the order in which they came.
  [[nodiscard]] std::vector<PriorUse> sources() const;
  /// The complete trial with the best value that keeps all constraints; the earliest of equals; of
  /// several objectives the knee of the front. Null where none is.
  [[nodiscard]] std::shared_ptr<const Trial> best_trial() const;
  /// The complete trials that keep all constraints and than which none is better in every objective
  /// (as good in all, better in one), from the best of objective 0 to the worst; the earliest of
  /// equals.
  [[nodiscard]] std::vector<std::shared_ptr<const Trial>> front() const;
  /// How many trials are in `state`.
  [[nodiscard]] std::int64_t count(TrialState state) const;
  /// How many trials have ended (complete, pruned or failed): what limits.trials counts.
  [[nodiscard]] std::int64_t finished() const;
};

/// The trial's value of every objective, in the user's unit and sign: of the first Trial::value, of
/// the others the last report. Nothing where one is missing or not finite.
std::optional<std::vector<double>> objective_values(const StudySpec& spec, const Trial& trial);

/// Whether the trial keeps all constraints; nothing where it reported one of their metrics not, or
/// as not a number.
std::optional<bool> is_feasible(const StudySpec& spec, const Trial& trial);

/// What a complete trial has to report besides objective 0: the other objectives, then what
/// constraints are on.
std::vector<std::string> further_metrics(const StudySpec& spec);

/// Whether it may be the best: complete, with all values, and no constraint is broken.
bool is_eligible(const StudySpec& spec, const Trial& trial);

/// The study as a sampler sees it when its last event is `event`: later trials are absent; trials
/// that were waiting or running, or ended later, are running and carry only what was chosen for
/// them, nothing of their attempts; no trial carries an artifact. So the same event gives the same
/// value whenever it is asked for (with the prior studies that it had then): what a sampler saw is
/// suggest(study_at(study, trial.seen), trial.seed). Shares the trials; copies the unfinished ones
/// and those with an artifact.
Study study_at(const Study& study, std::int64_t event);

/// The study as if objective k were its only one and nothing had to be kept: trials have its value,
/// and of k > 0 no models, which are about the first.
Study with_objective(const Study& study, std::size_t k);

/// One trial of study_at: as it is seen when the study's last event is `event`, which is not before
/// its creation. The trial itself where nothing of it has to be hidden.
std::shared_ptr<const Trial> trial_at(const std::shared_ptr<const Trial>& trial,
                                      std::int64_t event);

}  // namespace hpo
