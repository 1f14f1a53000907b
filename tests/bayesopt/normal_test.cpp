#include "bayesopt/normal.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/bayesopt/golden.h"

namespace hpo {
namespace {

TEST(Normal, AgreesWithSixtyDigitsEverywhere) {
  for (const auto& reference : testing_support::golden("normal")) {
    const double z = reference.at("z");
    const auto near = [&](double value, const char* name) {
      const double expected = reference.at(name);
      // ln h at 8 and 30 is nearly ln z, and Phi there nearly 1: an absolute part for values near
      // 0.
      EXPECT_NEAR(value, expected, 1e-13 * std::abs(expected) + 1e-16) << name << " at " << z;
    };
    near(log_h(z), "log_h");
    near(log_h_slope(z), "log_h_slope");
    near(log_normal_cdf(z), "log_cdf");
    near(log_normal_cdf_slope(z), "log_cdf_slope");
  }
}

TEST(Normal, ExpectedImprovementHasTheSpecifiedReferenceValues) {
  EXPECT_NEAR(log_h(1), 0.0800262188493069, 1e-14);
  EXPECT_NEAR(log_h(0), -0.918938533204672742, 1e-14);
  EXPECT_NEAR(log_h(-1), -2.48512102571264134, 1e-13);
  EXPECT_NEAR(log_h(-5), -16.7443011626609901, 1e-12);
  EXPECT_NEAR(log_h(-25), -319.861463581495954, 1e-11);
  EXPECT_NEAR(log_h(-1e6), -500000000028.54996, 1e-3);
  EXPECT_NEAR(log_h_slope(0), 1.2533141373155, 1e-13);
  EXPECT_NEAR(log_h_slope(-1), 1.904271233329692, 1e-13);
  EXPECT_NEAR(log_h_slope(-10), 10.19438303341255, 1e-12);
  EXPECT_NEAR(log_h_slope(-100), 100.0199940041959, 1e-11);
}

TEST(Normal, BranchesMeet) {
  for (double (*f)(double) : {log_h, log_h_slope, log_normal_cdf, log_normal_cdf_slope}) {
    const double left = f(std::nextafter(-5, -6));
    const double right = f(std::nextafter(-5, 0));
    EXPECT_NEAR(left, right, 1e-12 * std::abs(right));
  }
}

TEST(Normal, IsFiniteFarOut) {
  for (const double z : {-1e8, -1e6, -38.0, 50.0}) {
    EXPECT_TRUE(std::isfinite(log_h(z))) << z;
    EXPECT_TRUE(std::isfinite(log_h_slope(z))) << z;
    EXPECT_TRUE(std::isfinite(log_normal_cdf_slope(z))) << z;
  }
}

TEST(Normal, QuantileInvertsTheDistributionFunction) {
  for (const double p : {1e-300, 1e-10, 0.02, 0.5, 0.975, 1 - 1e-10}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-12 * p);
  }
}

}  // namespace
}  // namespace hpo
