#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bayesopt/study_model.h"

namespace hpo {

/// A share of the objective's variance, with the central 90 % of what posterior draws give.
struct VarianceShare {
  double value = 0;  ///< of the posterior mean
  double low = 0;
  double high = 0;
};

struct ParameterImportance {
  std::string name = {};
  VarianceShare total = {};               ///< total Sobol index: with all its interactions
  VarianceShare alone = {};               ///< first-order index
  std::optional<double> among_best = {};  ///< share of what tells the best tenth of the trials from
                                          ///< all; nothing with fewer than 30
};

/// Functional analysis of variance of the objective over the whole space, every value as likely.
struct Importance {
  std::vector<ParameterImportance> parameters = {};  ///< by total, largest first
  VarianceShare additive = {};  ///< the sum of all `alone`: what is no interaction
};

/// Which parameters the objective depends on, as far as the model knows. A conditional parameter
/// has no effect where it is inactive; its parent's share holds what switching it on does.
Importance importance_of(const StudyModel& model);

}  // namespace hpo
