// The samplers without a model: how their points lie.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "bayesopt/unseen.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(GridSampler, SpreadsEarly) {
  Study study =
      empty_study({.parameters = {{.name = "n", .domain = IntParameter{.min = 0, .max = 99}}}});
  const auto grid = sampler_of("grid", study.spec.space);
  std::set<std::int64_t> fifths;
  for (int i = 0; i < 8; ++i) {
    auto suggestion = grid->suggest(study, 0);
    fifths.insert(std::get<std::int64_t>(suggestion->configuration.at("n")) / 20);
    add_trial(study, std::move(*suggestion), TrialState::complete, 1.0);
  }
  EXPECT_EQ(fifths.size(), 5U);
}

TEST(GridSampler, FindsWhatAnotherSamplerLeftOut) {
  Study study = empty_study(twelve());
  run(*sampler_of("random", study.spec.space), study, 7, any_value);
  run(*sampler_of("grid", study.spec.space), study, 9, any_value);
  std::set<std::string> keys;
  for (const auto& trial : study.trials) keys.insert(canonical_key(trial->configuration));
  EXPECT_EQ(keys.size(), 12U);
  EXPECT_EQ(study.trials.size(), 12U);
}

TEST(Unseen, FindsTheRareBranchOfAnEndlessSpace) {
  CategoricalParameter kinds;
  for (int k = 0; k < 300; ++k) kinds.values.emplace_back("k" + std::to_string(k));
  const SearchSpace space{.parameters = {{.name = "kind", .domain = kinds},
                                         {.name = "x",
                                          .domain = FloatParameter{},
                                          .when = {{.parent = "kind", .values = {text("k299")}}}}}};
  Study study = empty_study(space);
  for (int k = 0; k < 299; ++k) {
    add_trial(study, {.configuration = {{"kind", "k" + std::to_string(k)}}}, TrialState::complete,
              1.0);
  }
  const UnitCube cube(space);
  const auto found = first_unseen(cube, std::nullopt, study, 1, [&](std::uint64_t) {
    return (Point(2) << 3, kInactive).finished();  // a sequence that never leaves what is there
  });
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->contains("x"));
}

TEST(SobolSampler, HitsEveryIntervalOfAScaleOnce) {
  Study study = empty_study(
      {.parameters = {
           {.name = "lr", .domain = FloatParameter{.min = 1e-8, .max = 1, .scale = Scale::log}}}});
  const auto sobol = sampler_of("sobol", study.spec.space);
  std::set<int> decades;
  for (int i = 0; i < 8; ++i) {
    auto suggestion = sobol->suggest(study, next_seed(study));
    decades.insert(static_cast<int>(
        std::floor(std::log10(std::get<double>(suggestion->configuration.at("lr"))))));
    add_trial(study, std::move(*suggestion), TrialState::complete, 1.0);
  }
  EXPECT_EQ(decades.size(), 8U);
}

TEST(SobolSampler, DrawsItsScrambleFromTheStudysSeed) {
  const Study a = empty_study(unit_box(2), 1);
  const Study b = empty_study(unit_box(2), 2);
  const auto sobol = sampler_of("sobol", a.spec.space);
  EXPECT_EQ(sobol->suggest(a, 1)->configuration, sobol->suggest(a, 2)->configuration);
  EXPECT_NE(sobol->suggest(a, 1)->configuration, sobol->suggest(b, 1)->configuration);
}

TEST(RandomSampler, DrawsEveryLevelEquallyOften) {
  const Study study = empty_study(every_kind());
  const auto random = sampler_of("random", study.spec.space);
  std::map<std::string, int> counts;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    const auto suggestion = random->suggest(study, static_cast<std::uint64_t>(i));
    for (const auto* name : {"layers", "optimizer", "dropout"}) {
      ++counts[name + to_text(suggestion->configuration.at(name))];
    }
  }
  const auto near = [&](const std::string& key, double share) {
    // Five standard deviations of a binomial count.
    EXPECT_NEAR(counts[key], kDraws * share, 5 * std::sqrt(kDraws * share * (1 - share))) << key;
  };
  for (const auto* layers : {"layers1", "layers2", "layers3", "layers4"}) near(layers, 0.25);
  for (const auto* name : {"optimizeradam", "optimizersgd", "optimizerlion"}) near(name, 1.0 / 3);
  near("dropout0", 0.125);
  near("dropout0.7", 0.125);
}

TEST(RandomSampler, FindsARareBranchOfAnEndlessSpace) {
  SearchSpace space{.parameters = {{.name = "kind", .domain = IntParameter{.min = 1, .max = 50}},
                                   {.name = "x",
                                    .domain = FloatParameter{},
                                    .when = {{.parent = "kind", .values = {std::int64_t{50}}}}}}};
  Study study = empty_study(space);
  run(*sampler_of("random", space), study, 60, any_value);
  std::set<std::string> keys;
  for (const auto& trial : study.trials) keys.insert(canonical_key(trial->configuration));
  EXPECT_EQ(keys.size(), 60U);
}

}  // namespace
}  // namespace hpo
