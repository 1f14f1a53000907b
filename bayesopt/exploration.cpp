#include "bayesopt/exploration.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

/// In lengthscales, or in the cube where those are longer.
constexpr double kNear = 0.02;
constexpr double kHope = 0.5;  ///< standard deviations by which a point may be better
constexpr double kProbable = 0.5;
constexpr double kCertain = 1.8;  ///< standard deviations by which the best may be worse

}  // namespace

bool is_near_known(const GaussianProcess& gp, const Point& x) {
  const Point w = warped(gp.parameters().warp, gp.dimensions(), x.transpose()).transpose();
  const Eigen::VectorXd l = gp.parameters().lengthscales.cwiseMin(1);
  const auto r2 = scaled_squared_distances(gp.dimensions(), l, gp.warped_points(), w);
  return r2.minCoeff() < kNear * kNear;
}

std::vector<ScoredPoint> open_questions(const Acquisition& acquisition, std::vector<Point> points) {
  const GaussianProcess& gp = acquisition.model();
  const Posterior known = gp.predict(gp.points());
  const Eigen::ArrayXd known_mean = known.mean.rowwise().mean();
  const double threshold = (known_mean + kCertain * known.variance.array().sqrt()).minCoeff();
  const Posterior posterior = gp.predict(rows_of(points, gp.points().cols()));
  std::vector<ScoredPoint> open;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    const double variance = posterior.variance[i];
    const double mean = posterior.mean.row(i).mean();
    if (!(mean - kHope * std::sqrt(variance) <= threshold)) continue;
    if (acquisition.feasibility(points[k]) < kProbable) continue;
    open.push_back({.x = std::move(points[k]), .value = variance});
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const ScoredPoint& a, const ScoredPoint& b) { return a.value > b.value; });
  return open;
}

}  // namespace hpo
