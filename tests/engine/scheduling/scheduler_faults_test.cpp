// Studies whose trials all fail, and devices that make them fail.

#include <gmock/gmock.h>

#include "scheduler_rig.h"

namespace hpo {
namespace {

using SchedulerFaultsTest = SchedulerRig;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(SchedulerFaultsTest, EndsAStudyWhoseTrialsAllFail) {
  config.limits = {.trials = 50, .parallel = 1};
  start();
  for (std::int64_t number = 0; number < 5; ++number) {
    until_running({number});
    executor.fail(number, FailureClass::exit_code, "exit code 2");
  }
  const StudyEnd end = until_end();
  EXPECT_EQ(end.reason,
            "all trials fail: 5 in a row with exit_code (trial 4: exit_code, exit code 2)");
  EXPECT_EQ(store.trials.size(), 5U);
}

TEST_F(SchedulerFaultsTest, StartsAfreshAfterTheRepair) {
  config.limits = {.trials = 6, .parallel = 1};
  start();
  for (std::int64_t number = 0; number < 5; ++number) {
    until_running({number});
    executor.fail(number, FailureClass::start);
  }
  until_end();
  start();
  until_running({5});
  executor.complete(5, 1.0);
  EXPECT_EQ(until_end().reason, "6 trials finished");
}

TEST_F(SchedulerFaultsTest, GoesOnIfATrialThatRunsSucceeds) {
  config.limits = {.trials = 50, .parallel = 2};
  start();
  until_running({0, 1});
  for (std::int64_t number = 1; number < 6; ++number) {
    until([&] { return executor.running().contains(number); });
    executor.fail(number, FailureClass::exit_code);
  }
  until_running({0});
  ASSERT_EQ(observer.notices.size(), 1U);
  EXPECT_THAT(observer.notices[0], HasSubstr("no new trial starts unless one that runs succeeds"));
  executor.complete(0, 1.0);
  until_running({6, 7});
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerFaultsTest, SetsADeviceAsideThatFailsWhileOthersWork) {
  pool = std::make_unique<FakePool>(std::vector<std::string>{"gpu 0", "gpu 1"}, true);
  config.limits = {.trials = 50, .parallel = 2};
  start();
  until_running({0, 1});
  for (std::int64_t number = 1; number < 4; ++number) {
    until([&] { return executor.running().contains(number); });
    EXPECT_EQ(executor.resources(number).label, "gpu 1");
    executor.fail(number, FailureClass::signal);
  }
  until([&] { return !pool->set_aside_devices.empty(); }, "the device is set aside");
  EXPECT_THAT(pool->set_aside_devices, ElementsAre("gpu 1"));
  ASSERT_EQ(observer.notices.size(), 1U);
  EXPECT_THAT(observer.notices[0], HasSubstr("gpu 1 is set aside"));
  executor.complete(0, 1.0);
  until_running({4});
  EXPECT_EQ(executor.resources(4).label, "gpu 0");
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerFaultsTest, BlamesTheStudyForNothingThatARestartedMachineLost) {
  for (std::int64_t number = 0; number < 6; ++number) {
    store.trials[number] = {.number = number,
                            .state = TrialState::running,
                            .created_event = number + 1,
                            .started_at = clock.now()};
    executor.lost.insert(number);
  }
  config.limits = {.trials = 6, .parallel = 3};
  start();
  until_running({0, 1, 2});
  for (const std::int64_t number : {0, 1, 2}) executor.complete(number, 1.0);
  until_running({3, 4, 5});
  for (const std::int64_t number : {3, 4, 5}) executor.complete(number, 1.0);
  EXPECT_EQ(until_end().reason, "6 trials finished");
  EXPECT_EQ(stored(5).attempt, 2);
}

TEST_F(SchedulerFaultsTest, EndsWhenNoDeviceIsLeft) {
  start();
  until_running({0, 1});
  for (const auto* device : {"cpu 0", "cpu 1", "cpu 2"}) {
    pool->set_aside({.label = device}, "broken");
  }
  executor.complete(0, 1.0);
  EXPECT_EQ(until_end().reason, "error: no device is left");
  EXPECT_EQ(stored(1).state, TrialState::waiting);
}

}  // namespace
}  // namespace hpo
