#include "bayesopt/probability.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/normal.h"
#include "tests/bayesopt/gradients.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

std::shared_ptr<const GaussianProcess> process() {
  auto gp =
      GaussianProcess::condition(random_data(mixed_dimensions(), 15, 11), random_parameters(5, 11));
  check(gp.has_value(), "a definite covariance");
  return std::make_shared<const GaussianProcess>(std::move(*gp));
}

TEST(BoundsProbability, IsThatOfANormalObservationBetweenThem) {
  const auto gp = process();
  const Point x = (Point(5) << 0.3, 0.5, 2, 0.7, 1).finished();
  const auto posterior = gp->predict(x.transpose());
  const double s = std::sqrt(posterior.variance[0] + gp->parameters().noise_variance);
  const auto cdf = [&](double bound) { return normal_cdf((bound - posterior.mean(0, 0)) / s); };
  const auto value = [&](std::optional<double> lower, std::optional<double> upper) {
    return std::exp(BoundsProbability(gp, lower, upper).values(x.transpose())[0]);
  };
  EXPECT_NEAR(value({}, 0.2), cdf(0.2), 1e-12);
  EXPECT_NEAR(value(0.2, {}), 1 - cdf(0.2), 1e-12);
  EXPECT_NEAR(value(-0.1, 0.2), cdf(0.2) - cdf(-0.1), 1e-12);
  EXPECT_NEAR(value(0.1, 3), cdf(3) - cdf(0.1), 1e-12);
}

TEST(BoundsProbability, GradientsAreDerivativesAlsoFarOut) {
  const auto gp = process();
  for (const double u : {0.1, 0.35, 0.8}) {
    const Point x = (Point(5) << u, 0.5, 2, 1 - u, 1).finished();
    expect_gradient(BoundsProbability(gp, {}, 0.1), x);
    expect_gradient(BoundsProbability(gp, 0.1, {}), x);
    expect_gradient(BoundsProbability(gp, -0.2, 0.3), x);
    expect_gradient(BoundsProbability(gp, 2, 3), x);
    expect_gradient(BoundsProbability(gp, {}, -30), x);
  }
}

}  // namespace
}  // namespace hpo
