#include "bayesopt/landscape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

StudyModel model_of(const Study& study) {
  auto model = StudyModel::of(study);
  check(model.has_value(), "a model of the test's study");
  return std::move(*model);
}

double bowl(const Configuration& c) {
  return std::pow(x_of(c, "x0") - 0.3, 2) + std::pow(x_of(c, "x1") - 0.6, 2);
}

TEST(Landscape, ASliceOfABowlIsAParabolaThroughTheBestResult) {
  const StudyModel model = model_of(sampled(unit_box(2), 40, bowl));
  const auto along = slice(model, 0, 21);
  ASSERT_TRUE(along);
  ASSERT_EQ(along->values.size(), 21U);
  EXPECT_EQ(std::get<double>(along->values.front()), 0);
  EXPECT_EQ(std::get<double>(along->values.back()), 1);
  for (std::size_t k = 0; k < along->values.size(); ++k) {
    Configuration at = along->through;
    at["x0"] = along->values[k];
    EXPECT_NEAR(along->predictions[k].mean, bowl(at), 0.02) << k;
    EXPECT_GT(along->predictions[k].stddev, 0);
  }
}

TEST(Landscape, AContourHasEveryPairAndAgreesWithPredictions) {
  const StudyModel model = model_of(sampled(unit_box(2), 40, bowl));
  const auto grid = contour(model, 1, 0, 5);
  ASSERT_TRUE(grid);
  ASSERT_EQ(grid->means.size(), 25U);
  Configuration at = grid->through;
  at["x1"] = grid->first[3];
  at["x0"] = grid->second[1];
  const auto predicted = model.predict({at});
  ASSERT_TRUE(predicted);
  EXPECT_NEAR(grid->means[3 * 5 + 1], predicted->front().mean, 1e-9);
}

TEST(Landscape, ConditionalParametersAreSlicedWhereTheyAreActive) {
  const SearchSpace space = every_kind();
  const StudyModel model =
      model_of(sampled(space, 60, [](const Configuration& c) { return std::log(x_of(c, "lr")); }));
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const auto along = slice(model, i, 24);
    if (!along) continue;
    EXPECT_TRUE(along->through.contains(space.parameters[i].name));
    EXPECT_GE(along->values.size(), 2U);
    EXPECT_EQ(along->predictions.size(), along->values.size());
  }
  const auto index_of = [&](std::string_view name) {
    const auto* found = space.find(name);
    return static_cast<std::size_t>(found - space.parameters.data());
  };
  // Of a parameter and its parent there is no grid: momentum has no value with adam.
  EXPECT_FALSE(contour(model, index_of("optimizer"), index_of("momentum"), 5));
  EXPECT_TRUE(contour(model, index_of("lr"), index_of("momentum"), 5));
}

TEST(Landscape, TheMedianOfTheSpaceLiesBetweenBestAndWorst) {
  const StudyModel model = model_of(sampled(unit_box(2), 40, bowl));
  // Half of the unit square lies within r of (0.3, 0.6) for π·r² ≈ 0.5, less what is cut off.
  EXPECT_NEAR(random_median(model), 0.17, 0.04);
}

}  // namespace
}  // namespace hpo
