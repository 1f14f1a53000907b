// Configurations that the user gives: `strategy.initial` of a file, and what `enqueue` takes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config_files.h"
#include "engine/config/given_configuration.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kParameters =
    "parameters:\n"
    "  lr: {type: float, min: 0.1, max: 9}\n"
    "  k: {type: int, min: 1, max: 9, step: 2}\n"
    "  opt: {type: categorical, values: [adam, sgd, \"2\"]}\n"
    "  momentum: {type: float, min: 0, max: 1, when: {opt: sgd}}\n";

TuningText with_initial(const std::string& initial) {
  TuningText text;
  text.parameters = kParameters;
  text.rest = "strategy: {name: random, initial: " + initial + "}\n";
  return text;
}

SearchSpace space() {
  const ConfigFolder folder;
  return folder.load(with_initial("[]").text()).config.value().study.space;
}

TEST(ConfigInitial, TypesValuesAsTheSpaceHasThem) {
  const ConfigFolder folder;
  const auto loaded = folder.load(
      with_initial("[{lr: 1, k: 3.0, opt: 2}, {lr: 0.5, k: 1, opt: sgd, momentum: 0}]").text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const Configuration first = {{"lr", 1.0}, {"k", std::int64_t{3}}, {"opt", std::string("2")}};
  const Configuration second = {
      {"lr", 0.5}, {"k", std::int64_t{1}}, {"opt", std::string("sgd")}, {"momentum", 0.0}};
  EXPECT_THAT(loaded.config->strategy.initial, ElementsAre(first, second));
  EXPECT_EQ(loaded.config->strategy.options, "{}");
}

TEST(ConfigInitial, ReportsEveryMistakeWithItsPlace) {
  const ConfigFolder folder;
  const auto loaded = folder.load(
      with_initial("[{lr: 10, k: 2, opt: sdg},\n  {lr: 1, opt: adam, momentum: 1, x: 3}]").text());
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(
      messages(loaded.errors),
      ElementsAre("strategy.initial[0].lr: must be a number from 0.1 to 9, got 10",
                  "strategy.initial[0].k: must be an integer from 1 to 9 in steps of 2, got 2",
                  "strategy.initial[0].opt: must be one of adam, sgd, 2, got sdg",
                  "strategy.initial[1].k: is missing; expected an integer from 1 to 9 in "
                  "steps of 2",
                  "strategy.initial[1].momentum: takes a value only where opt is sgd",
                  "strategy.initial[1].x: is not in the search space"));
  EXPECT_EQ(loaded.errors[2].hint, "did you mean \"sgd\"?");
  EXPECT_EQ(loaded.errors[2].line, 10);
  EXPECT_EQ(loaded.errors[2].column, 56);
  EXPECT_EQ(loaded.errors[3].line, 11);
  EXPECT_EQ(loaded.errors[3].column, 3);
}

TEST(ConfigInitial, RefusesWhatIsNoListOfConfigurations) {
  const ConfigFolder folder;
  EXPECT_THAT(messages(folder.load(with_initial("{lr: 1}").text()).errors),
              ElementsAre(HasSubstr("expected a list of configurations, got a map")));
  EXPECT_THAT(messages(folder.load(with_initial("[3]").text()).errors),
              ElementsAre(HasSubstr("strategy.initial[0]: expected a map")));
  EXPECT_THAT(messages(folder.load(with_initial("[{lr: [1]}]").text()).errors),
              ElementsAre(HasSubstr("strategy.initial[0].lr: expected a word, number")));
}

TEST(ConfigInitial, IsStoredAndReadBackWithTheStrategy) {
  const ConfigFolder folder;
  auto text = with_initial("[{lr: 1, k: 3, opt: adam}]");
  text.rest =
      "strategy: {name: bayesian, seed: 4, early_stopping: median, initial_trials: 7, "
      "initial: [{lr: 1, k: 3, opt: adam}]}\n";
  const auto config = folder.load(text.text()).config.value();
  EXPECT_EQ(strategy_of(to_json_text(config)).value(), config.strategy);
  text.rest = "strategy: {name: bayesian, seed: 4, early_stopping: median, initial_trials: 7}\n";
  const auto without = folder.load(text.text()).config.value();
  EXPECT_EQ(strategy_of(to_json_text(without)).value(), without.strategy);
  EXPECT_THAT(describe_changes(to_json_text(without), to_json_text(config)),
              ElementsAre(HasSubstr("strategy.initial: none -> [")));
  EXPECT_FALSE(strategy_of("{}"));
}

TEST(GivenConfiguration, SaysEverythingThatIsWrongInOneMessage) {
  const auto wrong = config::configuration_in(space(), {{"lr", 1.0}, {"kk", std::int64_t{3}}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            "k: is missing; expected an integer from 1 to 9 in steps of 2; "
            "opt: is missing; expected one of adam, sgd, 2; kk: is not in the search space");
  EXPECT_EQ(wrong.error().hint, "did you mean \"k\"?");
}

TEST(GivenConfiguration, DoesNotBlameChildrenOfAWrongParent) {
  const auto found = config::given_configuration(
      space(), {{"lr", 1.0}, {"k", 1.0}, {"opt", std::string("x")}, {"momentum", 7.0}});
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].parameter, "opt");
}

TEST(GivenConfiguration, RefusesNumbersThatFitNoType) {
  for (const ParameterValue& value : {ParameterValue{1.5}, ParameterValue{1e300},
                                      ParameterValue{true}, ParameterValue{std::string("1")}}) {
    const auto found = config::given_configuration(
        space(), {{"lr", 1.0}, {"k", value}, {"opt", std::string("adam")}});
    EXPECT_EQ(found.problems.size(), 1U) << to_text(value);
  }
}

}  // namespace
}  // namespace hpo
