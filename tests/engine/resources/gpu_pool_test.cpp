#include <gmock/gmock.h>

#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GpuPool : public PoolFixture {};

TEST_F(GpuPool, EachTrialGetsAGpuByUuid) {
  set_gpus("count 2\n");
  auto gpus = pool(spec({}, 1, 1));
  EXPECT_EQ(gpus->capacity(), 2);
  const auto leases = take_all(*gpus);
  EXPECT_THAT(labels(leases), ElementsAre("gpu 0", "gpu 1"));
  EXPECT_THAT(leases[1].resources().gpus, ElementsAre(uuid(1)));
  EXPECT_THAT(leases[1].resources().cpus, ElementsAre(1));
  EXPECT_EQ(leases[1].resources().locks.size(), 2U);
}

TEST_F(GpuPool, CpusAreDividedToo) {
  set_gpus("count 4\n");
  auto gpus = pool(spec({}, 1, 2), 5);
  EXPECT_EQ(gpus->capacity(), 2);
  const auto leases = take_all(*gpus);
  ASSERT_EQ(leases.size(), 2U);
  EXPECT_THAT(leases[1].resources().cpus, ElementsAre(2, 3));
  EXPECT_EQ(leases[1].resources().threads, 2);
  auto unbound = pool(spec({}, 1, 0), 1);
  const auto free = take_all(*unbound);
  ASSERT_EQ(free.size(), 2U);
  EXPECT_TRUE(free[0].resources().cpus.empty());
}

TEST_F(GpuPool, FractionsPack) {
  set_gpus("count 2\n");
  EXPECT_EQ(take_all(*pool(spec({}, 0.5))).size(), 4U);
  EXPECT_EQ(take_all(*pool(spec({}, 0.3))).size(), 6U);
  auto thirds = pool(spec({}, 1.0 / 3));
  EXPECT_THAT(labels(take_all(*thirds)),
              ElementsAre("gpu 0", "gpu 1", "gpu 0", "gpu 1", "gpu 0", "gpu 1"));
}

TEST_F(GpuPool, SeveralGpusMakeOneShare) {
  set_gpus("count 5\n");
  auto pairs = pool(spec({}, 2));
  EXPECT_EQ(pairs->capacity(), 2);
  const auto leases = take_all(*pairs);
  EXPECT_THAT(labels(leases), ElementsAre("gpu 0+1", "gpu 2+3"));
  EXPECT_THAT(leases[1].resources().gpus, ElementsAre(uuid(2), uuid(3)));
}

TEST_F(GpuPool, TheMaskOfThisProcessBoundsIt) {
  set_gpus("");
  setenv("CUDA_VISIBLE_DEVICES", "5,GPU-bbbb", 1);
  EXPECT_THAT(labels(take_all(*pool(spec({}, 1)))), ElementsAre("gpu 5", "gpu 1"));
}

TEST_F(GpuPool, AutoWithoutAGpuMeansCpus) {
  EXPECT_THAT(labels(take_all(*pool(spec({}, 1, 1), 1))), ElementsAre("cpu 0"));
  set_gpus("");
  setenv("CUDA_VISIBLE_DEVICES", "-1", 1);
  EXPECT_THAT(labels(take_all(*pool(spec({}, 4, 1), 1))), ElementsAre("cpu 0"));
}

TEST_F(GpuPool, ZeroGpusMeansCpus) {
  set_gpus("");
  EXPECT_THAT(labels(take_all(*pool(spec(0, 1, 1), 1))), ElementsAre("cpu 0"));
  EXPECT_THAT(labels(take_all(*pool(spec({}, 0, 1), 1))), ElementsAre("cpu 0"));
}

TEST_F(GpuPool, ANumberBoundsTheGpusInUseWhicheverTheyAre) {
  set_gpus("count 3\n");
  auto gpus = pool(spec(1, 0.5));
  EXPECT_EQ(gpus->capacity(), 2);
  auto leases = take_all(*gpus);
  EXPECT_THAT(labels(leases), ElementsAre("gpu 0", "gpu 0"));
  EXPECT_EQ(reason(*gpus, "gpu 2"), "not needed: resources.gpus is 1");
  auto others = pool(spec(1, 1));
  EXPECT_THAT(labels(take_all(*others)), ElementsAre("gpu 1"));
}

