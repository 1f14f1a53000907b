#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "bayesopt/tpe_split.h"
#include "tests/bayesopt/studies.h"
#include "tests/bayesopt/tpe_problems.h"

namespace hpo {
namespace {

using namespace testing_support;

Study study_with(const std::vector<Target>& roles, std::vector<double> places) {
  Study study = empty_study(unit_box(1));
  for (std::size_t i = 0; i < roles.size(); ++i) {
    add_trial(study, {.configuration = {{"x0", places[i]}}}, TrialState::complete, roles[i].y);
  }
  return study;
}

std::vector<std::optional<Point>> points_of(const UnitCube& cube, const Study& study) {
  std::vector<std::optional<Point>> points;
  for (const auto& trial : study.trials) points.push_back(cube.encode(trial->configuration));
  return points;
}

TEST(TpeSplit, TheBestFifthIsGoodAndWhatHasNoValueIsBad) {
  std::vector<Target> roles;
  std::vector<double> places;
  for (int i = 0; i < 10; ++i) {
    roles.push_back({.role = Role::observed, .y = std::abs(i - 6.2)});
    places.push_back(i / 10.0);
  }
  roles[0].role = Role::failed;
  roles[1].role = Role::pending;
  roles[2].role = Role::silent;
  const UnitCube cube(unit_box(1));
  const Study study = study_with(roles, places);
  const Split split = split_trials(cube, roles, points_of(cube, study));
  EXPECT_EQ(split.good, (std::vector<std::size_t>{6, 7}));
  EXPECT_EQ(split.bad, (std::vector<std::size_t>{0, 1, 3, 4, 5, 8, 9}));
  EXPECT_EQ(split.observed, 7U);
  EXPECT_EQ(split.failed, 1U);
  EXPECT_EQ(split.pending, 1U);
}

TEST(TpeSplit, EachBranchHasItsOwnGoodTrials) {
  const UnitCube cube(twelve());
  Study study = empty_study(twelve());
  run(*sampler_of("sobol", study.spec.space), study, 12, any_value);
  const Split split = split_trials(cube, targets(study), points_of(cube, study));
  std::set<std::string> kinds;
  for (const std::size_t i : split.good) {
    kinds.insert(std::get<std::string>(study.trials[i]->configuration.at("kind")));
  }
  EXPECT_EQ(kinds.size(), 3U);
  EXPECT_EQ(split.branches.size(), 3U);
}

/// Mean over seeds of the best value after `trials`, with the goal turned where it maximises.
double mean_best(std::string_view name, const Problem& problem, int trials, int seeds) {
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Study study = empty_study(problem.space, static_cast<std::uint64_t>(seed));
    run(*sampler_of(name, problem.space), study, trials, problem.value);
    sum += best_value(study);
  }
  return sum / seeds;
}

TEST(TpeSampler, ComesCloserThanRandomPointsOnEveryProblem) {
  for (const Problem& problem : tpe_problems()) {
    EXPECT_LT(mean_best("tpe", problem, 60, 3), mean_best("random", problem, 60, 3))
        << problem.name;
  }
}

TEST(TpeSampler, FindsTheBestBranchOfATreeThatStartsBadly) {
  const Problem problem = tree_problem();
  EXPECT_LT(mean_best("tpe", problem, 120, 5), 0.12);  // the other branches have 0.2 and 0.4
}

TEST(TpeSampler, MaximisesTheNegatedValuesAlike) {
  const SearchSpace space = every_kind();
  Study least = empty_study(space, 7, Goal::minimize);
  Study most = empty_study(space, 7, Goal::maximize);
  const auto sampler = sampler_of("tpe", space);
  run(*sampler, least, 20, any_value);
  run(*sampler, most, 20, [](const Configuration& c) { return -any_value(c); });
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(least.trials[i]->configuration, most.trials[i]->configuration) << i;
  }
}

TEST(TpeSampler, KeepsPendingTrialsApart) {
  Study study = empty_study(unit_box(2));
  const auto sampler = sampler_of("tpe", study.spec.space);
  run(*sampler, study, 20, any_value);
  std::vector<Eigen::Vector2d> places;
  for (int i = 0; i < 8; ++i) {
    auto suggestion = sampler->suggest(study, next_seed(study));
    const auto& c = suggestion->configuration;
    places.emplace_back(number_of(c, "x0"), number_of(c, "x1"));
    add_trial(study, std::move(*suggestion), TrialState::running);
  }
  double widest = 0;
  for (const auto& a : places) {
    for (const auto& b : places) widest = std::max(widest, (a - b).norm());
  }
  EXPECT_GT(widest, 0.1);
}

TEST(TpeSampler, ForgetsNothingAndInventsNothingBetweenStudies) {
  Study one = empty_study(unit_box(2), 1);
  Study two = empty_study(unit_box(2), 2);
  const auto shared = sampler_of("tpe", one.spec.space);
  run(*shared, one, 15, any_value);
  run(*shared, two, 12, any_value);
  const auto fresh = sampler_of("tpe", one.spec.space);
  EXPECT_EQ(shared->suggest(one, 3)->configuration, fresh->suggest(one, 3)->configuration);
  one.trials.resize(9);
  EXPECT_EQ(shared->suggest(one, 3)->configuration,
            sampler_of("tpe", one.spec.space)->suggest(one, 3)->configuration);
}

TEST(TpeSampler, TakesManyTrialsThinned) {
  Study study = empty_study(unit_box(2));
  run(*sampler_of("random", study.spec.space), study, 6000, any_value);
  const auto suggestion = sampler_of("tpe", study.spec.space)->suggest(study, 3);
  ASSERT_TRUE(suggestion);
  EXPECT_LT(any_value(suggestion->configuration), 0.05);
}

TEST(TpeSampler, ChecksItsOptions) {
  for (const char* name : {"initial_trials", "candidates"}) {
    const auto sampler = make_sampler("tpe", {{name, 0}}, twelve());
    ASSERT_FALSE(sampler);
    EXPECT_NE(sampler.error().message.find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace hpo
