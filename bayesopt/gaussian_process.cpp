// Rasmussen & Williams (2006), Algorithm 2.1, with the mean profiled out.
//
//   X (N×d), y (n), s2: signal variance, K = s2 M + noise·diag(noise_scale)  (N×N),  K = L Lᵀ
//   m = (1ᵀK⁻¹y)/(1ᵀK⁻¹1),  beta = L⁻¹(y - m),  alpha = L⁻ᵀ beta
//   at x:  k = k(X, x),  v = L⁻¹k,  mean = m + kᵀalpha,  variance = s2 - vᵀv
//   y, m and f are without what is known before, which is added to every mean
//
// Fantasies at X_p (m×d): B = L⁻¹ K(X, X_p), C Cᵀ = K(X_p, X_p) - BᵀB; the draw is mean_p + C z.
// The factor of the extended matrix is [L 0; Bᵀ C], and the whitened targets are [beta; z].

#include "bayesopt/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bayesopt/cholesky.h"

namespace hpo {
namespace {

constexpr double kFantasyJitter = 1e-8;

/// The triangle of the first n rows, which a factor may have more of.
auto lower(const Eigen::MatrixXd& L, Eigen::Index n) {
  return L.topLeftCorner(n, n).triangularView<Eigen::Lower>();
}
/// Its transpose.
auto upper(const Eigen::MatrixXd& L, Eigen::Index n) {
  return L.topLeftCorner(n, n).transpose().triangularView<Eigen::Upper>();
}

}  // namespace

Result<GaussianProcess> GaussianProcess::condition(const TrainingData& data,
                                                   const GpParameters& parameters) {
  const Eigen::Index n = data.X.rows();
  auto factor =
      factorize(data.dimensions, parameters, warped(parameters.warp, data.dimensions, data.X),
                parameters.noise_variance * data.noise_scale, {.base = n, .capacity = n});
  if (!factor) return factor.error();
  return condition(data, std::make_shared<const Factor>(std::move(*factor)));
}

GaussianProcess GaussianProcess::condition(const TrainingData& data,
                                           std::shared_ptr<const Factor> factor) {
  const Eigen::Index n = data.X.rows();
  const auto L = lower(factor->L, n);
  GaussianProcess gp;
  gp.dimensions_ = data.dimensions;
  gp.points_ = data.X;
  gp.X_ = factor->X;
  gp.jitter_ = factor->jitter;
  const Eigen::VectorXd ones = L.solve(Eigen::VectorXd::Ones(n));
  gp.known_ = data.mean;
  const Eigen::VectorXd whitened = L.solve(data.y - gp.known(data.X));
  gp.m_ = ones.dot(whitened) / ones.squaredNorm();
  gp.beta_ = whitened - gp.m_ * ones;
  gp.alpha_ = upper(factor->L, n).solve(gp.beta_);
  const double noise = factor->parameters.noise_variance;
  gp.fitted_ = data.y - noise * data.noise_scale.cwiseProduct(gp.alpha_.col(0));
  gp.factor_ = std::move(factor);
  return gp;
}

Eigen::VectorXd GaussianProcess::known(const Eigen::MatrixXd& X) const {
  return known_ ? known_->values(X) : Eigen::VectorXd::Zero(X.rows());
}

template <typename Dense>
void GaussianProcess::solve_lower(Dense& V) const {
  const Eigen::Index n = factor_->X.rows();
  auto V_n = V.topRows(n);
  lower(factor_->L, n).solveInPlace(V_n);
  if (C_.size() == 0) return;
  auto V_m = V.bottomRows(C_.rows());
  V_m -= B_.transpose() * V_n;
  lower(C_, C_.rows()).solveInPlace(V_m);
}

template <typename Dense>
void GaussianProcess::solve_upper(Dense& V) const {
  const Eigen::Index n = factor_->X.rows();
  auto V_n = V.topRows(n);
  if (C_.size() > 0) {
    auto V_m = V.bottomRows(C_.rows());
    upper(C_, C_.rows()).solveInPlace(V_m);
    V_n -= B_ * V_m;
  }
  upper(factor_->L, n).solveInPlace(V_n);
}

Result<GaussianProcess> GaussianProcess::with_fantasies(const Eigen::MatrixXd& points,
                                                        const Eigen::MatrixXd& Z) const {
  check(fantasies_.size() == 0 && Z.rows() == points.rows(), "fantasies at new points, once");
  const Eigen::MatrixXd X = warped(parameters().warp, dimensions_, points);
  const Eigen::Index n = X_.rows();
  const Eigen::Index m = X.rows();
  const double s2 = parameters().signal_variance;
  GaussianProcess gp = *this;
  gp.B_ = covariance(dimensions_, parameters(), X_, X);
  lower(factor_->L, n).solveInPlace(gp.B_);
  gp.C_ = covariance(dimensions_, parameters(), X, X) - gp.B_.transpose() * gp.B_;
  gp.C_.diagonal().array() += kFantasyJitter * s2;
  const auto jitter = cholesky_in_place(gp.C_, s2);
  if (!jitter) return jitter.error();

  gp.points_.conservativeResize(n + m, Eigen::NoChange);
  gp.points_.bottomRows(m) = points;
  gp.X_.conservativeResize(n + m, Eigen::NoChange);
  gp.X_.bottomRows(m) = X;
  gp.beta_.resize(n + m, Z.cols());
  gp.beta_.topRows(n) = beta_.replicate(1, Z.cols());
  gp.beta_.bottomRows(m) = Z;
  gp.alpha_ = gp.beta_;
  gp.solve_upper(gp.alpha_);
  gp.fantasies_ = (gp.B_.transpose() * beta_).replicate(1, Z.cols()) + lower(gp.C_, m) * Z;
  gp.fantasies_.array() += m_;
  if (known_) gp.fantasies_.colwise() += known(points);
  gp.jitter_ = std::max(jitter_, *jitter);
  return gp;
}

GaussianProcess GaussianProcess::widened(double factor) const {
  check(fantasies_.size() == 0, "widened before fantasies are drawn");
  const double root = std::sqrt(factor);
  Factor wide = *factor_;
  wide.L *= root;
  wide.parameters.signal_variance *= factor;
  wide.parameters.noise_variance *= factor;
  GaussianProcess gp = *this;
  gp.factor_ = std::make_shared<const Factor>(std::move(wide));
  gp.beta_ /= root;
  gp.alpha_ /= factor;
  return gp;
}

Posterior GaussianProcess::predict(const Eigen::MatrixXd& X_star) const {
  Eigen::MatrixXd V =
      covariance(dimensions_, parameters(), X_, warped(parameters().warp, dimensions_, X_star));
  Posterior posterior;
  posterior.mean = (V.transpose() * alpha_).array() + m_;
  if (known_) posterior.mean.colwise() += known(X_star);
  solve_lower(V);
  posterior.variance = (parameters().signal_variance - V.colwise().squaredNorm().array())
                           .max(kLeastVariance)
                           .transpose();
  return posterior;
}

Eigen::MatrixXd GaussianProcess::means(const Eigen::MatrixXd& X_star) const {
  const Eigen::MatrixXd X = warped(parameters().warp, dimensions_, X_star);
  const Eigen::MatrixXd K = covariance(dimensions_, parameters(), X, X_);
  Eigen::MatrixXd means = (K * alpha_).array() + m_;
  if (known_) means.colwise() += known(X_star);
  return means;
}

PointPosterior GaussianProcess::predict_point(const Point& x) const {
  const Point w = warped(parameters().warp, dimensions_, x.transpose()).transpose();
  const Matern matern =
      matern52(scaled_squared_distances(dimensions_, parameters().lengthscales, X_, w));
  const double s2 = parameters().signal_variance;
  PointPosterior at;
  at.solved = s2 * matern.value;
  at.slope = s2 * matern.slope;
  at.mean = (alpha_.transpose() * at.solved).array() + m_;
  if (known_) at.mean.array() += known(x.transpose())[0];
  solve_lower(at.solved);
  at.variance = std::max(s2 - at.solved.squaredNorm(), kLeastVariance);
  solve_upper(at.solved);
  return at;
}

Eigen::VectorXd GaussianProcess::gradient(const Point& x, const PointPosterior& at,
                                          const Eigen::VectorXd& c, double e) const {
  // d(c'mean + e·variance) = (alpha c - 2 e K⁻¹k)ᵀ dk,
  // dk/dx_i = dk/d(r²) · dD_i/dw_i / l_i² · dw_i/dx_i
  const double held = at.variance > kLeastVariance ? e : 0;
  const Eigen::ArrayXd v = (alpha_ * c - 2 * held * at.solved).array() * at.slope;
  const Warp& warp = parameters().warp;
  const Point w = warped(warp, dimensions_, x.transpose()).transpose();
  Eigen::VectorXd g(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto& dimension = dimensions_[static_cast<std::size_t>(i)];
    const double l = parameters().lengthscales[i];
    g[i] = (v * squared_distance_slopes(dimension, X_.col(i).array(), w[i])).sum() / (l * l);
    if (!warp.is_none()) g[i] *= warp_slopes(dimension, x[i], warp.a[i], warp.b[i]).u;
  }
  if (known_) g += c.sum() * known_->gradient(x);
  return g;
}

std::vector<Eigen::Index> best_first(const GaussianProcess& gp) {
  std::vector<Eigen::Index> rows(static_cast<std::size_t>(gp.fitted().size()));
  std::iota(rows.begin(), rows.end(), Eigen::Index{0});
  std::stable_sort(rows.begin(), rows.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return gp.fitted()[a] < gp.fitted()[b]; });
  return rows;
}

}  // namespace hpo
