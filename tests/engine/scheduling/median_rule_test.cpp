#include "engine/scheduling/median_rule.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace hpo {
namespace {

Curve curve_of(const std::vector<double>& values) {
  Curve curve;
  for (std::size_t i = 0; i < values.size(); ++i) {
    curve.add(static_cast<std::int64_t>(i) + 1, values[i]);
  }
  return curve;
}

MedianRule rule_of(Goal goal, const std::vector<std::vector<double>>& curves) {
  MedianRule rule(goal);
  for (const auto& values : curves) rule.add(curve_of(values));
  return rule;
}

// Averages up to step 2: 1.5, 2, 3, 4, 5; the median is 3.
const std::vector<std::vector<double>> kFive = {
    {1, 2, 9}, {2, 2, 9}, {4, 2, 9}, {4, 4, 9}, {5, 5, 9}};

TEST(MedianRule, ComparesTheCurrentValueWithTheMedianOfRunningAverages) {
  const MedianRule minimize = rule_of(Goal::minimize, kFive);
  EXPECT_EQ(minimize.judge(2, 3.0), std::nullopt);
  EXPECT_EQ(minimize.judge(2, 3.1),
            "median rule: 3.1 at step 2 is worse than the median 3 of 5 trials");
  const MedianRule maximize = rule_of(Goal::maximize, kFive);
  EXPECT_EQ(maximize.judge(2, 3.0), std::nullopt);
  EXPECT_TRUE(maximize.judge(2, 2.9));
}

TEST(MedianRule, TakesTheMiddleOfTwo) {
  auto curves = kFive;
  curves.push_back({2, 2.4, 9});
  EXPECT_EQ(rule_of(Goal::minimize, curves).judge(2, 2.6), std::nullopt);  // (2.2 + 3) / 2
  EXPECT_TRUE(rule_of(Goal::minimize, curves).judge(2, 2.61));
}

TEST(MedianRule, WaitsForEnoughCompleteTrials) {
  auto curves = kFive;
  curves.pop_back();
  EXPECT_EQ(rule_of(Goal::minimize, curves).judge(2, 100), std::nullopt);
}

TEST(MedianRule, WaitsForEnoughTrialsThatReachedTheStep) {
  const MedianRule rule =
      rule_of(Goal::minimize, {{1}, {1}, {1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1, 1}});
  EXPECT_TRUE(rule.judge(2, 100));
  EXPECT_FALSE(rule_of(Goal::minimize, {{1}, {1}, {1}, {1, 1, 1}, {1, 1, 1, 1}}).judge(2, 100));
}

TEST(MedianRule, LeavesAStartAndAnEndAlone) {
  const MedianRule rule(rule_of(Goal::minimize, std::vector(5, std::vector<double>(20, 1.0))));
  EXPECT_FALSE(rule.judge(1, 100));
  EXPECT_TRUE(rule.judge(2, 100));
  EXPECT_TRUE(rule.judge(19, 100));
  EXPECT_FALSE(rule.judge(20, 100));
}

TEST(MedianRule, LeavesTrialsWithOneReportAlone) {
  const MedianRule rule(rule_of(Goal::minimize, std::vector(9, std::vector<double>{1.0})));
  EXPECT_FALSE(rule.judge(1, 100));
}

TEST(MedianRule, DoesNotJudgeWhatIsNotFinite) {
  const MedianRule rule = rule_of(Goal::minimize, kFive);
  EXPECT_FALSE(rule.judge(2, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(rule.judge(2, std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace hpo
