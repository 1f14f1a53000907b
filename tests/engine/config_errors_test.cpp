// Broken files, one error each: its place, what it says, and the hint.

#include <gmock/gmock.h>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct Broken {
  std::string name = {};
  TuningText text = {};
  int line = 0;
  int column = 0;
  std::string message = {};
  std::string hint = {};  ///< part of hint or expectation
};

TuningText with_parameter(const std::string& parameter) {
  return {.parameters =
              "parameters:\n  a: {type: categorical, values: [x, y]}\n  " + parameter + "\n"};
}
TuningText with_limits(const std::string& limits) { return {.limits = "limits: " + limits + "\n"}; }
TuningText with_trial(const std::string& trial) { return {.trial = "trial: " + trial + "\n"}; }
TuningText with_rest(const std::string& rest) { return {.rest = rest + "\n"}; }

TuningText branin(const std::string& parameters, const std::string& limits = "{trials: 5}") {
  return {.objective = "objective: {metric: value, goal: minimize}\n",
          .parameters = "parameters: {" + parameters + "}\n",
          .trial = "trial: {objective: branin}\n",
          .limits = "limits: " + limits + "\n"};
}

TuningText birds(const std::string& metric, const std::string& channels) {
  return {.objective = "objective: {metric: \"" + metric + "\", goal: maximize}\n",
          .trial = "trial: {trainer: bird_classifier, channels: {" + channels + "}}\n"};
}

// Lines of TuningText: 1 study, 2 objective, 3 parameters, 4 lr, 5 trial, 6 limits, 7 rest; with a
// second parameter the later ones move by one.
const std::vector<Broken> kTopLevel = {
    {"UnknownKey", with_rest("storge: x.db"), 7, 1, "storge: unknown key",
     "did you mean \"storage\"?"},
    {"KeyOfAnotherSection", with_rest("early_stopping: median"), 7, 1,
     "early_stopping: unknown key", "belongs under \"strategy\""},
    {"AnotherToolsWord",
     {.limits = "limits: {n_trials: 5, trials: 3}\n"},
     6,
     10,
     "limits.n_trials: unknown key",
     "did you mean \"trials\"?"},
    {"DuplicateKey", with_rest("study: again"), 7, 1, "study: duplicate key", "line 1"},
    {"MissingStudy", {.study = ""}, 1, 1, "study: is missing", "the study's name"},
    {"MissingParameters", {.parameters = ""}, 1, 1, "parameters: is missing", "search space"},
    {"MissingTrial", {.trial = ""}, 1, 1, "trial: is missing", "command"},
    {"StudyIsNumber",
     {.study = "study: 12\n"},
     1,
     8,
     "study: expected a text, got 12",
     "quote it: \"12\""},
    {"StudyHasSlash", {.study = "study: a/b\n"}, 1, 8, "\"a/b\" is no name for a study", "letters"},
    {"StudyTooLong",
     {.study = "study: " + std::string(64, 'a') + "\n"},
     1,
     8,
     "is no name for a study",
     "at most 63"},
    {"SectionIsScalar", with_rest("keep: 5"), 7, 7, "keep: expected a map, got 5", "models"},
    {"NoValue", with_rest("storage:"), 7, 1, "storage: has no value", "remove the key"},
    {"StorageFolderMissing", with_rest("storage: nowhere/hpo.db"), 7, 10, "there is no folder",
     "mkdir -p"},
    {"StorageIsFolder", with_rest("storage: data"), 7, 10, "is a folder", "a file"},
    {"ExportFolderMissing", with_rest("export: {to: nowhere/m.tar.gz}"), 7, 14,
     "export.to: there is no folder", "mkdir"},
    {"ExportWithoutModels", with_rest("export: {to: m.tar.gz}\nkeep: {models: 0}"), 8, 16,
     "0 keeps no model", "at least 1"},
    {"CacheSize", with_rest("cache: {max: 20}"), 7, 14, "cache.max: expected a text", "quote it"},
    {"CacheUnit", with_rest("cache: {max: 20GB}"), 7, 14, "\"20GB\" is no size", "20GiB"},
    {"KeepCheckpoints", with_rest("keep: {checkpoints: unfinshed}"), 7, 21,
     "unknown value \"unfinshed\"", "did you mean \"unfinished\"?"},
    {"ObjectiveList",
     {.objective = "objective: [{metric: loss, goal: minimize}]\n"},
     2,
     12,
     "expected one objective, got a list",
     "metric"},
    {"GoalMissing",
     {.objective = "objective: {metric: loss}\n"},
     2,
     12,
     "objective.goal: is missing",
     "minimize or maximize"},
    {"GoalMisspelt",
     {.objective = "objective: {metric: loss, goal: maximise}\n"},
     2,
     33,
     "unknown value \"maximise\"",
     "did you mean \"maximize\"?"},
    {"MetricMisspelt",
     {.objective = "objective: {metric: los, goal: minimize}\n"},
     2,
     21,
     "does not report \"los\"",
     "did you mean \"loss\"?"},
};

