// What a valid file becomes.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kProductExample = R"(study: birds
objective: {metric: "validation:accuracy", goal: maximize}      # value: last (default) | best
parameters:
  fine_tuning_lr:     {type: float, min: 1.0e-5, max: 1.0e-2, scale: log}      # linear | log | reverse_log
  dropout:            {type: float, min: 0.2, max: 0.7}                         # step: 0.05 is allowed
  fine_tuning_epochs: {type: int, min: 3, max: 12}
  optimizer:          {type: categorical, values: [adam, sgd, rmsprop]}
  image_size:         {type: ordinal, values: [96, 128, 160, 224]}
  momentum:           {type: float, min: 0.5, max: 0.99, scale: reverse_log, when: {optimizer: sgd}}
strategy: {name: bayesian, seed: 42, early_stopping: median}     # bayesian | random | sobol | grid
limits: {trials: 30, parallel: 4, runtime: 2h, target: 0.95, no_improvement: 15, regret: 0.002, convergence: true}
trial:
  trainer: bird_classifier              # or  command: [python3, train.py]   or  objective: branin
  channels: {train: data/train, validation: data/validation}
  hyperparameters: {initial_epochs: 2, batch_size: 32}           # fixed ones
  metrics: {"validation:accuracy": 'validation_accuracy: (\S+)'} # the first group is the value
  timeout: 30m
  retries: 1
resources: {gpus: auto, gpus_per_trial: 1, cpus_per_trial: 1}    # local pool, see below
keep: {models: 5, checkpoints: unfinished}                       # what stays on disk: the best k models
cache: {max: 1.5GiB}
storage: hpo.db                                                  # trial folders beside it
export: {to: birds-model.tar.gz}                                 # written when the study ends
)";

const std::string kAdam = "adam";
const std::string kSgd = "sgd";
const std::string kRmsprop = "rmsprop";

SearchSpace example_space() {
  return {
      .parameters = {
          {.name = "fine_tuning_lr",
           .domain = FloatParameter{.min = 1e-5, .max = 1e-2, .scale = Scale::log}},
          {.name = "dropout", .domain = FloatParameter{.min = 0.2, .max = 0.7}},
          {.name = "fine_tuning_epochs", .domain = IntParameter{.min = 3, .max = 12}},
          {.name = "optimizer", .domain = CategoricalParameter{.values = {kAdam, kSgd, kRmsprop}}},
          {.name = "image_size",
           .domain = OrdinalParameter{.values = {std::int64_t{96}, std::int64_t{128},
                                                 std::int64_t{160}, std::int64_t{224}}}},
          {.name = "momentum",
           .domain = FloatParameter{.min = 0.5, .max = 0.99, .scale = Scale::reverse_log},
           .when = {{.parent = "optimizer", .values = {kSgd}}}},
      }};
}

