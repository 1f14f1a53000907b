#include <gmock/gmock.h>

#include <set>

#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

class CpuPool : public PoolFixture {};

TEST_F(CpuPool, EachTrialGetsACpuOfItsOwn) {
  auto cpus = pool(spec({}, 1, 1), 2);
  EXPECT_EQ(cpus->capacity(), 2);
  const auto leases = take_all(*cpus);
  EXPECT_THAT(labels(leases), ElementsAre("cpu 0", "cpu 1"));
  EXPECT_THAT(leases[1].resources().cpus, ElementsAre(1));
  EXPECT_EQ(leases[1].resources().threads, 1);
  EXPECT_EQ(leases[1].resources().locks.size(), 1U);
  EXPECT_TRUE(leases[1].resources().gpus.empty());
}

TEST_F(CpuPool, FractionsShareACpuEvenly) {
  auto cpus = pool(spec({}, 1, 0.25), 2);
  EXPECT_EQ(cpus->capacity(), 8);
  const auto leases = take_all(*cpus);
  ASSERT_EQ(leases.size(), 8U);
  EXPECT_EQ(leases[0].resources().label, "cpu 0");
  EXPECT_EQ(leases[1].resources().label, "cpu 1");
  EXPECT_THAT(cpus->slots(), ElementsAre(SlotStatus{.device = "cpu 0", .trials = {0, 2, 4, 6}},
                                         SlotStatus{.device = "cpu 1", .trials = {1, 3, 5, 7}}));
}

TEST_F(CpuPool, SeveralCpusMakeOneShare) {
  auto cpus = pool(spec({}, 1, 4), 10);
  EXPECT_EQ(cpus->capacity(), 2);
  const auto leases = take_all(*cpus);
  EXPECT_THAT(labels(leases), ElementsAre("cpu 0-3", "cpu 4-7"));
  EXPECT_THAT(leases[1].resources().cpus, ElementsAre(4, 5, 6, 7));
  EXPECT_EQ(leases[1].resources().threads, 4);
  EXPECT_EQ(leases[1].resources().locks.size(), 1U);
  EXPECT_EQ(reason(*cpus, "cpu 8"), "no trial wants it");
}

TEST_F(CpuPool, AndAHalf) {
  auto cpus = pool(spec({}, 1, 1.5), 3);
  EXPECT_EQ(cpus->capacity(), 2);
  const auto leases = take_all(*cpus);
  ASSERT_EQ(leases.size(), 2U);
  EXPECT_EQ(leases[0].resources().cpus.size(), 2U);
  EXPECT_EQ(leases[0].resources().threads, 1);
}

TEST_F(CpuPool, WithoutCpusPerTrialNothingIsBoundOrPinned) {
  auto cpus = pool(spec({}, 1, 0), 2);
  EXPECT_GT(cpus->capacity(), 1'000'000);
  auto first = cpus->try_acquire(0);
  auto second = cpus->try_acquire(1);
  auto third = cpus->try_acquire(2);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->resources(), (Resources{.label = "slot 2"}));
  second.reset();
  EXPECT_EQ(cpus->try_acquire(3)->resources().label, "slot 1");
}

TEST_F(CpuPool, UnderAQuotaTrialsAreCountedNotPinned) {
  auto cpus = pool(spec({}, 1, 0.5), 8, CpuQuota{.cpus = 2.5, .folder = folder_.path()});
  EXPECT_EQ(cpus->capacity(), 4);
  const auto leases = take_all(*cpus);
  EXPECT_THAT(labels(leases), ElementsAre("slot 0", "slot 1", "slot 0", "slot 1"));
  EXPECT_TRUE(leases[0].resources().cpus.empty());
  EXPECT_EQ(leases[0].resources().locks.size(), 1U);
  auto others = pool(spec({}, 1, 0.5), 8, CpuQuota{.cpus = 2.5, .folder = folder_.path()});
  EXPECT_FALSE(others->try_acquire(0)) << "the quota is shared";
  auto elsewhere = pool(spec({}, 1, 0.5), 8, CpuQuota{.cpus = 1, .folder = folder_ / "locks"});
  EXPECT_EQ(take_all(*elsewhere).size(), 2U);
}

TEST_F(CpuPool, AReturnedShareIsLeasedAgain) {
  auto cpus = pool(spec({}, 1, 1), 2);
  auto leases = take_all(*cpus);
  EXPECT_FALSE(cpus->try_acquire(2));
  leases[1].release();
  EXPECT_EQ(reason(*cpus, "cpu 1"), "no trial wants it");
  EXPECT_EQ(cpus->try_acquire(2)->resources().label, "cpu 1");
}

