#pragma once

#include <cstdint>

#include "bayesopt/study_model.h"

namespace hpo {

/// What may still be gained over the best trial, as far as the model knows; in the objective's
/// unit, never negative.
struct RegretBound {
  double bound = 0;          ///< the best trial is within it of the optimum ...
  double probability = 0.9;  ///< ... with this probability
  double expected = 0;       ///< mean distance to the optimum
  double next_gain = 0;      ///< at most so much is expected of the next ten trials together
  double first_spread = 0;   ///< median less best of the first 20 results, to compare a gain with
};

/// From joint draws of the posterior where its minimum may lie: how much lower the minimum of a
/// draw is than the draw at the best trial. Errors: not_found, where the model cannot be trusted
/// with such a statement (too few results, deviations far too small); numerical.
///
/// In the spirit of Makarova et al. (2022), "Automatic termination for hyperparameter
/// optimization", with draws in place of their confidence bounds, which hold for all points at
/// once and so are wide.
Result<RegretBound> regret_bound(const StudyModel& model);

}  // namespace hpo
