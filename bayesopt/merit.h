#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "bayesopt/targets.h"
#include "objectives/pareto.h"
#include "objectives/study.h"

namespace hpo {

/// What observations are worth where that is not one number: with two objectives or constraints.
struct Merit {
  /// Of each observation its place among all, 0 for the best: those that keep the constraints by
  /// value, with two objectives by the number of the front they are on and then by the area that
  /// they alone add to it; after them those that break constraints, by how much.
  std::vector<double> place = {};
  std::vector<bool> is_feasible = {};
  std::size_t on_front = 0;  ///< observations on the first front; of one objective 1 or 0
};

/// `y`: of objective 0, smaller is better; `further`: by output, as further_outputs() orders them.
Merit merit_of(const StudySpec& spec, const std::vector<double>& y,
               const std::vector<std::vector<double>>& further);

/// Gives observed targets their place as y: what only asks which trial is better asks for nothing
/// else. Where the study is plain they stay.
void rank_targets(const Study& study, std::vector<Target>& targets);

/// What each observation left to gain, as numbers of which less is better: the best of those before
/// is what was reached. Of one objective y, infinite where a constraint is broken; of two the
/// negative area that all feasible ones up to it dominate, in units of `scale`.
std::vector<double> reached(const StudySpec& spec, const Merit& merit, const std::vector<double>& y,
                            const std::vector<std::vector<double>>& further,
                            const std::array<double, 2>& scale);

}  // namespace hpo
