#include "bayesopt/explanation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(Explanation, OfASuggestionHoldsWhatTheModelExpected) {
  Study study = empty_study(unit_box(2), 9, Goal::maximize);
  run(*sampler_of("bayesian", study.spec.space), study, 20,
      [](const Configuration& c) { return 5 - any_value(c); });
  const auto model = StudyModel::of(study);
  const Explanation why = explain(study, 15, &*model);
  ASSERT_TRUE(why.expected);
  EXPECT_EQ(why.finished, 15);
  EXPECT_EQ(why.pending, 0);
  const Expectation& expected = *why.expected;
  EXPECT_NEAR(expected.prediction.mean, *study.trials[15]->value,
              4 * std::hypot(expected.prediction.stddev, expected.noise_stddev));
  EXPECT_GT(expected.incumbent, 4.5);
  EXPECT_LE(expected.incumbent, 5.1);
  EXPECT_GT(expected.probability_of_improvement, 0);
  EXPECT_GT(*expected.expected_improvement, 0);
  ASSERT_EQ(why.lengthscales.size(), 2U);
  EXPECT_LE(why.lengthscales[0].second, why.lengthscales[1].second);
  ASSERT_TRUE(why.best_then);
  EXPECT_LT(why.best_then->number, 15);
  ASSERT_EQ(why.nearest.size(), 5U);
  for (const auto& near : why.nearest) EXPECT_LT(near.number, 15);
  EXPECT_GE(why.nearest[0].similarity, why.nearest[4].similarity);
  EXPECT_LT(std::abs(*why.z), 4);
  ASSERT_TRUE(why.left_out);
  EXPECT_NEAR(why.left_out->mean, *study.trials[15]->value, 5 * why.left_out->stddev);
}

TEST(Explanation, OfADesignPointSaysSo) {
  Study study = empty_study(unit_box(2));
  run(*sampler_of("bayesian", study.spec.space), study, 6, any_value);
  const Explanation why = explain(study, 0, nullptr);
  EXPECT_EQ(why.mode, "design");
  EXPECT_FALSE(why.expected);
  EXPECT_FALSE(why.z);
  EXPECT_FALSE(why.best_then);
  EXPECT_TRUE(why.nearest.empty());
}

TEST(Explanation, OfAnotherSamplersTrialComesFromTodaysModel) {
  Study study = empty_study(every_kind());
  run(*sampler_of("random", study.spec.space), study, 40, any_value);
  const auto model = StudyModel::of(study);
  const Explanation why = explain(study, 39, &*model);
  EXPECT_EQ(why.mode, "random");
  EXPECT_FALSE(why.expected);
  EXPECT_TRUE(why.lengthscales.empty());
  EXPECT_FALSE(why.nearest.empty());
  EXPECT_TRUE(why.left_out);
  EXPECT_TRUE(why.left_out_z);
}

TEST(Explanation, SurvivesTextThatItDoesNotKnow) {
  Study study = empty_study(unit_box(1));
  for (const auto* model : {"", "nonsense", "[1]", R"({"mode":3,"prediction":{"mean":"x"}})",
                            R"({"prediction":{"mean":1,"stddev":0},"fit":4})"}) {
    add_trial(study, {.configuration = {{"x0", 0.5}}, .model = model}, TrialState::complete, 1.0);
    const Explanation why =
        explain(study, static_cast<std::int64_t>(study.trials.size()) - 1, nullptr);
    EXPECT_TRUE(why.mode.empty()) << model;
  }
}

TEST(Explanation, ExploresWhereLittleIsKnown) {
  Study study = empty_study(unit_box(1));
  const auto add = [&](double mean, double stddev) {
    nlohmann::json model = {{"prediction", {{"mean", mean}, {"stddev", stddev}}},
                            {"incumbent", 1.0},
                            {"transform", {{"scale", 2.0}}},
                            {"fit", {{"signal_variance", 1.0}, {"noise_variance", 0.0}}}};
    add_trial(study, {.configuration = {{"x0", 0.5}}, .model = model.dump()}, TrialState::running);
    return explain(study, static_cast<std::int64_t>(study.trials.size()) - 1, nullptr)
        .expected->explores;
  };
  EXPECT_TRUE(add(2.0, 1.0));
  EXPECT_FALSE(add(0.5, 1.0));
  EXPECT_FALSE(add(1.1, 0.1));
}

}  // namespace
}  // namespace hpo
