#include "engine/resources/visible_devices.h"

#include <gtest/gtest.h>

namespace hpo::resources {
namespace {

const std::vector<GpuName> kDevices = {{.index = 0, .uuid = "GPU-1a2b0000"},
                                       {.index = 1, .uuid = "GPU-1a2c0000"},
                                       {.index = 2, .uuid = "GPU-77770000"},
                                       {.index = 3, .uuid = ""}};

/// The places of the visible devices, MIG instances as -1.
std::vector<int> seen(const std::optional<std::string>& mask) {
  std::vector<int> places;
  for (const auto& gpu : visible_gpus(mask, kDevices)) {
    places.push_back(gpu.mig.empty() ? static_cast<int>(gpu.device) : -1);
  }
  return places;
}

using Places = std::vector<int>;

TEST(VisibleDevices, WithoutAMaskAllAreSeen) { EXPECT_EQ(seen({}), (Places{0, 1, 2, 3})); }

TEST(VisibleDevices, AnEmptyMaskShowsNone) {
  EXPECT_EQ(seen(""), Places{});
  EXPECT_EQ(seen("-1"), Places{});
  EXPECT_EQ(seen("NoDevFiles"), Places{});
}

TEST(VisibleDevices, IndicesKeepTheirOrder) {
  EXPECT_EQ(seen("2,0"), (Places{2, 0}));
  EXPECT_EQ(seen(" 2 , 0 "), (Places{2, 0}));
}

TEST(VisibleDevices, TheFirstInvalidEntryEndsTheList) {
  EXPECT_EQ(seen("1,-1,0"), Places{1});
  EXPECT_EQ(seen("1,9,0"), Places{1});
  EXPECT_EQ(seen("1,,0"), Places{1});
  EXPECT_EQ(seen("1,GPU-unknown,0"), Places{1});
}

TEST(VisibleDevices, UuidsAndTheirPrefixesAreNames) {
  EXPECT_EQ(seen("GPU-77770000,GPU-1a2c0000"), (Places{2, 1}));
  EXPECT_EQ(seen("GPU-7,1a2b"), (Places{2, 0}));
}

TEST(VisibleDevices, AnAmbiguousPrefixNamesNothing) { EXPECT_EQ(seen("GPU-1a2"), Places{}); }

TEST(VisibleDevices, ARepeatedDeviceIsSeenOnce) { EXPECT_EQ(seen("1,1,GPU-1a2c"), Places{1}); }

TEST(VisibleDevices, MigInstancesPassThrough) {
  EXPECT_EQ(seen("MIG-5555,0"), (Places{-1, 0}));
  EXPECT_EQ(visible_gpus("MIG-GPU-77770000/1/0", kDevices).front().mig, "MIG-GPU-77770000/1/0");
}

}  // namespace
}  // namespace hpo::resources
