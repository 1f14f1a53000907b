#include "objectives/study.h"

#include <gtest/gtest.h>

#include "objectives/seed.h"

namespace hpo {
namespace {

std::shared_ptr<const Trial> trial(std::int64_t number, TrialState state,
                                   std::optional<double> value, std::int64_t created,
                                   std::int64_t finished) {
  return std::make_shared<Trial>(Trial{.number = number,
                                       .state = state,
                                       .value = value,
                                       .created_event = created,
                                       .finished_event = finished});
}

Study three_trials(Goal goal) {
  return {.spec = {.objectives = {{.metric = "m", .goal = goal}}},
          .trials = {trial(0, TrialState::complete, 2.0, 1, 4),
                     trial(1, TrialState::complete, 1.0, 2, 5),
                     trial(2, TrialState::failed, std::nullopt, 3, 6)},
          .last_event = 6};
}

TEST(Study, FindsTheBestTrialUnderItsGoal) {
  EXPECT_EQ(three_trials(Goal::minimize).best_trial()->number, 1);
  EXPECT_EQ(three_trials(Goal::maximize).best_trial()->number, 0);
  EXPECT_EQ(Study{}.best_trial(), nullptr);
}

TEST(Study, CountsWhatTheLimitCounts) {
  EXPECT_EQ(three_trials(Goal::minimize).finished(), 3);
  EXPECT_EQ(three_trials(Goal::minimize).count(TrialState::failed), 1);
}

TEST(Study, GoesBackToAnEarlierEvent) {
  const Study study = three_trials(Goal::minimize);
  const Study past = study_at(study, 4);
  ASSERT_EQ(past.trials.size(), 3U);
  EXPECT_EQ(past.trials[0]->value, 2.0);
  EXPECT_EQ(past.trials[1]->state, TrialState::running);
  EXPECT_EQ(past.trials[1]->value, std::nullopt);
  EXPECT_EQ(past.trials[2]->state, TrialState::running);
  EXPECT_EQ(study_at(study, 1).trials.size(), 1U);
}

TEST(Study, LooksTheSameFromEveryLaterTime) {
  Study study = three_trials(Goal::minimize);
  const auto with = [&](TrialState state, auto change) {
    Trial changed = *study.trials[1];
    changed.state = state;
    change(changed);
    Study result = study;
    result.trials[1] = std::make_shared<Trial>(changed);
    return study_at(result, 4);
  };
  const Study running = with(TrialState::running, [](Trial& t) { t.attempt = 2; });
  const Study waiting = with(TrialState::waiting, [](Trial& t) { t.reason = "lost"; });
  const Study later = with(TrialState::complete, [](Trial& t) { t.resource = "gpu 1"; });
  for (const auto& other : {waiting, later}) {
    ASSERT_EQ(other.trials.size(), running.trials.size());
    for (std::size_t i = 0; i < other.trials.size(); ++i) {
      EXPECT_EQ(*other.trials[i], *running.trials[i]) << i;
    }
  }
}

TEST(Study, ShowsNoSamplerAModelThatMayBeRemoved) {
  Study study = three_trials(Goal::minimize);
  Trial with_model = *study.trials[0];
  with_model.artifact = "0/model";
  study.trials[0] = std::make_shared<Trial>(with_model);
  EXPECT_EQ(study_at(study, 6).trials[0]->artifact, "");
  EXPECT_EQ(study_at(study, 6).trials[0]->value, 2.0);
}

TEST(Seed, StreamsDiffer) {
  EXPECT_EQ(mix_seed(42, 7), mix_seed(42, 7));
  EXPECT_NE(mix_seed(42, 7), mix_seed(42, 8));
  EXPECT_NE(mix_seed(42, 7), mix_seed(43, 7));
}

}  // namespace
}  // namespace hpo
