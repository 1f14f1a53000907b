#include "bayesopt/sobol_indices.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace hpo {
namespace {

/// Of 512 scrambled points; Ishigami's function, with its fourth power, comes out within 0.11.
constexpr double kEstimated = 0.035;
constexpr double kIshigami = 0.11;

Eigen::MatrixXd ishigami(const Eigen::MatrixXd& U) {
  const Eigen::ArrayXXd x = (2 * U.array() - 1) * std::numbers::pi;
  return x.col(0).sin() + 7 * x.col(1).sin().square() + 0.1 * x.col(2).pow(4) * x.col(0).sin();
}

TEST(SobolIndices, AreThoseOfIshigamisFunction) {
  const Eigen::Vector3d first(0.3139, 0.4424, 0);
  const Eigen::Vector3d total(0.5576, 0.4424, 0.2437);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto indices = sobol_indices(ishigami, 3, 512, seed);
    EXPECT_LT((indices.first.col(0) - first).cwiseAbs().maxCoeff(), kIshigami) << seed;
    EXPECT_LT((indices.total.col(0) - total).cwiseAbs().maxCoeff(), kIshigami) << seed;
    EXPECT_NEAR(indices.variance[0], 13.845, 0.5) << seed;
  }
  const auto fine = sobol_indices(ishigami, 3, 1 << 14, 1);
  EXPECT_LT((fine.first.col(0) - first).cwiseAbs().maxCoeff(), 0.004);
  EXPECT_LT((fine.total.col(0) - total).cwiseAbs().maxCoeff(), 0.004);
}

TEST(SobolIndices, OfASumAddUpToOne) {
  // Variances 1/12, 4/12 and 4/45; input 3 has no part in it; a large mean does no harm.
  const auto sum = [](const Eigen::MatrixXd& U) -> Eigen::MatrixXd {
    return 1e4 + U.col(0).array() + 2 * U.col(1).array() + U.col(2).array().square();
  };
  const auto indices = sobol_indices(sum, 4, 512, 3);
  EXPECT_NEAR(indices.first.sum(), 1, kEstimated);
  EXPECT_NEAR(indices.total.sum(), 1, kEstimated);
  const double variance = 1.0 / 12 + 4.0 / 12 + 4.0 / 45;
  EXPECT_NEAR(indices.first(0, 0), 1.0 / 12 / variance, kEstimated);
  EXPECT_NEAR(indices.total(2, 0), 4.0 / 45 / variance, kEstimated);
  EXPECT_EQ(indices.total(3, 0), 0);
}

TEST(SobolIndices, OfSeveralFunctionsAreEachItsOwn) {
  const auto two = [](const Eigen::MatrixXd& U) { return Eigen::MatrixXd(U); };
  const auto indices = sobol_indices(two, 2, 64, 3);
  EXPECT_NEAR(indices.total(0, 0), 1, kEstimated);
  EXPECT_EQ(indices.total(1, 0), 0);
  EXPECT_EQ(indices.total(0, 1), 0);
}

TEST(SobolIndices, OfAConstantAreZero) {
  const auto constant = [](const Eigen::MatrixXd& U) -> Eigen::MatrixXd {
    return Eigen::MatrixXd::Constant(U.rows(), 1, 0.1);
  };
  const auto indices = sobol_indices(constant, 2, 64, 3);
  EXPECT_EQ(indices.first.norm() + indices.total.norm(), 0);
}

}  // namespace
}  // namespace hpo