TEST(TuningConfig, ReadsTheExampleAsWritten) {
  const ConfigFolder folder;
  const auto loaded = folder.load(kProductExample);
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_THAT(messages(loaded.advice), IsEmpty());
  const TuningConfig& config = *loaded.config;
  EXPECT_EQ(config.study.name, "birds");
  EXPECT_THAT(config.study.objectives,
              ElementsAre(ObjectiveSpec{.metric = "validation:accuracy", .goal = Goal::maximize}));
  EXPECT_EQ(config.study.space, example_space());
  EXPECT_EQ(config.study.seed, 42U);
  EXPECT_EQ(config.strategy, (StrategySpec{.name = "bayesian", .early_stopping = "median"}));
  EXPECT_EQ(config.limits, (Limits{.trials = 30,
                                   .parallel = 4,
                                   .runtime_s = 7200,
                                   .target = 0.95,
                                   .no_improvement = 15,
                                   .regret = 0.002,
                                   .convergence = true}));
  EXPECT_EQ(config.resources, ResourceSpec{});
  EXPECT_EQ(config.keep, (KeepSpec{.models = 5, .checkpoints = KeepCheckpoints::unfinished}));
  EXPECT_EQ(config.cache, CacheSpec{.max_bytes = 1'610'612'736});
  EXPECT_EQ(config.folder, folder.path());
  EXPECT_EQ(config.storage, folder / "hpo.db");
  EXPECT_EQ(config.export_to, folder / "birds-model.tar.gz");
}

TEST(TuningConfig, ReadsTheExamplesTrialAsWritten) {
  const ConfigFolder folder;
  const auto loaded = folder.load(kProductExample);
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const TrialSpec expected{
      .trainer = "bird_classifier",
      .channels = {{"train", folder / "data/train"}, {"validation", folder / "data/validation"}},
      .hyperparameters = {{"batch_size", std::int64_t{32}}, {"initial_epochs", std::int64_t{2}}},
      .metrics = {{.metric = "validation:accuracy", .regex = R"(validation_accuracy: (\S+))"}},
      .timeout_s = 1800,
      .retries = 1};
  EXPECT_EQ(loaded.config->trial, expected);
}

TEST(TuningConfig, ReadsACommandWithItsEnvironmentAndRetries) {
  const ConfigFolder folder;
  TuningText text;
  text.trial =
      "trial:\n  command: [sh, train.py, --epochs, 3]\n  environment: {THREADS: 2, NAME: 'a b'}\n"
      "  retry_on: [lost, oom]\n  retries: 3\n  grace: 1m30s\n  timeout: 90\n"
      "  metrics: {loss: 'loss: (\\S+)'}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const TrialSpec& trial = loaded.config->trial;
  EXPECT_THAT(trial.command, ElementsAre("sh", "train.py", "--epochs", "3"));
  EXPECT_EQ(trial.environment.at("THREADS"), "2");
  EXPECT_THAT(trial.retry_on, ElementsAre(FailureClass::lost, FailureClass::oom));
  EXPECT_EQ(trial.retries, 3);
  EXPECT_EQ(trial.grace_s, 90);
  EXPECT_EQ(trial.timeout_s, 90);
}

TEST(TuningConfig, KeepsTheTypesOfValues) {
  const ConfigFolder folder;
  TuningText text;
  text.parameters =
      "parameters:\n  a: {type: categorical, values: [1, \"2\", 3.0, true, no, 1e-5, '0x10']}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const CategoricalParameter expected{.values = {std::int64_t{1}, std::string("2"), 3.0, true,
                                                 std::string("no"), 1e-5, std::string("0x10")}};
  EXPECT_EQ(loaded.config->study.space.parameters[0].domain, Domain{expected});
}

TEST(TuningConfig, ReadsConditionsOnSeveralParents) {
  const ConfigFolder folder;
  TuningText text;
  text.parameters =
      "parameters:\n  booster: {type: categorical, values: [tree, dart, linear]}\n"
      "  layers: {type: int, min: 1, max: 4}\n  skip: {type: bool}\n"
      "  rate: {type: float, min: 0, max: 1, when: {booster: [dart, tree], layers: [2, 3], skip: "
      "true}}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const std::vector<Condition> expected = {
      {.parent = "booster", .values = {std::string("dart"), std::string("tree")}},
      {.parent = "layers", .values = {std::int64_t{2}, std::int64_t{3}}},
      {.parent = "skip", .values = {true}}};
  EXPECT_EQ(loaded.config->study.space.parameters[3].when, expected);
}

TEST(TuningConfig, NeedsNoSearchForATraining) {
  const ConfigFolder folder;
  const std::string yaml =
      "study: one\ntrial: {trainer: bird_classifier, channels: {train: data/train, validation: "
      "data/validation}, hyperparameters: {epochs: 3}}\n";
  const auto training = folder.load(yaml, {}, ConfigUse::training);
  ASSERT_TRUE(training.config) << rendered(training.errors);
  EXPECT_THAT(training.config->study.objectives, IsEmpty());
  EXPECT_THAT(training.config->study.space.parameters, IsEmpty());
  const auto study = folder.load(yaml);
  EXPECT_THAT(messages(study.errors),
              ElementsAre("objective: is missing", "parameters: is missing"));
}

TEST(TuningConfig, ATrainingMayFixWhatAStudySearches) {
  const ConfigFolder folder;
  TuningText text;
  const std::vector<Override> fixed = {{.key = "trial.hyperparameters.lr", .value = "0.2"}};
  const auto training = folder.load(text.text(), fixed, ConfigUse::training);
  ASSERT_TRUE(training.config) << rendered(training.errors);
  EXPECT_EQ(training.config->trial.hyperparameters.at("lr"), ParameterValue(0.2));
  EXPECT_FALSE(folder.load(text.text(), fixed).config);
}

