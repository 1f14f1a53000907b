#include "engine/scheduler.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <filesystem>

#include "engine/trial_directory.h"
#include "objectives/seed.h"
#include "scheduler_rig.h"

namespace hpo {
namespace {

using SchedulerTest = SchedulerRig;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(SchedulerTest, RunsTheNumberOfTrialsThatTheFileAsksFor) {
  config.limits.trials = 3;
  start();
  until_running({0, 1});
  executor.complete(1, 0.5);
  until_running({0, 2});
  executor.complete(0, 0.25);
  executor.complete(2, 0.75);
  const StudyEnd end = until_end();
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(end.reason, "3 trials finished");
  EXPECT_EQ(store.progress.stop_reason, "3 trials finished");
  EXPECT_EQ(scheduler->study().best_trial()->number, 0);
  EXPECT_EQ(stored(2).value, 0.75);
}

TEST_F(SchedulerTest, NeverRunsMoreThanParallelAtOnce) {
  config.limits.trials = 9;
  config.limits.parallel = 2;
  start();
  for (std::int64_t number = 0; number < 8; ++number) {
    until_running({number, number + 1});
    executor.complete(number, 1.0);
  }
  executor.complete(8, 1.0);
  EXPECT_EQ(until_end().reason, "9 trials finished");
  EXPECT_EQ(executor.most_at_once, 2U);
  EXPECT_EQ(executor.started.size(), 9U);
}

TEST_F(SchedulerTest, NeverRunsMoreThanThePoolHolds) {
  config.limits = {.trials = 6, .parallel = 8};
  start();
  until_running({0, 1, 2});
  executor.complete(0, 1.0);
  until_running({1, 2, 3});
  for (const std::int64_t number : {1, 2, 3}) executor.complete(number, 1.0);
  until_running({4, 5});
  for (const std::int64_t number : {4, 5}) executor.complete(number, 1.0);
  until_end();
  EXPECT_EQ(executor.most_at_once, 3U);
}

TEST_F(SchedulerTest, StampsWhatATrialWasChosenBy) {
  config.limits = {.trials = 2, .parallel = 1};
  start();
  until_running({0});
  executor.complete(0, 1.0);
  until_running({1});
  EXPECT_EQ(stored(1).seed, mix_seed(7, 1));
  EXPECT_EQ(sampler.seeds[1], mix_seed(7, 1));
  EXPECT_EQ(stored(1).sampler, "scripted");
  EXPECT_EQ(stored(1).model, R"({"n":1})");
  EXPECT_EQ(stored(1).seen, 3);  // creation, report and end of trial 0
  EXPECT_EQ(stored(1).created_event, 4);
  EXPECT_EQ(stored(1).resource, "cpu 0");
  EXPECT_EQ(stored(1).started_at, clock.now());
  executor.complete(1, 1.0);
  until_end();
}

TEST_F(SchedulerTest, StoresBeforeItActsAndBeforeAnyoneIsTold) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  EXPECT_THAT(journal, ElementsAre("save 0 running", "started 0"));
  executor.complete(0, 1.0);
  until_end();
  EXPECT_THAT(journal, ElementsAre("save 0 running", "started 0", "report 0", "reported 0",
                                   "save 0 complete", "finished 0"));
}

TEST_F(SchedulerTest, NumbersAllEventsInTheirOrder) {
  config.limits = {.trials = 2, .parallel = 2};
  start();
  until_running({0, 1});
  executor.report(1, 0, 0.5);
  executor.report(0, 0, 0.4);
  executor.end(1);
  executor.end(0);
  until_end();
  EXPECT_EQ(stored(0).created_event, 1);
  EXPECT_EQ(stored(1).created_event, 2);
  EXPECT_EQ(store.rows[1][0].event, 3);
  EXPECT_EQ(store.rows[0][0].event, 4);
  EXPECT_EQ(stored(1).finished_event, 5);
  EXPECT_EQ(stored(0).finished_event, 6);
  EXPECT_EQ(scheduler->study().last_event, 6);
}

TEST_F(SchedulerTest, EndsWhenTheSpaceIsExhausted) {
  sampler.configurations = 3;
  start();
  until_running({0, 1});
  executor.complete(0, 1.0);
  until_running({1, 2});
  executor.complete(1, 1.0);
  io.poll();
  executor.complete(2, 1.0);
  const StudyEnd end = until_end();
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(end.reason, "search space exhausted: all 3 configurations were tried");
}

TEST_F(SchedulerTest, SaysWhatStoodWhereTheObjectiveShouldBeANumber) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  executor.end(0, {.unreadable = {{"loss", "false"}}});
  until_end();
  EXPECT_EQ(stored(0).failure, FailureClass::no_metric);
  EXPECT_THAT(stored(0).reason, HasSubstr(R"(printed "false" for "loss", which is no number)"));
  ASSERT_EQ(observer.notices.size(), 1U);
  EXPECT_THAT(observer.notices[0], HasSubstr(R"("false" for "loss")"));
}

