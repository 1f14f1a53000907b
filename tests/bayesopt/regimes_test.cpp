// Long studies: what is kept between suggestions never changes one.

#include <gtest/gtest.h>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

/// A study of `count` random trials that ended in another order than they began.
Study long_study(const SearchSpace& space, int count) {
  Study study = empty_study(space);
  const auto random = sampler_of("random", space);
  for (int i = 0; i < count; ++i) {
    add_trial(study, *random->suggest(study, next_seed(study)), TrialState::running);
  }
  for (std::size_t i = 0; i < study.trials.size(); ++i) {
    finish(study, i, TrialState::complete, any_value(study.trials[i]->configuration));
    Trial trial = *study.trials[i];
    trial.finished_event = static_cast<std::int64_t>(i ^ 1U) + 1;
    study.trials[i] = std::make_shared<const Trial>(trial);
  }
  return study;
}

/// Goes on with three trials at a time, asks a fresh sampler now and then, and expects the same.
void expect_equal_fresh_and_used(Study study, int suggestions, int every) {
  const auto used = sampler_of("bayesian", study.spec.space);
  auto event = static_cast<std::int64_t>(study.trials.size());
  for (int i = 0; i < suggestions; ++i) {
    auto suggestion = used->suggest(study, next_seed(study));
    ASSERT_TRUE(suggestion) << suggestion.error().message;
    if (i % every == 0) {
      const auto fresh = sampler_of("bayesian", study.spec.space);
      const auto again = fresh->suggest(study, next_seed(study));
      EXPECT_EQ(again->configuration, suggestion->configuration) << study.trials.size();
      EXPECT_EQ(again->model, suggestion->model) << study.trials.size();
    }
    add_trial(study, std::move(*suggestion), TrialState::running);
    if (i < 2) continue;
    const std::size_t oldest = study.trials.size() - 3;
    Trial trial = *study.trials[oldest];
    set_outcome(trial, TrialState::complete, any_value(trial.configuration));
    trial.finished_event = ++event;
    study.trials[oldest] = std::make_shared<const Trial>(trial);
  }
}

TEST(LongStudies, FreshAndUsedSamplersGiveTheSameBitsWhereFactorsGrow) {
  expect_equal_fresh_and_used(long_study(unit_box(2), 296), 45, 4);
  expect_equal_fresh_and_used(long_study(every_kind(), 325), 12, 3);
}

TEST(LongStudies, FreshAndUsedSamplersGiveTheSameBitsInALocalModel) {
  expect_equal_fresh_and_used(long_study(unit_box(2), 2001), 12, 3);
}

TEST(LongStudies, AnEarlierStudyGivesWhatItGaveThen) {
  Study study = long_study(unit_box(2), 310);
  const auto used = sampler_of("bayesian", study.spec.space);
  const Study then = study;
  const auto before = used->suggest(then, 5);
  run(*used, study, 30, any_value);
  const auto after = used->suggest(then, 5);
  EXPECT_EQ(before->model, after->model);
}

TEST(LongStudies, FindTheOptimumLocally) {
  Study study = long_study(unit_box(4), 2100);
  run(*sampler_of("bayesian", study.spec.space), study, 15, any_value);
  EXPECT_LT(best_value(study), 1e-3);
}

}  // namespace
}  // namespace hpo
