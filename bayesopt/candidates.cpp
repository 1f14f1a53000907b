#include "bayesopt/candidates.h"

#include <algorithm>
#include <cmath>

#include "bayesopt/normal.h"
#include "bayesopt/sobol.h"

namespace hpo {
namespace {

/// Up to this many values all are tried as neighbours.
constexpr std::uint64_t kFewLevels = 20;
constexpr std::uint64_t kLongestStep = 64;
constexpr int kRandomLevels = 4;

/// A step whose scale is itself uniform on a log scale from 0.001 to 0.3: fine and coarse changes
/// are as likely.
double numeric_step(RandomStream& random) {
  const double scale = std::pow(10, -(0.5 + 2.5 * random.uniform()));
  return scale * normal_quantile(random.uniform());
}

/// Another coordinate of axis i near x: a category at random, at least one level away.
double changed(const Axis& axis, double x, double lower, double upper, RandomStream& random) {
  if (axis.is_categorical()) return axis.level(random.index(axis.levels()));
  const double step = numeric_step(random);
  const double moved = axis.snap(std::clamp(x + step, lower, upper));
  if (axis.is_continuous() || moved != x) return moved;
  const std::uint64_t level = axis.level_of(x);
  if (step < 0) return axis.level(level == 0 ? 0 : level - 1);
  return axis.level(std::min(level + 1, axis.levels() - 1));
}

Point perturbed(const UnitCube& cube, const Point& origin, const SearchStart& start,
                RandomStream& random) {
  const double d = static_cast<double>(cube.size());
  const double probability = std::max(1.5 / d, 0.6 * random.uniform());
  Point x = origin;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (x[i] == kInactive || random.uniform() > probability) continue;
    x[i] = changed(cube.axis(i), x[i], start.box.lower[i], start.box.upper[i], random);
  }
  cube.settle(x, start.fill);
  return x;
}

/// u within the box's bounds of coordinates that have an order.
Eigen::VectorXd within(const UnitCube& cube, const Box& box, Eigen::VectorXd u) {
  for (Eigen::Index i = 0; i < u.size(); ++i) {
    if (cube.axis(i).is_categorical()) continue;
    u[i] = box.lower[i] + u[i] * (box.upper[i] - box.lower[i]);
  }
  return u;
}

/// The levels of axis i to try instead of `level`.
std::vector<std::uint64_t> other_levels(const Axis& axis, std::uint64_t level,
                                        RandomStream& random) {
  std::vector<std::uint64_t> others;
  const std::uint64_t count = axis.levels();
  if (axis.is_categorical() || count <= kFewLevels) {
    for (std::uint64_t k = 0; k < count; ++k) {
      if (k != level) others.push_back(k);
    }
    return others;
  }
  for (std::uint64_t step = 1; step <= kLongestStep; step *= 2) {
    if (level >= step) others.push_back(level - step);
    if (count - level > step) others.push_back(level + step);
  }
  for (int k = 0; k < kRandomLevels; ++k) others.push_back(random.index(count));
  return others;
}

}  // namespace

Box whole_cube(Eigen::Index dimensions) {
  return {.lower = Point::Zero(dimensions), .upper = Point::Ones(dimensions)};
}

std::vector<Point> candidates(const UnitCube& cube, const SearchStart& start, int spread,
                              int around) {
  std::vector<Point> points;
  const Sobol sobol(cube.size(), seed_for(start.seed, Purpose::candidates));
  for (int k = 0; k < spread; ++k) {
    const auto u = sobol.point(static_cast<std::uint64_t>(k));
    points.push_back(cube.from_uniforms(within(cube, start.box, u)));
  }
  RandomStream random(start.seed, Purpose::perturbations);
  for (const auto& origin : start.best) {
    for (int k = 0; k < around; ++k) {
      points.push_back(perturbed(cube, origin, start, random));
    }
  }
  return points;
}

std::vector<Point> neighbours(const UnitCube& cube, const Point& x, const SearchStart& start,
                              RandomStream& random) {
  std::vector<Point> points;
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const Axis& axis = cube.axis(i);
    if (x[i] == kInactive || axis.is_continuous()) continue;
    for (const auto level : other_levels(axis, axis.level_of(x[i]), random)) {
      const double place = axis.level(level);
      const bool is_inside = place >= start.box.lower[i] && place <= start.box.upper[i];
      if (!axis.is_categorical() && !is_inside) continue;
      points.push_back(x);
      points.back()[i] = place;
      cube.settle(points.back(), start.fill);
    }
  }
  return points;
}

}  // namespace hpo