TEST_F(SchedulerTest, CompletesNothingWithoutTheObjective) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  executor.report(0, 0, 0.5, "accuracy");
  executor.end(0);
  until_end();
  EXPECT_EQ(stored(0).state, TrialState::failed);
  EXPECT_EQ(stored(0).failure, FailureClass::no_metric);
  ASSERT_EQ(observer.notices.size(), 1U);
  EXPECT_THAT(observer.notices[0], HasSubstr(R"(never reported "loss")"));
  EXPECT_THAT(observer.notices[0], HasSubstr(R"(It reported "accuracy")"));
  EXPECT_THAT(observer.notices[0], HasSubstr("hpo validate FILE --log "));
  EXPECT_THAT(observer.notices[0], HasSubstr("hpo.runs/study/0/attempt-1.log"));
}

TEST_F(SchedulerTest, RefusesAValueThatIsNotFinite) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  executor.complete(0, std::numeric_limits<double>::quiet_NaN());
  until_end();
  EXPECT_EQ(stored(0).failure, FailureClass::nan);
  EXPECT_EQ(stored(0).value, std::nullopt);
  EXPECT_EQ(stored(0).reason, R"("loss" was nan)");
}

TEST_F(SchedulerTest, ShowsWhatEachDeviceDoes) {
  config.limits = {.trials = 1, .parallel = 1};
  start();
  until_running({0});
  ASSERT_EQ(observer.slots.size(), 3U);
  EXPECT_THAT(observer.slots[0].trials, ElementsAre(0));
  executor.complete(0, 1.0);
  until_end();
  EXPECT_TRUE(observer.slots[0].trials.empty());
}

TEST_F(SchedulerTest, KeepsOnlyTheBestModelsOfTheStudy) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      ("scheduler-" + std::to_string(getpid()) + "-" + test->name());
  config.storage = folder / "hpo.db";
  config.keep.models = 1;
  config.limits = {.trials = 2, .parallel = 1};
  start();
  for (const std::int64_t number : {0, 1}) {
    until_running({number});
    const auto model = trial_directory(study_folder(config.storage, "study"), number).model();
    std::filesystem::create_directories(model);
    executor.report(number, 0, number == 0 ? 2.0 : 1.0);
    executor.end(number, {.artifact = model.string()});
  }
  until_end();
  EXPECT_EQ(stored(0).artifact, "");
  EXPECT_FALSE(std::filesystem::exists(folder / "hpo.runs/study/0/model"));
  EXPECT_EQ(stored(1).artifact, (folder / "hpo.runs/study/1/model").string());
  EXPECT_TRUE(std::filesystem::exists(stored(1).artifact));
  std::filesystem::remove_all(folder);
}

TEST(SystemClock, SleepsUntilItIsCancelled) {
  boost::asio::io_context io;
  const auto clock = make_system_clock();
  boost::asio::cancellation_signal cancel;
  bool over = false;
  boost::asio::co_spawn(io, clock->sleep(3600),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](const std::exception_ptr&) { over = true; }));
  io.poll();
  EXPECT_FALSE(over);
  cancel.emit(boost::asio::cancellation_type::terminal);
  io.run();
  EXPECT_TRUE(over);
}

TEST_F(SchedulerTest, StopsATrialThatIsWorseThanTheMedian) {
  config.limits = {.trials = 6, .parallel = 1};
  config.strategy.early_stopping = "median";
  start();
  for (std::int64_t number = 0; number < 5; ++number) {
    until_running({number});
    for (int epoch = 1; epoch <= 4; ++epoch) executor.report(number, epoch, 1.0);
    executor.end(number);
  }
  until_running({5});
  EXPECT_EQ(executor.report(5, 1, 0.5), ReportDecision::go_on);
  EXPECT_EQ(executor.report(5, 2, 1.5), ReportDecision::stop);
  executor.end(5, {.state = TrialState::pruned});
  until_end();
  EXPECT_EQ(stored(5).state, TrialState::pruned);
  EXPECT_EQ(stored(5).value, 1.5);
  EXPECT_THAT(stored(5).reason, HasSubstr("worse than the median 1 of 5 trials"));
}

}  // namespace
}  // namespace hpo
