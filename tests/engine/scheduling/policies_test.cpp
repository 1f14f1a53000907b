// The decisions that are functions: stopper, breaker, verdict, status.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "engine/scheduling/breaker.h"
#include "engine/scheduling/status.h"
#include "engine/scheduling/stopper.h"
#include "engine/scheduling/verdict.h"

namespace hpo {
namespace {

using testing::HasSubstr;

Trial ended(std::int64_t number, TrialState state, std::optional<double> value,
            double duration_s = 10) {
  const auto duration = std::chrono::milliseconds(static_cast<std::int64_t>(duration_s * 1000));
  return {.number = number,
          .state = state,
          .value = value,
          .started_at = TimePoint(),
          .finished_at = TimePoint() + duration};
}

Standing standing_of(Goal goal, const std::vector<Trial>& trials) {
  Standing standing(Study{.spec = {.objectives = {{.metric = "m", .goal = goal}}}});
  for (const auto& trial : trials) standing.add(trial);
  return standing;
}

std::string reason(const Limits& limits, Goal goal, const Standing& standing, double active_s = 0) {
  const auto stop = reason_to_stop(limits, goal, standing, active_s);
  return stop ? stop->text : "";
}

TEST(Standing, FollowsTheOrderInWhichTrialsEnded) {
  Study study{.spec = {.objectives = {{.metric = "m", .goal = Goal::minimize}}}};
  for (std::int64_t number = 0; number < 3; ++number) {
    Trial trial = ended(number, TrialState::complete, static_cast<double>(number));
    trial.finished_event = 10 - number;
    study.trials.push_back(std::make_shared<Trial>(trial));
  }
  study.trials.push_back(std::make_shared<Trial>(Trial{.number = 3, .state = TrialState::running}));
  const Standing standing(study);  // 2, then 1, then 0: each better than the one before
  EXPECT_EQ(standing.finished(), 3);
  EXPECT_EQ(standing.best_trial(), 0);
  EXPECT_EQ(standing.since_best(), 0);
}

TEST(Stopper, CountsCompletePrunedAndFailedTrials) {
  const auto standing = standing_of(
      Goal::minimize, {ended(0, TrialState::complete, 1.0), ended(1, TrialState::pruned, 0.5),
                       ended(2, TrialState::failed, {})});
  EXPECT_EQ(reason({.trials = 3}, Goal::minimize, standing), "3 trials finished");
  EXPECT_EQ(reason({.trials = 4}, Goal::minimize, standing), "");
  EXPECT_EQ(standing.best(), 1.0);  // a pruned trial is no result
}

TEST(Stopper, KnowsTheGoal) {
  const auto low = standing_of(Goal::minimize, {ended(0, TrialState::complete, 0.9)});
  EXPECT_EQ(reason({.target = 0.95}, Goal::minimize, low), "target 0.95 reached by trial 0");
  const auto high = standing_of(Goal::maximize, {ended(0, TrialState::complete, 0.9)});
  EXPECT_EQ(reason({.target = 0.95}, Goal::maximize, high), "");
  EXPECT_EQ(reason({.target = 0.9}, Goal::maximize, high), "target 0.9 reached by trial 0");
}

TEST(Stopper, CountsTrialsSinceTheBest) {
  std::vector<Trial> trials = {ended(0, TrialState::failed, {}), ended(1, TrialState::failed, {})};
  EXPECT_EQ(reason({.no_improvement = 2}, Goal::minimize, standing_of(Goal::minimize, trials)), "");
  trials.push_back(ended(2, TrialState::complete, 1.0));
  trials.push_back(ended(3, TrialState::complete, 1.0));
  EXPECT_EQ(reason({.no_improvement = 2}, Goal::minimize, standing_of(Goal::minimize, trials)), "");
  trials.push_back(ended(4, TrialState::failed, {}));
  EXPECT_THAT(reason({.no_improvement = 2}, Goal::minimize, standing_of(Goal::minimize, trials)),
              HasSubstr("2 trials without a better value than 1 of trial 2"));
}

TEST(Stopper, SumsTheRuntime) {
  const auto standing = standing_of(Goal::minimize, {});
  EXPECT_EQ(reason({.runtime_s = 7200}, Goal::minimize, standing, 7199), "");
  EXPECT_EQ(reason({.runtime_s = 7200}, Goal::minimize, standing, 7200), "runtime of 2h used up");
  EXPECT_EQ(reason({.runtime_s = 0.25}, Goal::minimize, standing, 1), "runtime of 0.25s used up");
}

AttemptEnd failure(std::string device, FailureClass why = FailureClass::exit_code) {
  return {.trial = 1, .device = std::move(device), .failure = why};
}

TEST(Breaker, BearsAnInfeasiblePartOfTheSpaceForLonger) {
  Breaker breaker;
  for (int i = 0; i < 19; ++i) breaker.record(failure("", FailureClass::nan), {});
  EXPECT_FALSE(breaker.tripped());
  breaker.record(failure("", FailureClass::nan), {});
  EXPECT_THAT(*breaker.tripped(), HasSubstr("all trials fail: 20 in a row with nan"));
}

TEST(Breaker, BearsFailuresOfDifferentKinds) {
  Breaker breaker;
  for (int i = 0; i < 9; ++i) {
    breaker.record(failure("", i % 2 == 0 ? FailureClass::oom : FailureClass::exit_code), {});
  }
  EXPECT_FALSE(breaker.tripped());
}

TEST(Breaker, StopsALongRowOfFailuresAfterASuccess) {
  Breaker breaker;
  breaker.record({.trial = 0}, {});
  for (int i = 0; i < 19; ++i) breaker.record(failure(""), {});
  EXPECT_FALSE(breaker.tripped());
  breaker.record(failure(""), {});
  EXPECT_THAT(*breaker.tripped(), HasSubstr("20 trials in a row failed"));
}

TEST(Breaker, DoesNotCountTrialsThatTheUserEnded) {
  Breaker breaker;
  for (int i = 0; i < 30; ++i) breaker.record(failure("", FailureClass::stopped), {});
  EXPECT_FALSE(breaker.tripped());
}

TEST(Breaker, SetsADeviceAsideWhoseNeighboursWork) {
  Breaker breaker;
  breaker.record(failure("gpu 1"), {"gpu 0"});
  breaker.record({.trial = 0, .device = "gpu 0"}, {});
  breaker.record(failure("gpu 1"), {});
  const auto message = breaker.record(failure("gpu 1"), {});
  ASSERT_TRUE(message);
  EXPECT_THAT(*message, HasSubstr("gpu 1 is set aside"));
}

TEST(Breaker, BlamesNoDeviceIfTrialsFailEverywhere) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(breaker.record(failure("gpu 0"), {"gpu 1"}));
    EXPECT_FALSE(breaker.record(failure("gpu 1"), {"gpu 0"}));
  }
}

