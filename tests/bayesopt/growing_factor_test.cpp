#include "bayesopt/growing_factor.h"

#include <gtest/gtest.h>

#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

Eigen::MatrixXd lower(const Factor& factor) {
  const Eigen::Index n = factor.X.rows();
  return factor.L.topLeftCorner(n, n).triangularView<Eigen::Lower>();
}

class GrowingFactor : public testing::Test {
 protected:
  Dimensions dimensions = mixed_dimensions();
  TrainingData data = random_data(dimensions, 90, 3);
  GpParameters parameters = random_parameters(5, 3);
  Eigen::VectorXd noise = Eigen::VectorXd::Constant(90, parameters.noise_variance);
  FactorPlan plan = {.base = 60, .capacity = 99};

  std::shared_ptr<const Factor> from(FactorCache& cache, Eigen::Index n) {
    auto factor = cache.factor(dimensions, parameters, data.X.topRows(n), plan);
    check(factor.has_value(), "a definite covariance");
    return std::move(*factor);
  }
};

TEST_F(GrowingFactor, ExtendedIsTheFactorOfTheWholeMatrix) {
  const auto grown = factorize(dimensions, parameters, data.X, noise, plan);
  const auto whole = factorize(dimensions, parameters, data.X, noise, {.base = 90, .capacity = 90});
  EXPECT_TRUE(lower(*grown).isApprox(lower(*whole), 1e-9));
}

TEST_F(GrowingFactor, HasTheSameBitsFreshAndKept) {
  FactorCache kept;
  for (const Eigen::Index n : {60, 61, 67, 90}) {
    FactorCache fresh;
    EXPECT_EQ(lower(*from(kept, n)), lower(*from(fresh, n))) << n;
  }
  FactorCache fresh;
  EXPECT_EQ(lower(*from(kept, 65)), lower(*from(fresh, 65))) << "fewer rows than were kept";
}

TEST_F(GrowingFactor, ChangesNoFactorThatIsInUse) {
  FactorCache cache;
  const auto first = from(cache, 70);
  const Eigen::MatrixXd before = lower(*first);
  const auto second = from(cache, 80);
  EXPECT_EQ(first->X.rows(), 70);
  EXPECT_EQ(lower(*first), before);
  EXPECT_EQ(second->X.rows(), 80);
}

TEST_F(GrowingFactor, StartsAgainForOtherParametersOrPoints) {
  FactorCache cache;
  from(cache, 80);
  parameters.lengthscales *= 1.5;
  FactorCache fresh;
  EXPECT_EQ(lower(*from(cache, 80)), lower(*from(fresh, 80)));
  data.X(3, 0) = 0.77;
  FactorCache other;
  EXPECT_EQ(lower(*from(cache, 80)), lower(*from(other, 80)));
}

TEST_F(GrowingFactor, TakesRepetitions) {
  data.X.bottomRows(30) = data.X.topRows(1).replicate(30, 1);
  const auto grown = factorize(dimensions, parameters, data.X, noise, plan);
  ASSERT_TRUE(grown);
  const Eigen::MatrixXd L = lower(*grown);
  Eigen::MatrixXd K = covariance(dimensions, parameters, data.X, data.X);
  K.diagonal() += noise;
  EXPECT_TRUE((L * L.transpose()).isApprox(K, 1e-9));
}

}  // namespace
}  // namespace hpo
