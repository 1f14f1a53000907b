// Waiting for a share: order, cancellation, hopelessness.

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "engine/resources/lock_folder.h"
#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::HasSubstr;

class Acquire : public PoolFixture {
 protected:
  /// Asks for a share; what comes of it is in leases_, errors_ or aborted_.
  void ask(ResourcePool& from, std::int64_t trial) {
    asio::co_spawn(
        io_, from.acquire(trial),
        asio::bind_cancellation_slot(
            signals_[trial].slot(), [this, trial](std::exception_ptr failure, Result<Lease> lease) {
              finished_.push_back(trial);
              if (failure) {
                expect_aborted(failure);
                aborted_.push_back(trial);
              } else if (lease) {
                leases_.emplace(trial, std::move(*lease));
              } else {
                errors_.push_back(lease.error());
              }
            }));
    io_.poll();
    io_.restart();
  }

  void run() {
    io_.poll();
    io_.restart();
  }

  static void expect_aborted(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
      EXPECT_EQ(error.code(), asio::error::operation_aborted);
    }
  }

  std::unique_ptr<ResourcePool> pool_ = {};
  asio::io_context io_;
  std::map<std::int64_t, asio::cancellation_signal> signals_;
  std::map<std::int64_t, Lease> leases_;
  std::vector<Error> errors_;
  std::vector<std::int64_t> finished_;
  std::vector<std::int64_t> aborted_;
};

TEST_F(Acquire, AnswersAtOnceWhereAShareIsFree) {
  pool_ = pool(spec({}, 1, 1), 1);
  ask(*pool_, 0);
  EXPECT_EQ(leases_.at(0).resources().label, "cpu 0");
}

TEST_F(Acquire, TheOneThatAskedFirstIsNext) {
  pool_ = pool(spec({}, 1, 1), 1);
  for (const int trial : {0, 1, 2}) ask(*pool_, trial);
  EXPECT_THAT(finished_, ElementsAre(0));
  EXPECT_FALSE(pool_->try_acquire(3)) << "nobody overtakes the line";
  leases_.at(0).release();
  EXPECT_FALSE(pool_->try_acquire(3));
  run();
  EXPECT_THAT(finished_, ElementsAre(0, 1));
  leases_.at(1).release();
  run();
  EXPECT_THAT(finished_, ElementsAre(0, 1, 2));
}

TEST_F(Acquire, SeveralReturnedSharesServeSeveral) {
  pool_ = pool(spec({}, 1, 0.5), 1);
  for (const int trial : {0, 1, 2, 3}) ask(*pool_, trial);
  EXPECT_THAT(finished_, ElementsAre(0, 1));
  leases_.clear();
  run();
  EXPECT_THAT(finished_, ElementsAre(0, 1, 2, 3));
}

TEST_F(Acquire, CancellationThrowsAndLeavesTheLine) {
  pool_ = pool(spec({}, 1, 1), 1);
  for (const int trial : {0, 1, 2}) ask(*pool_, trial);
  signals_[1].emit(asio::cancellation_type::terminal);
  run();
  EXPECT_THAT(aborted_, ElementsAre(1));
  leases_.at(0).release();
  run();
  EXPECT_THAT(finished_, ElementsAre(0, 1, 2));
  EXPECT_EQ(leases_.at(2).resources().label, "cpu 0");
}

TEST_F(Acquire, RowsSayThatATrialWaits) {
  set_gpus("count 1\n");
  pool_ = pool(spec({}, 1));
  ask(*pool_, 0);
  ask(*pool_, 1);
  EXPECT_THAT(pool_->slots(), ElementsAre(SlotStatus{.device = "gpu 0", .trials = {0}}));
  leases_.at(0).release();
  EXPECT_EQ(reason(*pool_, "gpu 0"), "a trial is about to start");
}

TEST_F(Acquire, AnswersAnErrorOnceTheLastDeviceIsSetAside) {
  pool_ = pool(spec({}, 1, 1), 2);
  for (const int trial : {0, 1, 2, 3}) ask(*pool_, trial);
  pool_->set_aside({.label = "cpu 0"}, "trials fail");
  run();
  EXPECT_THAT(errors_, testing::IsEmpty());
  pool_->set_aside({.label = "cpu 1"}, "it burns");
  run();
  ASSERT_EQ(errors_.size(), 2U);
  EXPECT_EQ(errors_[0].code, ErrorCode::environment);
  EXPECT_THAT(errors_[0].message, HasSubstr("cpu 0: trials fail; cpu 1: it burns"));
  leases_.clear();
  ask(*pool_, 4);
  EXPECT_EQ(errors_.size(), 3U);
}

TEST_F(Acquire, ATrialOfSeveralGpusEndsWithTheFirstThatIsMissing) {
  set_gpus("count 2\n");
  pool_ = pool(spec({}, 2));
  pool_->set_aside({.label = "gpu 1"}, "it burns");
  ask(*pool_, 0);
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0].message, HasSubstr("gpu 1: it burns"));
}

TEST_F(Acquire, AGpuThatFailsWhileATrialWaitsIsSetAside) {
  set_gpus("count 1\nbusy 0 999999999\n");
  pool_ = pool(spec({}, 1));
  ask(*pool_, 0);
  set_gpus("count 1\nlost 0\n");
  io_.run();
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0].message, HasSubstr("GPU is lost"));
}

TEST_F(Acquire, WaitsForAShareOfAnotherStudy) {
  auto other = pool(spec({}, 1, 1), 1);
  pool_ = pool(spec({}, 1, 1), 1);
  auto taken = other->try_acquire(0);
  ask(*pool_, 0);
  EXPECT_THAT(finished_, testing::IsEmpty());
  taken->release();  // nothing tells this pool: it looks again by its timer
  io_.run();
  EXPECT_EQ(leases_.at(0).resources().label, "cpu 0");
}

TEST_F(Acquire, OnlySharesThatOthersHoldAreLookedAtAgain) {
  const Machine machine{.cpus = {0}, .locks = *lock_folder()};
  const auto make_core = [&] {
    auto banks = make_banks(spec({}, 1, 1), machine, PoolPatience());
    return std::make_shared<PoolCore>(std::move(*banks), nullptr);
  };
  const auto own = make_core();
  const auto other = make_core();
  const auto lease = own->take(0);
  ASSERT_TRUE(lease && *lease);
  EXPECT_FALSE(own->is_blocked_by_others()) << "its own trial's end will wake the line";
  EXPECT_TRUE(other->is_blocked_by_others());
}

TEST_F(Acquire, SlotsAreWaitedForAlike) {
  pool_ = make_slot_pool(1);
  ask(*pool_, 0);
  ask(*pool_, 1);
  leases_.at(0).release();
  run();
  EXPECT_EQ(leases_.at(1).resources().label, "slot 0");
}

TEST_F(Acquire, WaitingTrialsMayBeDroppedAfterThePool) {
  pool_ = pool(spec({}, 1, 1), 1);
  for (const int trial : {0, 1, 2}) ask(*pool_, trial);
  pool_.reset();
  leases_.clear();
}

}  // namespace
}  // namespace hpo::resources