TEST_F(GpuPool, ANumberThatCannotBeHadIsAnErrorThatSaysWhatIsThere) {
  set_gpus("count 2\nlost 1\n");
  const auto made = try_pool(spec(2, 1));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::environment);
  EXPECT_EQ(made.error().message,
            "resources.gpus is 2, but this process can use 1 GPU: found gpu 0 (Fake GPU), gpu 1 "
            "(failed: NVML: open: GPU is lost)");
  setenv("CUDA_VISIBLE_DEVICES", "", 1);
  EXPECT_THAT(try_pool(spec(2, 1)).error().message,
              HasSubstr("found none of 2 installed, by CUDA_VISIBLE_DEVICES=\"\""));
}

TEST_F(GpuPool, WithoutALibraryANumberIsAnError) {
  const auto made = try_pool(spec(1, 1));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("can use 0 GPUs: found none"));
  EXPECT_THAT(made.error().hint, HasSubstr("hpo doctor"));
}

TEST_F(GpuPool, NeverASilentCpuRunWhereGpusFail) {
  set_gpus("count 1\nlost 0\n");
  EXPECT_THAT(try_pool(spec({}, 1, 1)).error().message, HasSubstr("no GPU of this machine works"));
  set_gpus("init 18\n");
  EXPECT_THAT(try_pool(spec({}, 1, 1)).error().message, HasSubstr("version mismatch"));
}

TEST_F(GpuPool, MoreGpusPerTrialThanThereAreIsAnError) {
  set_gpus("count 3\n");
  const auto made = try_pool(spec({}, 4));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("gpus_per_trial is 4, but there are 3"));
}

TEST_F(GpuPool, PartsOfSeveralGpusAreAUsageError) {
  for (const double share : {1.5, -1.0, std::nan("")}) {
    const auto made = try_pool(spec({}, share));
    ASSERT_FALSE(made) << share;
    EXPECT_EQ(made.error().code, ErrorCode::usage);
  }
}

TEST_F(GpuPool, AFailingDeviceIsSetAsideWithTheReason) {
  set_gpus("count 3\nlost 1\n");
  auto gpus = pool(spec({}, 1));
  EXPECT_EQ(gpus->capacity(), 2);
  EXPECT_EQ(reason(*gpus, "gpu 1"), "set aside: NVML: open: GPU is lost");
  EXPECT_THAT(labels(take_all(*gpus)), ElementsAre("gpu 0", "gpu 2"));
  set_gpus("count 3\nlost 1\nlost 0\n");
  EXPECT_THAT(labels(take_all(*gpus)), ElementsAre("gpu 2"));
  EXPECT_EQ(reason(*gpus, "gpu 0"), "set aside: NVML: open: GPU is lost");
}

TEST_F(GpuPool, SetAsideTakesEveryGpuOfTheShare) {
  set_gpus("count 4\n");
  auto pairs = pool(spec({}, 2));
  auto lease = pairs->try_acquire(0);
  pairs->set_aside(lease->resources(), "out of memory");
  lease->release();
  EXPECT_EQ(pairs->capacity(), 1);
  EXPECT_EQ(reason(*pairs, "gpu 1"), "set aside: out of memory");
  EXPECT_THAT(labels(take_all(*pairs)), ElementsAre("gpu 2+3"));
}

TEST_F(GpuPool, AnAdoptedTrialCountsOnItsGpus) {
  set_gpus("count 2\n");
  auto halves = pool(spec({}, 0.5));
  auto adopted = halves->adopt(Trial{.number = 9, .resource = "gpu 1"});
  EXPECT_THAT(adopted.resources().gpus, ElementsAre(uuid(1)));
  EXPECT_THAT(labels(take_all(*halves)), ElementsAre("gpu 0", "gpu 0", "gpu 1"));
  auto both = halves->adopt(Trial{.number = 10, .resource = "gpu 0+1"});
  EXPECT_FALSE(halves->try_acquire(11));
}

}  // namespace
}  // namespace hpo::resources
