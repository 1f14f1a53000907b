#include "engine/resources/cpus.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

namespace fs = std::filesystem;

class CpuQuotaTest : public PoolFixture {
 protected:
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  [[nodiscard]] double quota() const {
    const auto found = cpu_quota(folder_.path());
    return found ? found->cpus : -1;
  }
};

TEST(Cpus, AffinityIsTheMaskOfThisProcess) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  const auto all = affinity_cpus();
  ASSERT_EQ(static_cast<int>(all.size()), CPU_COUNT(&before));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  cpu_set_t last;
  CPU_ZERO(&last);
  CPU_SET(static_cast<std::size_t>(all.back()), &last);
  ASSERT_EQ(sched_setaffinity(0, sizeof last, &last), 0);
  EXPECT_EQ(affinity_cpus(), std::vector<int>{all.back()});
  EXPECT_EQ(usable_cpus(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Cpus, UsableCpusAreTheMaskWithinTheQuota) {
  EXPECT_EQ(usable_cpus(8, std::nullopt), 8);
  EXPECT_EQ(usable_cpus(8, CpuQuota{.cpus = 2.5}), 2);
  EXPECT_EQ(usable_cpus(8, CpuQuota{.cpus = 12}), 8);
  EXPECT_EQ(usable_cpus(8, CpuQuota{.cpus = 0.5}), 1);
}

TEST_F(CpuQuotaTest, ReadsCpuMaxOfTheOwnGroup) {
  write("proc/self/cgroup", "0::/user.slice/session\n");
  write("sys/fs/cgroup/user.slice/session/cpu.max", "250000 100000\n");
  EXPECT_DOUBLE_EQ(quota(), 2.5);
  EXPECT_EQ(cpu_quota(folder_.path())->folder, folder_ / "sys/fs/cgroup/user.slice/session");
}

TEST_F(CpuQuotaTest, TakesTheTightestOfTheParents) {
  write("proc/self/cgroup", "0::/a/b/c\n");
  write("sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/a/b/cpu.max", "150000 100000\n");
  write("sys/fs/cgroup/a/cpu.max", "400000 100000\n");
  EXPECT_DOUBLE_EQ(quota(), 1.5);
}

TEST_F(CpuQuotaTest, NoQuotaIsNone) {
  EXPECT_EQ(quota(), -1);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(quota(), -1);
}

TEST_F(CpuQuotaTest, ReadsVersionOne) {
  write("proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/docker/abc\n0::/docker/abc\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "300000\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
  EXPECT_DOUBLE_EQ(quota(), 3);
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(quota(), -1);
}

TEST_F(CpuQuotaTest, InAContainerTheMountsRootIsTheOwnGroup) {
  write("proc/self/cgroup", "3:cpu:/docker/0123\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_DOUBLE_EQ(quota(), 0.5);
}

TEST_F(CpuQuotaTest, BrokenFilesSetNothing) {
  write("proc/self/cgroup", "nonsense\n0::/a\n");
  write("sys/fs/cgroup/a/cpu.max", "100000 0\n");
  EXPECT_EQ(quota(), -1);
}

}  // namespace
}  // namespace hpo::resources
