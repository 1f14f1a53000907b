// Rasmussen & Williams (2006), Algorithm 2.1, with the mean profiled out.
//
//   X (N×d), y (n), s2: signal variance, K = s2 M + noise·diag(noise_scale)  (N×N),  K = L Lᵀ
//   m = (1ᵀK⁻¹y)/(1ᵀK⁻¹1),  beta = L⁻¹(y - m),  alpha = L⁻ᵀ beta
//   at x:  k = k(X, x),  v = L⁻¹k,  mean = m + kᵀalpha,  variance = s2 - vᵀv
//
// Fantasies at X_p (m×d): B = L⁻¹ K(X, X_p), C Cᵀ = K(X_p, X_p) - BᵀB; the draw is mean_p + C z.
// The factor of the extended matrix is [L 0; Bᵀ C], and the whitened targets are [beta; z].

#include "bayesopt/gaussian_process.h"

#include <algorithm>

#include "bayesopt/cholesky.h"

namespace hpo {
namespace {

constexpr double kFantasyJitter = 1e-8;

auto lower(const Eigen::MatrixXd& L) { return L.triangularView<Eigen::Lower>(); }
/// Lᵀ.
auto upper(const Eigen::MatrixXd& L) { return L.transpose().triangularView<Eigen::Upper>(); }

}  // namespace

Result<GaussianProcess> GaussianProcess::condition(const TrainingData& data,
                                                   const GpParameters& parameters) {
  GaussianProcess gp;
  gp.dimensions_ = data.dimensions;
  gp.parameters_ = parameters;
  gp.X_ = data.X;
  gp.L_ = covariance(data.dimensions, parameters, data.X, data.X);
  const Eigen::VectorXd noise = parameters.noise_variance * data.noise_scale;
  gp.L_.diagonal() += noise;
  const auto jitter = cholesky_in_place(gp.L_, parameters.signal_variance);
  if (!jitter) return jitter.error();
  gp.jitter_ = *jitter;
  const Eigen::VectorXd ones = lower(gp.L_).solve(Eigen::VectorXd::Ones(data.y.size()));
  const Eigen::VectorXd whitened = lower(gp.L_).solve(data.y);
  gp.m_ = ones.dot(whitened) / ones.squaredNorm();
  gp.beta_ = whitened - gp.m_ * ones;
  gp.alpha_ = upper(gp.L_).solve(gp.beta_);
  gp.fitted_ = data.y - noise.cwiseProduct(gp.alpha_.col(0));
  return gp;
}

Result<GaussianProcess> GaussianProcess::with_fantasies(const Eigen::MatrixXd& X,
                                                        const Eigen::MatrixXd& Z) const {
  check(fantasies_.size() == 0 && Z.rows() == X.rows(), "fantasies at new points, once");
  const Eigen::Index n = X_.rows();
  const Eigen::Index m = X.rows();
  const Eigen::MatrixXd B = lower(L_).solve(covariance(dimensions_, parameters_, X_, X));
  Eigen::MatrixXd C = covariance(dimensions_, parameters_, X, X) - B.transpose() * B;
  C.diagonal().array() += kFantasyJitter * parameters_.signal_variance;
  const auto jitter = cholesky_in_place(C, parameters_.signal_variance);
  if (!jitter) return jitter.error();

  GaussianProcess gp = *this;
  gp.X_.conservativeResize(n + m, Eigen::NoChange);
  gp.X_.bottomRows(m) = X;
  gp.L_ = Eigen::MatrixXd::Zero(n + m, n + m);
  gp.L_.topLeftCorner(n, n) = lower(L_);
  gp.L_.bottomLeftCorner(m, n) = B.transpose();
  gp.L_.bottomRightCorner(m, m) = lower(C);
  gp.beta_.resize(n + m, Z.cols());
  gp.beta_.topRows(n) = beta_.replicate(1, Z.cols());
  gp.beta_.bottomRows(m) = Z;
  gp.alpha_ = upper(gp.L_).solve(gp.beta_);
  gp.fantasies_ = (B.transpose() * beta_).replicate(1, Z.cols()) + lower(C) * Z;
  gp.fantasies_.array() += m_;
  gp.jitter_ = std::max(jitter_, *jitter);
  return gp;
}

Posterior GaussianProcess::predict(const Eigen::MatrixXd& X_star) const {
  Eigen::MatrixXd V = covariance(dimensions_, parameters_, X_, X_star);
  Posterior posterior;
  posterior.mean = (V.transpose() * alpha_).array() + m_;
  lower(L_).solveInPlace(V);
  posterior.variance = (parameters_.signal_variance - V.colwise().squaredNorm().array())
                           .max(kLeastVariance)
                           .transpose();
  return posterior;
}

PointPosterior GaussianProcess::predict_point(const Point& x) const {
  const Matern matern =
      matern52(scaled_squared_distances(dimensions_, parameters_.lengthscales, X_, x));
  const double s2 = parameters_.signal_variance;
  PointPosterior at;
  const Eigen::VectorXd k = s2 * matern.value;
  at.slope = s2 * matern.slope;
  at.mean = (alpha_.transpose() * k).array() + m_;
  at.solved = lower(L_).solve(k);
  at.variance = std::max(s2 - at.solved.squaredNorm(), kLeastVariance);
  upper(L_).solveInPlace(at.solved);
  return at;
}

Eigen::VectorXd GaussianProcess::gradient(const Point& x, const PointPosterior& at,
                                          const Eigen::VectorXd& c, double e) const {
  // d(c'mean + e·variance) = (alpha c - 2 e K⁻¹k)ᵀ dk,  dk/dx_i = dk/d(r²) · dD_i/dx_i / l_i²
  const double held = at.variance > kLeastVariance ? e : 0;
  const Eigen::ArrayXd v = (alpha_ * c - 2 * held * at.solved).array() * at.slope;
  Eigen::VectorXd g(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto& dimension = dimensions_[static_cast<std::size_t>(i)];
    const double l = parameters_.lengthscales[i];
    g[i] = (v * squared_distance_slopes(dimension, X_.col(i).array(), x[i])).sum() / (l * l);
  }
  return g;
}

}  // namespace hpo
