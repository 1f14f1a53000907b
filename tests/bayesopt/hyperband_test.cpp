#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/auto_sampler.h"
#include "bayesopt/halving.h"
#include "tests/bayesopt/studies.h"
#include "tests/bayesopt/tpe_problems.h"

namespace hpo {
namespace {

using namespace testing_support;
using Budgets = std::vector<std::int64_t>;

Ladder ladder_of(std::int64_t min, std::int64_t max, std::int64_t eta = 3,
                 std::int64_t brackets = 0) {
  return *Ladder::make({.min = min, .max = max, .eta = eta, .brackets = brackets});
}

nlohmann::json hyperband_options(const char* sampler, std::int64_t max = 9) {
  return {{"sampler", sampler}, {"budget", {{"parameter", "epochs"}, {"min", 1}, {"max", max}}}};
}

void add(Study& study, std::int64_t budget, TrialState state, std::optional<double> value = {},
         std::optional<std::int64_t> continues = {}) {
  Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .configuration = {{"x0", 0.01 * static_cast<double>(study.trials.size())}},
              .state = state,
              .value = value};
  trial.budget = budget;
  trial.continues = continues;
  if (continues) {
    trial.configuration = study.trials[static_cast<std::size_t>(*continues)]->configuration;
  }
  study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
}

TEST(Ladder, StepsDownFromTheLargestBudget) {
  EXPECT_EQ(ladder_of(1, 27).budgets(), (Budgets{1, 3, 9, 27}));
  EXPECT_EQ(ladder_of(2, 100, 4).budgets(), (Budgets{2, 6, 25, 100}));
  EXPECT_EQ(ladder_of(3, 100, 4).budgets(), (Budgets{6, 25, 100}));
  EXPECT_EQ(ladder_of(1, 10).budgets(), (Budgets{1, 3, 10}));
}

TEST(Ladder, RefusesWhatHasNoStep) {
  for (const LadderOptions& bad : {LadderOptions{.min = 9, .max = 10},
                                   {.min = 5, .max = 5},
                                   {.min = 1, .max = 30'000},
                                   {.max = 9, .eta = 1},
                                   {.max = 9, .brackets = 4}}) {
    EXPECT_FALSE(Ladder::make(bad)) << bad.min << " " << bad.max;
  }
}

TEST(Ladder, DrawsBracketsAsOftenAsHyperbandFillsThem) {
  const Ladder ladder = ladder_of(1, 27);
  std::vector<int> counts(4, 0);
  for (int i = 0; i < 490; ++i) ++counts[ladder.bracket((i + 0.5) / 490)];
  EXPECT_EQ(counts, (std::vector<int>{270, 120, 60, 40}));
  EXPECT_EQ(ladder_of(1, 27, 3, 1).bracket(0.999), 0U);
}

TEST(Halving, PromotesTheBestThirdOnce) {
  const Ladder ladder = ladder_of(1, 9);
  Study study = empty_study(unit_box(1));
  add(study, 1, TrialState::paused, 0.5);
  add(study, 1, TrialState::paused, 0.3);
  EXPECT_EQ(promotable(ladder, Goal::minimize, climbs_of(ladder, study)), nullptr);
  add(study, 1, TrialState::failed);  // a failure is a place on the rung too
  EXPECT_EQ(promotable(ladder, Goal::minimize, climbs_of(ladder, study))->number, 1);
  EXPECT_EQ(promotable(ladder, Goal::maximize, climbs_of(ladder, study))->number, 0);
  add(study, 3, TrialState::running, {}, 1);
  EXPECT_EQ(promotable(ladder, Goal::minimize, climbs_of(ladder, study)), nullptr);
}

TEST(Halving, ComparesWithinABracketAndFromTheTop) {
  const Ladder ladder = ladder_of(1, 9);
  Study study = empty_study(unit_box(1));
  for (const double value : {0.5, 0.3, 0.4}) add(study, 3, TrialState::paused, value);
  for (const double value : {0.9, 0.8, 0.7}) add(study, 1, TrialState::paused, value);
  EXPECT_EQ(promotable(ladder, Goal::minimize, climbs_of(ladder, study))->number, 1);
  add(study, 9, TrialState::complete, 0.2, 1);
  EXPECT_EQ(promotable(ladder, Goal::minimize, climbs_of(ladder, study))->number, 5);
}

TEST(Halving, TheInnerStudyHasOneTrialForEachConfiguration) {
  const Ladder ladder = ladder_of(1, 9);
  Study study = empty_study(unit_box(1));
  add(study, 1, TrialState::paused, 0.5);
  add(study, 1, TrialState::paused, 0.3);
  add(study, 1, TrialState::failed);
  add(study, 3, TrialState::paused, 0.25, 1);
  add(study, 9, TrialState::complete, 0.1);
  add(study, 1, TrialState::running);
  const Study low = inner_study(ladder, study, climbs_of(ladder, study), 2);
  ASSERT_EQ(low.trials.size(), 5U);
  EXPECT_EQ(low.trials[1]->value, 0.25);  // the rung of 3 has two results: this and the next
  EXPECT_EQ(low.trials[3]->value, 0.1);
  EXPECT_EQ(low.trials[0]->state, TrialState::pruned);
  EXPECT_EQ(low.trials[0]->value, 0.5);
  EXPECT_EQ(low.trials[2]->state, TrialState::failed);
  EXPECT_EQ(low.trials[4]->state, TrialState::running);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(low.trials[i]->number, static_cast<std::int64_t>(i));
  }
}

/// Runs hyperband one trial after the other; the noise of a short training hides small differences.
/// Returns the budget that was spent until a whole training came within 0.02 of the best.
std::int64_t budget_to_optimum(Sampler& sampler, Study& study, const Problem& problem,
                               std::int64_t max) {
  std::int64_t spent = 0;
  while (spent < 4000) {
    auto suggestion = sampler.suggest(study, next_seed(study));
    const std::int64_t budget = suggestion->budget.value_or(max);
    const auto& before = suggestion->continues_trial;
    spent += budget - (before ? *study.trials[static_cast<std::size_t>(*before)]->budget : 0);
    const double error = problem.value(suggestion->configuration);
    const double value = error + 0.3 / static_cast<double>(budget);
    Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
                .configuration = suggestion->configuration,
                .state = budget == max ? TrialState::complete : TrialState::paused,
                .value = value};
    trial.model = suggestion->model;
    trial.budget = suggestion->budget;
    trial.continues = before;
    study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
    if (budget == max && error < problem.optimum + 0.02) break;
  }
  return spent;
}

