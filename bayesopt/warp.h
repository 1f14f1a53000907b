#pragma once

#include <Eigen/Core>
#include <vector>

#include "bayesopt/point.h"

namespace hpo {

/// How distances are measured along one coordinate.
struct Dimension {
  bool is_categorical = false;  ///< 0 or 1: equal or not
  bool is_conditional = false;  ///< may be kInactive
};
using Dimensions = std::vector<Dimension>;

/// A monotone bend of each coordinate that has an order, w(u) = 1 - (1 - u^a)^b: the objective may
/// change faster at one end of a parameter's range than at the other.
struct Warp {
  Eigen::VectorXd a = {};  ///< d, > 0; empty: no coordinate is bent
  Eigen::VectorXd b = {};

  [[nodiscard]] bool is_none() const { return a.size() == 0; }
};

/// The rows of X (n×d), bent. Categories and inactive coordinates stay what they are.
Eigen::MatrixXd warped(const Warp& warp, const Dimensions& dimensions, Eigen::MatrixXd X);

/// The derivatives of w at u.
struct WarpSlopes {
  double u = 0;
  double log_a = 0;
  double log_b = 0;
};
/// At coordinate u along `dimension`; where it is not bent, 1 by u and 0 by the parameters.
WarpSlopes warp_slopes(const Dimension& dimension, double u, double a, double b);

}  // namespace hpo
