#include "engine/scheduling/asha_rule.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/scheduling/scheduler_rig.h"

namespace hpo {
namespace {

TEST(AshaRule, StopsWhoIsNotAmongTheBestThird) {
  AshaRule rule(Goal::minimize, 1, 3);
  EXPECT_FALSE(rule.judge(0, 1, 0.9));  // nobody to compare with
  EXPECT_FALSE(rule.judge(1, 1, 0.8));
  const auto stopped = rule.judge(2, 1, 0.85);
  ASSERT_TRUE(stopped);
  EXPECT_EQ(*stopped, "asha: 0.85 at step 1 is not among the best 1 of 3 trials");
  EXPECT_FALSE(rule.judge(3, 1, 0.7));
}

TEST(AshaRule, MaximisesToo) {
  AshaRule rule(Goal::maximize, 1, 2);
  EXPECT_FALSE(rule.judge(0, 1, 0.5));
  EXPECT_TRUE(rule.judge(1, 1, 0.4));
  EXPECT_FALSE(rule.judge(2, 1, 0.6));
}

TEST(AshaRule, LooksOnlyAtRungs) {
  AshaRule rule(Goal::minimize, 2, 2);
  EXPECT_FALSE(rule.judge(0, 2, 0.1));
  EXPECT_FALSE(rule.judge(1, 1, 9));  // before the first
  EXPECT_TRUE(rule.judge(1, 2, 9));
  EXPECT_FALSE(rule.judge(0, 3, 9));  // between two
  EXPECT_FALSE(rule.judge(0, 4, 0.1));
  EXPECT_TRUE(rule.judge(2, 4, 0.2));  // skipped the first, compared there and here
}

TEST(AshaRule, HearsATrialOnceOnARung) {
  AshaRule rule(Goal::minimize, 1, 2);
  EXPECT_FALSE(rule.judge(0, 1, 0.5));
  EXPECT_FALSE(rule.judge(0, 1, 0.9));  // its second attempt
  EXPECT_TRUE(rule.judge(1, 1, 0.6));
}

TEST(AshaRule, LeavesNanToTheEndAndEqualsAlone) {
  AshaRule rule(Goal::minimize, 1, 2);
  EXPECT_FALSE(rule.judge(0, 1, std::numeric_limits<double>::quiet_NaN()));
  for (int trial = 1; trial < 9; ++trial) EXPECT_FALSE(rule.judge(trial, 1, 0.5));
}

class SchedulerAsha : public SchedulerRig {
 protected:
  SchedulerAsha() {
    config.strategy.early_stopping = "asha";
    config.strategy.asha = {.min = 1, .eta = 2};
  }
};

TEST_F(SchedulerAsha, PrunesARunningTrialAlsoByTrialsOfAnEarlierRun) {
  config.limits.parallel = 1;
  start();
  until_running({0});
  executor.report(0, 1, 0.5);
  executor.end(0);
  until_running({1});
  scheduler->interrupt(Interrupt::stop);
  until_end();
  start();
  until_running({1});
  EXPECT_EQ(executor.report(1, 1, 0.9), ReportDecision::stop);
  executor.end(1, {.state = TrialState::pruned});
  until_running({2});
  EXPECT_EQ(stored(1).state, TrialState::pruned);
  EXPECT_NE(stored(1).reason.find("asha"), std::string::npos);
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

}  // namespace
}  // namespace hpo
