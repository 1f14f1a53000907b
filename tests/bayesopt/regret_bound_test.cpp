#include "bayesopt/regret_bound.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

/// Least at (0.3, 0.3), 0 there.
double bowl(const Configuration& configuration) {
  double sum = 0;
  for (const auto& [name, value] : configuration) {
    const double x = std::get<double>(value) - 0.3;
    sum += x * x + 0.05 * (1 - std::cos(20 * x));
  }
  return sum;
}

Study searched(int count, std::uint64_t seed, double factor = 1) {
  Study study = empty_study(unit_box(2), seed, factor < 0 ? Goal::maximize : Goal::minimize);
  run(*sampler_of("bayesian", study.spec.space), study, count,
      [&](const Configuration& c) { return factor * bowl(c); });
  return study;
}

RegretBound bound_of(const Study& study) {
  const auto model = StudyModel::of(study);
  if (!model) {
    ADD_FAILURE() << model.error().message;
    return {};
  }
  const auto bound = regret_bound(*model);
  EXPECT_TRUE(bound) << (bound ? "" : bound.error().message);
  return bound ? *bound : RegretBound{};
}

TEST(RegretBound, HoldsTheOptimumAndShrinks) {
  int held = 0;
  double early = 0;
  double late = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Study study = searched(40, seed);
    Study first = study;
    first.trials.resize(15);
    const RegretBound a = bound_of(first);
    const RegretBound b = bound_of(study);
    if (*first.best_trial()->value <= a.bound) ++held;
    if (*study.best_trial()->value <= b.bound) ++held;
    early += a.bound;
    late += b.bound;
    EXPECT_GE(a.expected, 0);
    EXPECT_LE(b.expected, b.bound * 1.001);
  }
  EXPECT_GE(held, 70);  // of 80, with probability 0.9 each; groups of 16 have 11 to 16
  EXPECT_LT(late, early / 2);
}

TEST(RegretBound, IsInTheUsersUnits) {
  const RegretBound one = bound_of(searched(20, 3));
  const RegretBound thousand = bound_of(searched(20, 3, -1000));
  EXPECT_NEAR(thousand.bound / one.bound, 1000, 1);
  EXPECT_NEAR(thousand.next_gain / one.next_gain, 1000, 1);
  EXPECT_NEAR(thousand.first_spread / one.first_spread, 1000, 1);
}

TEST(RegretBound, IsSmallOnceEverythingWasTried) {
  SearchSpace space{.parameters = {{.name = "x", .domain = IntParameter{.min = 0, .max = 24}}}};
  Study study = empty_study(space);
  run(*sampler_of("random", space), study, 25, [](const Configuration& c) {
    const auto x = static_cast<double>(std::get<std::int64_t>(c.at("x")));
    return 10 + 0.01 * (x - 7) * (x - 7);
  });
  const RegretBound bound = bound_of(study);
  EXPECT_LT(bound.bound, 0.05);
}

TEST(RegretBound, IsNotGivenWithoutEvidence) {
  const auto model = StudyModel::of(searched(7, 1));
  ASSERT_TRUE(model);
  const auto bound = regret_bound(*model);
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().message, "there are too few results to tell");
}

TEST(RegretBound, IsTheSameAgain) {
  const Study study = searched(25, 2);
  EXPECT_EQ(bound_of(study).bound, bound_of(study).bound);
  EXPECT_EQ(bound_of(study).next_gain, bound_of(study).next_gain);
}

TEST(RegretBound, OfAConditionalSpaceIsGivenToo) {
  Study study = empty_study(every_kind());
  run(*sampler_of("bayesian", study.spec.space), study, 30, any_value);
  EXPECT_GE(bound_of(study).bound, 0);
}

}  // namespace
}  // namespace hpo
