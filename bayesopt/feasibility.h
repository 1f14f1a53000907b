#pragma once

#include <optional>

#include "bayesopt/dataset.h"
#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The classifier of observed (+1) and failed (-1) trials; nothing where none failed. Error:
/// numerical.
Result<std::optional<GaussianProcess>> feasibility_model(const Dimensions& dimensions,
                                                         const Dataset& dataset);

}  // namespace hpo
