#include "engine/replay/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "bayesopt/sampler.h"
#include "engine/scheduling/ledger.h"
#include "engine/scheduling/proposer.h"
#include "engine/scheduling/user_points.h"
#include "engine/tuning_config.h"

namespace hpo {
namespace {

using testing::HasSubstr;

/// A study with eight trials at once, whose results come in a random order; its strategy may change
/// between runs.
class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    spec.name = "study";
    spec.objectives = {{.metric = "loss", .goal = Goal::minimize}};
    spec.space.parameters = {
        {.name = "lr", .domain = FloatParameter{.min = 1e-4, .max = 1, .scale = Scale::log}},
        {.name = "k", .domain = IntParameter{.min = 1, .max = 20}}};
    spec.seed = 5;
    study.spec = spec;
  }

  /// Adds trials by this strategy, as a run of the study would.
  void run(std::int64_t trials, const StrategySpec& strategy, std::uint64_t seed) {
    study.spec.seed = seed;
    TuningConfig config;
    config.study = study.spec;
    config.strategy = strategy;
    runs.push_back({.number = static_cast<std::int64_t>(runs.size()) + 1,
                    .first_trial = static_cast<std::int64_t>(study.trials.size()),
                    .seed = seed,
                    .config = to_json_text(config)});
    const auto store = make_memory_store();
    ASSERT_TRUE(store->open(study.spec, {}));
    for (const auto& trial : study.trials) ASSERT_TRUE(store->save(*trial));
    Ledger ledger(study, *store);
    UserPoints points(strategy.initial);
    const auto sampler =
        make_sampler(strategy.name, nlohmann::json::parse(strategy.options), spec.space).value();
    for (std::int64_t i = 0; i < trials; ++i) {
      auto given = points.next(ledger).value();
      Trial next =
          given ? given->trial : propose_next(*sampler, strategy.name, ledger.seen()).value();
      next.state = TrialState::running;
      ASSERT_TRUE(ledger.create(std::move(next)));
      if (i >= 8) finish_one(ledger);
    }
    study = ledger.study();
  }

  void finish_one(Ledger& ledger) {
    std::vector<std::shared_ptr<const Trial>> running;
    for (const auto& trial : ledger.study().trials) {
      if (trial->state == TrialState::running) running.push_back(trial);
    }
    Trial ended = *running[random() % running.size()];
    const double lr = std::log(std::get<double>(ended.configuration.at("lr")));
    const auto k = static_cast<double>(std::get<std::int64_t>(ended.configuration.at("k")));
    ended.state = random() % 9 == 0 ? TrialState::failed : TrialState::complete;
    if (ended.state == TrialState::complete) ended.value = (lr + 4) * (lr + 4) + std::abs(k - 7);
    ended.artifact = "/models/" + std::to_string(ended.number);
    ASSERT_TRUE(ledger.finish(std::move(ended)));
  }

  Trial& edit(std::size_t number) {
    auto copy = std::make_shared<Trial>(*study.trials.at(number));
    study.trials[number] = copy;
    return *copy;
  }

  StudySpec spec = {};
  Study study = {};
  std::vector<StoredRun> runs = {};
  std::mt19937_64 random{3};
};

TEST_F(ReplayTest, VerifiesAnAsynchronousStudyWhoseStrategyWasEdited) {
  run(20, {.name = "bayesian", .initial = {{{"lr", 0.5}, {"k", std::int64_t{3}}}}}, 5);
  run(0, {.name = "random"}, 1);
  run(6, {.name = "random"}, 9);
  run(4, {.name = "sobol"}, 9);
  run(12, {.name = "bayesian", .options = R"({"initial_trials":30})"}, 7);
  run(8, {.name = "bayesian"}, 7);
  std::int64_t told = 0;
  const auto report = replay(study, runs, [&](const ReplayedTrial& trial) {
    EXPECT_EQ(trial.why, "") << trial.number;
    ++told;
    return true;
  });
  EXPECT_TRUE(report.is_verified());
  EXPECT_EQ(report.count(Replayed::same), 49);
  EXPECT_EQ(report.count(Replayed::given), 1);
  EXPECT_EQ(told, 50);
}

TEST_F(ReplayTest, FindsAConfigurationThatWasChanged) {
  run(20, {.name = "bayesian"}, 5);
  auto& lr = std::get<double>(edit(14).configuration.at("lr"));
  lr = std::nextafter(lr, 1.0);
  const auto report = replay(study, runs);
  EXPECT_FALSE(report.is_verified());
  EXPECT_EQ(report.trials[13].outcome, Replayed::same);
  EXPECT_EQ(report.trials[14].outcome, Replayed::different);
  EXPECT_THAT(report.trials[14].why, HasSubstr("configuration: stored {"));
}

TEST_F(ReplayTest, FindsAResultThatWasChanged) {
  run(30, {.name = "bayesian"}, 5);
  for (std::size_t i = 0; i < 20; ++i) {
    if (study.trials[i]->value)
      edit(i).value = *study.trials[i]->value + 1.0 / static_cast<double>(i + 1);
  }
  EXPECT_GT(replay(study, runs).count(Replayed::different), 0);
}

TEST_F(ReplayTest, FindsAModelASeedAndAPlaceThatWereChanged) {
  run(20, {.name = "bayesian"}, 5);
  edit(16).sampler = "random";
  edit(17).model += " ";
  edit(18).seed += 1;
  edit(19).seen = study.trials[5]->seen;
  const auto report = replay(study, runs);
  EXPECT_EQ(report.trials[16].why, "strategy: stored random, suggested now bayesian");
  EXPECT_THAT(report.trials[17].why, HasSubstr("model: stored"));
  EXPECT_THAT(report.trials[18].why, HasSubstr("seed: stored"));
  EXPECT_EQ(report.trials[19].outcome, Replayed::unknown);
  EXPECT_THAT(report.trials[19].why, HasSubstr("the study had 5 trials"));
}

TEST_F(ReplayTest, FindsAUsersConfigurationOutsideOfTheSpace) {
  run(1, {.name = "random", .initial = {{{"lr", 0.5}, {"k", std::int64_t{3}}}}}, 5);
  edit(0).configuration["k"] = std::int64_t{21};
  EXPECT_THAT(replay(study, runs).trials[0].why, HasSubstr("given by the user: parameter k"));
}

TEST_F(ReplayTest, TriesTheRunsOfFilesThatDoNotSayWhichTrialsAreTheirs) {
  run(3, {.name = "random"}, 5);
  run(3, {.name = "sobol"}, 5);
  run(3, {.name = "random"}, 6);
  for (auto& run : runs) run.first_trial.reset();
  EXPECT_TRUE(replay(study, runs).is_verified());
  edit(4).sampler = "grid";
  EXPECT_EQ(replay(study, runs).trials[4].why, "no run of the study has strategy grid");
}

TEST_F(ReplayTest, SaysWhichStrategyItCannotMake) {
  run(2, {.name = "random"}, 5);
  const auto at = runs[0].config.find("random");
  runs[0].config.replace(at, 6, "marvel");
  EXPECT_THAT(replay(study, runs).trials[0].why, HasSubstr("unknown sampler \"marvel\""));
  runs[0].config = "{}";
  EXPECT_THAT(replay(study, runs).trials[0].why, HasSubstr("has no strategy"));
}

}  // namespace
}  // namespace hpo
