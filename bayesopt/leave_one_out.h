#pragma once

#include <Eigen/Core>

#include "bayesopt/gaussian_process.h"

namespace hpo {

/// What a Gaussian process says of observations that it is not given, in units of y.
struct LeaveOneOut {
  Eigen::Index first = 0;         ///< the training row of entry 0; the others follow
  Eigen::VectorXd y = {};         ///< what was observed
  Eigen::VectorXd residual = {};  ///< observed less predicted
  Eigen::VectorXd variance = {};  ///< of the observation, noise included

  [[nodiscard]] Eigen::VectorXd z() const { return residual.array() / variance.array().sqrt(); }
};

/// Each of the last `newest` training rows (or of all) left out in turn: the parameters stay, the
/// mean is estimated anew from the others. `gp`: without fantasies. Dubrule (1983), "Cross
/// validation of kriging in a unique neighborhood".
LeaveOneOut leave_one_out(const GaussianProcess& gp, Eigen::Index newest);

}  // namespace hpo
