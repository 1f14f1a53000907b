#include "bayesopt/importance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

const ParameterImportance& of(const Importance& importance, const std::string& name) {
  for (const auto& parameter : importance.parameters) {
    if (parameter.name == name) return parameter;
  }
  ADD_FAILURE() << name;
  return importance.parameters.front();
}

TEST(Importance, IsThatOfIshigamisFunctionFromAHundredAndFiftyTrials) {
  const Study study = sampled(unit_box(3), 150, [](const Configuration& c) {
    const auto x = [&](const char* name) { return (2 * x_of(c, name) - 1) * std::numbers::pi; };
    const double s = std::sin(x("x1"));
    return std::sin(x("x0")) + 7 * s * s + 0.1 * std::pow(x("x2"), 4) * std::sin(x("x0"));
  });
  const auto model = StudyModel::of(study);
  ASSERT_TRUE(model) << model.error().message;
  const Importance importance = importance_of(*model);
  ASSERT_EQ(importance.parameters.size(), 3U);
  EXPECT_NEAR(of(importance, "x0").total.value, 0.5576, 0.1);
  EXPECT_NEAR(of(importance, "x1").total.value, 0.4424, 0.1);
  EXPECT_NEAR(of(importance, "x2").total.value, 0.2437, 0.1);
  EXPECT_NEAR(of(importance, "x0").alone.value, 0.3139, 0.1);
  EXPECT_NEAR(of(importance, "x1").alone.value, 0.4424, 0.1);
  EXPECT_NEAR(of(importance, "x2").alone.value, 0, 0.1);
  EXPECT_NEAR(importance.additive.value, 0.756, 0.1);
  for (const auto& parameter : importance.parameters) {
    EXPECT_LE(parameter.total.low, parameter.total.value);
    EXPECT_GE(parameter.total.high, parameter.total.value);
    EXPECT_LT(parameter.total.high - parameter.total.low, 0.4);
    EXPECT_TRUE(parameter.among_best.has_value());
  }
}

TEST(Importance, OfASumAddsUpAndAParameterWithoutEffectHasNone) {
  const Study study = sampled(unit_box(3), 60, [](const Configuration& c) {
    return 3 * x_of(c, "x0") + std::cos(2 * x_of(c, "x1"));
  });
  const Importance importance = importance_of(*StudyModel::of(study));
  EXPECT_NEAR(importance.additive.value, 1, 0.05);
  EXPECT_EQ(importance.parameters.back().name, "x2");
  EXPECT_LT(importance.parameters.back().total.high, 0.01);
  EXPECT_LT(importance.parameters.back().alone.high, 0.01);
}

TEST(Importance, TheBestTenthIsToldByWhatTheBestShare) {
  const Study study = sampled(unit_box(2), 100, [](const Configuration& c) {
    return std::abs(x_of(c, "x0") - 0.3) + 0.1 * x_of(c, "x1");
  });
  const Importance importance = importance_of(*StudyModel::of(study));
  EXPECT_GT(*of(importance, "x0").among_best, 0.8);
  EXPECT_NEAR(*of(importance, "x0").among_best + *of(importance, "x1").among_best, 1, 1e-9);
}

/// A child that matters, but only for one value of its parent.
SearchSpace conditional() {
  return {.parameters = {
              {.name = "kind", .domain = CategoricalParameter{.values = {text("a"), text("b")}}},
              {.name = "rate",
               .domain = FloatParameter{},
               .when = {{.parent = "kind", .values = {text("a")}}}},
              {.name = "other", .domain = FloatParameter{}}}};
}

TEST(Importance, OfAConditionalParameterIsThatWhereItIsActive) {
  const Study study = sampled(conditional(), 80, [](const Configuration& c) {
    return 2 * x_of(c, c.contains("rate") ? "rate" : "other");
  });
  const Importance importance = importance_of(*StudyModel::of(study));
  // Var(f) = 1/3; each number is what varies half of the time, which is 1/6 of it; switching kind
  // changes f by 2(u - v), whose variance over kind, (u - v)², is 1/6 in the mean.
  for (const auto* name : {"rate", "other", "kind"}) {
    EXPECT_NEAR(of(importance, name).total.value, 0.5, 0.1) << name;
  }
}

TEST(Importance, IsTheSameAgain) {
  const Study study = sampled(every_kind(), 40, any_value);
  const Importance a = importance_of(*StudyModel::of(study));
  const Importance b = importance_of(*StudyModel::of(study));
  ASSERT_EQ(a.parameters.size(), 9U);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(a.parameters[i].total.high, b.parameters[i].total.high);
  }
}

TEST(StudyModel, PredictsInTheUsersUnits) {
  Study study = empty_study(unit_box(2), 7, Goal::maximize);
  run(*sampler_of("sobol", study.spec.space), study, 50,
      [](const Configuration& c) { return 100 + 20 * x_of(c, "x0") - 5 * x_of(c, "x1"); });
  const auto model = StudyModel::of(study);
  const auto predicted = model->predict({{{"x0", 0.25}, {"x1", 0.5}}});
  ASSERT_TRUE(predicted);
  EXPECT_NEAR(predicted->front().mean, 102.5, 0.1);
  EXPECT_LT(predicted->front().stddev, 0.5);
  EXPECT_EQ(model->observations(), 50);
  EXPECT_FALSE(model->predict({{{"x0", 0.25}}}));
}

TEST(StudyModel, SaysThatThereIsTooLittle) {
  const auto few = StudyModel::of(sampled(unit_box(3), 4, any_value));
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().message, "a model of 3 parameters needs 5 different results, there are 4");
  const auto flat =
      StudyModel::of(sampled(unit_box(3), 9, [](const Configuration&) { return 2.0; }));
  ASSERT_FALSE(flat);
  EXPECT_EQ(flat.error().message, "all 9 results are equal, so there is nothing to explain");
}

TEST(StudyModel, OfTwoThousandFiveHundredTrialsIsALocalOne) {
  const Study study = sampled(unit_box(2), 2500, any_value);
  const auto model = StudyModel::of(study);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->observations(), 2500);
  const Importance importance = importance_of(*model);
  EXPECT_NEAR(importance.additive.value, 1, 0.1);
}

}  // namespace
}  // namespace hpo
