#include "bayesopt/minimize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hpo {
namespace {

using Eigen::VectorXd;

double rosenbrock(const VectorXd& x, VectorXd& g) {
  double f = 0;
  g.setZero();
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
    const double r = x[i + 1] - x[i] * x[i];
    f += 100 * r * r + (1 - x[i]) * (1 - x[i]);
    g[i] += -400 * r * x[i] - 2 * (1 - x[i]);
    g[i + 1] += 200 * r;
  }
  return f;
}

const MinimizeOptions kPatient{
    .max_iterations = 500, .gradient_tolerance = 1e-8, .value_tolerance = 0};

TEST(Minimize, FindsTheMinimumOfRosenbrock) {
  const VectorXd bound = VectorXd::Constant(6, 5);
  const auto found = minimize(rosenbrock, VectorXd::Constant(6, -1.2), -bound, bound, kPatient);
  EXPECT_TRUE(found.x.isApprox(VectorXd::Ones(6), 1e-6));
  EXPECT_LT(found.evaluations, 250);
}

TEST(Minimize, StopsAtTheBoxWithTheGradientOutward) {
  const VectorXd lower = VectorXd::Constant(4, -2);
  const VectorXd upper = VectorXd::Constant(4, 0.7);
  const auto found = minimize(rosenbrock, VectorXd::Constant(4, -1), lower, upper, kPatient);
  EXPECT_LE(projected_gradient_norm(found.x, found.gradient, lower, upper), 1e-6);
  EXPECT_EQ(found.x[0], 0.7);
  EXPECT_LT(found.gradient[0], 0);
}

TEST(Minimize, StartsOutsideTheBoxByProjection) {
  const Function f = [](const VectorXd& x, VectorXd& g) {
    g = 2 * x;
    return x.squaredNorm();
  };
  const auto found =
      minimize(f, VectorXd::Constant(2, 9), VectorXd::Constant(2, 1), VectorXd::Constant(2, 2));
  EXPECT_EQ(found.x, VectorXd::Constant(2, 1));
}

TEST(Minimize, WalksRoundValuesThatAreNoNumbers) {
  const Function f = [](const VectorXd& x, VectorXd& g) {
    g[0] = 1 - 1 / x[0];
    return x[0] > 0 ? x[0] - std::log(x[0]) : std::numeric_limits<double>::quiet_NaN();
  };
  const auto found = minimize(f, VectorXd::Constant(1, 0.01), VectorXd::Constant(1, -10),
                              VectorXd::Constant(1, 10), kPatient);
  EXPECT_NEAR(found.x[0], 1, 1e-6);
}

TEST(Minimize, ReturnsTheStartWhereNothingIsFinite) {
  const Function f = [](const VectorXd&, VectorXd&) {
    return std::numeric_limits<double>::infinity();
  };
  const VectorXd x = VectorXd::Constant(1, 0.5);
  const auto found = minimize(f, x, VectorXd::Zero(1), VectorXd::Ones(1));
  EXPECT_EQ(found.x, x);
  EXPECT_EQ(found.iterations, 0);
}

}  // namespace
}  // namespace hpo
