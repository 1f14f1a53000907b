// `strategy.warm_start` of a file, and what of another study it takes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config_files.h"
#include "engine/prior_results.h"
#include "engine/warm_start.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TuningText with(const std::string& warm_start, const std::string& name = "bayesian") {
  TuningText text;
  text.rest = "strategy: {name: " + name + ", warm_start: " + warm_start + "}\n";
  return text;
}

TEST(ConfigWarmStart, NamesStudiesAndTheirStorages) {
  const ConfigFolder folder;
  const auto loaded = folder.load(
      with("[{study: old}, {study: far, storage: ../far.db, relation: identical}]").text());
  ASSERT_TRUE(loaded.config) << rendered(loaded.errors);
  const auto& list = loaded.config->strategy.warm_start;
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].file, folder / "hpo.db");
  EXPECT_EQ(list[0].relation, "");
  EXPECT_EQ(list[1].storage, "../far.db");
  EXPECT_EQ(list[1].file, (folder.path().parent_path() / "far.db"));
  EXPECT_EQ(list[1].place.line, 7);
  EXPECT_EQ(loaded.config->strategy.options, "{}");
  const auto json = nlohmann::json::parse(to_json_text(*loaded.config));
  EXPECT_EQ(json["strategy"]["warm_start"][1]["storage"], "../far.db");
  EXPECT_EQ(strategy_of(json.dump()).value().options, "{}");
}

TEST(ConfigWarmStart, ReportsMistakesWithTheirPlace) {
  const ConfigFolder folder;
  const auto found = [&](const std::string& list, const std::string& name = "bayesian") {
    return messages(folder.load(with(list, name).text()).errors);
  };
  EXPECT_THAT(found("old"), ElementsAre(HasSubstr("strategy.warm_start: expected a list of")));
  EXPECT_THAT(found("[{storage: a.db}]"),
              ElementsAre(HasSubstr("warm_start[0].study: is missing")));
  EXPECT_THAT(found("[{study: a, relation: cousin}]"),
              ElementsAre(HasSubstr("warm_start[0].relation")));
  EXPECT_THAT(found("[{study: a, trials: 4}]"), ElementsAre(HasSubstr("warm_start[0].trials")));
  EXPECT_THAT(found("[{study: test}]"), ElementsAre(HasSubstr("is this study itself")));
  EXPECT_THAT(found("[{study: a}, {study: a}]"), ElementsAre(HasSubstr("is in the list already")));
  for (const auto* name : {"random", "sobol"}) {
    EXPECT_THAT(found("[{study: a}]", name),
                ElementsAre(HasSubstr("learns nothing from other studies")));
  }
  EXPECT_THAT(found("[{study: a}]", "tpe"), ElementsAre());
  EXPECT_THAT(found("[{study: a}]", "auto"), ElementsAre());
}

/// A stored study of that file whose trials have these configurations and the values 0, 1, ...
StoredStudy stored(const TuningConfig& config, const std::vector<Configuration>& trials) {
  StoredStudy other{.config = to_json_text(config)};
  other.study.spec = config.study;
  other.study.spec.id = "the other";
  for (const auto& configuration : trials) {
    const auto number = static_cast<std::int64_t>(other.study.trials.size());
    other.study.trials.push_back(
        std::make_shared<const Trial>(Trial{.number = number,
                                            .configuration = configuration,
                                            .state = TrialState::complete,
                                            .value = static_cast<double>(number)}));
  }
  return other;
}

/// What the file `here` takes of a study of the file `there`.
Result<PriorStudy> taken(const TuningText& here, const TuningText& there,
                         const std::vector<Configuration>& trials,
                         const WarmStartSpec& spec = {.study = "old"}) {
  const ConfigFolder folder;
  const auto config = folder.load(here.text());
  EXPECT_TRUE(config.config) << rendered(config.errors);
  const auto other = folder.load(there.text());
  EXPECT_TRUE(other.config) << rendered(other.errors);
  return prior_study(*config.config, spec, stored(*other.config, trials));
}

TEST(PriorResults, AreIdenticalWhereBothStudiesTuneTheSame) {
  const TuningText text;
  TuningText wider = text;
  wider.parameters = "parameters:\n  lr: {type: float, min: 0.01, max: 2}\n";
  const auto prior = taken(text, wider, {{{"lr", 0.5}}, {{"lr", 1.5}}, {{"lr", 0.9}}}).value();
  EXPECT_EQ(prior.relation, Relation::identical);
  EXPECT_EQ(prior.because, "it tunes the same");
  EXPECT_THAT(prior.left_out, ElementsAre(std::pair("lr lies outside", 1)));
  ASSERT_EQ(prior.results.size(), 2U);
  EXPECT_EQ(prior.results[1].trial, 2);
  EXPECT_EQ(prior.results[1].value, 2.0);
}