TEST(Breaker, BlamesNoDeviceForWhatOnlyProgramsDo) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(breaker.record(failure("gpu 0", FailureClass::no_metric), {"gpu 1"}));
  }
}

Verdict verdict_on(const TrialOutcome& outcome, bool cancelled, const TrialSpec& spec = {}) {
  const ObjectiveSpec objective{.metric = "loss"};
  TrialReports reports(objective, 1);
  Measurement report{.metrics = {{"loss", 0.5}}};
  reports.add(report);
  return judge({.outcome = outcome, .reports = reports, .cancelled = cancelled},
               {.objectives = {objective}}, spec);
}

TEST(Verdict, ATrialThatTheEngineKilledGoesOnLater) {
  const TrialOutcome killed{.state = TrialState::failed, .failure = FailureClass::stopped};
  EXPECT_EQ(verdict_on(killed, true).state, TrialState::waiting);
  EXPECT_FALSE(verdict_on(killed, true).again);
  EXPECT_EQ(verdict_on(killed, false).state, TrialState::failed);
}

TEST(Verdict, ATrialThatFailedByItselfDuringAStopHasFailed) {
  const TrialOutcome broke{.state = TrialState::failed, .failure = FailureClass::exit_code};
  EXPECT_EQ(verdict_on(broke, true).state, TrialState::failed);
}

TEST(Verdict, ATrialThatCompletedDuringAStopIsComplete) {
  EXPECT_EQ(verdict_on({}, true).state, TrialState::complete);
  EXPECT_EQ(verdict_on({}, true).value, 0.5);
}

TEST(Verdict, NoRetriesMeansNone) {
  const TrialOutcome lost{.state = TrialState::failed, .failure = FailureClass::lost};
  EXPECT_TRUE(verdict_on(lost, false).again);
  EXPECT_EQ(verdict_on(lost, false, {.retries = 0}).state, TrialState::failed);
}

TEST(Status, EstimatesTheTimeToGo) {
  const auto standing = standing_of(Goal::minimize, {ended(0, TrialState::complete, 1.0, 20),
                                                     ended(1, TrialState::complete, 1.0, 40)});
  Limits limits{.trials = 8, .parallel = 4};
  EXPECT_EQ(eta_s({.limits = limits, .standing = standing, .capacity = 2}), 6 * 30 / 2.0);
  // The running ones have done 10 s and at most one mean duration.
  EXPECT_EQ(eta_s({.limits = limits, .standing = standing, .running_s = {10, 99}, .capacity = 2}),
            (6 * 30 - 10 - 30) / 2.0);
  limits.runtime_s = 100;
  EXPECT_EQ(eta_s({.limits = limits, .standing = standing, .capacity = 2, .active_s = 70}), 30);
  EXPECT_EQ(eta_s({.limits = {}, .standing = standing}), std::nullopt);
  const auto nothing = standing_of(Goal::minimize, {});
  EXPECT_EQ(eta_s({.limits = {.trials = 8}, .standing = nothing}), std::nullopt);
}

TEST(Status, IsTheJsonThatStatusReads) {
  const std::string text = status_json(
      {{.device = "gpu 0", .trials = {3, 4}}, {.device = "gpu 1", .idle_reason = "busy: pid 7"}},
      std::nullopt, 12.5, TimePoint(std::chrono::milliseconds(1'500)));
  EXPECT_EQ(nlohmann::json::parse(text), nlohmann::json::parse(R"({
    "resources": [{"device": "gpu 0", "trials": [3, 4], "idle_reason": ""},
                  {"device": "gpu 1", "trials": [], "idle_reason": "busy: pid 7"}],
    "eta_s": null, "elapsed_s": 12.5, "updated_at": "1970-01-01T00:00:01.500Z"})"));
}

}  // namespace
}  // namespace hpo
