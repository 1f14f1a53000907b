// Samplers with two objectives and with constraints.

#include <gtest/gtest.h>

#include <algorithm>

#include "bayesopt/merit.h"
#include "bayesopt/output_transform.h"
#include "bayesopt/study_model.h"
#include "tests/bayesopt/demanding_studies.h"

namespace hpo {
namespace {

using namespace testing_support;

constexpr ParetoPoint kCorner = {1, 10};

double zdt1_area(const char* sampler, std::uint64_t seed, std::size_t trials,
                 std::size_t pending = 0) {
  Study study = two_objectives(unit_box(4), seed);
  run_all(*sampler_of(sampler, study.spec.space), study, trials, zdt1, pending);
  return area_of(study, kCorner);
}

double best_within_disc(const char* sampler, std::uint64_t seed, std::size_t trials) {
  Study study = disc(seed);
  run_all(*sampler_of(sampler, study.spec.space), study, trials, distances);
  const auto best = study.best_trial();
  return best ? *best->value : 10;
}

// The whole area is 10 - 1/3 = 9.67.
TEST(TwoObjectives, BayesianGainsMoreThanRandomFromEverySeed) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const double bayesian = zdt1_area("bayesian", seed, 40);
    EXPECT_GT(bayesian, 9.2) << seed;
    EXPECT_GT(bayesian, zdt1_area("random", seed, 40) + 1) << seed;
  }
}

TEST(TwoObjectives, BayesianGainsAlsoWithPendingTrials) {
  EXPECT_GT(zdt1_area("bayesian", 1, 40, 4), 8.8);
}

TEST(TwoObjectives, TpeGainsMoreThanRandomOnAverage) {
  double tpe = 0;
  double random = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    tpe += zdt1_area("tpe", seed, 60) / 6;
    random += zdt1_area("random", seed, 60) / 6;
  }
  EXPECT_GT(tpe, random + 0.4);
}

TEST(Constraints, BayesianComesNearerToAnOptimumOnTheEdge) {
  const double optimum = 0.9 * std::sqrt(2) - 0.8;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const double bayesian = best_within_disc("bayesian", seed, 30);
    EXPECT_LT(bayesian, optimum + 0.01) << seed;
    EXPECT_LT(bayesian, best_within_disc("random", seed, 30)) << seed;
  }
}

TEST(Constraints, TpeComesNearerThanRandomOnAverage) {
  double tpe = 0;
  double random = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    tpe += best_within_disc("tpe", seed, 40) / 6;
    random += best_within_disc("random", seed, 40) / 6;
  }
  EXPECT_LT(tpe, random);
}

// One in 400 random points keeps the constraint.
TEST(Constraints, WhatKeepsThemIsFoundFirst) {
  Study study = empty_study(unit_box(2), 3);
  study.spec.constraints = {{.metric = "off", .max = 0.028}};
  const auto off = [](const Configuration& c) {
    return Metrics{{"value", at(c, "x0")},
                   {"off", std::hypot(at(c, "x0") - 0.7, at(c, "x1") - 0.2)}};
  };
  run_all(*sampler_of("bayesian", study.spec.space), study, 25, off);
  ASSERT_TRUE(study.best_trial());
  EXPECT_NE(study.trials[8]->model.find("feasibility"), std::string::npos);
}

TEST(Constraints, BoundsOnBothSidesAndTwoObjectivesGoTogether) {
  Study study = two_objectives(unit_box(3), 5);
  study.spec.constraints = {{.metric = "cost", .min = 0.3, .max = 0.6}};
  run_all(*sampler_of("bayesian", study.spec.space), study, 30, zdt1, 2);
  const auto front = study.front();
  ASSERT_GE(front.size(), 3U);
  for (const auto& trial : front) {
    EXPECT_GE(*trial->value, 0.3);
    EXPECT_LE(*trial->value, 0.6);
  }
  // The best there is: from 1 - √0.3 to 1 - √0.6.
  EXPECT_LT(front.back()->metrics.at("error"), 1.1);
}

TEST(Constraints, AMetricThatNeverChangesIsNoObstacle) {
  for (const double bound : {2.0, 0.5}) {
    Study study = disc(1);
    study.spec.constraints = {{.metric = "constant", .max = bound}};
    run_all(*sampler_of("bayesian", study.spec.space), study, 10, [](const Configuration& c) {
      auto metrics = distances(c);
      metrics["constant"] = 1;
      return metrics;
    });
    EXPECT_EQ(study.best_trial() != nullptr, bound > 1);
  }
}

