// Row n of the factor of K + noise, from the rows before:
//
//   k = K(X, x) (n),  l = L⁻¹ k,  L_nn = √(s2 + noise - lᵀl)
//
// All rows of one plan lie in storage of one leading dimension: where a column starts relative to
// the processor's vectors decides which elements are computed one by one, and so the last bits.

#include "bayesopt/growing_factor.h"

#include <algorithm>
#include <cmath>

#include "bayesopt/cholesky.h"

namespace hpo {
namespace {

/// Of the signal variance: less of a new row's variance is rounding.
constexpr double kLeastPivot = 1e-10;

bool is_equal(const GpParameters& a, const GpParameters& b) {
  return a.lengthscales.size() == b.lengthscales.size() && a.lengthscales == b.lengthscales &&
         a.signal_variance == b.signal_variance && a.noise_variance == b.noise_variance;
}

/// Adds row `n` of X, the first that L lacks.
void append_row(const Dimensions& dimensions, Factor& factor, const Eigen::MatrixXd& X,
                Eigen::Index n, double noise) {
  const GpParameters& parameters = factor.parameters;
  const double s2 = parameters.signal_variance;
  Eigen::VectorXd l = covariance(dimensions, parameters, X.topRows(n), X.row(n));
  factor.L.topLeftCorner(n, n).triangularView<Eigen::Lower>().solveInPlace(l);
  factor.L.row(n).head(n) = l.transpose();
  const double pivot = s2 * (1 + factor.jitter) + noise - l.squaredNorm();
  factor.L(n, n) = std::sqrt(std::max(pivot, kLeastPivot * s2));
}

}  // namespace

Result<Factor> factorize(const Dimensions& dimensions, const GpParameters& parameters,
                         const Eigen::MatrixXd& X, const Eigen::VectorXd& noise, FactorPlan plan) {
  check(plan.base <= X.rows() && X.rows() <= plan.capacity, "a plan for the rows");
  const Eigen::MatrixXd base = X.topRows(plan.base);
  Eigen::MatrixXd K = covariance(dimensions, parameters, base, base);
  K.diagonal() += noise.head(plan.base);
  const auto jitter = cholesky_in_place(K, parameters.signal_variance);
  if (!jitter) return jitter.error();
  Factor factor{.plan = plan, .parameters = parameters, .X = X, .jitter = *jitter};
  if (plan.capacity == plan.base) {
    factor.L = std::move(K);
    return factor;
  }
  factor.L = Eigen::MatrixXd::Zero(plan.capacity, plan.capacity);
  factor.L.topLeftCorner(plan.base, plan.base) = K;
  for (Eigen::Index n = plan.base; n < X.rows(); ++n) {
    append_row(dimensions, factor, X, n, noise[n]);
  }
  return factor;
}

Result<std::shared_ptr<const Factor>> FactorCache::factor(const Dimensions& dimensions,
                                                          const GpParameters& parameters,
                                                          const Eigen::MatrixXd& X,
                                                          FactorPlan plan) {
  const double noise = parameters.noise_variance;
  const bool is_start = kept_ && kept_->plan == plan && is_equal(kept_->parameters, parameters) &&
                        kept_->X.rows() <= X.rows() && kept_->X == X.topRows(kept_->X.rows());
  if (!is_start) {
    auto made =
        factorize(dimensions, parameters, X, Eigen::VectorXd::Constant(X.rows(), noise), plan);
    if (!made) return made.error();
    kept_ = std::make_shared<Factor>(std::move(*made));
    return std::shared_ptr<const Factor>(kept_);
  }
  // A factor that is in use elsewhere stays what it is.
  if (kept_.use_count() > 1) kept_ = std::make_shared<Factor>(*kept_);
  for (Eigen::Index n = kept_->X.rows(); n < X.rows(); ++n) {
    append_row(dimensions, *kept_, X, n, noise);
  }
  kept_->X = X;
  return std::shared_ptr<const Factor>(kept_);
}

}  // namespace hpo
