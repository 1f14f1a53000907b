#pragma once

#include <vector>

#include "bayesopt/acquisition_search.h"
#include "bayesopt/gaussian_process.h"
#include "bayesopt/probability.h"

namespace hpo {

/// Those of the points that lie beside no point of the model, by its own measure of distance: there
/// an evaluation tells next to nothing new. In their order.
std::vector<ScoredPoint> away_from_known(const GaussianProcess& gp,
                                         const std::vector<ScoredPoint>& points);

/// The points that may still be better than the best is known to be and do not probably fail, the
/// most uncertain first, with their variances: pure exploration of what upper confidence bounds
/// leave open.
///
/// Contal et al. (2013), "Parallel Gaussian process optimization with upper confidence bound and
/// pure exploration", with the factors of Vizier's sampler.
///
/// `success`: null where no failure was seen.
std::vector<ScoredPoint> open_questions(const GaussianProcess& gp,
                                        const SuccessProbability* success,
                                        std::vector<Point> points);

}  // namespace hpo
