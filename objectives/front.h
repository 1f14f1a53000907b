#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "objectives/pareto.h"
#include "objectives/study.h"

namespace hpo {

/// The trials of a study than which none is better in every objective (as good in all, better in
/// one), folded from those that may be the best (is_eligible). Of one objective: the best trial.
class Front {
 public:
  explicit Front(const StudySpec& spec = {});
  /// Takes all trials of the study, in order of their numbers.
  explicit Front(const Study& study);

  /// Whether the trial is on the front now; those that it beats leave. Of equals the first stays.
  /// O(ln size), and what leaves.
  bool add(std::shared_ptr<const Trial> trial);

  /// From the best of objective 0 to the worst.
  [[nodiscard]] const std::vector<std::shared_ptr<const Trial>>& trials() const { return trials_; }
  /// The trials' values; less is better in both, of one objective both are the same.
  [[nodiscard]] const std::vector<ParetoPoint>& points() const { return points_; }
  /// The trial where getting more of one objective begins to cost much of the other (knee_of); null
  /// where the front is empty.
  [[nodiscard]] std::shared_ptr<const Trial> knee() const;

 private:
  StudySpec spec_ = {};  // its objectives and constraints
  std::vector<std::shared_ptr<const Trial>> trials_ = {};
  std::vector<ParetoPoint> points_ = {};
};

/// How much the front of two objectives has gained.
struct Gain {
  double hypervolume = 0;              ///< what it dominates, in the product of both units
  std::vector<double> reference = {};  ///< as far as this corner: the worst value of each objective
};

/// Up to the worst value of each objective among the trials that may be the best. Nothing where
/// there are none or one objective.
std::optional<Gain> gain_of(const Study& study);

/// The complete trials, best first: those that keep the constraints by the fronts they are on and,
/// of one front, by their distance to its knee; then the others, those first that break constraints
/// least. Of one objective by value. Equals in order of their numbers.
std::vector<std::shared_ptr<const Trial>> best_first(const Study& study);

/// By how much a trial breaks the constraints, in units of `scales` (of each constraint), summed; 0
/// where it keeps all.
double violation(const std::vector<ConstraintSpec>& constraints, const Trial& trial,
                 const std::vector<double>& scales);
/// For each constraint the most by which a complete trial breaks it; 1 where none does.
std::vector<double> violation_scales(const Study& study);

}  // namespace hpo
