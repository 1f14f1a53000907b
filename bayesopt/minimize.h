#pragma once

#include <Eigen/Core>
#include <functional>

namespace hpo {

/// f(x), with its gradient written to the second argument. May be +infinity or NaN, which count as
/// worse than every number.
using Function = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct MinimizeOptions {
  int max_iterations = 25;
  double gradient_tolerance = 1e-4;  ///< on the largest entry of the projected gradient
  double value_tolerance = 1e-9;     ///< on an iteration's decrease, relative to 1 + |f|
  Eigen::Index memory = 8;           ///< pairs of steps that model the curvature
};

struct Minimum {
  Eigen::VectorXd x = {};
  double value = 0;
  Eigen::VectorXd gradient = {};
  int iterations = 0;
  int evaluations = 0;
};

/// A local minimum of f in the box lower ≤ x ≤ upper, from x. The value never rises above f(x).
Minimum minimize(const Function& f, Eigen::VectorXd x, const Eigen::VectorXd& lower,
                 const Eigen::VectorXd& upper, const MinimizeOptions& options = {});

/// The largest entry of x - P(x - g), P the projection onto the box: 0 at a local minimum.
double projected_gradient_norm(const Eigen::VectorXd& x, const Eigen::VectorXd& g,
                               const Eigen::VectorXd& lower, const Eigen::VectorXd& upper);

}  // namespace hpo
