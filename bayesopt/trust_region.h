#pragma once

#include <optional>
#include <vector>

#include "bayesopt/candidates.h"
#include "bayesopt/gaussian_process.h"

namespace hpo {

/// What the observations say about how far from the best one it is worth looking.
struct Progress {
  double length = 0;           ///< of the trust region, in units of the cube's side
  std::size_t stagnation = 0;  ///< observations since the last one that improved on the best
};

/// After observations y (smaller is better, in the order in which they came) of a space of d
/// coordinates; an improvement below 1e-3·scale is none. The length doubles after three
/// improvements in a row and halves after max(4, d) observations without one.
///
/// Eriksson et al. (2019), "Scalable global optimization via local Bayesian optimization".
Progress progress_of(const std::vector<double>& y, double scale, Eigen::Index d);

/// Whether the next search keeps to the trust region: in many dimensions and in local models most
/// of the time, else while nothing improves; every fourth search looks everywhere.
bool is_search_local(const Progress& progress, Eigen::Index d, bool is_model_local,
                     std::size_t number);

/// The box of that length around `center`, whose sides are as the lengthscales. Coordinates without
/// an order, and those that are inactive at the center, stay free.
Box trust_region(const UnitCube& cube, const Eigen::VectorXd& lengthscales, const Point& center,
                 double length);

}  // namespace hpo
