// What limits, verdicts and kept models make of two objectives and constraints.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/scheduling/keep.h"
#include "engine/scheduling/stopper.h"
#include "engine/scheduling/verdict.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

StudySpec two() { return {.objectives = {{.metric = "loss"}, {.metric = "cost"}}}; }

Trial complete(std::int64_t number, double loss, double cost) {
  return {.number = number,
          .state = TrialState::complete,
          .metrics = {{"loss", loss}, {"cost", cost}},
          .value = loss,
          .artifact = "model"};
}

TEST(Standing, CountsTrialsSinceTheFrontChanged) {
  Standing standing(Study{.spec = two()});
  std::vector<std::int64_t> since;
  for (const auto& trial : {complete(0, 1, 5), complete(1, 2, 6), complete(2, 5, 1),
                            complete(3, 5, 1), complete(4, 6, 2)}) {
    standing.add(trial);
    since.push_back(standing.since_best());
  }
  EXPECT_THAT(since, ElementsAre(0, 1, 0, 1, 2));
  EXPECT_EQ(standing.best(), std::nullopt);
  const auto stop = reason_to_stop({.no_improvement = 2}, Goal::minimize, standing, 0);
  ASSERT_TRUE(stop);
  EXPECT_EQ(stop->text, "2 trials without a new one on the front");
}

TEST(Standing, ABrokenConstraintIsNoImprovement) {
  StudySpec spec{.objectives = {{.metric = "loss"}}, .constraints = {{.metric = "cost", .max = 3}}};
  Standing standing(Study{.spec = spec});
  standing.add(complete(0, 1, 5));
  EXPECT_FALSE(standing.has_best());
  standing.add(complete(1, 2, 2));
  standing.add(complete(2, 0, 9));
  EXPECT_EQ(standing.best(), 2);
  EXPECT_FALSE(reason_to_stop({.target = 1.5}, Goal::minimize, standing, 0));
}

TEST(Keep, LeavesTheModelsOfTheWholeFront) {
  Study study{.spec = two()};
  int number = 0;
  for (const auto& [loss, cost] : {std::pair{1, 9}, {2, 4}, {3, 3}, {9, 1}, {5, 5}, {9, 9}}) {
    study.trials.push_back(std::make_shared<const Trial>(complete(number++, loss, cost)));
  }
  EXPECT_THAT(surplus_models(study, 2), ElementsAre(4, 5));
  EXPECT_THAT(surplus_models(study, 5), ElementsAre(5));
  EXPECT_EQ(surplus_models(study, 0).size(), 6U);
}

Verdict verdict_on(const std::map<std::string, double>& metrics,
                   const std::map<std::string, std::string>& unreadable = {}) {
  StudySpec spec = two();
  spec.constraints = {{.metric = "size", .max = 1}};
  TrialReports reports(spec.objectives[0], 1);
  Measurement report{.metrics = metrics};
  reports.add(report);
  const TrialOutcome outcome{.state = TrialState::complete, .unreadable = unreadable};
  return judge({.outcome = outcome, .reports = reports}, spec, {.retries = 0});
}

TEST(Verdict, ACompleteTrialHasAllThatTheStudyDemands) {
  EXPECT_EQ(verdict_on({{"loss", 1}, {"cost", 2}, {"size", 9}}).state, TrialState::complete);
  EXPECT_EQ(verdict_on({{"loss", 1}, {"cost", 2}, {"size", 9}}).value, 1);
  const auto lacks_objective = verdict_on({{"loss", 1}, {"size", 9}});
  EXPECT_EQ(lacks_objective.failure, FailureClass::no_metric);
  EXPECT_THAT(lacks_objective.reason, HasSubstr("never reported \"cost\""));
  const auto lacks_constraint = verdict_on({{"loss", 1}, {"cost", 2}}, {{"size", "big"}});
  EXPECT_EQ(lacks_constraint.failure, FailureClass::no_metric);
  EXPECT_THAT(lacks_constraint.reason, HasSubstr("printed \"big\" for \"size\""));
  const auto diverged = verdict_on({{"loss", 1}, {"cost", INFINITY}, {"size", 9}});
  EXPECT_EQ(diverged.failure, FailureClass::nan);
  EXPECT_THAT(diverged.reason, HasSubstr("\"cost\" was inf"));
}

}  // namespace
}  // namespace hpo
