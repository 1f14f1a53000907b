// Kumaraswamy's distribution function as a warp: Snoek et al. (2014), "Input warping for Bayesian
// optimization of non-stationary functions"; with two parameters a coordinate as in HEBO.
//
//   t = u^a,  w = 1 - (1 - t)^b
//   dw/du = a b u^(a-1) (1 - t)^(b-1),  dw/d ln a = a b t ln u (1 - t)^(b-1)
//   dw/d ln b = -b (1 - t)^b ln(1 - t)
//
// One number at a time: a vectorised exponential gives the last elements of a column other bits
// than the first, and a point must stay what it is where others are added (growing_factor.h).

#include "bayesopt/warp.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

/// Logarithms of u and 1 - u^a stay finite.
constexpr double kMargin = 1e-7;

bool is_bent(const Dimension& dimension, double u) {
  return !dimension.is_categorical && u != kInactive;
}

double value_at(double u, double a, double b) {
  const double t = std::pow(std::clamp(u, kMargin, 1 - kMargin), a);
  return 1 - std::pow(1 - t, b);
}

}  // namespace

Eigen::MatrixXd warped(const Warp& warp, const Dimensions& dimensions, Eigen::MatrixXd X) {
  if (warp.is_none()) return X;
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    const auto& dimension = dimensions[static_cast<std::size_t>(i)];
    for (double& u : X.col(i)) {
      if (is_bent(dimension, u)) u = value_at(u, warp.a[i], warp.b[i]);
    }
  }
  return X;
}

WarpSlopes warp_slopes(const Dimension& dimension, double u, double a, double b) {
  if (!is_bent(dimension, u)) return {.u = 1};
  const double inside = std::clamp(u, kMargin, 1 - kMargin);
  const double t = std::pow(inside, a);
  const double rest = std::pow(1 - t, b - 1);
  return {.u = a * b * t / inside * rest,
          .log_a = a * b * t * std::log(inside) * rest,
          .log_b = -b * rest * (1 - t) * std::log(1 - t)};
}

}  // namespace hpo
