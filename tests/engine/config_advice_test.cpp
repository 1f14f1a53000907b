// What a valid file is told.

#include <gmock/gmock.h>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct Advised {
  std::string name = {};
  TuningText text = {};
  std::string message = {};
  std::string hint = {};
};

TuningText with_parameter(const std::string& parameter) {
  return {.parameters = "parameters:\n  " + parameter + "\n"};
}

const TuningText kBranin = {
    .objective = "objective: {metric: value, goal: minimize}\n",
    .parameters =
        "parameters: {x1: {type: float, min: 0, max: 1}, x2: {type: float, min: 0, max: 1}}\n",
    .trial = "trial: {objective: branin}\n",
    .rest = "strategy: {early_stopping: median}\n"};

class Advice : public testing::TestWithParam<Advised> {};

TEST_P(Advice, IsGivenOnceAndTheFileStillLoads) {
  const ConfigFolder folder;
  const auto loaded = folder.load(GetParam().text.text());
  EXPECT_TRUE(loaded.config) << rendered(loaded.errors);
  ASSERT_THAT(loaded.advice, SizeIs(1)) << rendered(loaded.advice);
  EXPECT_THAT(loaded.advice[0].message, HasSubstr(GetParam().message));
  EXPECT_THAT(loaded.advice[0].hint, HasSubstr(GetParam().hint));
  EXPECT_GT(loaded.advice[0].line, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Config, Advice,
    testing::Values(
        Advised{"WideLinear", with_parameter("lr: {type: float, min: 1e-5, max: 0.1}"),
                "lr: spans 4 decades on a linear scale", "scale: log"},
        Advised{"WideInt", with_parameter("n: {type: int, min: 1, max: 4096}"), "spans 4 decades",
                "log"},
        Advised{"AbsurdLog", with_parameter("lr: {type: float, min: 1e-20, max: 1, scale: log}"),
                "spans 20 decades", "narrower"},
        Advised{"OneValue", with_parameter("a: {type: categorical, values: [x]}"), "single value",
                "trial.hyperparameters"},
        Advised{"StepMissesMax", with_parameter("a: {type: float, min: 0, max: 1, step: 0.3}"),
                "max 1 is never tried", ""},
        Advised{"MetricWithoutRegex",
                {.trial = "trial: {command: [sh]}\n"},
                "JSON lines",
                "loss: (\\S+)"},
        Advised{"RegexMatchesAll",
                {.trial = "trial: {command: [sh], metrics: {loss: '(.*)'}}\n"},
                "matches an empty line",
                ""},
        Advised{"ScriptMissing",
                {.trial = "trial: {command: [sh, nowhere.py], metrics: {loss: 'l(.)'}}\n"},
                "there is no file",
                "relative"},
        Advised{"NoImprovementTooLarge",
                {.limits = "limits: {trials: 5, no_improvement: 9}\n"},
                "never ends a study of 5 trials",
                ""},
        Advised{"EarlyStoppingOfFunction", kBranin, "has no effect", ""}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace hpo
