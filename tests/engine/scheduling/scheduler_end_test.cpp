// How a run ends: limits, interrupts, errors.

#include <gmock/gmock.h>

#include "scheduler_rig.h"

namespace hpo {
namespace {

using SchedulerEndTest = SchedulerRig;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(SchedulerEndTest, StopsRunningTrialsOnceTheTargetIsReached) {
  config.limits.target = 0.1;
  start();
  until_running({0, 1});
  executor.complete(1, 0.05);
  const StudyEnd end = until_end();
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(end.reason, "target 0.1 reached by trial 1");
  EXPECT_THAT(executor.cancelled, ElementsAre(CancelReason::stop_and_resume_later));
  EXPECT_EQ(stored(0).state, TrialState::waiting);
}

TEST_F(SchedulerEndTest, StopsWhenTrialsNoLongerImprove) {
  config.limits = {.parallel = 1, .no_improvement = 2};
  start();
  for (std::int64_t number = 0; number < 3; ++number) {
    until_running({number});
    executor.complete(number, 1.0);
  }
  EXPECT_EQ(until_end().reason, "2 trials without a better value than 1 of trial 0");
}

TEST_F(SchedulerEndTest, GoesOnIfATrialThatRanStillImproves) {
  config.limits = {.trials = 5, .parallel = 3, .no_improvement = 2};
  start();
  until_running({0, 1, 2});
  executor.complete(0, 1.0);
  until_running({1, 2, 3});
  executor.complete(1, 2.0);
  until_running({2, 3, 4});
  executor.complete(2, 2.0);
  until_running({3, 4});
  executor.complete(3, 0.5);
  until_running({4});
  executor.complete(4, 1.0);
  EXPECT_EQ(until_end().reason, "5 trials finished");
}

TEST_F(SchedulerEndTest, StopsRunningTrialsWhenTheRuntimeIsUsedUp) {
  config.limits.runtime_s = 100;
  store.progress.active_s = 40;
  start();
  until_running({0, 1});
  clock.advance(59);
  io.poll();
  EXPECT_EQ(executor.running().size(), 2U);
  clock.advance(1);
  const StudyEnd end = until_end();
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(end.reason, "runtime of 1m 40s used up");
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_DOUBLE_EQ(store.progress.active_s, 100);
}

TEST_F(SchedulerEndTest, GoesOnWhenTheLimitIsRaised) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  executor.complete(0, 1.0);
  until_end();
  start();
  EXPECT_EQ(until_end().reason, "1 trial finished");
  EXPECT_EQ(executor.started.size(), 1U);
  config.limits.trials = 2;
  start();
  until_running({1});
  EXPECT_EQ(store.progress.stop_reason, "");
  executor.complete(1, 1.0);
  EXPECT_EQ(until_end().reason, "2 trials finished");
}

TEST_F(SchedulerEndTest, DrainsAfterTheFirstInterrupt) {
  start();
  until_running({0, 1});
  scheduler->interrupt(Interrupt::drain);
  executor.complete(0, 1.0);
  until_running({1});
  EXPECT_FALSE(result.has_value());
  executor.complete(1, 2.0);
  const StudyEnd end = until_end();
  EXPECT_FALSE(end.finished);
  EXPECT_EQ(end.reason, "interrupted");
  EXPECT_EQ(store.progress.stop_reason, "");
  EXPECT_TRUE(executor.cancelled.empty());
  EXPECT_EQ(store.trials.size(), 2U);
}

TEST_F(SchedulerEndTest, StopsAfterTheSecondAndKillsAfterTheThird) {
  executor.obeys = false;
  start();
  until_running({0, 1});
  scheduler->interrupt(Interrupt::drain);
  scheduler->interrupt(Interrupt::stop);
  io.poll();
  EXPECT_THAT(executor.cancelled, ElementsAre(CancelReason::stop_and_resume_later));
  executor.end(0, {.state = TrialState::waiting});
  until_running({1});
  scheduler->interrupt(Interrupt::kill);
  io.poll();
  EXPECT_THAT(executor.cancelled,
              ElementsAre(CancelReason::stop_and_resume_later, CancelReason::kill));
  EXPECT_FALSE(result.has_value());
  executor.fail(1, FailureClass::stopped);
  EXPECT_EQ(until_end().reason, "interrupted");
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_EQ(stored(1).state, TrialState::waiting);
}

TEST_F(SchedulerEndTest, IsInterruptedWhileItWaitsForADevice) {
  for (const auto* device : {"cpu 0", "cpu 1", "cpu 2"}) pool->hold(device);
  start();
  until([&] { return pool->waits == 1; }, "it waits for a device");
  scheduler->interrupt(Interrupt::drain);
  EXPECT_EQ(until_end().reason, "interrupted");
  EXPECT_TRUE(executor.started.empty());
}

TEST_F(SchedulerEndTest, StartsNothingIfInterruptedBeforeItRuns) {
  start();
  scheduler->interrupt(Interrupt::drain);
  EXPECT_EQ(until_end().reason, "interrupted");
  EXPECT_TRUE(store.trials.empty());
}

TEST_F(SchedulerEndTest, WaitsForRunningTrialsBeforeReportingAStorageError) {
  executor.obeys = false;
  config.limits.parallel = 3;
  store.fails = [](const std::string& entry) { return entry == "save 2 running"; };
  start();
  until([&] { return !executor.cancelled.empty(); }, "what runs is asked to stop");
  EXPECT_EQ(executor.running(), (std::set<std::int64_t>{0, 1}));
  EXPECT_THAT(executor.cancelled, ElementsAre(CancelReason::stop_and_resume_later));
  EXPECT_FALSE(result.has_value());
  executor.end(0, {.state = TrialState::waiting});
  until_running({1});
  EXPECT_FALSE(result.has_value());
  executor.complete(1, 1.0);
  EXPECT_EQ(until_end().reason, "error: disk full");
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_EQ(stored(1).state, TrialState::complete);
  EXPECT_EQ(scheduler->study().trials.size(), 2U);
}

TEST_F(SchedulerEndTest, LeavesAnOutcomeThatItCannotStoreToTheNextRun) {
  config.limits = {.trials = 1, .parallel = 1};
  store.fails = [](const std::string& entry) { return entry == "save 0 complete"; };
  start();
  until_running({0});
  executor.complete(0, 0.5);
  EXPECT_EQ(until_end().reason, "error: disk full");
  EXPECT_EQ(stored(0).state, TrialState::running);
  EXPECT_EQ(*scheduler->study().trials[0], stored(0));

  store.fails = {};
  executor.adoptable = {0};
  start();
  until_running({0});
  executor.complete(0, 0.5);  // its log is read again
  EXPECT_EQ(until_end().reason, "1 trial finished");
  EXPECT_EQ(stored(0).value, 0.5);
  EXPECT_EQ(stored(0).attempt, 1);
  EXPECT_EQ(store.rows[0].size(), 1U);
}

TEST_F(SchedulerEndTest, LeavesATrialWithUnstoredReportsToTheNextRun) {
  config.limits = {.trials = 1, .parallel = 1};
  store.fails = [](const std::string& entry) { return entry == "report 0"; };
  start();
  until_running({0});
  EXPECT_EQ(executor.report(0, 0, 0.5), ReportDecision::go_on);
  EXPECT_EQ(until_end().reason, "error: disk full");
  EXPECT_EQ(stored(0).state, TrialState::running);
}

TEST_F(SchedulerEndTest, ReportsAnErrorOfTheSamplerWhenAllHasEnded) {
  sampler.fails_at = 1;
  executor.obeys = false;
  start();
  until([&] { return !executor.cancelled.empty(); }, "trial 0 is asked to stop");
  EXPECT_FALSE(result.has_value());
  executor.end(0, {.state = TrialState::waiting});
  EXPECT_EQ(until_end().reason, "error: the matrix is not positive definite");
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_EQ(store.progress.stop_reason, "");
}

TEST_F(SchedulerEndTest, ReportsThatTheProgressCannotBeStored) {
  store.fails = [](const std::string& entry) { return entry == "progress"; };
  start();
  EXPECT_EQ(until_end().reason, "error: disk full");
  EXPECT_TRUE(executor.started.empty());
}

TEST_F(SchedulerEndTest, StoresWhatRunsAsSoonAsNoMoreStarts) {
  start();
  until_running({0, 1});
  EXPECT_THAT(store.progress.status,
              HasSubstr(R"({"device":"cpu 0","idle_reason":"","trials":[0]})"));
  EXPECT_THAT(store.progress.status,
              HasSubstr(R"({"device":"cpu 1","idle_reason":"","trials":[1]})"));
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerEndTest, StoresTheProgressEverySecond) {
  config.limits = {.trials = 4, .parallel = 1};
  start();
  until_running({0});
  const int before = store.progress_writes;
  clock.advance(1);
  io.poll();
  EXPECT_EQ(store.progress_writes, before + 1);
  EXPECT_DOUBLE_EQ(store.progress.active_s, 1);
  clock.advance(0.5);
  io.poll();
  EXPECT_EQ(store.progress_writes, before + 1);
  scheduler->interrupt(Interrupt::stop);
  until_end();
  EXPECT_DOUBLE_EQ(store.progress.active_s, 1.5);
}

}  // namespace
}  // namespace hpo
