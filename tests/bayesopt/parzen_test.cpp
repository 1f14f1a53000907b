#include "bayesopt/parzen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "bayesopt/finite_space.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

std::vector<const Point*> pointers(const std::vector<Point>& points) {
  std::vector<const Point*> result;
  for (const auto& point : points) result.push_back(&point);
  return result;
}

Point point(std::initializer_list<double> values) {
  Point x(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), x.begin());
  return x;
}

ParzenEstimator estimator(const UnitCube& cube, const std::vector<Point>& points,
                          ParzenOptions options = {.spread = 1, .prior_weight = 0.5}) {
  return {cube, pointers(points),
          Eigen::ArrayXd::LinSpaced(static_cast<Eigen::Index>(points.size()), 1, 2), options};
}

/// A choice, and a number that one of its values brings.
SearchSpace choice_and_number() {
  return {
      .parameters = {{.name = "kind",
                      .domain = CategoricalParameter{.values = {text("a"), text("b"), text("c")}}},
                     {.name = "x",
                      .domain = FloatParameter{},
                      .when = {{.parent = "kind", .values = {text("b")}}}}}};
}

TEST(ParzenEstimator, DensityOfACutOffKernelIntegratesToOne) {
  const UnitCube cube(unit_box(1));
  const std::vector<Point> centres = {point({0.0}), point({0.02}), point({0.6}), point({1.0})};
  const auto p = estimator(cube, centres);
  constexpr int kSteps = 20'000;
  double integral = 0;
  for (int k = 0; k < kSteps; ++k) integral += std::exp(p.log_density(point({(k + 0.5) / kSteps})));
  EXPECT_NEAR(integral / kSteps, 1, 1e-4);  // the table of ln Z
}

TEST(ParzenEstimator, MassesOverAConditionalSpaceSumToOne) {
  const UnitCube cube(twelve());
  const auto finite = FiniteSpace::of(cube, 100);
  std::vector<Point> centres;
  for (const std::uint64_t k : {0U, 3U, 7U, 9U, 9U}) centres.push_back(finite->at(k));
  const auto p = estimator(cube, centres);
  double sum = 0;
  for (std::uint64_t k = 0; k < finite->size(); ++k) sum += std::exp(p.log_density(finite->at(k)));
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(ParzenEstimator, SamplesFollowTheDensity) {
  const UnitCube cube(twelve());
  const auto finite = FiniteSpace::of(cube, 100);
  std::vector<Point> centres;
  for (const std::uint64_t k : {0U, 3U, 7U, 9U, 9U}) centres.push_back(finite->at(k));
  const auto p = estimator(cube, centres);
  RandomStream random(3, Purpose::candidates);
  std::map<std::string, int> counts;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    const Point x = p.sample(Point::Constant(cube.size(), kInactive), random);
    ++counts[canonical_key(cube.decode(x))];
  }
  for (std::uint64_t k = 0; k < finite->size(); ++k) {
    const double mass = std::exp(p.log_density(finite->at(k)));
    const double seen = counts[canonical_key(cube.decode(finite->at(k)))] / double{kDraws};
    EXPECT_NEAR(seen, mass, 5 * std::sqrt(mass / kDraws)) << k;  // five standard deviations
  }
}

TEST(ParzenEstimator, DensityIsMarginalOverWhatAPointLacks) {
  const UnitCube cube(choice_and_number());
  const std::vector<Point> centres = {point({0, kInactive}), point({1, 0.3}), point({1, 0.9})};
  const auto p = estimator(cube, centres);
  constexpr int kSteps = 5'000;
  double integral = 0;
  for (int k = 0; k < kSteps; ++k) {
    integral += std::exp(p.log_density(point({1, (k + 0.5) / kSteps})));
  }
  EXPECT_NEAR(integral / kSteps, std::exp(p.log_density(point({1, kInactive}))), 1e-4);
}

TEST(ParzenEstimator, DrawsTheRestNearCentresThatHaveWhatIsGiven) {
  const UnitCube cube(choice_and_number());
  std::vector<Point> centres(30, point({0, kInactive}));
  for (int i = 0; i < 10; ++i) centres.push_back(point({1, 0.7}));
  const auto p = estimator(cube, centres, {.spread = 1, .prior_weight = 0.01});
  RandomStream random(3, Purpose::candidates);
  int near = 0;
  for (int i = 0; i < 100; ++i) {
    const Point x = p.sample(point({1, kInactive}), random);
    EXPECT_EQ(x[0], 1);
    near += std::abs(x[1] - 0.7) < 0.35 ? 1 : 0;
  }
  EXPECT_GT(near, 70);
}

TEST(ParzenEstimator, WithoutCentresIsUniform) {
  const UnitCube cube(unit_box(3));
  const auto p = estimator(cube, {});
  EXPECT_NEAR(p.log_density(point({0.1, 0.5, 0.9})), 0, 1e-12);
}

}  // namespace
}  // namespace hpo
