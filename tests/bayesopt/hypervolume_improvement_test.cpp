#include "bayesopt/hypervolume_improvement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bayesopt/expected_improvement.h"
#include "bayesopt/normal.h"
#include "tests/bayesopt/gradients.h"
#include "tests/bayesopt/random_data.h"
#include "tests/support/paths.h"

namespace hpo {
namespace {

using namespace testing_support;

std::shared_ptr<const GaussianProcess> process(std::uint64_t seed, Eigen::Index draws = 0) {
  const Dimensions dimensions = mixed_dimensions();
  auto gp =
      GaussianProcess::condition(random_data(dimensions, 15, seed), random_parameters(5, seed));
  check(gp.has_value(), "a definite covariance");
  if (draws == 0) return std::make_shared<const GaussianProcess>(std::move(*gp));
  RandomStream random(31, Purpose::fantasies);
  const auto X = random_points(dimensions, 2, random);
  Eigen::MatrixXd Z(2, draws);
  RandomStream normals(seed, Purpose::fantasies);
  for (double& z : Z.reshaped()) z = normal_quantile(normals.uniform());
  auto drawn = gp->with_fantasies(X, Z);
  check(drawn.has_value(), "a definite covariance");
  return std::make_shared<const GaussianProcess>(std::move(*drawn));
}

const std::vector<ParetoPoint> kFront = {{-0.8, 0.4}, {-0.3, 0.1}, {0.2, -0.6}};
constexpr ParetoPoint kReference = {0.9, 0.8};

TEST(HypervolumeImprovement, EqualsTheIntegralsOfTheGoldenFile) {
  const auto cases =
      nlohmann::json::parse(std::ifstream(source_dir() + "/tests/golden/hypervolume.json"));
  for (const auto& one : cases) {
    const auto strips = strips_of(one.at("front").get<std::vector<ParetoPoint>>(),
                                  one.at("reference").get<ParetoPoint>());
    const double value =
        log_hypervolume_improvement(strips, one.at("mean").get<std::array<double, 2>>(),
                                    one.at("sigma").get<std::array<double, 2>>(), nullptr);
    const double expected = one.at("log_improvement");
    // The tails' logarithms are in the thousands: relative there, absolute near 0.
    EXPECT_NEAR(value, expected, 1e-10 * (1 + std::abs(expected))) << one.dump();
  }
}

TEST(HypervolumeImprovement, IsTheMeanGainOfManyDraws) {
  const auto strips = strips_of(kFront, kReference);
  const std::array<double, 2> mean = {-0.2, -0.1};
  const std::array<double, 2> sigma = {0.5, 0.4};
  const double before = hypervolume(kFront, kReference);
  RandomStream random(5, Purpose::posterior_draws);
  double sum = 0;
  constexpr int kDraws = 100'000;
  for (int k = 0; k < kDraws; ++k) {
    auto points = kFront;
    points.push_back({mean[0] + sigma[0] * normal_quantile(random.uniform()),
                      mean[1] + sigma[1] * normal_quantile(random.uniform())});
    sum += hypervolume(points, kReference) - before;
  }
  // The gain's deviation is about its mean: 1 % is three deviations of the average.
  const double expected = std::exp(log_hypervolume_improvement(strips, mean, sigma, nullptr));
  EXPECT_NEAR(sum / kDraws, expected, 0.015 * expected);
}

TEST(HypervolumeImprovement, SlopesAreDerivativesAlsoInTheTails) {
  const auto strips = strips_of(kFront, kReference);
  for (const double away : {0.0, 1.0, 5.0, 40.0}) {
    const std::array<double, 2> mean = {-0.2 + away, 0.1 + away};
    const std::array<double, 2> sigma = {0.3, 0.2};
    HypervolumeSlopes slopes;
    log_hypervolume_improvement(strips, mean, sigma, &slopes);
    for (std::size_t k = 0; k < 2; ++k) {
      constexpr double kStep = 1e-6;
      const auto at = [&](double m, double s) {
        auto moved_mean = mean;
        auto moved_sigma = sigma;
        moved_mean[k] += m;
        moved_sigma[k] += s;
        return log_hypervolume_improvement(strips, moved_mean, moved_sigma, nullptr);
      };
      const double by_mean = (at(kStep, 0) - at(-kStep, 0)) / (2 * kStep);
      const double by_sigma = (at(0, kStep) - at(0, -kStep)) / (2 * kStep);
      EXPECT_NEAR(slopes.by_mean[k], by_mean, 1e-6 * (1 + std::abs(by_mean))) << away;
      EXPECT_NEAR(slopes.by_sigma[k], by_sigma, 1e-6 * (1 + std::abs(by_sigma))) << away;
    }
  }
}

TEST(HypervolumeImprovement, GradientsAreDerivativesWithAndWithoutDraws) {
  const HypervolumeImprovement plain({process(11), process(12)}, {kFront}, kReference);
  std::vector<std::vector<ParetoPoint>> fronts(4, kFront);
  fronts[1].push_back({-0.9, -0.2});
  fronts[3].push_back({0.5, -0.9});
  const HypervolumeImprovement drawn({process(11, 4), process(12, 4)}, fronts, kReference);
  for (const double u : {0.1, 0.35, 0.8}) {
    const Point x = (Point(5) << u, 0.5, 2, 1 - u, 1).finished();
    expect_gradient(plain, x);
    expect_gradient(drawn, x);
  }
}

TEST(HypervolumeImprovement, OfFarAwaySecondOutputsIsExpectedImprovementOfTheFirst) {
  // One point of the front and a second output far below it: what is gained is a wide strip.
  const auto strips = strips_of({{0.0, 0.0}}, {1e-12, 1.0});
  const double value = log_hypervolume_improvement(strips, {0.3, -1e3}, {0.5, 0.1}, nullptr);
  EXPECT_NEAR(value, std::log(0.5) + log_h(-0.3 / 0.5) + std::log(1001), 1e-9);
}

TEST(HypervolumeImprovement, StripsSkipWhatIsBeyondTheReference) {
  EXPECT_EQ(strips_of({{2, 0}, {0, 2}}, {1, 1}).size(), 1U);
  const auto strips = strips_of({{0.5, 0.5}, {0.6, 0.6}, {2, 0}}, {1, 1});
  ASSERT_EQ(strips.size(), 2U);
  EXPECT_EQ(strips[1].left, 0.5);
  EXPECT_EQ(strips[1].right, 1);
  EXPECT_EQ(strips[1].top, 0.5);
}

}  // namespace
}  // namespace hpo