TEST(PriorResults, AreRelatedWhereSomethingElseRan) {
  const TuningText text;
  const auto why = [&](const TuningText& there, const WarmStartSpec& spec = {.study = "old"}) {
    const auto prior = taken(text, there, {{{"lr", 0.5}}}, spec);
    if (!prior) return prior.error().message;
    EXPECT_EQ(prior->relation, Relation::related);
    return prior->because;
  };
  TuningText there;
  there.trial = "trial: {command: [sh, other.py], metrics: {loss: 'loss: (\\S+)'}}\n";
  EXPECT_EQ(why(there), "trial.command differs");
  there = {};
  there.objective = "objective: {metric: error, goal: minimize}\n";
  there.trial = "trial: {command: [sh, train.py], metrics: {error: 'loss: (\\S+)'}}\n";
  EXPECT_EQ(why(there), "its objective is error");
  EXPECT_THAT(why(there, {.study = "old", .relation = "identical"}),
              HasSubstr("cannot be identical to this study: its objective is error"));
  EXPECT_EQ(why({}, {.study = "old", .storage = "far.db"}), "it lies in another storage");
  EXPECT_EQ(why({}, {.study = "old", .relation = "related"}), "the file says so");
  there = {};
  there.parameters += "  k: {type: int, min: 1, max: 3}\n";
  EXPECT_EQ(why(there), "only it has the parameter k");
}

TEST(PriorResults, OfWhatIsFixedHereCountWhereTheyHadThatValue) {
  TuningText here;
  here.trial =
      "trial: {command: [sh, train.py], metrics: {loss: 'loss: (\\S+)'}, hyperparameters: {k: "
      "2}}\n";
  TuningText there;
  there.parameters += "  k: {type: int, min: 1, max: 3}\n";
  const auto prior =
      taken(here, there,
            {{{"lr", 0.5}, {"k", std::int64_t{2}}}, {{"lr", 0.5}, {"k", std::int64_t{3}}}})
          .value();
  EXPECT_EQ(prior.relation, Relation::identical);
  ASSERT_EQ(prior.results.size(), 1U);
  EXPECT_EQ(prior.results[0].configuration, (Configuration{{"lr", 0.5}}));
  const auto back = taken(there, here, {{{"lr", 0.25}}}).value();
  EXPECT_EQ(back.results[0].configuration, (Configuration{{"k", std::int64_t{2}}, {"lr", 0.25}}));
}

TEST(PriorResults, OfARelatedStudyTellOfTheParametersThatBothSearch) {
  TuningText here;
  here.parameters =
      "parameters:\n  opt: {type: categorical, values: [adam, sgd]}\n"
      "  momentum: {type: float, min: 0, max: 1, when: {opt: sgd}}\n"
      "  lr: {type: float, min: 0.1, max: 1}\n";
  TuningText there;
  there.parameters += "  momentum: {type: float, min: 0, max: 1}\n";
  const auto prior = taken(here, there, {{{"lr", 0.5}, {"momentum", 0.5}}}).value();
  EXPECT_EQ(prior.relation, Relation::related);
  EXPECT_THAT(prior.parameters, ElementsAre("lr"));
  EXPECT_EQ(prior.results[0].configuration, (Configuration{{"lr", 0.5}}));
}

TEST(PriorResults, SayWhyThereAreNone) {
  TuningText there;
  there.objective = "objective: {metric: loss, goal: maximize}\n";
  EXPECT_EQ(taken({}, there, {}).error().message,
            "its goal is to maximize loss, this study's to minimize loss");
  there = {};
  there.parameters = "parameters:\n  k: {type: int, min: 1, max: 3}\n";
  EXPECT_EQ(taken({}, there, {{{"k", std::int64_t{1}}}}).error().message,
            "has no parameter of this study's; it searches k");
  EXPECT_EQ(taken({}, {}, {}).error().message, "has no trials");
  EXPECT_EQ(taken({}, {}, {{{"lr", 7.0}}}).error().message,
            "none of its 1 trial can be used: 1 lr lies outside");
}

TEST(WarmStart, SaysWhereInTheFileAStudyIsNamedThatIsNotThere) {
  const ConfigFolder folder;
  const auto loaded = folder.load(with("[{study: old, storage: none.db}]").text());
  const auto read = read_warm_start(*loaded.config, nullptr);
  ASSERT_EQ(read.errors.size(), 1U);
  EXPECT_THAT(read.errors[0].message, HasSubstr("strategy.warm_start[0]: "));
  EXPECT_THAT(read.errors[0].message, HasSubstr("none.db: no such file"));
  EXPECT_EQ(read.errors[0].line, 7);
}

TEST(WarmStart, TakesFromTheStudyWhatItWasToldBefore) {
  const ConfigFolder folder;
  const auto loaded = folder.load(with("[{study: old, storage: none.db}]").text());
  Study study;
  study.prior = with_sources({}, {{.study = "old", .storage = "none.db", .id = "kept"}}, 0);
  const auto read = read_warm_start(*loaded.config, &study);
  ASSERT_EQ(read.sources.size(), 1U);
  EXPECT_EQ(read.sources[0].id, "kept");
}

}  // namespace
}  // namespace hpo
