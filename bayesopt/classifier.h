#pragma once

#include <Eigen/Core>

#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The latent process f of a probit classifier P(label = +1) = Phi(f), by expectation propagation,
/// with the kernel parameters that predict each label best from the others.
///
/// X: n×d, labels: n of +1 and -1, both present; equal rows may have different labels. Error:
/// numerical.
Result<GaussianProcess> fit_classifier(const Dimensions& dimensions, const Eigen::MatrixXd& X,
                                       const Eigen::VectorXd& labels);

}  // namespace hpo
