// x: point of a result, X: points of a grid that differ from it in one or two coordinates

#include "bayesopt/landscape.h"

#include <algorithm>

#include "bayesopt/random_stream.h"
#include "bayesopt/sobol.h"
#include "bayesopt/study_model_parts.h"

namespace hpo {
namespace {

/// Draws of random_median: the median of so many has the rank 0.5 ± 0.03.
constexpr std::uint64_t kDraws = 256;

/// The best result in which all these coordinates are active.
std::optional<Point> best_with(const Dataset& dataset, const std::vector<Eigen::Index>& active) {
  std::optional<Point> best;
  double least = 0;
  for (std::size_t k = 0; k < dataset.y.size(); ++k) {
    const Point& x = dataset.observed[k];
    const bool is_active =
        std::all_of(active.begin(), active.end(), [&](auto i) { return x[i] != kInactive; });
    if (!is_active || (best && dataset.y[k] >= least)) continue;
    best = x;
    least = dataset.y[k];
  }
  return best;
}

/// Coordinates of at most `points` values, ascending and different.
std::vector<double> grid_of(const Axis& axis, std::size_t points) {
  std::vector<double> grid;
  if (!axis.is_continuous() && axis.levels() <= points) {
    for (std::uint64_t k = 0; k < axis.levels(); ++k) grid.push_back(axis.level(k));
    return grid;
  }
  // Values without an order are numbered; of too many the first ones stand for all.
  for (std::size_t k = 0; k < points; ++k) {
    const double at = axis.is_categorical()
                          ? static_cast<double>(k)
                          : static_cast<double>(k) / static_cast<double>(points - 1);
    grid.push_back(axis.snap(at));
  }
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  return grid;
}

std::vector<ParameterValue> values_of(const Axis& axis, const std::vector<double>& grid) {
  std::vector<ParameterValue> values;
  for (const double at : grid) values.push_back(axis.decode(at));
  return values;
}

/// The middle of the space, for coordinates that become active.
Point middle_of(const UnitCube& cube) {
  Point middle(cube.size());
  for (Eigen::Index i = 0; i < cube.size(); ++i) middle[i] = cube.axis(i).from_uniform(0.5);
  return middle;
}

}  // namespace

std::optional<Slice> slice(const StudyModel& model, std::size_t parameter, std::size_t points) {
  const auto& parts = model.parts();
  const auto i = static_cast<Eigen::Index>(parameter);
  const auto x = best_with(parts.dataset, {i});
  if (!x) return std::nullopt;
  const auto grid = grid_of(parts.cube.axis(i), points);
  const Point middle = middle_of(parts.cube);
  std::vector<Point> X;
  for (const double at : grid) {
    X.push_back(*x);
    X.back()[i] = at;
    parts.cube.settle(X.back(), middle);
  }
  const Posterior posterior = parts.gp().predict(rows_of(X, parts.cube.size()));
  Slice slice{.values = values_of(parts.cube.axis(i), grid), .through = parts.cube.decode(*x)};
  for (Eigen::Index k = 0; k < posterior.variance.size(); ++k) {
    slice.predictions.push_back(
        {.mean = parts.in_units(posterior.mean(k, 0)),
         .stddev = std::sqrt(posterior.variance[k]) * parts.surrogate.objective.transform.scale});
  }
  return slice;
}

std::optional<Contour> contour(const StudyModel& model, std::size_t first, std::size_t second,
                               std::size_t points) {
  const auto& parts = model.parts();
  const auto i = static_cast<Eigen::Index>(first);
  const auto j = static_cast<Eigen::Index>(second);
  const auto x = best_with(parts.dataset, {i, j});
  if (!x) return std::nullopt;
  const auto rows = grid_of(parts.cube.axis(i), points);
  const auto columns = grid_of(parts.cube.axis(j), points);
  const Point middle = middle_of(parts.cube);
  std::vector<Point> X;
  for (const double row : rows) {
    for (const double column : columns) {
      Point at = *x;
      at[i] = row;
      at[j] = column;
      parts.cube.settle(at, middle);
      if (at[i] == kInactive || at[j] == kInactive) return std::nullopt;
      X.push_back(std::move(at));
    }
  }
  Contour contour{.first = values_of(parts.cube.axis(i), rows),
                  .second = values_of(parts.cube.axis(j), columns),
                  .through = parts.cube.decode(*x)};
  const Eigen::MatrixXd means = parts.gp().means(rows_of(X, parts.cube.size()));
  for (const double y : means.col(0)) contour.means.push_back(parts.in_units(y));
  return contour;
}

double random_median(const StudyModel& model) {
  const auto& parts = model.parts();
  const Sobol sobol(parts.cube.size(), seed_for(parts.spec.seed, Purpose::posterior_draws));
  std::vector<Point> X;
  for (std::uint64_t k = 0; k < kDraws; ++k) X.push_back(parts.cube.from_uniforms(sobol.point(k)));
  Eigen::MatrixXd means = parts.gp().means(rows_of(X, parts.cube.size()));
  const auto middle = means.col(0).begin() + means.rows() / 2;
  std::nth_element(means.col(0).begin(), middle, means.col(0).end());
  return parts.in_units(*middle);
}

}  // namespace hpo
