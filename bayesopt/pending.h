#pragma once

#include <cstdint>
#include <vector>

#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The process with what pending trials may bring: joint draws at their points, of which the older
/// ones of many are held at their predicted mean. `pending`: different points, oldest first. Error:
/// numerical.
Result<GaussianProcess> with_pending(GaussianProcess gp, const std::vector<Point>& pending,
                                     std::uint64_t seed);

}  // namespace hpo
