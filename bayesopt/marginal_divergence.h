#pragma once

#include <vector>

#include "bayesopt/dataset.h"
#include "bayesopt/unit_cube.h"

namespace hpo {

/// How much each coordinate's values tell the best tenth of the observations from all of them, as
/// shares of the sum (d). Needs no model, and is about the good region rather than the whole space.
/// Empty with fewer than 30 observations. Watanabe, Bansal & Hutter (2023), "PED-ANOVA: efficiently
/// quantifying hyperparameter importance in arbitrary subspaces".
std::vector<double> marginal_divergence(const UnitCube& cube, const Dataset& dataset);

}  // namespace hpo
