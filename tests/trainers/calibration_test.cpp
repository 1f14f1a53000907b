#include "trainers/calibration.h"

#include <gtest/gtest.h>

namespace hpo {
namespace {

TEST(Calibration, WeighsTheGapOfEachBinByItsPhotos) {
  // The three lie in bins of their own, with gaps of 0.4, 0.8 and 0.
  const Calibration c = calibrate({0.6, 0.8, 1.0}, {true, false, true}, 5);
  EXPECT_EQ(c.bins.size(), 5U);
  EXPECT_EQ(c.bins[2].photos, 1);  // 0.6 belongs to (0.4, 0.6]
  EXPECT_EQ(c.bins[3].photos, 1);
  EXPECT_EQ(c.bins[4].photos, 1);
  EXPECT_NEAR(c.ece, (0.4 + 0.8 + 0.0) / 3, 1e-12);
  EXPECT_NEAR(c.mean_confidence, 0.8, 1e-12);
}

TEST(Calibration, IsPerfectWhereConfidenceAndAccuracyAgree) {
  const Calibration c = calibrate({0.75, 0.75, 0.75, 0.75}, {true, true, true, false});
  EXPECT_NEAR(c.ece, 0, 1e-12);
  EXPECT_EQ(c.bins[7].photos, 4);
  EXPECT_DOUBLE_EQ(c.bins[7].accuracy, 0.75);
}

TEST(Calibration, OfNothingIsNothing) {
  const Calibration c = calibrate({}, {});
  EXPECT_EQ(c.bins.size(), 10U);
  EXPECT_EQ(c.ece, 0);
}

}  // namespace
}  // namespace hpo
