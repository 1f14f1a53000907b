#include "bayesopt/trust_region.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hpo {
namespace {

constexpr double kFirstLength = 0.8;
constexpr double kLeastLength = 1.0 / 128;
constexpr double kMostLength = 1.6;
constexpr std::size_t kSuccesses = 3;
constexpr double kLeastImprovement = 1e-3;
constexpr Eigen::Index kManyDimensions = 30;
constexpr std::size_t kLongStagnation = 30;  ///< at least 3 d

}  // namespace

Progress progress_of(const std::vector<double>& y, double scale, Eigen::Index d) {
  const auto failures_allowed = static_cast<std::size_t>(std::max<Eigen::Index>(4, d));
  Progress progress{.length = kFirstLength};
  double best = std::numeric_limits<double>::infinity();
  std::size_t successes = 0;
  std::size_t failures = 0;
  for (const double value : y) {
    const bool is_better = value < best - kLeastImprovement * scale;
    best = std::min(best, value);
    progress.stagnation = is_better ? 0 : progress.stagnation + 1;
    successes = is_better ? successes + 1 : 0;
    failures = is_better ? 0 : failures + 1;
    if (successes == kSuccesses) {
      progress.length = std::min(2 * progress.length, kMostLength);
      successes = 0;
    }
    if (failures == failures_allowed) {
      progress.length /= 2;
      failures = 0;
      if (progress.length < kLeastLength) progress.length = kFirstLength;
    }
  }
  return progress;
}

bool is_search_local(const Progress& progress, Eigen::Index d, bool is_model_local,
                     std::size_t number) {
  if (number % 4 == 0) return false;
  if (d > kManyDimensions || is_model_local) return true;
  return progress.stagnation >= std::max(kLongStagnation, 3 * static_cast<std::size_t>(d));
}

Box trust_region(const UnitCube& cube, const Eigen::VectorXd& lengthscales, const Point& center,
                 double length) {
  const double typical = std::exp(lengthscales.array().log().mean());
  Box box = whole_cube(cube.size());
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    if (cube.axis(i).is_categorical() || center[i] == kInactive) continue;
    const double half = 0.5 * length * lengthscales[i] / typical;
    box.lower[i] = std::clamp(center[i] - half, 0.0, 1.0);
    box.upper[i] = std::clamp(center[i] + half, 0.0, 1.0);
  }
  return box;
}

}  // namespace hpo
