#include "engine/resources/share.h"

#include <gtest/gtest.h>

#include "engine/resources/unit_locks.h"

namespace hpo::resources {
namespace {

TEST(Share, AsManyFitADeviceAsTheFractionSays) {
  const std::pair<double, int> expected[] = {{1, 1},       {0.5, 2},     {0.3, 3},   {0.34, 2},
                                             {1.0 / 3, 3}, {0.25, 4},    {0.2, 5},   {0.1, 10},
                                             {0.01, 100},  {1.0 / 7, 7}, {0.03, 33}, {0.999, 1},
                                             {0.7, 1},     {0.05, 20},   {0.015, 66}};
  for (const auto& [fraction, trials] : expected) {
    EXPECT_EQ(fitting(amount_of(fraction), 1), trials) << fraction;
    EXPECT_EQ(fitting(amount_of(fraction), 3), 3 * trials) << fraction;
  }
}

TEST(Share, NeverMoreThanTheDeviceHowEverSmallTheFraction) {
  for (const double fraction : {0.013, 0.0099, 0.00173, 0.0007, 0.000011}) {
    EXPECT_LE(fitting(amount_of(fraction), 1) * fraction, 1) << fraction;
    EXPECT_GE(fitting(amount_of(fraction), 1), 1) << fraction;
  }
}

TEST(Share, AFractionTakesNoMoreThanItSaysWhereUnitsAllow) {
  EXPECT_EQ(amount_of(0.3), (Amount{.units = 1512}));
  EXPECT_EQ(amount_of(0.5), (Amount{.units = kDeviceUnits / 2}));
  EXPECT_EQ(amount_of(1e-6), (Amount{.units = 1}));
}

TEST(Share, WholeOnesAndMixedOnes) {
  EXPECT_EQ(amount_of(0), Amount{});
  EXPECT_EQ(amount_of(2), (Amount{.whole = 2}));
  EXPECT_EQ(amount_of(1.5), (Amount{.whole = 1, .units = kDeviceUnits / 2}));
  EXPECT_EQ(fitting(amount_of(2), 5), 2);
  EXPECT_EQ(fitting(amount_of(1.5), 3), 2);
  EXPECT_EQ(fitting(amount_of(1.5), 1), 0);
  EXPECT_EQ(fitting(amount_of(4), 3), 0);
}

TEST(Share, LabelsNameTheirDevices) {
  EXPECT_EQ(share_label("gpu", {"0"}), "gpu 0");
  EXPECT_EQ(share_label("gpu", {"0", "1"}), "gpu 0+1");
  EXPECT_EQ(share_label("gpu", {"MIG-GPU-1/1/0"}), "gpu MIG-GPU-1/1/0");
  EXPECT_EQ(share_label("cpu", {"7"}), "cpu 7");
  EXPECT_EQ(share_label("cpu", {"3", "1", "2", "0", "6"}), "cpu 0-3,6");
}

TEST(Share, LabelsAreReadBack) {
  const std::pair<std::string, std::vector<std::string>> labels[] = {
      {"gpu 0", {"0"}},
      {"gpu 0+11", {"0", "11"}},
      {"gpu MIG-GPU-1/1/0", {"MIG-GPU-1/1/0"}},
      {"cpu 0-3,6", {"0", "1", "2", "3", "6"}},
      {"cpu 3-1", {"3-1"}},
      {"cpu 0-99999999999", {"0-99999999999"}},
      {"job-17", {}},
      {"", {}}};
  for (const auto& [label, names] : labels) {
    EXPECT_EQ(parse_share_label(label).names, names) << label;
  }
  EXPECT_EQ(parse_share_label("cpu 1").kind, "cpu");
}

}  // namespace
}  // namespace hpo::resources
