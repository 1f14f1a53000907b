// Log probabilities as factors of an acquisition.
//
//   success:  c ln Phi(u),  u = mu/sqrt(1 + v): the classifier's latent process with its probit
//             likelihood, c: weight
//   bounds:   ln (Phi(b) - Phi(a)),  a = (lower - mu)/s,  b = (upper - mu)/s,  s² = v + noise
//             r = Phi(a)/Phi(b):  ln Phi(b) + ln(1 - r), mirrored where a + b > 0, so that both are
//             left tails
//             d/db = (phi/Phi)(b)/(1 - r),  d/da = -(phi/Phi)(a) r/(1 - r)
//             db/dmu = -1/s,  db/dv = -b/2s²
//
// Gelbart et al. (2014), "Bayesian optimization with unknown constraints", for the product; Gardner
// et al. (2014), "Bayesian optimization with inequality constraints".

#include "bayesopt/probability.h"

#include <algorithm>
#include <cmath>

#include "bayesopt/normal.h"

namespace hpo {
namespace {

/// ln (Phi(b) - Phi(a)) with its slopes by a and b.
struct Between {
  double value = 0;
  double by_a = 0;
  double by_b = 0;
};

Between between(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a) return {.value = log_normal_cdf(*b), .by_b = log_normal_cdf_slope(*b)};
  if (!b) return {.value = log_normal_cdf(-*a), .by_a = -log_normal_cdf_slope(-*a)};
  if (*a + *b > 0) {
    const Between mirrored = between(-*b, -*a);
    return {.value = mirrored.value, .by_a = -mirrored.by_b, .by_b = -mirrored.by_a};
  }
  const double log_b = log_normal_cdf(*b);
  const double log_r = log_normal_cdf(*a) - log_b;
  // Bounds that lie closer than rounding tells apart are so far out that nothing else matters.
  const double rest = std::max(-std::expm1(log_r), 1e-16);
  return {.value = log_b + std::log(rest),
          .by_a = -log_normal_cdf_slope(*a) * std::exp(log_r) / rest,
          .by_b = log_normal_cdf_slope(*b) / rest};
}

}  // namespace

Eigen::VectorXd SuccessProbability::values(const Eigen::MatrixXd& X) const {
  const Posterior labels = latent_.predict(X);
  Eigen::VectorXd a(X.rows());
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    a[i] = weight_ * log_normal_cdf(labels.mean(i, 0) / std::sqrt(1 + labels.variance[i]));
  }
  return a;
}

double SuccessProbability::value(const Point& x, Eigen::VectorXd& gradient) const {
  const PointPosterior label = latent_.predict_point(x);
  const double v = 1 + label.variance;
  const double u = label.mean[0] / std::sqrt(v);
  const double slope = weight_ * log_normal_cdf_slope(u);
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(1, slope / std::sqrt(v));
  gradient = latent_.gradient(x, label, c, -slope * u / (2 * v));
  return weight_ * log_normal_cdf(u);
}

double SuccessProbability::probability(const Point& x) const {
  const Posterior label = latent_.predict(x.transpose());
  return normal_cdf(label.mean(0, 0) / std::sqrt(1 + label.variance[0]));
}

Eigen::VectorXd BoundsProbability::values(const Eigen::MatrixXd& X) const {
  const Posterior posterior = model_->predict(X);
  const double noise = model_->parameters().noise_variance;
  Eigen::VectorXd values(X.rows());
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const double s = std::sqrt(posterior.variance[i] + noise);
    const auto scaled = [&](const std::optional<double>& bound) {
      return bound ? std::optional((*bound - posterior.mean(i, 0)) / s) : std::nullopt;
    };
    values[i] = between(scaled(lower_), scaled(upper_)).value;
  }
  return values;
}

double BoundsProbability::value(const Point& x, Eigen::VectorXd& gradient) const {
  const PointPosterior at = model_->predict_point(x);
  const double s2 = at.variance + model_->parameters().noise_variance;
  const double s = std::sqrt(s2);
  const auto scaled = [&](const std::optional<double>& bound) {
    return bound ? std::optional((*bound - at.mean[0]) / s) : std::nullopt;
  };
  const auto a = scaled(lower_);
  const auto b = scaled(upper_);
  const Between p = between(a, b);
  const double by_mean = -(p.by_a + p.by_b) / s;
  const double by_variance = -(p.by_a * a.value_or(0) + p.by_b * b.value_or(0)) / (2 * s2);
  gradient = model_->gradient(x, at, Eigen::VectorXd::Constant(1, by_mean), by_variance);
  return p.value;
}

}  // namespace hpo
