// What holds for every executor, wherever it runs its trials.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "engine/execution/in_process_executor.h"
#include "tests/engine/aws/stand_in.h"
#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

using testing::ElementsAre;

/// What a test's trial does: reports losses, one after the other, and ends.
struct Behaviour {
  std::vector<double> losses = {};
  bool fails = false;
  bool waits = false;  ///< goes on until it is stopped
};

/// An objective of that behaviour.
class Scripted final : public Objective {
 public:
  explicit Scripted(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}
  [[nodiscard]] SearchSpace space() const override { return {}; }
  [[nodiscard]] double optimum() const override { return 0; }
  [[nodiscard]] Configuration optimizer() const override { return {}; }
  Result<Measurement> evaluate(const Configuration& /*configuration*/,
                               const ObjectiveContext& context) override {
    if (behaviour_.fails) return Error{.message = "it failed"};
    Measurement measurement;
    for (std::size_t i = 0; i < behaviour_.losses.size(); ++i) {
      measurement.step = static_cast<std::int64_t>(i);
      measurement.metrics["value"] = behaviour_.losses[i];
      const bool is_last = i + 1 == behaviour_.losses.size() && !behaviour_.waits;
      if (!is_last && !context.report(measurement)) return measurement;
    }
    return measurement;
  }

 private:
  Behaviour behaviour_;
};

/// A shell script of that behaviour.
std::string script_of(const Behaviour& behaviour) {
  std::string script;
  for (const double loss : behaviour.losses) script += "echo loss: " + std::to_string(loss) + ";";
  if (behaviour.waits) script += "mkfifo $ROOM/never; read x < $ROOM/never;";
  if (behaviour.fails) script += "echo it failed; exit 3;";
  return script;
}

class ExecutorContract : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Executor> executor(const Behaviour& behaviour) {
    if (GetParam() == "in_process") {
      return execution::make_in_process_executor(std::make_unique<Scripted>(behaviour),
                                                 room_.config.trial, room_.config.study);
    }
    room_.use_script(script_of(behaviour));
    if (GetParam() == "sagemaker") {
      if (!stand_in_) stand_in_ = std::make_unique<StandIn>();
      stand_in_->control("bucket", {{"name", "bkt"}});
      for (const auto& [name, value] : stand_in_->variables()) {
        setenv(name.c_str(), value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
      }
      room_.config.sagemaker = sagemaker_spec();
    }
    return room_.executor();
  }

  std::unique_ptr<StandIn> stand_in_;
  TrialRoom room_;
};

TEST_P(ExecutorContract, CompletesAndDeliversReportsInOrder) {
  const auto runs = executor({.losses = {0.5, 0.25, 0.125}});
  const RunResult result = run_trial(*runs, {.number = 0});
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_FALSE(result.outcome.failure);
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5, 0.25, 0.125));
  for (std::size_t i = 0; i < result.reports.size(); ++i) {
    EXPECT_EQ(result.reports[i].step, static_cast<std::int64_t>(i));
    EXPECT_EQ(result.reports[i].attempt, 1);
    EXPECT_GE(result.reports[i].elapsed_s, 0);
  }
}

TEST_P(ExecutorContract, SaysWhyATrialFailed) {
  const auto runs = executor({.fails = true});
  const RunResult result = run_trial(*runs, {.number = 0});
  EXPECT_EQ(result.outcome.state, TrialState::failed);
  EXPECT_TRUE(result.outcome.failure);
  EXPECT_THAT(result.outcome.reason, testing::HasSubstr("it failed"));
}

TEST_P(ExecutorContract, StopsATrialWhoseReportIsAnsweredWithStop) {
  const auto runs = executor({.losses = {0.5, 0.25}, .waits = true});
  const RunResult result = run_trial(*runs, {.number = 0}, {}, [](const Measurement& report) {
    return report.step == 1 ? ReportDecision::stop : ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::pruned);
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5, 0.25));
}

TEST_P(ExecutorContract, CancelledTrialsWaitToBeResumed) {
  for (const auto reason : {CancelReason::stop_and_resume_later, CancelReason::kill}) {
    const auto runs = executor({.losses = {0.5}, .waits = true});
    const Trial trial{.number = reason == CancelReason::kill ? 1 : 0};
    std::filesystem::remove(room_ / "never");
    const RunResult result = run_trial(*runs, trial, {}, [&](const Measurement&) {
      runs->cancel_all(reason);
      return ReportDecision::go_on;
    });
    EXPECT_EQ(result.outcome.state, TrialState::waiting);
    EXPECT_FALSE(result.outcome.failure);
  }
}

TEST_P(ExecutorContract, AnswersForNothingBeforeATrialIsStarted) {
  const auto runs = executor({.losses = {0.5}});
  EXPECT_FALSE(runs->can_adopt({.number = 7}));
}

TEST_P(ExecutorContract, RunsManyTrialsAtOnce) {
  const auto runs = executor({.losses = {0.5}});
  std::vector<Trial> trials(8);
  for (std::size_t i = 0; i < trials.size(); ++i) trials[i].number = static_cast<std::int64_t>(i);
  for (const auto& result : run_trials(*runs, trials)) {
    EXPECT_EQ(result.outcome.state, TrialState::complete);
    EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5));
  }
}

INSTANTIATE_TEST_SUITE_P(Executors, ExecutorContract,
                         testing::Values("in_process", "local", "sagemaker"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace hpo