TEST_F(CpuPool, LeasesLeaveNoDescriptorBehind) {
  auto cpus = pool(spec({}, 1, 0.25), 4);
  const auto before = open_descriptors();
  for (int round = 0; round < 20; ++round) {
    const auto leases = take_all(*cpus);
    EXPECT_EQ(open_descriptors(), before + leases.size());
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(CpuPool, ALeaseMayOutliveItsPool) {
  auto cpus = pool(spec({}, 1, 1), 1);
  auto lease = cpus->try_acquire(0);
  cpus.reset();
  auto others = pool(spec({}, 1, 1), 1);
  EXPECT_FALSE(others->try_acquire(0));
  lease->release();
  EXPECT_TRUE(others->try_acquire(0));
}

TEST_F(CpuPool, MoreCpusThanThereAreIsAnError) {
  const auto made = try_pool(spec({}, 1, 4), 2);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::environment);
  EXPECT_THAT(made.error().message, HasSubstr("cpus_per_trial is 4"));
  EXPECT_THAT(made.error().message, HasSubstr("2 CPUs (affinity mask)"));
  const auto quota = try_pool(spec({}, 1, 4), 8, CpuQuota{.cpus = 2, .folder = "/sys/fs/cgroup/a"});
  ASSERT_FALSE(quota);
  EXPECT_THAT(quota.error().message, HasSubstr("2 CPUs (quota of /sys/fs/cgroup/a)"));
}

TEST_F(CpuPool, AnotherProcesssStudyOfOtherSharesIsLeftItsPart) {
  auto quarters = pool(spec({}, 1, 0.25), 2);
  auto halves = pool(spec({}, 1, 0.5), 2);
  auto wholes = pool(spec({}, 1, 1), 2);
  const auto quarter = quarters->try_acquire(0);
  EXPECT_THAT(labels(take_all(*wholes)), ElementsAre("cpu 1"));
  EXPECT_THAT(labels(take_all(*halves)), ElementsAre("cpu 1", "cpu 0", "cpu 1"));
  const auto whole = wholes->try_acquire(0);
  EXPECT_THAT(labels(take_all(*halves)), ElementsAre("cpu 0"));
  EXPECT_THAT(labels(take_all(*quarters)), ElementsAre("cpu 0", "cpu 0", "cpu 0"));
}

TEST_F(CpuPool, AnAdoptedTrialCountsUntilItEnds) {
  auto cpus = pool(spec({}, 1, 2), 4);
  auto adopted = cpus->adopt(Trial{.number = 7, .resource = "cpu 0-1"});
  EXPECT_EQ(adopted.resources().label, "cpu 0-1");
  EXPECT_THAT(adopted.resources().cpus, ElementsAre(0, 1));
  EXPECT_TRUE(adopted.resources().locks.empty());
  EXPECT_THAT(cpus->slots()[0].trials, ElementsAre(7));
  EXPECT_THAT(labels(take_all(*cpus)), ElementsAre("cpu 2-3"));
  adopted.release();
  EXPECT_EQ(take_all(*cpus).size(), 2U);
}

TEST_F(CpuPool, AdoptingFromAnotherPoolsLabelRunsBesideIt) {
  auto cpus = pool(spec({}, 1, 1), 2);
  auto adopted = cpus->adopt(Trial{.number = 7, .resource = "gpu 3"});
  EXPECT_EQ(adopted.resources().label, "gpu 3");
  EXPECT_THAT(cpus->slots().back(), (SlotStatus{.device = "gpu 3", .trials = {7}}));
  EXPECT_EQ(take_all(*cpus).size(), 2U);
  adopted.release();
  EXPECT_EQ(cpus->slots().size(), 2U);
}

TEST_F(CpuPool, MoreAdoptedThanFitTodayIsTolerated) {
  auto cpus = pool(spec({}, 1, 1), 1);
  auto first = cpus->adopt(Trial{.number = 1, .resource = "cpu 0"});
  auto second = cpus->adopt(Trial{.number = 2, .resource = "cpu 0"});
  EXPECT_THAT(cpus->slots()[0].trials, ElementsAre(1, 2));
  first.release();
  EXPECT_FALSE(cpus->try_acquire(3));
  second.release();
  EXPECT_TRUE(cpus->try_acquire(3));
}

TEST_F(CpuPool, ACpuSetAsideIsNotLeasedAgain) {
  auto cpus = pool(spec({}, 1, 1), 2);
  auto lease = cpus->try_acquire(0);
  cpus->set_aside(lease->resources(), "3 trials in a row failed");
  lease->release();
  EXPECT_EQ(cpus->capacity(), 1);
  EXPECT_EQ(reason(*cpus, "cpu 0"), "set aside: 3 trials in a row failed");
  EXPECT_THAT(labels(take_all(*cpus)), Each("cpu 1"));
}

}  // namespace
}  // namespace hpo::resources