TEST(HyperbandSampler, NeedsLessOfTheBudgetThanWholeTrainings) {
  const Problem problem = shifted_problem("bowl3", 3, bent_bowl);
  std::int64_t with = 0;
  std::int64_t without = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Study halved = empty_study(problem.space, seed);
    Study whole = empty_study(problem.space, seed);
    const auto hyperband = *make_sampler("hyperband", hyperband_options("tpe", 27), problem.space);
    with += budget_to_optimum(*hyperband, halved, problem, 27);
    without += budget_to_optimum(*sampler_of("tpe", problem.space), whole, problem, 27);
  }
  EXPECT_LT(with, without * 3 / 4);
}

TEST(HyperbandSampler, WorksAroundEverySampler) {
  for (const auto name : sampler_names()) {
    Study study = empty_study(twelve());
    const auto sampler =
        make_sampler("hyperband", hyperband_options(std::string(name).c_str()), study.spec.space);
    ASSERT_TRUE(sampler) << sampler.error().message;
    int configurations = 0;
    for (int i = 0; i < 40; ++i) {
      auto suggestion = (*sampler)->suggest(study, next_seed(study));
      if (!suggestion) {
        EXPECT_EQ(suggestion.error().code, ErrorCode::exhausted);
        break;
      }
      Trial trial{.number = i, .configuration = suggestion->configuration};
      trial.state = *suggestion->budget == 9 ? TrialState::complete : TrialState::paused;
      trial.value = any_value(suggestion->configuration);
      trial.model = suggestion->model;
      trial.budget = suggestion->budget;
      trial.continues = suggestion->continues_trial;
      configurations += trial.continues ? 0 : 1;
      study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
    }
    EXPECT_EQ(configurations, 12) << name;
  }
}

TEST(HyperbandSampler, RefusesWhatItCannotDo) {
  const auto said = [](const nlohmann::json& options) {
    const auto sampler = make_sampler("hyperband", options, twelve());
    return sampler ? std::string("nothing") : sampler.error().message;
  };
  EXPECT_NE(said(nlohmann::json::object()).find("needs a budget"), std::string::npos);
  EXPECT_NE(said(hyperband_options("hyperband")).find("hyperband in hyperband"), std::string::npos);
  EXPECT_NE(said(hyperband_options("annealing")).find("annealing"), std::string::npos);
  auto wobbly = hyperband_options("tpe");
  wobbly["wobble"] = 1;
  EXPECT_NE(said(wobbly).find("wobble"), std::string::npos);
}

TEST(AutoSampler, ChoosesByTheSpaceAndTheNumberOfTrials) {
  EXPECT_EQ(choose_sampler(twelve(), 0).name, "grid");
  EXPECT_EQ(choose_sampler(every_kind(), 0).name, "bayesian");
  EXPECT_EQ(choose_sampler(every_kind(), 5000).name, "tpe");
  EXPECT_EQ(choose_sampler(unit_box(60), 0).name, "tpe");
  CategoricalParameter many;
  for (std::int64_t i = 0; i < 50; ++i) many.values.emplace_back(i);
  EXPECT_EQ(choose_sampler({.parameters = {{.name = "word", .domain = many}}}, 0).name, "tpe");
}

TEST(AutoSampler, SaysInTheModelWhatItTook) {
  Study study = empty_study(twelve());
  const auto suggestion = sampler_of("auto", study.spec.space)->suggest(study, 1);
  const auto model = nlohmann::json::parse(suggestion->model);
  EXPECT_EQ(model["chosen"]["sampler"], "grid");
  EXPECT_EQ(model["chosen"]["because"], "the space has only 12 configurations");
}

}  // namespace
}  // namespace hpo
