// GPUs that others use: foreign processes, other studies, what an ended trial leaves behind.

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/engine/resources/child.h"
#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

using testing::ElementsAre;

class GpuSharing : public PoolFixture {
 protected:
  static std::string busy(int gpu, const Child& process) {
    return "busy " + std::to_string(gpu) + " " + std::to_string(process.pid()) + "\n";
  }
  static std::string used_by(const Child& process) {
    return "used by process " + std::to_string(process.pid()) + " (cat)";
  }
};

TEST_F(GpuSharing, AGpuOfAForeignProcessIsLeftAlone) {
  Child foreign({"cat"});
  foreign.write_line("started");
  foreign.read_line();
  set_gpus("count 2\n" + busy(0, foreign));
  auto gpus = pool(spec({}, 1));
  EXPECT_EQ(gpus->capacity(), 2);
  EXPECT_EQ(reason(*gpus, "gpu 0"), used_by(foreign));
  EXPECT_THAT(labels(take_all(*gpus)), ElementsAre("gpu 1"));
}

TEST_F(GpuSharing, AProcessOfAnotherNamespaceHasNoName) {
  set_gpus("count 2\nbusy 0 999999999\n");
  EXPECT_EQ(reason(*pool(spec({}, 1)), "gpu 0"), "used by process 999999999");
}

TEST_F(GpuSharing, ItIsUsedOnceTheForeignProcessHasGone) {
  set_gpus("count 1\nbusy 0 999999999\n");
  auto gpus = pool(spec({}, 1));
  boost::asio::io_context io;
  std::string label;
  const auto wait = [&]() -> boost::asio::awaitable<void> {
    auto lease = co_await gpus->acquire(0);
    label = lease ? lease->resources().label : lease.error().message;
  };
  boost::asio::co_spawn(io, wait, boost::asio::detached);
  for (int looks = 0; looks < 3; ++looks) io.run_one();
  EXPECT_EQ(label, "");
  EXPECT_EQ(reason(*gpus, "gpu 0"), "used by process 999999999");
  set_gpus("count 1\n");
  io.run();
  EXPECT_EQ(label, "gpu 0");
}

TEST_F(GpuSharing, TrialsOnAPartlyLeasedGpuAreNotForeign) {
  set_gpus("count 1\n");
  auto halves = pool(spec({}, 0.5));
  auto lease = halves->try_acquire(0);
  Child trial({"cat"}, lease->resources().locks);
  set_gpus("count 1\n" + busy(0, trial));
  EXPECT_TRUE(halves->try_acquire(1));
  lease->release();  // its supervisor lives on, as after a killed engine
  EXPECT_TRUE(pool(spec({}, 0.5))->try_acquire(1));
}

TEST_F(GpuSharing, AForeignProcessOnAPartlyLeasedGpuIsSeen) {
  set_gpus("count 1\n");
  auto halves = pool(spec({}, 0.5));
  auto lease = halves->try_acquire(0);
  // An orphan: a child of this process would pass for one of its trials.
  Child shell({"sh", "-c", "exec 3<&0; cat <&3 >&2 & echo $!"});
  const std::string orphan = shell.read_line();
  shell.wait_for_end();
  set_gpus("count 1\nbusy 0 " + orphan + "\n");
  EXPECT_FALSE(halves->try_acquire(1));
  EXPECT_EQ(halves->slots()[0].trials, std::vector<std::int64_t>{0});
  set_gpus("count 1\n");
}

TEST_F(GpuSharing, WhatAnEndedTrialLeavesBehindIsWaitedFor) {
  set_gpus("count 1\n");
  auto gpus = pool(spec({}, 1));
  auto lease = gpus->try_acquire(0);
  Child left({"cat"});
  left.write_line("started");
  left.read_line();
  set_gpus("count 1\n" + busy(0, left));
  lease->release();
  EXPECT_FALSE(gpus->try_acquire(1));
  EXPECT_EQ(reason(*gpus, "gpu 0"), used_by(left));
}

TEST_F(GpuSharing, HalvesAndWholesOfTwoStudiesNeverExceedTheGpu) {
  set_gpus("count 2\n");
  auto halves = pool(spec({}, 0.5));
  auto wholes = pool(spec({}, 1));
  auto half = halves->try_acquire(0);
  auto whole = wholes->try_acquire(0);
  EXPECT_EQ(whole->resources().label, "gpu 1");
  EXPECT_FALSE(wholes->try_acquire(1));
  EXPECT_THAT(labels(take_all(*halves)), ElementsAre("gpu 0"));
  half->release();
  EXPECT_EQ(wholes->try_acquire(1)->resources().label, "gpu 0");
}

TEST_F(GpuSharing, AnotherStudysHalfMovesTrialsToEmptierGpus) {
  set_gpus("count 2\n");
  auto one = pool(spec({}, 0.5));
  auto other = pool(spec({}, 0.5));
  auto first = one->try_acquire(0);
  EXPECT_EQ(other->try_acquire(0)->resources().label, "gpu 1");
}

TEST_F(GpuSharing, RowsSayWhatIsMissing) {
  set_gpus("count 2\n");
  auto one = pool(spec({}, 1));
  auto pairs = pool(spec({}, 2));
  auto taken = one->try_acquire(0);
  EXPECT_EQ(reason(*pairs, "gpu 0"), "still leased by a trial of this process");
  EXPECT_EQ(reason(*pairs, "gpu 1"), "no trial wants it");
  boost::asio::io_context io;
  boost::asio::co_spawn(io, pairs->acquire(0), [](std::exception_ptr, const Result<Lease>&) {});
  io.poll();
  EXPECT_EQ(reason(*pairs, "gpu 1"), "waits for others: a trial takes 2 GPUs");
}

TEST_F(GpuSharing, RowsSayThatCpusAreMissing) {
  set_gpus("count 2\n");
  auto gpus = pool(spec({}, 1, 1), 1);
  auto first = gpus->try_acquire(0);
  boost::asio::io_context io;
  boost::asio::co_spawn(io, gpus->acquire(1), [](std::exception_ptr, const Result<Lease>&) {});
  io.poll();
  EXPECT_EQ(reason(*gpus, "gpu 1"), "waits for free CPUs");
}

}  // namespace
}  // namespace hpo::resources
