#include "bayesopt/output_transform.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

/// The p-quantile of sorted numbers, linear between neighbours (type 7 of Hyndman & Fan 1996).
double quantile(const Eigen::VectorXd& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<Eigen::Index>(std::floor(at));
  const Eigen::Index above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

}  // namespace

double Bilog::operator()(double y) const {
  const double t = (y - origin) / unit;
  return std::copysign(std::log1p(std::abs(t)), t);
}

double Bilog::inverse(double bent) const {
  return origin + unit * std::copysign(std::expm1(std::abs(bent)), bent);
}

std::optional<OutputTransform> winsorized_zscore(const Eigen::VectorXd& y, double kept) {
  if (y.size() < 2 || y.minCoeff() == y.maxCoeff()) return std::nullopt;
  Eigen::VectorXd sorted = y;
  std::sort(sorted.begin(), sorted.end());
  const double q25 = quantile(sorted, 0.25);
  const double q75 = quantile(sorted, 0.75);
  double cap = sorted[sorted.size() - 1];
  if (q75 > q25) cap = std::min(cap, std::max(kept, q75 + 1.5 * (q75 - q25)));
  // Relative to the range first: squares of the raw numbers may overflow.
  const double lo = sorted[0];
  const double range = cap - lo;
  const Eigen::ArrayXd t = (sorted.array().min(cap) - lo) / range;
  const double mean = t.mean();
  const double stddev = std::sqrt((t - mean).square().mean());
  if (!(stddev * range > 0)) return std::nullopt;
  return OutputTransform{.cap = cap, .center = lo + mean * range, .scale = stddev * range};
}

std::optional<OutputTransform> bilog_zscore(const Eigen::VectorXd& y, double bound) {
  if (y.size() < 2 || y.minCoeff() == y.maxCoeff()) return std::nullopt;
  Eigen::VectorXd distance = (y.array() - bound).abs();
  std::sort(distance.begin(), distance.end());
  double unit = quantile(distance, 0.5);
  if (!(unit > 0)) unit = distance.maxCoeff();
  const Bilog bend{.origin = bound, .unit = unit};
  const Eigen::ArrayXd bent = y.unaryExpr(bend).array();
  const double mean = bent.mean();
  const double stddev = std::sqrt((bent - mean).square().mean());
  if (!(stddev > 0)) return std::nullopt;
  return OutputTransform{.cap = std::numeric_limits<double>::infinity(),
                         .center = mean,
                         .scale = stddev,
                         .bend = bend};
}

}  // namespace hpo
