// What a run does with the trials that earlier runs and attempts left.

#include <gmock/gmock.h>

#include "scheduler_rig.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class SchedulerResumeTest : public SchedulerRig {
 protected:
  /// Runs trials 0 and 1 and loses the engine: the store still says that they run.
  void leave_two_running() {
    start();
    until_running({0, 1});
    auto survivors = store.trials;
    scheduler->interrupt(Interrupt::stop);
    until_end();
    store.trials = std::move(survivors);
    executor.started.clear();
    executor.cancelled.clear();
  }
};

TEST_F(SchedulerResumeTest, AdoptsWhatStillRunsAtOnce) {
  leave_two_running();
  executor.adoptable = {0, 1};
  config.limits = {.trials = 2, .parallel = 1};
  start();
  until_running({0, 1});  // although parallel is 1 now: they run already
  EXPECT_THAT(executor.started, ElementsAre(Pair(0, 1), Pair(1, 1)));
  executor.complete(0, 1.0);
  executor.complete(1, 1.0);
  EXPECT_EQ(until_end().reason, "2 trials finished");
}

TEST_F(SchedulerResumeTest, KnowsWhenAndWhereATrialEndedWithoutAnEngine) {
  leave_two_running();
  executor.adoptable = {0, 1};
  config.limits = {.trials = 2, .parallel = 2};
  start();
  until_running({0, 1});
  executor.report(0, 0, 1.0);
  const TimePoint ended = clock.now() - std::chrono::hours(8);
  executor.end(0, {.job = "4711", .ended_at = ended});
  executor.complete(1, 1.0);
  until_end();
  EXPECT_EQ(stored(0).finished_at, ended);
  EXPECT_EQ(stored(0).job, "4711");
  EXPECT_EQ(stored(1).finished_at, clock.now());
}

TEST_F(SchedulerResumeTest, StartsUnderTheSameAttemptWhatNeverBegan) {
  leave_two_running();
  config.limits = {.trials = 2, .parallel = 2};
  start();
  until_running({0, 1});
  EXPECT_THAT(executor.started, ElementsAre(Pair(0, 1), Pair(1, 1)));
  executor.complete(0, 1.0);
  executor.complete(1, 1.0);
  until_end();
}

TEST_F(SchedulerResumeTest, TriesALostTrialAgainBeforeNewOnes) {
  leave_two_running();
  executor.lost = {0};
  executor.adoptable = {1};
  start();
  until_running({0, 1});
  EXPECT_THAT(executor.started, ElementsAre(Pair(1, 1), Pair(0, 2)));
  EXPECT_EQ(stored(0).attempt, 2);
  EXPECT_EQ(stored(0).retries, 1);
  EXPECT_THAT(stored(0).reason, HasSubstr("attempt 1: lost"));
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerResumeTest, FailsATrialThatIsLostTooOften) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  executor.fail(0, FailureClass::lost);
  until([&] { return executor.started.size() == 2; }, "the second attempt");
  executor.fail(0, FailureClass::lost, "machine restarted");
  EXPECT_EQ(until_end().reason, "1 trial finished");
  EXPECT_EQ(stored(0).state, TrialState::failed);
  EXPECT_EQ(stored(0).failure, FailureClass::lost);
  EXPECT_EQ(stored(0).attempt, 2);
  EXPECT_EQ(stored(0).reason, "machine restarted");
}

TEST_F(SchedulerResumeTest, RetriesOnlyTheClassesOfTheFile) {
  config.limits = {.trials = 2, .parallel = 2};
  config.trial.retry_on = {FailureClass::oom};
  config.trial.retries = 2;
  start();
  until_running({0, 1});
  executor.fail(0, FailureClass::oom);
  executor.fail(1, FailureClass::exit_code);
  until([&] { return executor.started.size() == 3; }, "the second attempt");
  executor.fail(0, FailureClass::oom);
  until([&] { return executor.started.size() == 4; }, "the third attempt");
  executor.complete(0, 0.5);
  until_end();
  EXPECT_EQ(stored(0).state, TrialState::complete);
  EXPECT_EQ(stored(0).attempt, 3);
  EXPECT_EQ(stored(0).retries, 2);
  EXPECT_EQ(stored(0).reason, "");
  EXPECT_EQ(stored(1).state, TrialState::failed);
  EXPECT_EQ(stored(1).attempt, 1);
}

