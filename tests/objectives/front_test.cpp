#include "objectives/front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::int64_t> numbers_of(const std::vector<std::shared_ptr<const Trial>>& trials) {
  std::vector<std::int64_t> numbers;
  for (const auto& trial : trials) numbers.push_back(trial->number);
  return numbers;
}

/// Accuracy is maximised, cost minimised; `size` is at most 10.
Study study_of(const std::vector<std::array<double, 3>>& values) {
  Study study;
  study.spec.objectives = {{.metric = "accuracy", .goal = Goal::maximize}, {.metric = "cost"}};
  study.spec.constraints = {{.metric = "size", .max = 10}};
  for (const auto& [accuracy, cost, size] : values) {
    study.trials.push_back(std::make_shared<const Trial>(
        Trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .state = TrialState::complete,
              .metrics = {{"accuracy", accuracy}, {"cost", cost}, {"size", size}},
              .value = accuracy}));
  }
  return study;
}

TEST(Front, HoldsWhatNothingBeatsThatKeepsTheConstraints) {
  const Study study = study_of({{0.5, 1, 0},      // cheap
                                {0.9, 9, 0},      // good
                                {0.8, 3, 0},      // between: the knee
                                {0.7, 3, 0},      // beaten by 2
                                {0.8, 3, 0},      // the same as 2, later
                                {0.99, 0, 11}});  // too large
  EXPECT_THAT(numbers_of(study.front()), ElementsAre(1, 2, 0));
  EXPECT_EQ(study.best_trial()->number, 2);
  EXPECT_THAT(numbers_of(best_first(study)), ElementsAre(2, 4, 0, 1, 3, 5));
  const auto gain = gain_of(study);
  ASSERT_TRUE(gain);
  EXPECT_THAT(gain->reference, ElementsAre(0.5, 9));
  EXPECT_NEAR(gain->hypervolume, 0.3 * 6, 1e-12);
}

TEST(Front, SaysOfEachTrialWhetherItCameToIt) {
  const Study study = study_of({{0.5, 5, 0}, {0.6, 6, 0}, {0.4, 6, 0}, {0.7, 4, 0}, {0.7, 4, 0}});
  Front front(study.spec);
  std::vector<bool> came;
  for (const auto& trial : study.trials) came.push_back(front.add(trial));
  EXPECT_THAT(came, ElementsAre(true, true, false, true, false));
  EXPECT_THAT(numbers_of(front.trials()), ElementsAre(3));
}

TEST(Front, FoldedIsTheSameAsSorted) {
  std::mt19937 engine(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::array<double, 3>> values;
    std::vector<ParetoPoint> points;
    for (int i = 0; i < 40; ++i) {
      const auto accuracy = static_cast<double>(engine() % 12);
      const auto cost = static_cast<double>(engine() % 12);
      values.push_back({accuracy, cost, 0});
      points.push_back({-accuracy, cost});
    }
    std::vector<std::int64_t> expected;
    for (const auto i : nondominated(points)) expected.push_back(static_cast<std::int64_t>(i));
    EXPECT_EQ(numbers_of(study_of(values).front()), expected);
  }
}

TEST(Front, OfNoTrialThatMayBeTheBestIsEmpty) {
  Study study = study_of({{0.5, 1, 20}, {0.5, 1, 20}});
  Trial without = *study.trials[1];
  without.metrics.erase("cost");
  study.trials[1] = std::make_shared<const Trial>(without);
  EXPECT_THAT(study.front(), IsEmpty());
  EXPECT_EQ(study.best_trial(), nullptr);
  EXPECT_FALSE(gain_of(study));
}

TEST(Constraint, HoldsBetweenItsBounds) {
  const ConstraintSpec between{.metric = "m", .min = 1, .max = 2};
  for (const double good : {1.0, 1.5, 2.0}) {
    EXPECT_TRUE(between.holds(good));
    EXPECT_EQ(between.excess(good), 0);
  }
  EXPECT_FALSE(between.holds(0.5));
  EXPECT_EQ(between.excess(0.5), 0.5);
  EXPECT_FALSE(between.holds(std::nan("")));
  EXPECT_EQ(between.excess(5), 3);
}

TEST(Study, OfOneObjectiveTakesTheBestThatKeepsTheConstraints) {
  Study study = study_of({{0.5, 1, 0}, {0.9, 9, 12}, {0.8, 3, 10}, {0.95, 3, 11}});
  study.spec.objectives.pop_back();
  EXPECT_EQ(study.best_trial()->number, 2);
  EXPECT_THAT(numbers_of(best_first(study)), ElementsAre(2, 0, 3, 1));
}

TEST(Study, CanBeSeenWithOneOfItsObjectives) {
  const Study study = study_of({{0.5, 1, 20}, {0.9, 9, 0}});
  const Study cost = with_objective(study, 1);
  EXPECT_TRUE(cost.spec.is_plain());
  EXPECT_EQ(cost.best_trial()->number, 0);
  EXPECT_EQ(cost.best_trial()->value, 1);
  EXPECT_EQ(with_objective(study, 0).best_trial()->number, 1);
}

}  // namespace
}  // namespace hpo