const std::vector<Broken> kSpace = {
    {"EmptySpace",
     {.parameters = "parameters: {}\n"},
     3,
     13,
     "must name at least one parameter",
     ""},
    {"TypeMissing", with_parameter("b: {min: 0, max: 1}"), 5, 6, "parameters.b.type: is missing",
     "float, int"},
    {"TypeMisspelt", with_parameter("b: {type: integer, min: 0, max: 1}"), 5, 13,
     "unknown value \"integer\"", "did you mean \"int\"?"},
    {"MaxMissing", with_parameter("b: {type: float, min: 0}"), 5, 6, "parameters.b.max: is missing",
     "upper bound"},
    {"MinIsText", with_parameter("b: {type: float, min: low, max: 1}"), 5, 25,
     "expected a number, got low", ""},
    {"QuotedNumber", with_parameter("b: {type: int, min: '1', max: 3}"), 5, 23,
     "expected an integer, got \"1\"", ""},
    {"FloatForInt", with_parameter("b: {type: int, min: 0.5, max: 3}"), 5, 23,
     "expected an integer, got 0.5", ""},
    {"Infinite", with_parameter("b: {type: float, min: 0, max: .inf}"), 5, 33,
     "must be a finite number", ""},
    {"MaxBelowMin", with_parameter("b: {type: float, min: 2, max: 1}"), 5, 33,
     "must be greater than min (2), got 1", ""},
    {"LogFromZero", with_parameter("b: {type: float, min: 0, max: 1, scale: log}"), 5, 25,
     "parameters.b.min: must be > 0 for scale log, got 0", ""},
    {"ScaleMisspelt", with_parameter("b: {type: float, min: 1, max: 2, scale: lgo}"), 5, 43,
     "unknown value \"lgo\"", "did you mean \"log\"?"},
    {"FieldMisspelt", with_parameter("b: {type: float, min: 1, maxx: 2, max: 3}"), 5, 28,
     "parameters.b.maxx: unknown key", "did you mean \"max\"?"},
    {"ValuesOfFloat", with_parameter("b: {type: float, min: 1, max: 2, values: [1]}"), 5, 36,
     "does not go with type float", "categorical"},
    {"MinOfBool", with_parameter("b: {type: bool, min: 1}"), 5, 19, "does not go with type bool",
     "float or int"},
    {"ValuesNotAList", with_parameter("b: {type: ordinal, values: 5}"), 5, 30,
     "expected a list, got 5", "[adam, sgd]"},
    {"ValuesEmpty", with_parameter("b: {type: ordinal, values: []}"), 5, 30,
     "must name at least one value", ""},
    {"ValuesTwice", with_parameter("b: {type: ordinal, values: [1, 1]}"), 5, 30,
     "names \"1\" twice", ""},
    {"ValueIsNull", with_parameter("b: {type: categorical, values: [x, null]}"), 5, 38,
     "got nothing", "quote it"},
    {"ParentMissing", with_parameter("b: {type: bool, when: {aa: x}}"), 5, 30,
     "names a parameter that does not exist", "did you mean \"a\"?"},
    {"ParentValue", with_parameter("b: {type: bool, when: {a: z}}"), 5, 29,
     "\"z\" is not a value of a", "x, y"},
    {"ParentIsFloat",
     with_parameter("b: {type: float, min: 0, max: 1}\n  c: {type: bool, when: {b: 0.5}}"), 6, 29,
     "a float parameter cannot be", ""},
    {"Cycle",
     with_parameter("b: {type: bool, when: {c: true}}\n  c: {type: bool, when: {b: true}}"), 5, 25,
     "lead back to itself", ""},
    {"NameWithBlank", with_parameter("'b c': {type: bool}"), 5, 3, "cannot hold blanks", ""},
    {"NameLikeOption", with_parameter("-b: {type: bool}"), 5, 3, "cannot start with \"-\"", ""},
    {"ParameterIsNumber", with_parameter("b: 5"), 5, 6, "parameters.b: expected a map, got 5",
     "type: float"},
    {"FixedAndSearched",
     {.trial = "trial: {command: [sh], hyperparameters: {lr: 1}, metrics: {loss: '(.)'}}\n"},
     5,
     42,
     "is fixed here and searched",
     "remove one"},
    {"BraninParameterMissing", branin("x1: {type: float, min: 0, max: 1}"), 3, 13,
     "parameters.x2: is missing", "min: 0, max: 15"},
    {"BraninOutOfBounds",
     branin("x1: {type: float, min: -50, max: 1}, x2: {type: float, min: 0, max: 1}"), 3, 18,
     "is defined from -5 to 10 only", ""},
    {"BraninOfWords",
     branin("x1: {type: categorical, values: [p]}, x2: {type: float, min: 0, max: 1}"), 3, 18,
     "must be a number", ""},
    {"GridOfFloat", with_rest("strategy: {name: grid}"), 4, 3, "grid needs finitely many values",
     "give a step"},
};