TEST_F(SchedulerResumeTest, RetriesOnAnotherDevice) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  EXPECT_EQ(executor.resources(0).label, "cpu 0");
  executor.fail(0, FailureClass::lost);
  until([&] { return executor.started.size() == 2; }, "the second attempt");
  EXPECT_EQ(executor.resources(0).label, "cpu 1");
  executor.complete(0, 1.0);
  until_end();
}

TEST_F(SchedulerResumeTest, ResumesStoppedTrialsBeforeNewOnes) {
  start();
  until_running({0, 1});
  executor.report(0, 0, 0.9);
  scheduler->interrupt(Interrupt::stop);
  until_end();
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_TRUE(stored(0).metrics.empty());
  executor.started.clear();
  config.limits.parallel = 3;
  start();
  until_running({0, 1, 2});
  EXPECT_THAT(executor.started, ElementsAre(Pair(0, 2), Pair(1, 2), Pair(2, 1)));
  EXPECT_EQ(stored(0).retries, 0);
  executor.report(0, 1, 0.4);  // goes on from its checkpoint
  executor.end(0);
  until([&] { return stored(0).state == TrialState::complete; });
  EXPECT_EQ(stored(0).value, 0.4);
  EXPECT_EQ(store.rows[0].size(), 2U);
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerResumeTest, StartsAWaitingTrialThatNeverRanAsItsFirstAttempt) {
  store.trials[0] = {.number = 0, .state = TrialState::waiting, .created_event = 1};
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  EXPECT_THAT(executor.started, ElementsAre(Pair(0, 1)));
  EXPECT_TRUE(sampler.shown.empty());
  executor.complete(0, 1.0);
  until_end();
}

TEST_F(SchedulerResumeTest, TakesReportsThatAreReadAgainOnce) {
  leave_two_running();
  store.rows[0] = {{.step = 0, .metrics = {{"loss", 0.5}}, .event = 3}};
  executor.adoptable = {0, 1};
  start();
  until_running({0, 1});
  executor.report(0, 0, 0.5);
  executor.report(0, 1, 0.3);
  ASSERT_EQ(store.rows[0].size(), 2U);
  EXPECT_EQ(store.rows[0][0].event, 3);
  EXPECT_EQ(store.rows[0][1].event, 4);
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerResumeTest, StopsAnAdoptedTrialThatIsWatchedTooLate) {
  leave_two_running();
  executor.adoptable = {0, 1};
  start();
  scheduler->interrupt(Interrupt::stop);
  EXPECT_EQ(until_end().reason, "interrupted");
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_EQ(stored(1).state, TrialState::waiting);
}

TEST_F(SchedulerResumeTest, LeavesNoTrialRunningThatItDidNotGetTo) {
  leave_two_running();
  start();
  scheduler->interrupt(Interrupt::drain);
  until_end();
  EXPECT_EQ(stored(0).state, TrialState::waiting);
  EXPECT_EQ(stored(1).state, TrialState::waiting);
}

TEST_F(SchedulerResumeTest, NeverStartsMoreThanALoweredLimit) {
  leave_two_running();
  config.limits = {.trials = 1, .parallel = 2};
  start();
  until_running({0});
  executor.complete(0, 1.0);
  EXPECT_EQ(until_end().reason, "1 trial finished");
  EXPECT_EQ(executor.started.size(), 1U);
  EXPECT_EQ(stored(1).state, TrialState::waiting);
}

}  // namespace
}  // namespace hpo
