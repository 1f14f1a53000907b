// What a model learns from: roles of trials, transforms of values, subsets.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bayesopt/dataset.h"
#include "bayesopt/output_transform.h"
#include "bayesopt/regime.h"
#include "bayesopt/targets.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

Study with_outcomes(Goal goal,
                    const std::vector<std::pair<TrialState, std::optional<double>>>& outcomes) {
  Study study = empty_study(unit_box(1), 1, goal);
  double x = 0;
  for (const auto& [state, value] : outcomes) {
    add_trial(study, {.configuration = {{"x0", x += 0.05}}}, state, value);
  }
  return study;
}

TEST(Targets, TurnGoalsAndStatesIntoSmallerIsBetter) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Study study = with_outcomes(Goal::maximize, {{TrialState::complete, 2.0},
                                                     {TrialState::complete, nan},
                                                     {TrialState::failed, std::nullopt},
                                                     {TrialState::running, std::nullopt},
                                                     {TrialState::waiting, std::nullopt},
                                                     {TrialState::complete, 1e301},
                                                     {TrialState::paused, std::nullopt}});
  const auto found = targets(study);
  EXPECT_EQ(found[0].role, Role::observed);
  EXPECT_EQ(found[0].y, -2);
  EXPECT_EQ(value_of_target(study.spec, found[0].y), 2);
  const Role expected[] = {Role::observed, Role::failed, Role::failed, Role::pending,
                           Role::pending,  Role::failed, Role::silent};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(found[i].role, expected[i]) << i;
}

TEST(Targets, BlameNoConfigurationForALostMachine) {
  Study study = with_outcomes(Goal::minimize, {{TrialState::failed, std::nullopt}});
  for (const auto& [failure, role] : {std::pair(FailureClass::lost, Role::silent),
                                      {FailureClass::start, Role::silent},
                                      {FailureClass::stopped, Role::silent},
                                      {FailureClass::oom, Role::failed},
                                      {FailureClass::nan, Role::failed},
                                      {FailureClass::timeout, Role::failed}}) {
    Trial trial = *study.trials[0];
    trial.failure = failure;
    study.trials[0] = std::make_shared<const Trial>(trial);
    EXPECT_EQ(targets(study)[0].role, role) << to_string(failure);
  }
}

TEST(Targets, APrunedTrialIsWorseThanMostButNotTheWorst) {
  const auto y = [](double pruned) {
    return targets(with_outcomes(Goal::minimize, {{TrialState::complete, 1.0},
                                                  {TrialState::complete, 2.0},
                                                  {TrialState::complete, 5.0},
                                                  {TrialState::pruned, pruned}}))[3]
        .y;
  };
  EXPECT_EQ(y(0.5), 2);
  EXPECT_EQ(y(3), 3);
  EXPECT_EQ(y(80), 5);
}

TEST(OutputTransform, StandardizesAndCapsTheBadSideOnly) {
  Eigen::VectorXd y(8);
  y << 1, 2, 3, 4, 5, 6, 7, 1e6;
  const auto transform = winsorized_zscore(y);
  ASSERT_TRUE(transform);
  const Eigen::VectorXd t = y.unaryExpr(*transform);
  EXPECT_NEAR(t.mean(), 0, 1e-12);
  EXPECT_NEAR(t.squaredNorm() / 8, 1, 1e-12);
  for (Eigen::Index i = 1; i < 8; ++i) EXPECT_GT(t[i], t[i - 1]);
  EXPECT_NEAR(transform->inverse(t[2]), 3, 1e-12);
  y[0] = -1e6;
  EXPECT_NEAR(winsorized_zscore(y)->inverse((*winsorized_zscore(y))(-1e6)), -1e6, 1e-6);
}

TEST(OutputTransform, DoesNotDependOnTheOutliersSizeNorOnUnits) {
  Eigen::VectorXd y(9);
  y << 0.3, 0.5, 0.1, 0.9, 0.35, 0.45, 0.2, 0.8, 100;
  Eigen::VectorXd larger = y;
  larger[8] = 1e250;
  const Eigen::VectorXd t = y.unaryExpr(*winsorized_zscore(y));
  EXPECT_EQ(t, larger.unaryExpr(*winsorized_zscore(larger)));
  const Eigen::VectorXd moved = 1e-7 * y.array() + 3;
  EXPECT_TRUE(moved.unaryExpr(*winsorized_zscore(moved)).isApprox(t, 1e-7));
}

