// limits.regret and limits.convergence.

#include "engine/scheduling/model_limits.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "scheduler_rig.h"

namespace hpo {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

SearchSpace bytes() {
  return {.parameters = {{.name = "x", .domain = IntParameter{.min = 0, .max = 255}}}};
}

/// Runs the study's trials one after the other, x drawn at random.
class ModelLimitsTest : public SchedulerRig {
 protected:
  ModelLimitsTest() { config.study.space = bytes(); }

  StudyEnd run_all(const std::function<double(double)>& value) {
    start();
    std::int64_t number = 0;
    while (true) {
      until([&] { return result.has_value() || executor.running().contains(number); });
      if (result || HasFatalFailure()) break;
      const auto x = std::get<std::int64_t>(stored(number).configuration.at("x"));
      executor.complete(number++, value(static_cast<double>(x)));
    }
    return until_end();
  }
};

double valley(double x) { return (x - 100) * (x - 100) / 100; }

TEST_F(ModelLimitsTest, RegretEndsAStudyThatIsCertainlyGoodEnough) {
  config.limits = {.trials = 80, .parallel = 1, .regret = 10};
  const StudyEnd end = run_all(valley);
  EXPECT_THAT(end.reason,
              AllOf(StartsWith("the best is within "),
                    HasSubstr("of the optimum with probability 0.9 (limits.regret 10)")));
  EXPECT_TRUE(end.finished);
  EXPECT_GE(store.trials.size(), 20U);
  EXPECT_LT(store.trials.size(), 80U);
}

TEST_F(ModelLimitsTest, WithoutTheKeysNothingStopsEarly) {
  config.limits = {.trials = 60, .parallel = 1};
  EXPECT_EQ(run_all(valley).reason, "60 trials finished");
}

TEST_F(ModelLimitsTest, AnUnpredictableObjectiveGoesOn) {
  config.limits = {.trials = 40, .parallel = 1, .regret = 0.01, .convergence = true};
  const StudyEnd end = run_all([](double x) { return std::sin(1e4 * x); });
  EXPECT_EQ(end.reason, "40 trials finished");
}

TEST_F(ModelLimitsTest, AnEqualObjectiveGoesOn) {
  config.limits = {.trials = 30, .parallel = 1, .regret = 0.01, .convergence = true};
  EXPECT_EQ(run_all([](double) { return 2.0; }).reason, "30 trials finished");
}

/// Finished trials when the limits end a study of the Bayesian sampler; at most 120.
std::int64_t ends_after(ModelLimits limits, const std::function<double(double, double)>& value) {
  Study study{.spec = {.objectives = {{.metric = "loss"}}, .seed = 3}};
  for (const auto* name : {"x", "y"}) {
    study.spec.space.parameters.push_back({.name = name, .domain = FloatParameter{}});
  }
  const auto sampler = make_sampler("bayesian", nlohmann::json::object(), study.spec.space);
  while (study.trials.size() < 120) {
    const auto number = static_cast<std::int64_t>(study.trials.size());
    auto suggestion = (*sampler)->suggest(study, static_cast<std::uint64_t>(number));
    Trial trial{.number = number,
                .configuration = suggestion->configuration,
                .state = TrialState::complete,
                .model = suggestion->model};
    trial.value = value(std::get<double>(trial.configuration.at("x")),
                        std::get<double>(trial.configuration.at("y")));
    study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
    if (!limits.is_due(number + 1)) continue;
    limits.look_at(study);
    if (!limits.reason()) continue;
    EXPECT_THAT(*limits.reason(), StartsWith("converged: ten more trials would improve by "));
    return number + 1;
  }
  return 120;
}

TEST(ModelLimits, ConvergenceEndsAStudyThatNothingIsExpectedOf) {
  const auto bowl = [](double x, double y) { return (x - 0.3) * (x - 0.3) + 2 * y * y; };
  const std::int64_t finished = ends_after(ModelLimits(Limits{.convergence = true}), bowl);
  EXPECT_GE(finished, 25);  // 20 results, and five more
  EXPECT_LT(finished, 120);
}

TEST(ModelLimits, AreAskedOncePerResultAndInLongStudiesLessOften) {
  EXPECT_FALSE(ModelLimits(Limits{}).is_due(50));
  ModelLimits limits(Limits{.regret = 1e-9});
  EXPECT_FALSE(limits.is_due(19));
  EXPECT_TRUE(limits.is_due(20));
  Study study{.spec = {.objectives = {{.metric = "loss"}}, .space = bytes()}};
  for (std::int64_t number = 0; number < 500; ++number) {
    study.trials.push_back(std::make_shared<Trial>(
        Trial{.number = number, .state = TrialState::failed, .finished_event = number + 1}));
  }
  limits.look_at(study);
  EXPECT_FALSE(limits.is_due(500));
  EXPECT_FALSE(limits.is_due(505));
  EXPECT_TRUE(limits.is_due(506));
}

}  // namespace
}  // namespace hpo
