#include "bayesopt/fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/bayesopt/golden.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

GpParameters bent(GpParameters parameters, std::uint64_t seed) {
  RandomStream random(seed, Purpose::fill);
  const Eigen::Index d = parameters.lengthscales.size();
  parameters.warp = {.a = Eigen::VectorXd(d), .b = Eigen::VectorXd(d)};
  for (double& a : parameters.warp.a) a = std::exp(random.uniform() - 0.5);
  for (double& b : parameters.warp.b) b = std::exp(random.uniform() - 0.5);
  return parameters;
}

void expect_gradient(const Dimensions& dimensions, bool is_warped) {
  const auto d = static_cast<Eigen::Index>(dimensions.size());
  const auto data = random_data(dimensions, 30, 8);
  const PenalizedLikelihood likelihood(data);
  const Eigen::VectorXd theta = theta_from(bent(random_parameters(d, 8), 8), is_warped);
  ASSERT_EQ(theta.size(), is_warped ? 3 * d + 2 : d + 2);
  Eigen::VectorXd gradient;
  Eigen::VectorXd ignored;
  likelihood(theta, gradient);
  for (Eigen::Index i = 0; i < theta.size(); ++i) {
    constexpr double kStep = 1e-5;
    Eigen::VectorXd up = theta;
    Eigen::VectorXd down = theta;
    up[i] += kStep;
    down[i] -= kStep;
    const double expected = (likelihood(up, ignored) - likelihood(down, ignored)) / (2 * kStep);
    EXPECT_NEAR(gradient[i], expected, 1e-6 * (1 + std::abs(expected))) << i;
  }
}

TEST(Fit, GradientIsTheDerivativeOfThePenalizedLikelihood) {
  for (const auto& dimensions : {Dimensions(3), mixed_dimensions()}) {
    expect_gradient(dimensions, false);
    expect_gradient(dimensions, true);
  }
}

TEST(Fit, LikelihoodAgreesWithScikitLearnUpToThePriors) {
  // The priors depend on theta alone: differences between data sets at one theta are free of them.
  for (const auto& reference : golden("posteriors")) {
    TrainingData data{.X = matrix_from(reference.at("X")), .y = vector_from(reference.at("y"))};
    data.dimensions.resize(static_cast<std::size_t>(data.X.cols()));
    data.noise_scale = Eigen::VectorXd::Ones(data.y.size());
    const GpParameters parameters{.lengthscales = vector_from(reference.at("lengthscales")),
                                  .signal_variance = reference.at("signal_variance"),
                                  .noise_variance = reference.at("noise_variance")};
    // One observation is its own mean: its likelihood is known.
    const TrainingData single{.dimensions = data.dimensions,
                              .X = data.X.topRows(1),
                              .y = data.y.head(1),
                              .noise_scale = Eigen::VectorXd::Ones(1)};
    const double variance = parameters.signal_variance + parameters.noise_variance;
    const double single_nll = 0.5 * std::log(2 * M_PI * variance);
    Eigen::VectorXd g;
    const Eigen::VectorXd theta = theta_from(parameters, false);
    const double difference =
        PenalizedLikelihood(data)(theta, g) - PenalizedLikelihood(single)(theta, g);
    EXPECT_NEAR(difference + single_nll, -reference.at("log_likelihood").get<double>(), 1e-5);
  }
}

TEST(Fit, FindsWhichCoordinateMatters) {
  RandomStream random(2, Purpose::configuration);
  TrainingData data{.dimensions = Dimensions(2),
                    .X = random_points(Dimensions(2), 30, random),
                    .noise_scale = Eigen::VectorXd::Ones(30)};
  data.y = (6 * data.X.col(0).array()).sin();
  const auto found = fit(data, {.starts = {prior_center(2)}});
  ASSERT_TRUE(found);
  EXPECT_LT(3 * found->parameters.lengthscales[0], found->parameters.lengthscales[1]);
  EXPECT_LT(found->parameters.noise_variance, 1e-3);
}

TEST(Fit, ReturnsToItsOptimumFromThere) {
  const auto data = random_data(mixed_dimensions(), 40, 3);
  const auto first = fit(data, {.starts = {prior_center(5)}, .max_iterations = 100});
  ASSERT_TRUE(first);
  const auto second = fit(data, {.starts = {first->parameters}});
  ASSERT_TRUE(second);
  EXPECT_NEAR(second->value, first->value, 1e-3);
  EXPECT_LT(second->evaluations, 6);
}

TEST(Fit, DrawsWithinItsBounds) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto drawn = prior_draw(4, seed);
    EXPECT_EQ(theta_from(drawn, false).size(), 6);
    EXPECT_GE(drawn.lengthscales.minCoeff(), 0.0249);
    EXPECT_GE(drawn.noise_variance, 0.99e-6);
    EXPECT_LE(drawn.noise_variance, 1.01);
  }
}

}  // namespace
}  // namespace hpo
