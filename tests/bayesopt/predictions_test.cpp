// Whether results lie as far from their predictions as was predicted.

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/explanation.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

double bowl(const Configuration& c) { return any_value(c); }

double valley(const Configuration& c) {  // Rosenbrock on [-1.5, 1.5]²
  const double x = 3 * x_of(c, "x0") - 1.5;
  const double y = 3 * x_of(c, "x1") - 1.5;
  return 100 * std::pow(y - x * x, 2) + std::pow(1 - x, 2);
}

double waves(const Configuration& c) {
  double sum = 0;
  for (const auto& [name, value] : c) {
    const double x = 4 * std::get<double>(value) - 2.3;
    sum += x * x - 2 * std::cos(4 * x);
  }
  return sum;
}

double rough(const Configuration& c) {  // a kink and a step
  return std::abs(x_of(c, "x0") - 0.37) + (x_of(c, "x1") > 0.6 ? 0.4 : 0) + 0.3 * x_of(c, "x1");
}

struct Shares {
  double within_two = 0;
  double beyond_four = 0;
};

/// Of the results of trials 12 to 39, over some seeds.
Shares shares_of(const Evaluate& f, int d) {
  Shares shares;
  int n = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Study study = empty_study(unit_box(d), seed);
    run(*sampler_of("bayesian", study.spec.space), study, 40, f);
    for (int k = 12; k < 40; ++k) {
      const auto z = explain(study, k, nullptr).z;
      if (!z) continue;
      ++n;
      shares.within_two += std::abs(*z) <= 2 ? 1 : 0;
      shares.beyond_four += std::abs(*z) > 4 ? 1 : 0;
    }
  }
  EXPECT_GT(n, 300);
  return {.within_two = shares.within_two / n, .beyond_four = shares.beyond_four / n};
}

TEST(Predictions, OfSmoothFunctionsMissByFewDeviations) {
  for (const auto& f : {bowl, valley, rough}) {
    const Shares shares = shares_of(f, 2);
    EXPECT_GT(shares.within_two, 0.9);     // 1, .95, .99
    EXPECT_LT(shares.beyond_four, 0.025);  // 0, .012, 0
  }
}

/// More optima than results can show: the model takes them for a bowl at first.
TEST(Predictions, OfManyOptimaMissMoreOften) {
  const Shares shares = shares_of(waves, 4);
  EXPECT_GT(shares.within_two, 0.7);    // .81
  EXPECT_LT(shares.beyond_four, 0.08);  // .042
}

TEST(Predictions, AreOfValuesThatTheModelTellsApart) {
  Study study = empty_study(unit_box(1));
  run(*sampler_of("bayesian", study.spec.space), study, 8, bowl);
  const auto last = std::make_shared<Trial>(*study.trials[7]);
  last->value = 1e6;
  study.trials[7] = last;
  const Explanation why = explain(study, 7, nullptr);
  ASSERT_TRUE(why.taken_as);
  EXPECT_LT(*why.taken_as, 1);
  EXPECT_LT(std::abs(*why.z), 100);
}

}  // namespace
}  // namespace hpo
