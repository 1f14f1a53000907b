#pragma once

#include <Eigen/Core>

#include "bayesopt/point.h"
#include "bayesopt/warp.h"

namespace hpo {

/// Parameters of the Gaussian process; variances in units of the (transformed) objective squared.
struct GpParameters {
  Eigen::VectorXd lengthscales = {};  ///< d, in units of the coordinates
  double signal_variance = 1;
  double noise_variance = 1e-3;
  Warp warp = {};  ///< of points before distances are taken; GaussianProcess applies it
};

/// D_i between every entry of `a` (coordinate i of n points) and b.
Eigen::ArrayXd squared_distances(const Dimension& dimension,
                                 const Eigen::Ref<const Eigen::ArrayXd>& a, double b);

/// dD_i(a, b)/db for every entry of `a`; 0 for a category or an inactive b.
Eigen::ArrayXd squared_distance_slopes(const Dimension& dimension,
                                       const Eigen::Ref<const Eigen::ArrayXd>& a, double b);

/// r² between the n rows of X and the point x.
Eigen::ArrayXd scaled_squared_distances(const Dimensions& dimensions,
                                        const Eigen::VectorXd& lengthscales,
                                        const Eigen::MatrixXd& X, const Point& x);

/// The Matérn-5/2 correlation and its derivative by r².
struct Matern {
  Eigen::ArrayXd value = {};
  Eigen::ArrayXd slope = {};
};
Matern matern52(const Eigen::ArrayXd& r2);

/// K(X, Z): n×m covariances of the latent f between rows of X (n×d) and of Z (m×d), both warped.
Eigen::MatrixXd covariance(const Dimensions& dimensions, const GpParameters& parameters,
                           const Eigen::MatrixXd& X, const Eigen::MatrixXd& Z);

}  // namespace hpo
