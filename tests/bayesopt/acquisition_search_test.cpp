#include "bayesopt/acquisition_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/expected_improvement.h"
#include "bayesopt/finite_space.h"
#include "tests/bayesopt/random_data.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

/// A process of random values at random points of the cube.
GaussianProcess process(const UnitCube& cube, Eigen::Index n, std::uint64_t seed,
                        std::vector<Point>* points) {
  RandomStream random(seed, Purpose::configuration);
  for (Eigen::Index k = 0; k < n; ++k) {
    Eigen::VectorXd u(cube.size());
    for (double& ui : u) ui = random.uniform();
    points->push_back(cube.from_uniforms(u));
  }
  TrainingData data{.dimensions = dimensions_of(cube), .X = rows_of(*points, cube.size())};
  data.y = Eigen::VectorXd(n);
  for (double& y : data.y) y = 2 * random.uniform() - 1;
  data.noise_scale = Eigen::VectorXd::Ones(n);
  auto parameters = random_parameters(cube.size(), seed);
  parameters.noise_variance = 0.01;
  auto gp = GaussianProcess::condition(data, parameters);
  check(gp.has_value(), "a definite covariance");
  return std::move(*gp);
}

SearchStart start_of(const UnitCube& cube, const std::vector<Point>& points, std::uint64_t seed) {
  SearchStart start{
      .best = {points[0], points[1], points[2]}, .box = whole_cube(cube.size()), .seed = seed};
  start.fill = Point(cube.size());
  start.lengthscales = random_parameters(cube.size(), seed).lengthscales;
  RandomStream random(seed, Purpose::fill);
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    start.fill[i] = cube.axis(i).from_uniform(random.uniform());
  }
  return start;
}

TEST(AcquisitionSearch, ReachesTheMaximumOfAFineGrid) {
  const UnitCube cube(unit_box(2));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Point> points;
    const ExpectedImprovement acquisition(process(cube, 12, seed, &points));
    const auto found = search_acquisition(acquisition, cube, start_of(cube, points, seed));
    Eigen::MatrixXd grid(10201, 2);
    for (Eigen::Index i = 0; i < grid.rows(); ++i) {
      grid.row(i) << static_cast<double>(i / 101) / 100, static_cast<double>(i % 101) / 100;
    }
    EXPECT_GE(found.front().value, acquisition.values(grid).maxCoeff() - 1e-6) << seed;
  }
}

/// 12·2·(21·4 + 60 + 21) = 3960 configurations of every countable kind behind conditions.
SearchSpace thousands() {
  return {
      .parameters = {{.name = "kind",
                      .domain = CategoricalParameter{.values = {text("a"), text("b"), text("c")}}},
                     {.name = "depth", .domain = IntParameter{.min = 1, .max = 12}},
                     {.name = "rate",
                      .domain = FloatParameter{.min = 0, .max = 1, .step = 0.05},
                      .when = {{.parent = "kind", .values = {text("a"), text("c")}}}},
                     {.name = "size",
                      .domain = OrdinalParameter{.values = {std::int64_t{1}, std::int64_t{2},
                                                            std::int64_t{4}, std::int64_t{8}}},
                      .when = {{.parent = "kind", .values = {text("a")}}}},
                     {.name = "flag", .domain = BoolParameter{}},
                     {.name = "count",
                      .domain = IntParameter{.min = 1, .max = 60, .scale = Scale::log},
                      .when = {{.parent = "kind", .values = {text("b")}}}}}};
}

TEST(AcquisitionSearch, FindsTheBestOfAFiniteSpaceAlmostAlways) {
  const UnitCube cube(thousands());
  const auto space = FiniteSpace::of(cube, 10'000);
  ASSERT_TRUE(space);
  std::vector<Point> all;
  for (std::uint64_t k = 0; k < space->size(); ++k) all.push_back(space->at(k));
  int missed = 0;
  constexpr int kProcesses = 60;
  for (std::uint64_t seed = 0; seed < kProcesses; ++seed) {
    std::vector<Point> points;
    const ExpectedImprovement acquisition(process(cube, 15, seed, &points));
    const auto found = search_acquisition(acquisition, cube, start_of(cube, points, seed));
    if (found.front().value < scored(acquisition, all).front().value - 1e-9) ++missed;
  }
  EXPECT_LE(missed, 1);
}

TEST(AcquisitionSearch, GivesOnlyPointsOfTheSpaceBestFirst) {
  const UnitCube cube(every_kind());
  std::vector<Point> points;
  const ExpectedImprovement acquisition(process(cube, 20, 3, &points));
  const auto found = search_acquisition(acquisition, cube, start_of(cube, points, 3));
  ASSERT_GT(found.size(), 512U);
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_TRUE(cube.space().check_configuration(cube.decode(found[k].x)));
    EXPECT_GE(found[k == 0 ? 0 : k - 1].value, found[k].value);
  }
}

}  // namespace
}  // namespace hpo
