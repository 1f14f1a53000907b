// What every sampler of the table promises.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

/// every_kind() with each continuous parameter on a few steps, so that grid can walk it.
SearchSpace every_countable_kind() {
  SearchSpace space = every_kind();
  for (auto& parameter : space.parameters) {
    auto* f = std::get_if<FloatParameter>(&parameter.domain);
    if (f != nullptr && !f->step)
      *f = {.min = f->min, .max = f->max, .step = (f->max - f->min) / 3};
  }
  return space;
}

class SamplerContract : public testing::TestWithParam<std::string_view> {
 protected:
  [[nodiscard]] SearchSpace space() const {
    return GetParam() == "grid" ? every_countable_kind() : every_kind();
  }
};

TEST_P(SamplerContract, SuggestsExactlyTheActiveParametersWithinTheirDomains) {
  Study study = empty_study(space());
  const auto sampler = sampler_of(GetParam(), study.spec.space);
  for (int i = 0; i < 40; ++i) {
    auto suggestion = sampler->suggest(study, next_seed(study));
    ASSERT_TRUE(suggestion) << suggestion.error().message;
    const auto checked = study.spec.space.check_configuration(suggestion->configuration);
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_FALSE(suggestion->model.empty());
    const double value = any_value(suggestion->configuration);
    add_trial(study, std::move(*suggestion), TrialState::complete, value);
  }
}

TEST_P(SamplerContract, IsAFunctionOfStudyAndSeed) {
  Study study = empty_study(space());
  const auto used = sampler_of(GetParam(), study.spec.space);
  run(*used, study, 16, any_value);
  for (int i = 0; i < 3; ++i)
    add_trial(study, *used->suggest(study, next_seed(study)), TrialState::running);
  Study other = empty_study(space(), 8);
  run(*used, other, 5, any_value);
  const auto fresh = sampler_of(GetParam(), study.spec.space);
  const auto a = used->suggest(study, 5);
  const auto b = fresh->suggest(study, 5);
  EXPECT_EQ(a->configuration, b->configuration);
  EXPECT_EQ(a->model, b->model);
}

TEST_P(SamplerContract, NeverRepeatsAFinishedOrPendingTrialAndSaysWhenNoneIsLeft) {
  Study study = empty_study(twelve());
  const auto sampler = sampler_of(GetParam(), study.spec.space);
  std::set<std::string> keys;
  for (int i = 0; i < 12; ++i) {
    auto suggestion = sampler->suggest(study, next_seed(study));
    ASSERT_TRUE(suggestion) << i << ": " << suggestion.error().message;
    EXPECT_TRUE(keys.insert(canonical_key(suggestion->configuration)).second) << i;
    const bool is_pending = i % 3 == 0;
    const double value = any_value(suggestion->configuration);
    add_trial(study, std::move(*suggestion),
              is_pending ? TrialState::running : TrialState::complete,
              is_pending ? std::nullopt : std::optional(value));
  }
  const auto none = sampler->suggest(study, next_seed(study));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::exhausted);
  EXPECT_NE(none.error().message.find("12"), std::string::npos);
}

TEST_P(SamplerContract, GoesOnAfterFailuresNansAndPrunedTrials) {
  Study study = empty_study(space());
  const auto sampler = sampler_of(GetParam(), study.spec.space);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 30; ++i) {
    auto suggestion = sampler->suggest(study, next_seed(study));
    ASSERT_TRUE(suggestion) << suggestion.error().message;
    ASSERT_TRUE(study.spec.space.check_configuration(suggestion->configuration));
    const double value = any_value(suggestion->configuration);
    constexpr TrialState kStates[] = {TrialState::complete, TrialState::failed, TrialState::pruned,
                                      TrialState::complete, TrialState::waiting};
    const double values[] = {value, nan, value, i % 2 == 0 ? nan : -infinity, value};
    const auto kind = static_cast<std::size_t>(i % 5);
    add_trial(study, std::move(*suggestion), kStates[kind],
              kind == 4 ? std::nullopt : std::optional(values[kind]));
  }
}

TEST_P(SamplerContract, RefusesUnknownOptionsByName) {
  const auto sampler = make_sampler(GetParam(), {{"initial_trails", 3}}, twelve());
  ASSERT_FALSE(sampler);
  EXPECT_EQ(sampler.error().code, ErrorCode::usage);
  EXPECT_NE(sampler.error().message.find("initial_trails"), std::string::npos);
}

TEST_P(SamplerContract, SearchesASpaceOfOneConfiguration) {
  Study study = empty_study(
      {.parameters = {{.name = "only", .domain = CategoricalParameter{.values = {text("one")}}}}});
  const auto sampler = sampler_of(GetParam(), study.spec.space);
  auto suggestion = sampler->suggest(study, 1);
  ASSERT_TRUE(suggestion);
  add_trial(study, std::move(*suggestion), TrialState::complete, 1.0);
  EXPECT_EQ(sampler->suggest(study, 2).error().code, ErrorCode::exhausted);
}

INSTANTIATE_TEST_SUITE_P(Samplers, SamplerContract, testing::ValuesIn(sampler_names()),
                         [](const auto& sampler) { return std::string(sampler.param); });

TEST(Samplers, UnknownNameListsTheKnownOnes) {
  const auto sampler = make_sampler("annealing", nlohmann::json::object(), twelve());
  ASSERT_FALSE(sampler);
  EXPECT_NE(sampler.error().message.find("random, sobol, grid, bayesian, tpe, auto, hyperband"),
            std::string::npos);
}

TEST(Samplers, GridRefusesAContinuousParameterByName) {
  const auto sampler = make_sampler("grid", nlohmann::json::object(), every_kind());
  ASSERT_FALSE(sampler);
  EXPECT_NE(sampler.error().message.find("lr"), std::string::npos);
}

TEST(Samplers, BayesianChecksTheTypeOfItsOption) {
  for (const nlohmann::json& value :
       {nlohmann::json(0), nlohmann::json("x"), nlohmann::json(1.5)}) {
    const auto sampler = make_sampler("bayesian", {{"initial_trials", value}}, twelve());
    ASSERT_FALSE(sampler) << value;
    EXPECT_NE(sampler.error().message.find("initial_trials"), std::string::npos);
  }
}

}  // namespace
}  // namespace hpo
