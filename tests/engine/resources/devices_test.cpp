#include "engine/resources/devices.h"

#include <gmock/gmock.h>

#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

using testing::HasSubstr;

class Devices : public PoolFixture {
 protected:
  static std::vector<GpuDevice> all() {
    const auto gpus = Gpus::open();
    if (!gpus) return {};
    return gpus->devices().value_or(std::vector<GpuDevice>());
  }
  static std::string names() {
    std::string text;
    for (const auto& gpu : all()) text += short_name(gpu) + " ";
    return text;
  }
};

TEST_F(Devices, ListsEveryGpuWithWhatTheDriverTells) {
  set_gpus("busy 3 4711\nbusy 3 4712\nlost 5\n");
  const auto gpus = all();
  ASSERT_EQ(gpus.size(), 8U);
  EXPECT_EQ(gpus[0], (GpuDevice{.index = 0,
                                .uuid = uuid(0),
                                .name = "Fake GPU",
                                .memory_total_mib = 81920,
                                .memory_used_mib = 920}));
  EXPECT_EQ(gpus[3].busy_pids, (std::vector<int>{4711, 4712}));
  EXPECT_EQ(gpus[5].failure, "NVML: open: GPU is lost");
  EXPECT_EQ(gpus[5].index, 5);
}

TEST_F(Devices, TellsDriverAndNumber) {
  set_gpus("");
  setenv("CUDA_VISIBLE_DEVICES", "", 1);
  const auto gpus = Gpus::open();
  ASSERT_TRUE(gpus);
  EXPECT_EQ(gpus->driver_version(), "555.42.06");
  EXPECT_EQ(gpus->installed(), 8);
  EXPECT_EQ(gpus->devices()->size(), 0U);
}

TEST_F(Devices, MoreProcessesThanTheFirstBufferHolds) {
  std::string machine;
  for (int pid = 1; pid <= 100; ++pid) machine += "busy 0 " + std::to_string(pid) + "\n";
  set_gpus(machine);
  ASSERT_EQ(all().size(), 8U);
  EXPECT_EQ(all()[0].busy_pids.size(), 100U);
}

TEST_F(Devices, FollowsTheMask) {
  set_gpus("");
  setenv("CUDA_VISIBLE_DEVICES", (uuid(6) + ",2").c_str(), 1);
  EXPECT_EQ(names(), "6 2 ");
  setenv("CUDA_VISIBLE_DEVICES", "GPU-cccc,MIG-1234", 1);
  EXPECT_EQ(names(), "2 MIG-1234 ");
}

TEST_F(Devices, WithoutTheLibraryThereIsNone) {
  const auto gpus = Gpus::open();
  ASSERT_TRUE(gpus);
  EXPECT_EQ(gpus->devices()->size(), 0U);
  EXPECT_EQ(gpus->installed(), 0);
  EXPECT_EQ(gpus->driver_version(), "");
}

TEST_F(Devices, WithoutADriverThereIsNone) {
  set_gpus("init 9\n");
  EXPECT_EQ(names(), "");
  EXPECT_TRUE(Gpus::open());
}

TEST_F(Devices, ADriverThatDoesNotWorkIsAnError) {
  set_gpus("init 18\n");
  const auto gpus = Gpus::open();
  ASSERT_FALSE(gpus);
  EXPECT_EQ(gpus.error().code, ErrorCode::environment);
  EXPECT_THAT(gpus.error().message, HasSubstr("Driver/library version mismatch"));
  EXPECT_THAT(gpus.error().hint, HasSubstr("nvidia-smi"));
}

TEST_F(Devices, ALibraryOfAnotherKindIsAnError) {
  setenv("HPO_NVML_LIBRARY", "libm.so.6", 1);
  const auto gpus = Gpus::open();
  ASSERT_FALSE(gpus);
  EXPECT_THAT(gpus.error().message, HasSubstr("libm.so.6 lacks a function"));
}

}  // namespace
}  // namespace hpo::resources
