#include "bayesopt/acquisition_search.h"

#include <algorithm>
#include <cmath>

#include "bayesopt/minimize.h"

namespace hpo {
namespace {

constexpr int kSpread = 512;  // 1024 above kManyDimensions
constexpr Eigen::Index kManyDimensions = 20;
constexpr int kAround = 30;
constexpr std::size_t kStarts = 6;
constexpr double kLeastDistance = 0.05;
constexpr int kRounds = 4;
constexpr int kSweeps = 8;           // of countable coordinates, in one round
constexpr double kLeastGain = 1e-4;  // of ln EI: less is not worth another round

double squared_distance(const Dimensions& dimensions, const Point& a, const Point& b) {
  const Eigen::VectorXd unit = Eigen::VectorXd::Ones(a.size());
  return scaled_squared_distances(dimensions, unit, a.transpose(), b)[0];
}

/// The best candidate, then the best ones that are not near those before.
std::vector<ScoredPoint> distant(const std::vector<ScoredPoint>& sorted,
                                 const Dimensions& dimensions) {
  std::vector<ScoredPoint> starts;
  for (const auto& candidate : sorted) {
    const bool is_near = std::any_of(starts.begin(), starts.end(), [&](const ScoredPoint& start) {
      return squared_distance(dimensions, start.x, candidate.x) < kLeastDistance * kLeastDistance;
    });
    if (!is_near) starts.push_back(candidate);
    if (starts.size() == kStarts) break;
  }
  return starts;
}

/// Coordinates of x that a gradient can move.
std::vector<Eigen::Index> continuous_coordinates(const UnitCube& cube, const Point& x) {
  std::vector<Eigen::Index> indices;
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    if (cube.axis(i).is_continuous() && x[i] != kInactive) indices.push_back(i);
  }
  return indices;
}

/// Moves the continuous coordinates uphill. In units of the lengthscales the acquisition is about
/// equally curved along all of them.
ScoredPoint polished(const Acquisition& acquisition, const UnitCube& cube, const SearchStart& start,
                     ScoredPoint at) {
  const auto moving = continuous_coordinates(cube, at.x);
  if (moving.empty()) return at;
  const Box& box = start.box;
  Eigen::VectorXd l = Eigen::VectorXd::Ones(static_cast<Eigen::Index>(moving.size()));
  if (start.lengthscales.size() > 0) l = start.lengthscales(moving);
  Point x = at.x;
  Eigen::VectorXd full(x.size());
  const Function f = [&](const Eigen::VectorXd& z, Eigen::VectorXd& gradient) {
    x(moving) = z.cwiseProduct(l);
    const double value = acquisition.value(x, full);
    gradient = -full(moving).cwiseProduct(l);
    return -value;
  };
  const Eigen::VectorXd lower = box.lower(moving).cwiseQuotient(l);
  const Eigen::VectorXd upper = box.upper(moving).cwiseQuotient(l);
  const Eigen::VectorXd z = at.x(moving).cwiseQuotient(l);
  const Minimum found =
      minimize(f, z.cwiseMax(lower).cwiseMin(upper), lower, upper, {.max_iterations = 25});
  if (!(-found.value > at.value)) return at;
  at.x(moving) = found.x.cwiseProduct(l).cwiseMin(1.0);
  at.value = -found.value;
  return at;
}

/// Moves one countable coordinate at a time to its best value, while that helps.
ScoredPoint swept(const Acquisition& acquisition, const UnitCube& cube, const SearchStart& start,
                  RandomStream& random, ScoredPoint at) {
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    auto points = neighbours(cube, at.x, start, random);
    if (points.empty()) return at;
    auto best = scored(acquisition, std::move(points)).front();
    if (!(best.value > at.value)) return at;
    at = std::move(best);
  }
  return at;
}

ScoredPoint climbed(const Acquisition& acquisition, const UnitCube& cube, const SearchStart& start,
                    RandomStream& random, ScoredPoint at) {
  for (int round = 0; round < kRounds; ++round) {
    at = polished(acquisition, cube, start, std::move(at));
    const double before = at.value;
    at = swept(acquisition, cube, start, random, std::move(at));
    if (at.value - before < kLeastGain) break;
  }
  return at;
}

void sort_best_first(std::vector<ScoredPoint>& points) {
  std::stable_sort(points.begin(), points.end(),
                   [](const ScoredPoint& a, const ScoredPoint& b) { return a.value > b.value; });
}

}  // namespace

std::vector<ScoredPoint> scored(const Acquisition& acquisition, std::vector<Point> points) {
  if (points.empty()) return {};
  const Eigen::VectorXd values = acquisition.values(rows_of(points, points.front().size()));
  std::vector<ScoredPoint> result;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double value = values[static_cast<Eigen::Index>(k)];
    if (std::isnan(value)) continue;
    result.push_back({.x = std::move(points[k]), .value = value});
  }
  sort_best_first(result);
  return result;
}

std::vector<ScoredPoint> search_acquisition(const Acquisition& acquisition, const UnitCube& cube,
                                            const SearchStart& start) {
  const int spread = cube.size() > kManyDimensions ? 2 * kSpread : kSpread;
  auto found = scored(acquisition, candidates(cube, start, spread, kAround));
  RandomStream random(start.seed, Purpose::neighbours);
  for (auto& from : distant(found, dimensions_of(cube))) {
    found.push_back(climbed(acquisition, cube, start, random, std::move(from)));
  }
  sort_best_first(found);
  return found;
}

}  // namespace hpo
