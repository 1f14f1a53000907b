// k(x, x') = s2 M(r),  M(r) = (1 + √5 r + 5r²/3) exp(-√5 r),  r² = Σ_i D_i(x, x') / l_i²
// dM/d(r²) = -(5/6) (1 + √5 r) exp(-√5 r), finite at r = 0, where dM/dr's quotient is not.
//
//   s2: signal variance,  l_i: lengthscale,  D_i: squared distance along coordinate i
//   both active numbers u, u':  (u - u')²            both inactive:  0
//   one inactive:  (u - 1/2)² + 1/4                  categories (inactive is one more):  1[a ≠ b]
//
// D_i is a squared Euclidean distance: an active u lies at (u - 1/2, 1/2) in the plane, inactive
// at the origin. A constant distance between active and inactive would be none (no point is as far
// from three points of a line), and K would not be positive definite at long lengthscales.
//
// Rasmussen & Williams (2006), section 4.2.1; ARD over mixed coordinates as in Optuna and Vizier.

#include "bayesopt/kernel.h"

#include <cmath>

namespace hpo {
namespace {

/// D_i between an active u and inactive.
double to_inactive(double u) { return (u - 0.5) * (u - 0.5) + 0.25; }

}  // namespace

Eigen::ArrayXd squared_distances(const Dimension& dimension,
                                 const Eigen::Ref<const Eigen::ArrayXd>& a, double b) {
  if (dimension.is_categorical) return (a != b).cast<double>();
  if (!dimension.is_conditional) return (a - b).square();
  if (b == kInactive) return (a == kInactive).select(0.0, (a - 0.5).square() + 0.25);
  return (a == kInactive).select(to_inactive(b), (a - b).square());
}

Eigen::ArrayXd squared_distance_slopes(const Dimension& dimension,
                                       const Eigen::Ref<const Eigen::ArrayXd>& a, double b) {
  if (dimension.is_categorical || b == kInactive) return Eigen::ArrayXd::Zero(a.size());
  if (!dimension.is_conditional) return 2 * (b - a);
  return (a == kInactive).select(2 * (b - 0.5), 2 * (b - a));
}

Eigen::ArrayXd scaled_squared_distances(const Dimensions& dimensions,
                                        const Eigen::VectorXd& lengthscales,
                                        const Eigen::MatrixXd& X, const Point& x) {
  Eigen::ArrayXd r2 = Eigen::ArrayXd::Zero(X.rows());
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    const auto& dimension = dimensions[static_cast<std::size_t>(i)];
    const double w = 1 / (lengthscales[i] * lengthscales[i]);
    if (!dimension.is_categorical && !dimension.is_conditional) {
      r2 += w * (X.col(i).array() - x[i]).square();  // the common case, without a temporary
    } else {
      r2 += w * squared_distances(dimension, X.col(i).array(), x[i]);
    }
  }
  return r2;
}

Matern matern52(const Eigen::ArrayXd& r2) {
  const Eigen::ArrayXd s = (5 * r2).sqrt();  // √5 r
  const Eigen::ArrayXd e = (-s).exp();
  return {.value = (1 + s + (5.0 / 3.0) * r2) * e, .slope = (-5.0 / 6.0) * (1 + s) * e};
}

Eigen::MatrixXd covariance(const Dimensions& dimensions, const GpParameters& parameters,
                           const Eigen::MatrixXd& X, const Eigen::MatrixXd& Z) {
  Eigen::MatrixXd K(X.rows(), Z.rows());
  for (Eigen::Index j = 0; j < Z.rows(); ++j) {
    const Eigen::ArrayXd r2 =
        scaled_squared_distances(dimensions, parameters.lengthscales, X, Z.row(j).transpose());
    K.col(j) = parameters.signal_variance * matern52(r2).value;
  }
  return K;
}

}  // namespace hpo
