#include "bayesopt/cholesky.h"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(Cholesky, JitterSavesASingularMatrix) {
  Eigen::MatrixXd K = Eigen::MatrixXd::Ones(4, 4);
  K(3, 3) = 1 - 1e-9;
  const auto jitter = cholesky_in_place(K, 1);
  ASSERT_TRUE(jitter);
  EXPECT_GT(*jitter, 0);
  Eigen::MatrixXd bad = -Eigen::MatrixXd::Identity(3, 3);
  const auto none = cholesky_in_place(bad, 1);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::numerical);
}

TEST(Cholesky, InvertsMatricesOfAnySize) {
  for (const Eigen::Index n : {1, 5, 32, 33, 67, 130}) {
    RandomStream random(1, Purpose::configuration);
    const Eigen::MatrixXd X = random_points(Dimensions(3), n, random);
    Eigen::MatrixXd K =
        covariance(Dimensions(3), {.lengthscales = Eigen::VectorXd::Constant(3, 0.3)}, X, X);
    K.diagonal().array() += 0.01;
    const Eigen::MatrixXd expected = K.inverse();
    ASSERT_TRUE(cholesky_in_place(K, 1));
    invert_from_cholesky(K);
    const Eigen::MatrixXd inverse = K.selfadjointView<Eigen::Lower>();
    EXPECT_TRUE(inverse.isApprox(expected, 1e-10)) << n;
  }
}

}  // namespace
}  // namespace hpo
