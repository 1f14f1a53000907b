// `objectives:` and `constraints:` of a file, and what does not go together with them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTwo =
    "objectives: [{metric: loss, goal: minimize}, {metric: recall, goal: maximize}]\n";

TuningText with(const std::string& objectives, const std::string& rest = {}) {
  return {.objective = objectives, .trial = "trial: {command: [sh, train.py]}\n", .rest = rest};
}

class ConfigObjectives : public testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> found(const TuningText& text,
                                               ConfigUse use = ConfigUse::study) const {
    return messages(folder_.load(text.text(), {}, use).errors);
  }
  [[nodiscard]] std::string place(const TuningText& text) const {
    const auto errors = folder_.load(text.text()).errors;
    return errors.empty() ? "none"
                          : std::to_string(errors[0].line) + ":" + std::to_string(errors[0].column);
  }
  [[nodiscard]] std::string hint(const TuningText& text) const {
    return rendered(folder_.load(text.text()).errors);
  }
  ConfigFolder folder_;
};

TEST_F(ConfigObjectives, ReadsTwoObjectivesAndConstraints) {
  const auto loaded = folder_.load(
      with(kTwo, "constraints: [{metric: size, max: 50}, {metric: recall, min: 0.1, max: 1}]\n")
          .text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const StudySpec& study = loaded.config->study;
  EXPECT_EQ(study.objectives,
            (std::vector<ObjectiveSpec>{{.metric = "loss"},
                                        {.metric = "recall", .goal = Goal::maximize}}));
  EXPECT_EQ(study.constraints,
            (std::vector<ConstraintSpec>{{.metric = "size", .max = 50},
                                         {.metric = "recall", .min = 0.1, .max = 1}}));
  const auto json = nlohmann::json::parse(to_json_text(*loaded.config));
  EXPECT_TRUE(json["objective"].is_null());
  EXPECT_EQ(json["objectives"][1]["goal"], "maximize");
  EXPECT_EQ(json["constraints"][0]["max"], 50);
}

TEST_F(ConfigObjectives, OneInAListIsOne) {
  const auto loaded = folder_.load(with("objectives: [{metric: loss, goal: minimize}]\n").text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_TRUE(loaded.config->study.is_plain());
}

TEST_F(ConfigObjectives, ReportsMistakesInObjectives) {
  EXPECT_THAT(found(with("objective: {metric: loss, goal: minimize}\n" + std::string(kTwo))),
              ElementsAre("objectives: there is an \"objective\" too"));
  EXPECT_THAT(found(with("objectives: loss\n")),
              ElementsAre(HasSubstr("objectives: expected a list of maps")));
  EXPECT_THAT(found(with("objectives: []\n")), ElementsAre(HasSubstr("an empty one")));
  EXPECT_THAT(found(with("objective: [{metric: loss, goal: minimize}]\n")),
              ElementsAre(HasSubstr("expected one objective, got a list")));
  const TuningText three = with(
      "objectives: [{metric: a, goal: minimize}, {metric: b, goal: minimize}, "
      "{metric: c, goal: minimize}]\n");
  EXPECT_THAT(found(three), ElementsAre("objectives: there are 3, but at most 2 can be optimised "
                                        "together"));
  EXPECT_THAT(hint(three), HasSubstr("make the others constraints"));
  const TuningText twice =
      with("objectives: [{metric: a, goal: minimize}, {metric: a, goal: maximize}]\n");
  EXPECT_THAT(found(twice), ElementsAre("objectives[1].metric: \"a\" is in the list already"));
  EXPECT_EQ(place(twice), "2:52");
  EXPECT_THAT(
      found(with("objectives: [{metric: a, goal: minimize}, {metric: b, gaol: maximize}]\n")),
      testing::Contains(HasSubstr("objectives[1].gaol: unknown key")));
  EXPECT_THAT(found(with("objectives: [{metric: a, goal: minimize, value: best}, "
                         "{metric: b, goal: minimize}]\n")),
              ElementsAre(HasSubstr("objectives[0].value: with two objectives a trial's value is "
                                    "the last one of each")));
}

TEST_F(ConfigObjectives, ReportsMistakesInConstraints) {
  const auto errors = [&](const std::string& list) {
    return found(with(kTwo, "constraints: " + list + "\n"));
  };
  EXPECT_THAT(errors("{metric: a, max: 1}"), ElementsAre(HasSubstr("expected a list of maps")));
  EXPECT_THAT(errors("[{metric: a}]"), ElementsAre("constraints[0]: has no bound"));
  EXPECT_THAT(errors("[{max: 1}]"), ElementsAre(HasSubstr("constraints[0].metric: is missing")));
  EXPECT_THAT(errors("[{metric: a, max: big}]"), ElementsAre(HasSubstr("constraints[0].max: ")));
  EXPECT_THAT(errors("[{metric: a, min: 2, max: 1}]"),
              ElementsAre("constraints[0].max: must be > min 2, got 1"));
  EXPECT_THAT(errors("[{metric: a, max: 1}, {metric: a, min: 0}]"),
              ElementsAre("constraints[1].metric: \"a\" is in the list already"));
  EXPECT_THAT(errors("[{metric: a, most: 1}]"),
              testing::Contains(HasSubstr("constraints[0].most: unknown key")));
}

TEST_F(ConfigObjectives, FindsMisspelledMetrics) {
  TuningText text = with(kTwo, "constraints: [{metric: sise, max: 1}]\n");
  text.trial =
      "trial: {command: [sh, train.py], metrics: {loss: 'loss: (\\S+)', recall: 'r (\\S+)', "
      "size: 's (\\S+)'}}\n";
  EXPECT_THAT(found(text),
              ElementsAre("constraints[0].metric: trial.metrics does not report \"sise\""));
  text.trial = "trial: {objective: branin}\n";
  EXPECT_THAT(found(text), testing::Contains(HasSubstr("objective branin does not report")));
}

TEST_F(ConfigObjectives, RefusesWhatTwoObjectivesCannotHave) {
  const auto errors = [&](const std::string& rest, const std::string& limits = "{trials: 5}") {
    TuningText text = with(kTwo, rest);
    text.limits = "limits: " + limits + "\n";
    return found(text);
  };
  EXPECT_THAT(errors("strategy: {early_stopping: median}\n"),
              ElementsAre(HasSubstr("strategy.early_stopping: compares one value")));
  EXPECT_THAT(errors("strategy: {name: hyperband, budget: {parameter: epochs, min: 1, max: 9}}\n"),
              ElementsAre(HasSubstr("cannot be used with two objectives")));
  EXPECT_THAT(errors("strategy: {warm_start: [{study: old}]}\n"),
              ElementsAre(HasSubstr("strategy.warm_start: what another study tells")));
  EXPECT_THAT(errors("", "{trials: 5, target: 1}"),
              ElementsAre(HasSubstr("limits.target: two objectives have no one value")));
  EXPECT_THAT(errors("", "{trials: 5, regret: 1}"), ElementsAre(HasSubstr("limits.regret")));
  EXPECT_THAT(errors("", "{trials: 5, convergence: true}"),
              ElementsAre(HasSubstr("limits.convergence")));
  EXPECT_THAT(errors("strategy: {name: tpe}\n", "{trials: 50, no_improvement: 5}"), IsEmpty());
}

TEST_F(ConfigObjectives, ConstraintsLeaveATargetAndEarlyStopping) {
  const std::string one = "objective: {metric: loss, goal: minimize}\n";
  const std::string constraints = "constraints: [{metric: size, max: 1}]\n";
  TuningText text = with(one, constraints + "strategy: {early_stopping: median}\n");
  text.limits = "limits: {trials: 5, target: 0.1}\n";
  EXPECT_THAT(found(text), IsEmpty());
  text.limits = "limits: {trials: 5, regret: 0.1}\n";
  EXPECT_THAT(found(text), ElementsAre(HasSubstr("limits.regret: is a bound on")));
}

TEST_F(ConfigObjectives, AskTellReadsThemToo) {
  const TuningText text = with(kTwo, "constraints: [{metric: size, max: 1}]\n");
  const auto loaded = folder_.load(text.text(), {}, ConfigUse::ask_tell);
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  EXPECT_EQ(loaded.config->study.objectives.size(), 2U);
  EXPECT_EQ(loaded.config->study.constraints.size(), 1U);
  const TuningText stopping = with(kTwo, "strategy: {early_stopping: median}\n");
  EXPECT_THAT(found(stopping, ConfigUse::ask_tell), ElementsAre(HasSubstr("early_stopping")));
}

}  // namespace
}  // namespace hpo
