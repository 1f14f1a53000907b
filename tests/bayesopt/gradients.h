// Gradients of acquisitions against central differences.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/acquisition.h"

namespace hpo::testing_support {

/// At a point of mixed_dimensions(), whose coordinates 0, 1 and 3 a gradient can move.
inline void expect_gradient(const Acquisition& acquisition, const Point& x) {
  Eigen::VectorXd gradient;
  Eigen::VectorXd ignored;
  const double value = acquisition.value(x, gradient);
  EXPECT_NEAR(value, acquisition.values(x.transpose())[0], 1e-9 * (1 + std::abs(value)));
  for (const Eigen::Index i : {0, 1, 3}) {
    constexpr double kStep = 1e-5;
    Point up = x;
    Point down = x;
    up[i] += kStep;
    down[i] -= kStep;
    const double expected =
        (acquisition.value(up, ignored) - acquisition.value(down, ignored)) / (2 * kStep);
    EXPECT_NEAR(gradient[i], expected, 1e-6 * (1 + std::abs(expected))) << i;
  }
}

}  // namespace hpo::testing_support