TEST(Outputs, SuggestionsComeOutAgainFromTheStudyAlone) {
  Study study = two_objectives(every_kind(), 4);
  study.spec.constraints = {{.metric = "size", .max = 1.5}};
  const auto evaluate = [](const Configuration& c) {
    return Metrics{{"cost", any_value(c)},
                   {"error", std::sin(3 * any_value(c))},
                   {"size", 1 + std::cos(5 * any_value(c))}};
  };
  const auto sampler = sampler_of("bayesian", study.spec.space);
  run_all(*sampler, study, 30, evaluate, 3);
  const auto next = sampler->suggest(study, next_seed(study));
  const auto again = sampler_of("bayesian", study.spec.space)->suggest(study, next_seed(study));
  ASSERT_TRUE(next && again);
  EXPECT_EQ(next->configuration, again->configuration);
  EXPECT_EQ(next->model, again->model);
  EXPECT_NE(next->model.find("\"outputs\":[{"), std::string::npos);
}

TEST(Outputs, AnyStrategyThatTakesNoOptionsSearches) {
  for (const auto name : {"random", "sobol", "tpe", "bayesian", "auto"}) {
    Study study = two_objectives(every_kind(), 4);
    study.spec.constraints = {{.metric = "size", .min = 0.2}};
    const auto evaluate = [](const Configuration& c) {
      return Metrics{
          {"cost", any_value(c)}, {"error", -any_value(c)}, {"size", std::sin(9 * any_value(c))}};
    };
    run_all(*sampler_of(name, study.spec.space), study, 14, evaluate, 1);
    EXPECT_EQ(study.count(TrialState::complete), 14) << name;
  }
}

TEST(Outputs, AModelOfEachObjectiveCanBeLookedAt) {
  Study study = two_objectives(unit_box(2), 2);
  run_all(*sampler_of("bayesian", study.spec.space), study, 20, zdt1);
  const auto cost = StudyModel::of(study, 0);
  const auto error = StudyModel::of(study, 1);
  ASSERT_TRUE(cost && error);
  const Configuration& known = study.trials[3]->configuration;
  EXPECT_NEAR((*cost->predict({known}))[0].mean, zdt1(known)["cost"], 0.05);
  EXPECT_NEAR((*error->predict({known}))[0].mean, zdt1(known)["error"], 0.5);
}

TEST(Outputs, ACompleteTrialThatLacksOneHasFailedForTheModels) {
  Study study = two_objectives(unit_box(2), 2);
  run_all(*sampler_of("random", study.spec.space), study, 3, zdt1);
  Trial trial = *study.trials[1];
  trial.metrics.erase("error");
  study.trials[1] = std::make_shared<const Trial>(trial);
  const auto roles = targets(study);
  EXPECT_EQ(roles[1].role, Role::failed);
  EXPECT_EQ(roles[2].role, Role::observed);
}

TEST(Merit, PutsFrontsBeforeEachOtherAndBrokenConstraintsLast) {
  StudySpec spec{.objectives = {{.metric = "a"}, {.metric = "b"}},
                 .constraints = {{.metric = "c", .max = 1}}};
  // 0, 1, 2 are a front, 1 adds most; 3 lies behind it, 4 and 5 break the constraint.
  const std::vector<double> a = {0, 1, 3, 3.5, -1, -1};
  const std::vector<double> b = {2.5, 1, 0, 3.5, -1, -1};
  const std::vector<double> c = {0, 0, 0, 0, 5, 2};
  const Merit merit = merit_of(spec, a, {b, c});
  EXPECT_EQ(merit.on_front, 3U);
  EXPECT_EQ(merit.place, (std::vector<double>{2, 0, 1, 3, 5, 4}));
  EXPECT_EQ(merit.is_feasible, (std::vector<bool>{true, true, true, true, false, false}));
}

TEST(BilogZscore, IsInvertibleAndIndifferentToUnits) {
  const Eigen::VectorXd y = (Eigen::VectorXd(5) << 40, 49, 50.5, 80, 9000).finished();
  const auto transform = *bilog_zscore(y, 50);
  const auto scaled = *bilog_zscore(1000 * y, 50'000);
  for (const double value : y) {
    EXPECT_NEAR(transform.inverse(transform(value)), value, 1e-9 * value);
    EXPECT_NEAR(scaled(1000 * value), transform(value), 1e-12);
  }
  EXPECT_LT(transform(49), transform(50));
  EXPECT_LT(transform(9000), 5);
  EXPECT_FALSE(bilog_zscore(Eigen::VectorXd::Constant(4, 2), 1));
}

}  // namespace
}  // namespace hpo
