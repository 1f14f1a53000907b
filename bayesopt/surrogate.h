#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "bayesopt/acquisition.h"
#include "bayesopt/dataset.h"
#include "bayesopt/fitted_parameters.h"
#include "bayesopt/growing_factor.h"
#include "bayesopt/output_transform.h"
#include "bayesopt/probability.h"
#include "bayesopt/regime.h"

namespace hpo {

/// The model of one output of a study: an objective, or the metric of a constraint.
struct OutputModel {
  /// Before anything was drawn.
  std::shared_ptr<const GaussianProcess> observed = {};
  /// With joint draws at what is pending; the same where nothing was drawn.
  std::shared_ptr<const GaussianProcess> drawn = {};
  OutputTransform transform = {};
  FittedParameters fitted = {};
  double widening = 1;      ///< of the model's variances, where they were too small (calibration.h)
  int fit_evaluations = 0;  ///< of the likelihood; 0 where earlier parameters still hold
};

/// The models of a study: what is maximised to find its next point, and what it was made with.
struct Surrogate {
  std::shared_ptr<const Acquisition> acquisition = {};
  OutputModel objective = {};  ///< the first
  /// The other outputs as further_outputs() orders them; nothing for a constraint whose metric
  /// never changed.
  std::vector<std::optional<OutputModel>> further = {};
  /// What is improved on, for each set of draws: of one objective, where a trial is feasible.
  std::optional<Eigen::VectorXd> incumbents = {};
  std::vector<ParetoPoint> front = {};  ///< of two objectives: the best known, transformed
  std::shared_ptr<const SuccessProbability> success = {};  ///< null where no failure was seen
  std::vector<std::shared_ptr<const Acquisition>> constraints = {};  ///< that each is kept
  std::shared_ptr<const MeanFunction> mean = {};  ///< what related studies tell; null: nothing
  Regime regime = {};
};

/// One for each output.
using FactorCaches = std::vector<FactorCache>;

/// Makes the models of the data. `previous`: earlier fits, which hold as they are until the next
/// ones are due, and which those start from. Nothing where all observations of an objective are
/// equal, or nothing is feasible and no constraint is known to depend on anything. Errors:
/// numerical.
Result<std::optional<Surrogate>> fit_surrogate(const Dimensions& dimensions, const StudySpec& spec,
                                               const Dataset& dataset,
                                               const FittedOutputs& previous, std::uint64_t seed,
                                               FactorCaches& factors);

}  // namespace hpo
