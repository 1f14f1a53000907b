// What a model learns from: roles of trials, transforms of values, subsets.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bayesopt/dataset.h"
#include "bayesopt/output_transform.h"
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
  const auto data = training_data(Dimensions(1), {a, b, a}, {1, 5, 3});
  ASSERT_EQ(data.X.rows(), 2);
  EXPECT_EQ(data.y[0], 2);
  EXPECT_EQ(data.noise_scale[0], 0.5);
  EXPECT_EQ(data.noise_scale[1], 1);
}

TEST(Dataset, ChoosesBestNewestAndSomeOfTheRest) {
  std::vector<double> y;
  for (int i = 0; i < 1000; ++i) y.push_back(std::abs(i - 300));
  const auto indices = chosen(y, 300);
  EXPECT_EQ(indices.size(), 300U);
  EXPECT_TRUE(std::is_sorted(indices.begin(), indices.end()));
  const auto has = [&](std::size_t i) {
    return std::binary_search(indices.begin(), indices.end(), i);
  };
  EXPECT_TRUE(has(300) && has(260) && has(999) && has(901));
  EXPECT_EQ(chosen(y, 1000).size(), 1000U);
  EXPECT_TRUE(indices.front() < 10);
}

}  // namespace
}  // namespace hpo
