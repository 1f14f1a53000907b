// What the user gives comes before what the sampler suggests.

#include "engine/scheduling/user_points.h"

#include <gmock/gmock.h>

#include "scheduler_rig.h"

namespace hpo {
namespace {

using testing::ElementsAre;

Configuration x_of(std::int64_t x) { return {{"x", x}}; }

class UserPointsTest : public SchedulerRig {
 protected:
  UserPointsTest() { config.limits = {.trials = 4, .parallel = 1}; }
  /// Completes trial `number` when it runs.
  void complete(std::int64_t number) {
    until_running({number});
    executor.complete(number, 1.0);
  }
  /// By trial: who suggested it.
  [[nodiscard]] std::vector<std::string> samplers() const {
    std::vector<std::string> names;
    for (const auto& [number, trial] : store.trials) names.push_back(trial.sampler);
    return names;
  }
};

TEST_F(UserPointsTest, TriesTheFilesFirstThenTheQueuesThenTheSamplers) {
  config.strategy.initial = {x_of(1000), x_of(1001)};
  ASSERT_TRUE(store.enqueue(x_of(1002)));
  start();
  for (std::int64_t number = 0; number < 4; ++number) complete(number);
  until_end();
  EXPECT_THAT(samplers(), ElementsAre("user", "user", "user", "scripted"));
  EXPECT_EQ(stored(0).configuration, x_of(1000));
  EXPECT_EQ(stored(0).model, R"({"mode":"initial"})");
  EXPECT_EQ(stored(2).configuration, x_of(1002));
  EXPECT_EQ(stored(2).model, R"({"mode":"enqueued"})");
  EXPECT_TRUE(store.queue.empty());
}

TEST_F(UserPointsTest, TakesWhatIsQueuedWhileTheStudyRuns) {
  start();
  until_running({0});
  ASSERT_TRUE(store.enqueue(x_of(1000)));
  complete(0);
  complete(1);
  EXPECT_EQ(stored(1).configuration, x_of(1000));
  complete(2);
  complete(3);
  until_end();
  EXPECT_THAT(samplers(), ElementsAre("scripted", "user", "scripted", "scripted"));
}

TEST_F(UserPointsTest, TriesEachOfTheFileOnceAlsoOverAResume) {
  config.strategy.initial = {x_of(1000), x_of(1001), x_of(1000)};
  start();
  complete(0);
  until_running({1});
  scheduler->interrupt(Interrupt::stop);
  until_end();
  start();
  for (std::int64_t number = 1; number < 4; ++number) complete(number);
  until_end();
  EXPECT_THAT(samplers(), ElementsAre("user", "user", "user", "scripted"));
  EXPECT_EQ(stored(2).configuration, x_of(1000));
}

TEST_F(UserPointsTest, KeepsTheQueueWhenTheTrialCannotBeStored) {
  ASSERT_TRUE(store.enqueue(x_of(1000)));
  store.fails = [](const std::string& entry) { return entry == "save 0 running"; };
  start();
  EXPECT_EQ(until_end().reason, "error: disk full");
  EXPECT_EQ(store.queue.size(), 1U);
  store.fails = {};
  start();
  complete(0);
  EXPECT_EQ(stored(0).configuration, x_of(1000));
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(UserPointsTest, ComesAlsoWhereTheSpaceIsExhausted) {
  sampler.configurations = 1;
  start();
  until_running({0});
  ASSERT_TRUE(store.enqueue(x_of(1000)));
  complete(0);
  complete(1);
  EXPECT_EQ(until_end().reason, "search space exhausted: all 2 configurations were tried");
}

}  // namespace
}  // namespace hpo
