#pragma once

#include <vector>

#include "bayesopt/acquisition_search.h"

namespace hpo {

/// Whether x lies so near to a point of the model, by its own measure of distance, that evaluating
/// it would tell nothing new.
bool is_near_known(const GaussianProcess& gp, const Point& x);

/// The points that may still be better than the best is known to be and do not probably fail, the
/// most uncertain first, with their variances: pure exploration of what upper confidence bounds leave open.
///
/// Contal et al. (2013), "Parallel Gaussian process optimization with upper confidence bound and
/// pure exploration", with the factors of Vizier's sampler.
std::vector<ScoredPoint> open_questions(const Acquisition& acquisition, std::vector<Point> points);

}  // namespace hpo
