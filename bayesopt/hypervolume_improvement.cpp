// Expected hypervolume improvement of two outputs by vertical strips, in logarithms.
//
// The front y^1..y^P, sorted by its first coordinate, leaves open P + 1 strips: y^(i-1)_0 = l ≤ y_0
// < r = y^i_0, y_1 < t = y^(i-1)_1, with l = -infinity first, r = reference_0 last, t = reference_1
// first. An evaluation (y_0, y_1) gains (r - max(l, y_0))+ (t - y_1)+ in each; outputs are
// independent, so
//
//   EHVI = Σ_i (psi_0(r_i) - psi_0(l_i)) psi_1(t_i),   psi_k(b) = E(b - y_k)+ = sigma_k h(z),
//   z = (b - mu_k)/sigma_k
//   ln(psi(r) - psi(l)) = ln psi(r) + ln(1 - q),  q = h(z_l)/h(z_r)
//   d/dmu: -(s_r - q s_l)/((1 - q) sigma),  s = Phi/h;   d/dsigma: (g_r - q g_l)/((1 - q) sigma),
//   g = phi/h = 1 - z s
//
// Emmerich, Yang, Deutz, Wang & Fonseca (2016), "A multicriteria generalization of Bayesian global
// optimization", section 3; log and average over fantasies as expected_improvement.cpp.

#include "bayesopt/hypervolume_improvement.h"

#include <cmath>
#include <limits>

#include "bayesopt/expected_improvement.h"
#include "bayesopt/normal.h"

namespace hpo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// ln(psi(right) - psi(left)), and its slopes by mu and sigma.
struct LogPart {
  double value = 0;
  double by_mean = 0;
  double by_sigma = 0;
};

/// h at one bound.
struct AtBound {
  double z = 0;
  double log_h = 0;

  static AtBound of(double bound, double mean, double sigma) {
    const double z = (bound - mean) / sigma;
    return {.z = z, .log_h = hpo::log_h(z)};
  }
};

LogPart below(const AtBound& right, double sigma, bool with_slopes) {
  LogPart part{.value = right.log_h + std::log(sigma)};
  if (!with_slopes) return part;
  const double s = log_h_slope(right.z);
  part.by_mean = -s / sigma;
  part.by_sigma = (1 - right.z * s) / sigma;
  return part;
}

LogPart within(const AtBound& left, const AtBound& right, double sigma, bool with_slopes) {
  const double log_q = left.log_h - right.log_h;
  const double rest = -std::expm1(log_q);
  LogPart part{.value = right.log_h + std::log(rest) + std::log(sigma)};
  if (!with_slopes || !(rest > 0)) return part;  // a strip that rounding closed counts for nothing
  const double q = std::exp(log_q);
  const double s_left = log_h_slope(left.z);
  const double s_right = log_h_slope(right.z);
  part.by_mean = -(s_right - q * s_left) / (rest * sigma);
  part.by_sigma = ((1 - right.z * s_right) - q * (1 - left.z * s_left)) / (rest * sigma);
  return part;
}

}  // namespace

std::vector<Strip> strips_of(const std::vector<ParetoPoint>& points, const ParetoPoint& reference) {
  std::vector<Strip> strips;
  double left = -kInfinity;
  double top = reference[1];
  for (const auto i : nondominated(points)) {
    const auto& point = points[i];
    if (point[0] >= reference[0]) break;
    if (point[1] >= top) continue;  // above the reference
    strips.push_back({.left = left, .right = point[0], .top = top});
    left = point[0];
    top = point[1];
  }
  strips.push_back({.left = left, .right = reference[0], .top = top});
  return strips;
}

