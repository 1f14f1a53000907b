#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bayesopt/gaussian_process.h"
#include "objectives/pareto.h"

namespace hpo {

/// The process with what is not known yet: joint draws at the points of pending trials, of which
/// the older ones of many are held at their predicted mean, and, where evaluations are noisy, at
/// the best observed points, whose values are as uncertain (noisy expected improvement: Letham et
/// al. 2019). `pending`: different points, oldest first. Error: numerical.
Result<GaussianProcess> with_draws(GaussianProcess gp, std::vector<Point> pending,
                                   std::uint64_t seed);

/// The same of two outputs, at the same points and as many draws of each, fewer of them: every draw
/// has a front of its own. `front`: the best known in the processes' units, whose points are the
/// uncertain ones.
Result<std::array<GaussianProcess, 2>> with_draws(std::array<GaussianProcess, 2> gps,
                                                  std::vector<Point> pending,
                                                  const std::vector<ParetoPoint>& front,
                                                  std::uint64_t seed);

}  // namespace hpo