TEST(TuningConfig, EndsAnEndlessStudyAfterAHundredTrials) {
  const ConfigFolder folder;
  TuningText text;
  text.limits = "";
  const auto endless = folder.load(text.text());
  ASSERT_TRUE(endless.config) << rendered(endless.errors);
  EXPECT_EQ(endless.config->limits.trials, 100);
  EXPECT_THAT(messages(endless.advice),
              ElementsAre("limits.trials: not given, the study ends after 100 trials"));
  text.parameters = "parameters: {a: {type: int, min: 1, max: 20}}\n";
  const auto finite = folder.load(text.text());
  ASSERT_TRUE(finite.config) << rendered(finite.errors);
  EXPECT_EQ(finite.config->limits.trials, std::nullopt);
}

TEST(TuningConfig, ResolvesAliasesAndMergeKeys) {
  const ConfigFolder folder;
  TuningText text;
  text.parameters =
      "parameters:\n  a: &unit {type: float, min: 0, max: 1}\n  b: *unit\n"
      "  c: {<<: *unit, max: 5}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const auto& parameters = loaded.config->study.space.parameters;
  EXPECT_EQ(parameters[1].domain, parameters[0].domain);
  EXPECT_EQ(parameters[2].domain, (Domain{FloatParameter{.min = 0, .max = 5}}));
}

TEST(TuningConfig, AcceptsWindowsLineEndsAndAByteOrderMark) {
  const ConfigFolder folder;
  std::string text = "\xEF\xBB\xBF";
  for (const char c : TuningText{}.text())
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto loaded = folder.load(text);
  EXPECT_TRUE(loaded.config) << rendered(loaded.errors);
}

TEST(TuningConfig, WritesTheEffectiveConfigurationAsJson) {
  const ConfigFolder folder;
  const auto loaded = folder.load(kProductExample);
  ASSERT_TRUE(loaded.config);
  const auto json = nlohmann::json::parse(to_json_text(*loaded.config));
  EXPECT_EQ(json["study"], "birds");
  EXPECT_EQ(json["limits"]["runtime"], 7200.0);
  EXPECT_EQ(json["trial"]["timeout"], 1800.0);
  EXPECT_EQ(json["parameters"]["optimizer"]["values"][1], "sgd");
  EXPECT_EQ(json["strategy"]["seed"], 42);
  EXPECT_EQ(json["export"]["to"], (folder / "birds-model.tar.gz").string());
}

TEST(TuningConfig, SaysWhatAnEditedFileChanged) {
  const ConfigFolder folder;
  const auto before = folder.load(TuningText{}.text());
  TuningText text;
  text.limits = "limits: {trials: 9, target: 0.5}\n";
  text.rest = "strategy: {name: random}\n";
  const auto after = folder.load(text.text());
  ASSERT_TRUE(before.config && after.config);
  const std::string was = to_json_text(*before.config);
  EXPECT_THAT(describe_changes(was, to_json_text(*after.config)),
              ElementsAre("limits.target: none -> 0.5", "limits.trials: 5 -> 9",
                          "strategy.name: bayesian -> random"));
  EXPECT_THAT(describe_changes(was, was), IsEmpty());
  EXPECT_THAT(describe_changes("", was), IsEmpty());
}

TEST(ConfigStrategy, HyperbandTakesItsLargestBudgetFromAFixedHyperparameter) {
  const ConfigFolder folder;
  TuningText text;
  text.trial =
      "trial: {command: [sh, train.py], metrics: {loss: 'loss: (\\S+)'}, hyperparameters: {epochs: "
      "27}}\n";
  text.rest = "strategy: {name: hyperband, sampler: tpe}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const auto& strategy = loaded.config->strategy;
  EXPECT_EQ(strategy.budget, (BudgetSpec{.parameter = "epochs", .max = 27}));
  EXPECT_NE(strategy.options.find("\"max\":27"), std::string::npos);
}

TEST(ConfigStrategy, AutoWithABudgetIsHyperband) {
  const ConfigFolder folder;
  TuningText text;
  text.rest = "strategy: {name: auto, budget: {parameter: epochs, max: 9}}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_EQ(loaded.config->strategy.name, "hyperband");
  EXPECT_NE(loaded.config->strategy.options.find("\"sampler\":\"auto\""), std::string::npos);
}

TEST(ConfigStrategy, AshaHasItsOwnNumbers) {
  const ConfigFolder folder;
  TuningText text;
  text.rest = "strategy: {early_stopping: {name: asha, min: 2, eta: 4}}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_EQ(loaded.config->strategy.early_stopping, "asha");
  EXPECT_EQ(loaded.config->strategy.asha, (AshaSpec{.min = 2, .eta = 4}));
}

}  // namespace
}  // namespace hpo