const std::vector<Broken> kTrialAndLimits = {
    {"ZeroTrials", with_limits("{trials: 0}"), 6, 18, "limits.trials: must be >= 1, got 0",
     "an integer >= 1"},
    {"NegativeParallel", with_limits("{trials: 1, parallel: -2}"), 6, 31, "must be >= 1, got -2",
     ""},
    {"TrialsIsText", with_limits("{trials: many}"), 6, 18, "expected an integer", ""},
    {"ZeroNoImprovement", with_limits("{no_improvement: 0}"), 6, 26, "must be >= 1", ""},
    {"ZeroRegret", with_limits("{regret: 0}"), 6, 18, "limits.regret: must be > 0, got 0", "unit"},
    {"ConvergenceIsANumber", with_limits("{convergence: 1}"), 6, 23, "expected true or false", ""},
    {"BadDuration", with_limits("{runtime: 2 hours}"), 6, 19, "expected a duration, got 2 hours",
     "90s"},
    {"NegativeDuration", with_limits("{runtime: -5}"), 6, 19, "must be > 0", ""},
    {"DecimalComma", with_limits("{target: \"0,5\"}"), 6, 18, "expected a number", "point"},
    {"TargetBelowOptimum",
     branin("x1: {type: float, min: 0, max: 1}, x2: {type: float, min: 0, max: 1}",
            "{trials: 5, target: 0.1}"),
     5, 29, "can never be reached", ""},
    {"NothingToRun", with_trial("{timeout: 5}"), 5, 8, "does not say what to run", "command"},
    {"TwoThingsToRun",
     with_trial("{command: [sh], trainer: bird_classifier, channels: {train: data, validation: "
                "data}, metrics: {loss: '(.)'}}"),
     5, 9, "runs one thing", "exactly one"},
    {"TrainerMisspelt", with_trial("{trainer: bird_clasifier}"), 5, 18, "unknown value",
     "did you mean \"bird_classifier\"?"},
    {"ObjectiveMisspelt", with_trial("{objective: brannin}"), 5, 20, "unknown value",
     "did you mean \"branin\"?"},
    {"ChannelMissing", birds("validation:loss", "train: data/train"), 5, 45,
     "trial.channels.validation: is missing", "needs the channels train, validation"},
    {"ChannelFolderMissing",
     birds("validation:loss", "train: data/trian, validation: data/validation"), 5, 53,
     "there is no folder", "did you mean \"train\"?"},
    {"ChannelIsFile", birds("validation:loss", "train: train.py, validation: data/validation"), 5,
     53, "is a file", "a folder"},
    {"TrainerMetric", birds("validation:acuracy", "train: data/train, validation: data/validation"),
     2, 21, "bird_classifier does not report", "did you mean \"validation:accuracy\"?"},
    {"CommandIsText", with_trial("{command: sh train.py}"), 5, 18,
     "expected a list, got sh train.py", "write [sh, train.py]"},
    {"CommandHoldsNul", with_trial("{command: [sh, \"a\\0b\"]}"), 5, 23, "a word holds a NUL", ""},
    {"CommandEmpty", with_trial("{command: []}"), 5, 18, "is empty", "program and arguments"},
    {"ProgramMissing", with_trial("{command: [no-such-program-here]}"), 5, 19,
     "there is no program \"no-such-program-here\" in PATH", ""},
    {"ProgramBesideFile", with_trial("{command: [train.py]}"), 5, 19, "in PATH", "./train.py"},
    {"ProgramNotExecutable", with_trial("{command: [./train.py]}"), 5, 19, "is not executable",
     "chmod +x ./train.py"},
    {"ProgramFileMissing", with_trial("{command: [./trian.py]}"), 5, 19, "there is no program",
     "did you mean \"train.py\"?"},
    {"RegexBroken", with_trial("{command: [sh], metrics: {loss: 'loss: (\\S+'}}"), 5, 40,
     "not a regular expression", "RE2"},
    {"RegexWithoutGroup", with_trial("{command: [sh], metrics: {loss: 'loss: \\S+'}}"), 5, 40,
     "has no group", "parentheses"},
    {"RetryOnUnknown",
     with_trial("{command: [sh], retry_on: [lost, tiemout], metrics: {loss: '(.)'}}"), 5, 41,
     "unknown failure tiemout", "did you mean \"timeout\"?"},
    {"NegativeRetries", with_trial("{command: [sh], retries: -1, metrics: {loss: '(.)'}}"), 5, 33,
     "must be >= 0", ""},
    {"HyperparameterIsList",
     with_trial("{command: [sh], hyperparameters: {a: [1]}, metrics: {loss: '(.)'}}"), 5, 45,
     "got a list", ""},
    {"StrategyUnknown", with_rest("strategy: {name: bayesain}"), 7, 18,
     "unknown value \"bayesain\"", "did you mean \"bayesian\"?"},
    {"HyperbandWithoutBudget", with_rest("strategy: {name: hyperband}"), 7, 11,
     "strategy.budget: is missing", ""},
    {"BudgetTypo", with_rest("strategy: {name: hyperband, budget: {parameter: e, mim: 2, max: 9}}"),
     7, 52, "unknown key", "did you mean \"min\""},
    {"BudgetOfSearched", with_rest("strategy: {name: hyperband, budget: {parameter: lr, max: 9}}"),
     7, 49, "searched under parameters", "remove it there"},
    {"BudgetTooSmall",
     with_rest("strategy: {name: hyperband, budget: {parameter: e, min: 5, max: 9}}"), 7, 29,
     "no step of eta", "lower min"},
    {"BudgetTooLarge", with_rest("strategy: {name: hyperband, budget: {parameter: e, max: 20001}}"),
     7, 57, "20000", ""},
    {"HyperbandSampler",
     with_rest("strategy: {name: hyperband, sampler: tpee, budget: {parameter: e, max: 9}}"), 7, 29,
     "unknown sampler", ""},
    {"HyperbandStopping",
     with_rest("strategy: {name: hyperband, early_stopping: asha, budget: {parameter: e, max: 9}}"),
     7, 45, "hyperband ends trials itself", "remove early_stopping"},
    {"AshaTypo", with_rest("strategy: {early_stopping: {name: asha, etaa: 4}}"), 7, 41,
     "unknown key", "did you mean \"eta\""},
    {"AshaEta", with_rest("strategy: {early_stopping: {name: asha, eta: 1}}"), 7, 46, "eta", ""},
    {"StrategyOption", with_rest("strategy: {name: random, wobble: 3}"), 7, 26, "wobble", ""},
    {"EarlyStopping", with_rest("strategy: {early_stopping: medain}"), 7, 28, "unknown value",
     "did you mean \"median\"?"},
    {"NegativeSeed", with_rest("strategy: {seed: -1}"), 7, 18, "must be >= 0", ""},
    {"MoreGpusThanThereAre", with_rest("resources: {gpus: 1, gpus_per_trial: 2}"), 7, 38,
     "a trial takes 2 GPUs", ""},
    {"OneAndAHalfGpus", with_rest("resources: {gpus_per_trial: 1.5}"), 7, 29,
     "fraction of one GPU or a whole", ""},
    {"NegativeCpus", with_rest("resources: {cpus_per_trial: -1}"), 7, 29, "must be from 0", ""},
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

class BrokenFile : public testing::TestWithParam<Broken> {};

TEST_P(BrokenFile, IsRefusedAtItsPlaceOnce) {
  const ConfigFolder folder;
  const Broken& broken = GetParam();
  const auto loaded = folder.load(broken.text.text());
  EXPECT_FALSE(loaded.config);
  ASSERT_THAT(loaded.errors, SizeIs(1)) << rendered(loaded.errors);
  const Diagnostic& error = loaded.errors[0];
  EXPECT_THAT(error.message, HasSubstr(broken.message));
  EXPECT_EQ(error.line, broken.line) << render(error);
  EXPECT_EQ(error.column, broken.column) << render(error);
  EXPECT_THAT(error.hint + " " + error.expected, HasSubstr(broken.hint));
  EXPECT_EQ(error.file, (folder / "tuning.yaml").string());
}

std::string name_of(const testing::TestParamInfo<Broken>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(TopLevel, BrokenFile, testing::ValuesIn(kTopLevel), name_of);
INSTANTIATE_TEST_SUITE_P(Space, BrokenFile, testing::ValuesIn(kSpace), name_of);
INSTANTIATE_TEST_SUITE_P(TrialAndLimits, BrokenFile, testing::ValuesIn(kTrialAndLimits), name_of);

TEST(BrokenFiles, SayEveryErrorAtOnceInTheFilesOrder) {
  const ConfigFolder folder;
  const auto loaded = folder.load(
      "study: a b\n"
      "objective: {metric: loss, gaol: minimize}\n"
      "parameters:\n"
      "  lr: {type: float, min: 0, max: 1, scale: log}\n"
      "  n: {type: int, min: 5}\n"
      "  m: {type: bool, when: {n: 5}}\n"
      "trial: {command: [sh], timeout: soon}\n"
      "limits: {trials: -3}\n"
      "limits: {trials: 4}\n");
  EXPECT_THAT(messages(loaded.errors),
              testing::ElementsAre(
                  HasSubstr("study: \"a b\""), "objective.goal: is missing",
                  "objective.gaol: unknown key", HasSubstr("parameters.lr.min: must be > 0"),
                  "parameters.n.max: is missing", HasSubstr("trial.timeout: expected a duration"),
                  HasSubstr("limits.trials: must be >= 1"), "limits: duplicate key"));
}

}  // namespace
}  // namespace hpo
