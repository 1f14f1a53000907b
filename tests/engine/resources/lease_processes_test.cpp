// Leases across real processes: who holds a descriptor of the lease holds the share.

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/engine/resources/child.h"
#include "tests/engine/resources/pool_fixture.h"
#include "tests/support/paths.h"

namespace hpo::resources {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LeaseProcesses : public PoolFixture {
 protected:
  /// Another hpo process; it has its leases when this returns.
  struct Holder {
    Holder(int cpus, double gpus_per_trial, double cpus_per_trial, int count)
        : process({bin_dir() + "/hpo_lease_holder", std::to_string(cpus),
                   std::to_string(gpus_per_trial), std::to_string(cpus_per_trial),
                   std::to_string(count)}) {
      for (std::string line = process.read_line(); line != "ready" && !line.empty();
           line = process.read_line()) {
        labels.push_back(line);
      }
    }
    Child process;
    std::vector<std::string> labels = {};
  };
};

TEST_F(LeaseProcesses, TwoProcessesShareTheCpus) {
  const Holder other(2, 1, 0.25, 3);
  EXPECT_THAT(other.labels, ElementsAre("cpu 0", "cpu 1", "cpu 0"));
  auto cpus = pool(spec({}, 1, 0.25), 2);
  EXPECT_EQ(take_all(*cpus).size(), 5U);
}

TEST_F(LeaseProcesses, AWholeCpuIsLeftToTheOther) {
  const Holder other(2, 1, 1, 1);
  auto cpus = pool(spec({}, 1, 1), 2);
  EXPECT_THAT(labels(take_all(*cpus)), ElementsAre("cpu 1"));
  EXPECT_EQ(reason(*cpus, "cpu 0"),
            "leased by another hpo process (pid " + std::to_string(other.process.pid()) + ")");
}

TEST_F(LeaseProcesses, TwoProcessesShareAGpu) {
  set_gpus("count 1\n");
  const Holder other(1, 0.5, 0, 1);
  EXPECT_THAT(other.labels, ElementsAre("gpu 0"));
  EXPECT_THAT(take_all(*pool(spec({}, 1))), IsEmpty());
  EXPECT_EQ(take_all(*pool(spec({}, 0.25))).size(), 2U);
}

TEST_F(LeaseProcesses, ALeaseEndsWithItsProcess) {
  Holder ended(1, 1, 1, 1);
  Holder killed(2, 1, 1, 2);
  EXPECT_THAT(killed.labels, ElementsAre("cpu 1"));
  auto cpus = pool(spec({}, 1, 1), 2);
  ended.process.finish();
  EXPECT_THAT(labels(take_all(*cpus)), ElementsAre("cpu 0"));
  killed.process.kill();
  EXPECT_EQ(take_all(*cpus).size(), 2U);
}

TEST_F(LeaseProcesses, ARowTellsALeaseOfAnEngineThatHasEnded) {
  auto engine = pool(spec({}, 1, 1), 1);
  auto lease = engine->try_acquire(0);
  const Child supervisor({"cat"}, lease->resources().locks);
  lease->release();
  std::fstream record(folder_ / "locks/cpus.lock", std::ios::in | std::ios::out);
  const std::int32_t ended = 999999999;
  record.write(reinterpret_cast<const char*>(&ended), sizeof ended).flush();
  EXPECT_EQ(reason(*engine, "cpu 0"),
            "leased by a trial of an earlier hpo process (pid 999999999, ended)");
}

TEST_F(LeaseProcesses, AWaitingTrialGetsWhatAnotherProcessLeaves) {
  Holder other(1, 1, 1, 1);
  auto cpus = pool(spec({}, 1, 1), 1);
  boost::asio::io_context io;
  std::string label;
  const auto wait = [&]() -> boost::asio::awaitable<void> {
    auto lease = co_await cpus->acquire(0);
    if (lease) label = lease->resources().label;
  };
  boost::asio::co_spawn(io, wait, boost::asio::detached);
  io.poll();
  EXPECT_EQ(label, "");
  other.process.kill();
  io.run();
  EXPECT_EQ(label, "cpu 0");
}

TEST_F(LeaseProcesses, ALeaseOutlivesTheEngineInItsSupervisor) {
  set_gpus("count 1\n");
  auto engine = pool(spec({}, 1, 1), 2);
  auto lease = engine->try_acquire(0);
  const std::vector<int> locks = lease->resources().locks;
  Child supervisor({"cat"}, locks);
  lease->release();
  engine.reset();

  auto next = pool(spec({}, 1, 1), 2);
  auto adopted = next->adopt(Trial{.number = 0, .resource = "gpu 0"});
  EXPECT_FALSE(next->try_acquire(1));
  auto beside = pool(spec(0, 1, 1), 2);
  EXPECT_THAT(labels(take_all(*beside)), ElementsAre("cpu 1")) << "it holds its CPU too";
  supervisor.finish();
  EXPECT_FALSE(next->try_acquire(1)) << "adopted until its lease ends";
  adopted.release();
  EXPECT_TRUE(next->try_acquire(1));
}

TEST_F(LeaseProcesses, OtherChildrenDoNotInheritALease) {
  auto cpus = pool(spec({}, 1, 1), 1);
  auto lease = cpus->try_acquire(0);
  Child bystander({"cat"});
  bystander.write_line("started");
  EXPECT_EQ(bystander.read_line(), "started");
  lease->release();
  EXPECT_TRUE(cpus->try_acquire(1));
}

TEST_F(LeaseProcesses, AnAdoptedShareIsFreeOnlyWithItsSupervisor) {
  auto engine = pool(spec({}, 1, 1), 1);
  auto lease = engine->try_acquire(0);
  Child supervisor({"cat"}, lease->resources().locks);
  lease->release();
  EXPECT_FALSE(engine->try_acquire(1));
  EXPECT_EQ(reason(*engine, "cpu 0"), "still leased by a trial of this process");
  supervisor.finish();
  EXPECT_TRUE(engine->try_acquire(1));
}

}  // namespace
}  // namespace hpo::resources
