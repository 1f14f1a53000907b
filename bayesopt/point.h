#pragma once

#include <Eigen/Core>

namespace hpo {

/// A configuration as numbers: one coordinate per parameter in the space's order. In [0, 1] where
/// the parameter's values have an order, the number of the value (0, 1, ...) where they have none,
/// kInactive where the parameter's conditions do not hold.
using Point = Eigen::VectorXd;

/// Coordinate of an inactive parameter; no active one is negative.
inline constexpr double kInactive = -1;

}  // namespace hpo
