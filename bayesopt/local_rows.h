#pragma once

#include <vector>

#include "bayesopt/dataset.h"

namespace hpo {

/// The observations that a local model uses, ascending indices: the nearest to the best one by the
/// kernel's distance, the best, and some of all others.
std::vector<std::size_t> local_rows(const Dimensions& dimensions, const Dataset& dataset,
                                    const Eigen::VectorXd& lengthscales);

}  // namespace hpo
