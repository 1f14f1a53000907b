// `--set a.b=c`.

#include <gmock/gmock.h>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Overrides, ReplaceAddAndRemoveKeys) {
  const ConfigFolder folder;
  const auto loaded = folder.load(TuningText{}.text(), {{"limits.trials", "12"},
                                                        {"study", "again"},
                                                        {"strategy.name", "random"},
                                                        {"trial.hyperparameters.a.b", "1e-3"},
                                                        {"limits.parallel", "3"},
                                                        {"limits.parallel", "null"}});
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_EQ(loaded.config->limits.trials, 12);
  EXPECT_EQ(loaded.config->limits.parallel, 1);
  EXPECT_EQ(loaded.config->study.name, "again");
  EXPECT_EQ(loaded.config->strategy.name, "random");
  EXPECT_EQ(loaded.config->trial.hyperparameters.at("a.b"), ParameterValue{1e-3});
}

TEST(Overrides, TakeWholeValuesInYaml) {
  const ConfigFolder folder;
  const auto loaded =
      folder.load(TuningText{}.text(), {{"parameters.depth", "{type: int, min: 1, max: 4}"},
                                        {"trial.command", "[sh, -c, 'echo loss: 1']"}});
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_THAT(loaded.config->trial.command, ElementsAre("sh", "-c", "echo loss: 1"));
  EXPECT_EQ(loaded.config->study.space.parameters[1].domain,
            (Domain{IntParameter{.min = 1, .max = 4}}));
}

TEST(Overrides, ReachParametersWhoseNamesHoldDots) {
  const ConfigFolder folder;
  TuningText text;
  text.parameters = "parameters:\n  model.lr: {type: float, min: 0.1, max: 0.9}\n";
  const auto loaded = folder.load(text.text(), {{"parameters.model.lr.max", "0.5"}});
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_EQ(loaded.config->study.space.parameters[0].domain,
            (Domain{FloatParameter{.min = 0.1, .max = 0.5}}));
  text.parameters += "  model: {type: float, min: 0.1, max: 0.9}\n";
  const auto ambiguous = folder.load(text.text(), {{"parameters.model.lr.max", "0.5"}});
  EXPECT_THAT(messages(ambiguous.errors), ElementsAre(HasSubstr("may mean any of the parameters")));
}

struct BadOverride {
  std::string name = {};
  Override set = {};
  std::string message = {};
  std::string hint = {};
};

class BadOverrides : public testing::TestWithParam<BadOverride> {};

TEST_P(BadOverrides, AreRefusedWithTheFlagAsTheirPlace) {
  const ConfigFolder folder;
  const auto& [name, set, message, hint] = GetParam();
  const auto loaded = folder.load(TuningText{}.text(), {set});
  ASSERT_THAT(loaded.errors, SizeIs(1)) << rendered(loaded.errors);
  EXPECT_EQ(loaded.errors[0].line, 0);
  EXPECT_EQ(loaded.errors[0].file, "--set " + set.key + "=" + set.value);
  EXPECT_THAT(loaded.errors[0].message, HasSubstr(message));
  EXPECT_THAT(loaded.errors[0].hint, HasSubstr(hint));
}

INSTANTIATE_TEST_SUITE_P(
    Overrides, BadOverrides,
    testing::Values(
        BadOverride{
            "UnknownKey", {"limits.trilas", "3"}, "limits.trilas: unknown key", "\"trials\""},
        BadOverride{"UnknownSection", {"limit.trials", "3"}, "limit: unknown key", "\"limits\""},
        BadOverride{"BadValue", {"limits.trials", "0"}, "limits.trials: must be >= 1", ""},
        BadOverride{"ThroughAScalar", {"study.name", "x"}, "study is test, it has no keys", ""},
        BadOverride{"UnknownParameter",
                    {"parameters.rl.min", "0.2"},
                    "there is no parameter \"rl\"",
                    "\"lr\""},
        BadOverride{"BrokenYaml", {"limits.trials", "[1"}, "not valid YAML", ""},
        BadOverride{"MapForText",
                    {"trial.metrics.loss", "loss: (.)"},
                    "expected a text, got a map",
                    "quote"},
        BadOverride{"EmptyKey", {"", "3"}, "expected KEY=VALUE", ""}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace hpo
