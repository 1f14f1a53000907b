// What `hpo run --dry-run` says.

#include <gmock/gmock.h>

#include "engine/plan.h"
#include "engine/trial_arguments.h"
#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(TrialArguments, NameEveryHyperparameterInTheirOrder) {
  const TrialSpec trial{.command = {"python3", "train.py"},
                        .hyperparameters = {{"epochs", std::int64_t{3}}, {"warm", true}}};
  EXPECT_THAT(trial_arguments(trial, {{"lr", 1e-5}, {"act", std::string("relu")}}),
              ElementsAre("python3", "train.py", "--act", "relu", "--epochs", "3", "--lr", "1e-05",
                          "--warm", "true"));
}

TEST(TrialArguments, OfATrainerAreThoseOfItsExecutable) {
  EXPECT_THAT(trial_arguments({.trainer = "bird_classifier"}, {{"lr", 0.1}}),
              ElementsAre("hpo-model", "train"));
  EXPECT_THAT(trial_arguments({.objective = "branin"}, {}), testing::IsEmpty());
}

TEST(ShellLine, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_line({"sh", "-c", "echo $HOME", "it's", ""}),
            R"(sh -c 'echo $HOME' 'it'\''s' '')");
}

TEST(Plan, ShowsTrialsLimitsPathsAndTheirCommands) {
  const ConfigFolder folder;
  TuningText text;
  text.trial =
      "trial: {command: [sh, train.py], hyperparameters: {note: a b}, timeout: 10m, environment: "
      "{X: 1}, "
      "metrics: {loss: 'loss: (\\S+)'}}\n";
  text.limits = "limits: {trials: 5, parallel: 4, runtime: 1h30m, no_improvement: 3}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const auto plan =
      describe_plan(*loaded.config, {.folder = folder / "hpo.runs/test", .capacity = 2});
  ASSERT_TRUE(plan);
  EXPECT_THAT(*plan,
              AllOf(HasSubstr("ends after 5 trials, or 1h 30m, or 3 trials without a better value"),
                    HasSubstr("at most 30m if every trial takes its timeout of 10m"),
                    HasSubstr("2 (parallel is 4, but no more fit)"),
                    HasSubstr((folder / "hpo.db").string()), HasSubstr("  3: lr="),
                    Not(HasSubstr("  4: lr="))));
  EXPECT_THAT(*plan, HasSubstr("X=1 sh train.py --lr "));
  EXPECT_THAT(*plan, HasSubstr("--note 'a b'"));
  EXPECT_FALSE(std::filesystem::exists(folder / "hpo.db"));
}

TEST(Plan, ShowsATrainersHyperparameters) {
  const ConfigFolder folder;
  TuningText text;
  text.objective = "objective: {metric: \"validation:loss\", goal: minimize}\n";
  text.trial =
      "trial: {trainer: bird_classifier, channels: {train: data/train, validation: "
      "data/validation}, "
      "hyperparameters: {epochs: 2}}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const auto plan = describe_plan(*loaded.config, {.folder = folder / "runs"});
  ASSERT_TRUE(plan);
  EXPECT_THAT(*plan, AllOf(HasSubstr("hpo-model train"), HasSubstr("\"epochs\":2"),
                           HasSubstr("channel    train: " + (folder / "data/train").string())));
}

TEST(Plan, GoesOnWhereAStudyStopped) {
  const ConfigFolder folder;
  const auto loaded = folder.load(TuningText{}.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  Study study{.spec = loaded.config->study};
  for (std::int64_t number = 0; number < 4; ++number) {
    study.trials.push_back(std::make_shared<Trial>(
        Trial{.number = number,
              .configuration = {{"lr", 0.2 + 0.1 * static_cast<double>(number)}},
              .state = TrialState::complete,
              .value = 1.0,
              .created_event = 2 * number + 1,
              .finished_event = 2 * number + 2}));
    study.last_event = 2 * number + 2;
  }
  const auto plan = describe_plan(*loaded.config, {.resumed = study});
  ASSERT_TRUE(plan);
  EXPECT_THAT(*plan, AllOf(HasSubstr("goes on after 4 finished trials"), HasSubstr("  4: lr="),
                           Not(HasSubstr("  5: lr="))));
  study.trials.push_back(std::make_shared<Trial>(
      Trial{.number = 4, .state = TrialState::failed, .created_event = 9, .finished_event = 10}));
  const auto done = describe_plan(*loaded.config, {.resumed = study});
  ASSERT_TRUE(done);
  EXPECT_THAT(*done, HasSubstr("nothing is left to run"));
}

TEST(Plan, ShowsTheFilesConfigurationsFirst) {
  const ConfigFolder folder;
  TuningText text;
  text.limits = "limits: {trials: 3, parallel: 3}\n";
  text.rest = "strategy: {name: random, initial: [{lr: 0.5}, {lr: 0.25}]}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_THAT(
      describe_plan(*loaded.config, {}).value(),
      AllOf(HasSubstr("  0: lr=0.5\n"), HasSubstr("  1: lr=0.25\n"), HasSubstr("  2: lr=0.")));
  const Study tried{.spec = loaded.config->study,
                    .trials = {std::make_shared<Trial>(Trial{.configuration = {{"lr", 0.5}}})}};
  EXPECT_THAT(describe_plan(*loaded.config, {.resumed = tried}).value(),
              AllOf(HasSubstr("  1: lr=0.25\n"), Not(HasSubstr("lr=0.5\n"))));
}

}  // namespace
}  // namespace hpo
