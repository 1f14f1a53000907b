#include "bayesopt/acquisition.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/classifier.h"
#include "bayesopt/expected_improvement.h"
#include "bayesopt/normal.h"
#include "bayesopt/probability.h"
#include "tests/bayesopt/gradients.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

GaussianProcess process(const Dimensions& dimensions, std::uint64_t seed, bool is_warped = false) {
  const auto d = static_cast<Eigen::Index>(dimensions.size());
  GpParameters parameters = random_parameters(d, seed);
  if (is_warped) {
    parameters.warp = {.a = Eigen::VectorXd::LinSpaced(d, 0.7, 1.6),
                       .b = Eigen::VectorXd::LinSpaced(d, 1.4, 0.8)};
  }
  auto gp = GaussianProcess::condition(random_data(dimensions, 15, seed), parameters);
  check(gp.has_value(), "a definite covariance");
  return std::move(*gp);
}

/// A classifier whose labels depend on the first coordinate.
GaussianProcess labels(const Dimensions& dimensions) {
  const auto data = random_data(dimensions, 15, 21);
  const Eigen::VectorXd signs =
      (data.X.col(0).array() > 0.4).select(1.0, Eigen::VectorXd::Constant(15, -1));
  auto latent = fit_classifier(dimensions, data.X, signs);
  check(latent.has_value(), "a definite covariance");
  return std::move(*latent);
}

Eigen::MatrixXd pending_points(const Dimensions& dimensions, Eigen::Index m) {
  RandomStream random(31, Purpose::fantasies);
  return random_points(dimensions, m, random);
}

Eigen::MatrixXd normals(Eigen::Index m, Eigen::Index s) {
  RandomStream random(32, Purpose::fantasies);
  Eigen::MatrixXd Z(m, s);
  for (double& z : Z.reshaped()) z = normal_quantile(random.uniform());
  return Z;
}

AcquisitionSum product(const GaussianProcess& gp, GaussianProcess latent) {
  return AcquisitionSum({std::make_shared<const ExpectedImprovement>(gp),
                         std::make_shared<const SuccessProbability>(std::move(latent))});
}

TEST(Acquisition, GradientsAreDerivativesWithPendingFailuresAndWarps) {
  const Dimensions dimensions = mixed_dimensions();
  const auto gp = process(dimensions, 11);
  auto drawn = gp.with_fantasies(pending_points(dimensions, 3), normals(3, 8));
  ASSERT_TRUE(drawn);
  const auto bent = process(dimensions, 11, true);
  const auto bent_drawn = bent.with_fantasies(pending_points(dimensions, 3), normals(3, 8));
  ASSERT_TRUE(bent_drawn);
  for (const double u : {0.1, 0.35, 0.8}) {
    const Point x = (Point(5) << u, 0.5, 2, 1 - u, 1).finished();
    expect_gradient(ExpectedImprovement(gp), x);
    expect_gradient(product(gp, labels(dimensions)), x);
    expect_gradient(product(*drawn, labels(dimensions)), x);
    expect_gradient(ExpectedImprovement(bent), x);
    expect_gradient(product(*bent_drawn, labels(dimensions)), x);
  }
}

TEST(Acquisition, WithoutPendingIsLogExpectedImprovement) {
  const Dimensions dimensions = mixed_dimensions();
  const auto gp = process(dimensions, 12);
  const ExpectedImprovement acquisition(gp);
  const Eigen::MatrixXd X = pending_points(dimensions, 10);
  const auto values = acquisition.values(X);
  const auto posterior = gp.predict(X);
  for (Eigen::Index k = 0; k < 10; ++k) {
    const double sigma = std::sqrt(posterior.variance[k]);
    const double z = (gp.fitted().minCoeff() - posterior.mean(k, 0)) / sigma;
    const double h = normal_density(z) + z * normal_cdf(z);
    EXPECT_NEAR(values[k], std::log(sigma * h), 1e-9 * std::abs(values[k]));
  }
}

TEST(Acquisition, ManyFantasiesApproachTheIntegralOverThePendingValue) {
  const Dimensions dimensions(2);
  const auto data = random_data(dimensions, 4, 13);
  const auto gp =
      *GaussianProcess::condition(data, {.lengthscales = Eigen::VectorXd::Constant(2, 0.4),
                                         .signal_variance = 1,
                                         .noise_variance = 1e-2});
  const Eigen::MatrixXd pending = (Eigen::MatrixXd(1, 2) << 0.55, 0.35).finished();
  const Eigen::MatrixXd X = (Eigen::MatrixXd(2, 2) << 0.5, 0.4, 0.1, 0.8).finished();
  // Midpoints of equal probability stand for S → ∞; the reference integrates by a fine rule on z.
  constexpr Eigen::Index kDraws = 512;
  Eigen::MatrixXd Z(1, kDraws);
  for (Eigen::Index s = 0; s < kDraws; ++s) {
    Z(0, s) = normal_quantile((static_cast<double>(s) + 0.5) / static_cast<double>(kDraws));
  }
  const auto average = ExpectedImprovement(*gp.with_fantasies(pending, Z)).values(X);
  Eigen::VectorXd integral = Eigen::VectorXd::Zero(2);
  constexpr double kStep = 0.01;
  for (double z = -8; z <= 8; z += kStep) {
    const auto one = gp.with_fantasies(pending, Eigen::MatrixXd::Constant(1, 1, z));
    integral.array() +=
        kStep * normal_density(z) * ExpectedImprovement(*one).values(X).array().exp();
  }
  for (Eigen::Index k = 0; k < 2; ++k) EXPECT_NEAR(average[k], std::log(integral[k]), 5e-3);
}

TEST(Acquisition, APendingPointIsNotWorthProposing) {
  const Dimensions dimensions(2);
  const auto gp = process(dimensions, 14);
  const Eigen::MatrixXd pending = (Eigen::MatrixXd(1, 2) << 0.5, 0.4).finished();
  const auto with =
      ExpectedImprovement(*gp.with_fantasies(pending, normals(1, 32))).values(pending);
  EXPECT_LT(with[0], ExpectedImprovement(gp).values(pending)[0] - 3);
}

TEST(Acquisition, FailuresLowerItWhereTheyWere) {
  const Dimensions dimensions(2);
  const SuccessProbability success(labels(dimensions));
  const Point failed = (Point(2) << 0.1, 0.5).finished();
  const Point fine = (Point(2) << 0.9, 0.5).finished();
  EXPECT_LT(success.probability(failed), 0.2);
  EXPECT_GT(success.probability(fine), 0.8);
}

}  // namespace
}  // namespace hpo
