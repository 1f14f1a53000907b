#pragma once

#include <cstdint>
#include <optional>

#include "bayesopt/acquisition.h"
#include "bayesopt/dataset.h"
#include "bayesopt/fitted_parameters.h"
#include "bayesopt/growing_factor.h"
#include "bayesopt/output_transform.h"
#include "bayesopt/regime.h"

namespace hpo {

/// The model of a study: what is maximised to find its next point, and what it was made with.
struct Surrogate {
  Acquisition acquisition;
  GaussianProcess observed;  ///< the acquisition's model before anything was drawn
  OutputTransform transform = {};
  FittedParameters fitted = {};
  std::shared_ptr<const MeanFunction> mean = {};  ///< what related studies tell; null: nothing
  Regime regime = {};
  double widening = 1;      ///< of the model's variances, where they were too small (calibration.h)
  int fit_evaluations = 0;  ///< of the likelihood; 0 where earlier parameters still hold
};

/// Makes the model of the data. `previous`: an earlier fit, which holds as it is until the next one
/// is due, and which that one starts from. Nothing where all observations are equal. Errors:
/// numerical.
Result<std::optional<Surrogate>> fit_surrogate(const Dimensions& dimensions, const Dataset& dataset,
                                               const std::optional<FittedParameters>& previous,
                                               std::uint64_t seed, FactorCache& factors);

}  // namespace hpo