TEST(OutputTransform, IsNoneWhereAllAreEqualAndFiniteForHugeValues) {
  EXPECT_FALSE(winsorized_zscore(Eigen::VectorXd::Constant(5, 3)));
  EXPECT_FALSE(winsorized_zscore(Eigen::VectorXd::Constant(1, 3)));
  const Eigen::VectorXd huge = (Eigen::VectorXd(4) << -1e300, 0, 5e299, 1e300).finished();
  EXPECT_TRUE(huge.unaryExpr(*winsorized_zscore(huge)).allFinite());
}

TEST(Dataset, MergesRepetitionsToTheirMean) {
  const Point a = Point::Constant(1, 0.25);
  const Point b = Point::Constant(1, 0.5);
  const Dataset dataset{.observed = {a, b, b, a}, .y = {1, 5, 9, 3}};
  const OutputTransform same{.cap = 100};
  const auto data = training_data(Dimensions(1), dataset, {0, 1, 3}, same);
  ASSERT_EQ(data.X.rows(), 2);
  EXPECT_EQ(data.y[0], 2);
  EXPECT_EQ(data.noise_scale[0], 0.5);
  EXPECT_EQ(data.noise_scale[1], 1);
  EXPECT_EQ(listed_data(Dimensions(1), dataset, dataset.y, same).X.rows(), 4);
}

TEST(Dataset, ListsObservationsInTheOrderInWhichTrialsEnded) {
  Study study = with_outcomes(Goal::minimize, {{TrialState::complete, 1.0},
                                               {TrialState::running, std::nullopt},
                                               {TrialState::complete, 2.0},
                                               {TrialState::complete, 3.0}});
  for (const auto& [number, event] : {std::pair(0U, 9), {2U, 5}, {3U, 7}}) {
    Trial trial = *study.trials[number];
    trial.finished_event = event;
    study.trials[number] = std::make_shared<const Trial>(trial);
  }
  const UnitCube cube(study.spec.space);
  TrialPoints points(cube);
  points.update(study);
  const auto dataset = dataset_of(points, study);
  EXPECT_EQ(dataset.y, (std::vector<double>{2, 3, 1}));
  EXPECT_EQ(dataset.pending.size(), 1U);
}

TEST(TrialPoints, FollowAChangedStudyAndAnotherOne) {
  const SearchSpace space = unit_box(2);
  const UnitCube cube(space);
  TrialPoints points(cube);
  for (const std::uint64_t seed : {1U, 2U}) {
    Study study = empty_study(space, seed);
    run(*sampler_of("random", space), study, 5, any_value);
    points.update(study);
    study.trials[2] = std::make_shared<Trial>(*study.trials[2]);
    study.trials.pop_back();
    points.update(study);
    ASSERT_EQ(points.all().size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(*points.all()[i], *cube.encode(study.trials[i]->configuration));
    }
  }
}

TEST(Dataset, ChoosesBestNewestAndSomeOfTheRest) {
  std::vector<double> y;
  std::vector<std::size_t> rows;
  for (int i = 0; i < 1000; ++i) y.push_back(std::abs(i - 300));
  for (std::size_t i = 0; i < 1000; ++i) rows.push_back(i);
  const auto indices = chosen_of(y, rows, 300);
  EXPECT_EQ(indices.size(), 300U);
  EXPECT_TRUE(std::is_sorted(indices.begin(), indices.end()));
  const auto has = [&](std::size_t i) {
    return std::binary_search(indices.begin(), indices.end(), i);
  };
  EXPECT_TRUE(has(300) && has(260) && has(999) && has(901));
  EXPECT_EQ(chosen_of(y, rows, 1000).size(), 1000U);
  EXPECT_TRUE(indices.front() < 10);
}

TEST(Regime, FitsAtSizesOfAScheduleThatGrowsWithTheStudy) {
  std::int64_t fits = 0;
  for (std::int64_t n = 1; n <= 2500; ++n) {
    const Regime regime = regime_of(n);
    EXPECT_LE(regime.fit_size, n);
    EXPECT_GT(regime.next_fit_size, n);
    EXPECT_EQ(regime.fit_size, regime_of(regime.fit_size).fit_size);
    EXPECT_EQ(regime_of(regime.next_fit_size).fit_size, regime.next_fit_size);
    if (regime.fit_size == n) ++fits;
  }
  EXPECT_EQ(regime_of(60).fit_size, 60);
  EXPECT_EQ(regime_of(300).kind, Regime::Kind::whole);
  EXPECT_EQ(regime_of(301).kind, Regime::Kind::grown);
  EXPECT_EQ(regime_of(2001).kind, Regime::Kind::local);
  EXPECT_LT(fits, 150);
}

}  // namespace
}  // namespace hpo
