#include "trainers/training_progress.h"

#include <gtest/gtest.h>

namespace hpo {
namespace {

TrainingHistory history_of(const std::vector<double>& losses) {
  TrainingHistory history;
  for (const double loss : losses) {
    history.push_back({{"train:loss", 9.0}, {"validation:loss", loss}});
  }
  return history;
}

TEST(TrainingProgress, FollowsThePhasesEpochs) {
  const TrainingSchedule schedule{.phases = {{2, 0.1}, {0, 0.5}, {3, 0.01}}};
  EXPECT_EQ(progress_of(schedule, {}).phase, 0U);
  EXPECT_EQ(progress_of(schedule, history_of({1, 1})).phase, 2U);
  EXPECT_EQ(progress_of(schedule, history_of({1, 1})).begin, 2);
  EXPECT_EQ(progress_of(schedule, history_of({1, 1, 1, 1})).phase, 2U);
  EXPECT_EQ(progress_of(schedule, history_of({1, 1, 1, 1, 1})).phase, 3U);
  EXPECT_EQ(rate_of(schedule, history_of({1})), 0.1);
  EXPECT_EQ(rate_of(schedule, history_of({1, 1, 1})), 0.01);
}

TEST(TrainingProgress, EndsAPhaseOnAPlateau) {
  const TrainingSchedule schedule{.phases = {{10, 0.1}, {3, 0.01}}, .early_stop = 2};
  EXPECT_EQ(progress_of(schedule, history_of({3, 2, 2.5})).phase, 0U);
  // Two epochs without a gain end the first; the second has all its epochs and a best of its own.
  const auto second = progress_of(schedule, history_of({3, 2, 2.5, 2.00001, 8}));
  EXPECT_EQ(second.phase, 1U);
  EXPECT_EQ(second.begin, 4);
  EXPECT_EQ(progress_of(schedule, history_of({3, 2, 2.5, 2.00001, 8, 7, 6})).phase, 2U);
  EXPECT_EQ(progress_of(schedule, history_of({3, 2, 2.5, 2, 8, 9, 9})).phase, 2U);
}

TEST(TrainingProgress, HalvesTheRateOnAPlateau) {
  const TrainingSchedule schedule{.phases = {{20, 0.8}}, .rule = "plateau", .lr_patience = 2};
  EXPECT_EQ(rate_of(schedule, {}), 0.8);
  EXPECT_EQ(rate_of(schedule, history_of({3, 4})), 0.8);
  EXPECT_EQ(rate_of(schedule, history_of({3, 4, 4})), 0.4);
  EXPECT_EQ(rate_of(schedule, history_of({3, 4, 4, 4})), 0.4);
  EXPECT_EQ(rate_of(schedule, history_of({3, 4, 4, 4, 4})), 0.2);
  EXPECT_EQ(rate_of(schedule, history_of({3, 4, 4, 1, 4})), 0.4);
}

TEST(TrainingProgress, FallsAlongACosine) {
  const TrainingSchedule schedule{.phases = {{1, 9}, {4, 0.8}}, .rule = "cosine"};
  EXPECT_DOUBLE_EQ(rate_of(schedule, history_of({1})), 0.8);
  EXPECT_DOUBLE_EQ(rate_of(schedule, history_of({1, 1, 1})), 0.4);
  EXPECT_GT(rate_of(schedule, history_of({1, 1, 1, 1})), 0);
}

TEST(TrainingProgress, WatchesTheTrainingLossWithoutValidation) {
  const TrainingSchedule schedule{.phases = {{10, 0.1}}, .early_stop = 1};
  EXPECT_EQ(progress_of(schedule, {{{"train:loss", 2.0}}, {{"train:loss", 3.0}}}).phase, 1U);
}

}  // namespace
}  // namespace hpo
