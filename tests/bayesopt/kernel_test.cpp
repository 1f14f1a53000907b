#include "bayesopt/kernel.h"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(Kernel, DistancesOfActiveInactiveAndCategories) {
  const Eigen::ArrayXd a = (Eigen::ArrayXd(3) << 0.2, kInactive, 1).finished();
  const auto number = squared_distances({}, a, 0.5);
  EXPECT_DOUBLE_EQ(number[2], 0.25);
  const auto conditional = squared_distances({.is_conditional = true}, a, 0.9);
  EXPECT_DOUBLE_EQ(conditional[0], 0.49);
  EXPECT_DOUBLE_EQ(conditional[1], 0.16 + 0.25);
  const auto inactive = squared_distances({.is_conditional = true}, a, kInactive);
  EXPECT_DOUBLE_EQ(inactive[0], 0.09 + 0.25);
  EXPECT_DOUBLE_EQ(inactive[1], 0);
  const auto category = squared_distances({.is_categorical = true, .is_conditional = true}, a, 1);
  EXPECT_TRUE((category == (Eigen::ArrayXd(3) << 1, 1, 0).finished()).all());
}

TEST(Kernel, IsPositiveSemidefiniteOnMixedConditionalDesigns) {
  constexpr Eigen::Index kPoints = 40;
  for (std::uint64_t design = 0; design < 200; ++design) {
    RandomStream random(design, Purpose::configuration);
    const Dimensions dimensions = mixed_dimensions();
    const Eigen::MatrixXd X = random_points(dimensions, kPoints, random);
    GpParameters parameters{.lengthscales = Eigen::VectorXd(X.cols())};
    // Lengthscales over the whole range of the fit, often all long.
    for (double& l : parameters.lengthscales) {
      l = design % 4 == 0 ? 100 : 0.025 * std::pow(4000, random.uniform());
    }
    const Eigen::MatrixXd K = covariance(dimensions, parameters, X, X);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(K, Eigen::EigenvaluesOnly);
    EXPECT_GE(solver.eigenvalues().minCoeff(), -1e-10 * kPoints) << design;
  }
}

TEST(Kernel, SlopesAreDerivatives) {
  const Eigen::ArrayXd r2 = (Eigen::ArrayXd(4) << 1e-3, 0.1, 1, 9).finished();
  constexpr double kStep = 1e-6;
  const Eigen::ArrayXd differences =
      (matern52(r2 + kStep).value - matern52(r2 - kStep).value) / (2 * kStep);
  EXPECT_TRUE(matern52(r2).slope.isApprox(differences, 1e-7));
  EXPECT_DOUBLE_EQ(matern52(Eigen::ArrayXd::Zero(1)).slope[0], -5.0 / 6);

  const Eigen::ArrayXd a = (Eigen::ArrayXd(3) << 0.2, kInactive, 1).finished();
  for (const Dimension dimension : {Dimension{}, Dimension{.is_conditional = true}}) {
    const Eigen::ArrayXd slopes = squared_distance_slopes(dimension, a, 0.7);
    const Eigen::ArrayXd expected = (squared_distances(dimension, a, 0.7 + kStep) -
                                     squared_distances(dimension, a, 0.7 - kStep)) /
                                    (2 * kStep);
    EXPECT_TRUE(slopes.isApprox(expected, 1e-8));
  }
}

}  // namespace
}  // namespace hpo