double log_hypervolume_improvement(const std::vector<Strip>& strips,
                                   const std::array<double, 2>& mean,
                                   const std::array<double, 2>& sigma, HypervolumeSlopes* slopes) {
  const auto n = static_cast<Eigen::Index>(strips.size());
  Eigen::ArrayXd terms(n);
  std::vector<std::array<LogPart, 2>> parts(slopes == nullptr ? 0 : strips.size());
  AtBound left;
  for (Eigen::Index i = 0; i < n; ++i) {
    const Strip& strip = strips[static_cast<std::size_t>(i)];
    const AtBound right = AtBound::of(strip.right, mean[0], sigma[0]);
    const LogPart first = strip.left == -kInfinity
                              ? below(right, sigma[0], slopes != nullptr)
                              : within(left, right, sigma[0], slopes != nullptr);
    const LogPart second =
        below(AtBound::of(strip.top, mean[1], sigma[1]), sigma[1], slopes != nullptr);
    terms[i] = first.value + second.value;
    if (slopes != nullptr) parts[static_cast<std::size_t>(i)] = {first, second};
    left = right;  // the next strip begins where this one ends
  }
  const double value = log_mean_exp(terms) + std::log(static_cast<double>(n));
  if (slopes == nullptr) return value;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      const LogPart& part = parts[static_cast<std::size_t>(i)][k];
      slopes->by_mean[k] += terms[i] * part.by_mean;
      slopes->by_sigma[k] += terms[i] * part.by_sigma;
    }
  }
  return value;
}

HypervolumeImprovement::HypervolumeImprovement(
    std::array<std::shared_ptr<const GaussianProcess>, 2> models,
    const std::vector<std::vector<ParetoPoint>>& fronts, const ParetoPoint& reference)
    : models_(std::move(models)) {
  for (const auto& points : fronts) strips_.push_back(strips_of(points, reference));
  check(strips_.size() == 1 ||
            static_cast<Eigen::Index>(strips_.size()) == models_[0]->fantasies().cols(),
        "a front for each draw");
}

Eigen::VectorXd HypervolumeImprovement::values(const Eigen::MatrixXd& X) const {
  const std::array<Posterior, 2> posteriors = {models_[0]->predict(X), models_[1]->predict(X)};
  Eigen::VectorXd values(X.rows());
  Eigen::ArrayXd draws(static_cast<Eigen::Index>(strips_.size()));
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const std::array<double, 2> sigma = {std::sqrt(posteriors[0].variance[i]),
                                         std::sqrt(posteriors[1].variance[i])};
    for (Eigen::Index s = 0; s < draws.size(); ++s) {
      const std::array<double, 2> mean = {posteriors[0].mean(i, s), posteriors[1].mean(i, s)};
      draws[s] =
          log_hypervolume_improvement(strips_[static_cast<std::size_t>(s)], mean, sigma, nullptr);
    }
    Eigen::ArrayXd weights = draws;
    values[i] = log_mean_exp(weights);
  }
  return values;
}

double HypervolumeImprovement::value(const Point& x, Eigen::VectorXd& gradient) const {
  const std::array<PointPosterior, 2> at = {models_[0]->predict_point(x),
                                            models_[1]->predict_point(x)};
  const std::array<double, 2> sigma = {std::sqrt(at[0].variance), std::sqrt(at[1].variance)};
  const auto S = static_cast<Eigen::Index>(strips_.size());
  Eigen::ArrayXd p(S);
  std::vector<HypervolumeSlopes> slopes(strips_.size());
  for (Eigen::Index s = 0; s < S; ++s) {
    const auto k = static_cast<std::size_t>(s);
    p[s] =
        log_hypervolume_improvement(strips_[k], {at[0].mean[s], at[1].mean[s]}, sigma, &slopes[k]);
  }
  const double value = log_mean_exp(p);
  gradient = Eigen::VectorXd::Zero(x.size());
  for (std::size_t k = 0; k < 2; ++k) {
    Eigen::VectorXd c(S);
    double e = 0;
    for (Eigen::Index s = 0; s < S; ++s) {
      const HypervolumeSlopes& slope = slopes[static_cast<std::size_t>(s)];
      c[s] = p[s] * slope.by_mean[k];
      e += p[s] * slope.by_sigma[k] / (2 * sigma[k]);
    }
    gradient += models_[k]->gradient(x, at[k], c, e);
  }
  return value;
}

}  // namespace hpo
