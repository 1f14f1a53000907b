#include "bayesopt/trust_region.h"

#include <gtest/gtest.h>

#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(TrustRegion, GrowsWithSuccessesAndShrinksWithFailures) {
  std::vector<double> y = {5, 4, 3};
  EXPECT_EQ(progress_of(y, 1, 3).length, 1.6);
  EXPECT_EQ(progress_of(y, 1, 3).stagnation, 0U);
  for (int i = 0; i < 4; ++i) y.push_back(3);
  EXPECT_EQ(progress_of(y, 1, 3).length, 0.8);
  EXPECT_EQ(progress_of(y, 1, 3).stagnation, 4U);
  for (int i = 0; i < 40; ++i) y.push_back(2.9999);  // no improvement worth the name
  EXPECT_LE(progress_of(y, 1, 3).length, 0.8);
  EXPECT_GE(progress_of(y, 1, 3).length, 1.0 / 128);
}

TEST(TrustRegion, DoesNotDependOnTheObjectivesUnit) {
  std::vector<double> y;
  std::vector<double> moved;
  for (int i = 0; i < 60; ++i) {
    y.push_back(std::abs(30 - i) % 7);
    moved.push_back(1e6 * y.back() - 4);
  }
  EXPECT_EQ(progress_of(y, 2, 3).length, progress_of(moved, 2e6, 3).length);
}

TEST(TrustRegion, IsSearchedInManyDimensionsLocalModelsAndStagnation) {
  EXPECT_TRUE(is_search_local({}, 31, false, 5));
  EXPECT_FALSE(is_search_local({}, 31, false, 8)) << "every fourth looks everywhere";
  EXPECT_FALSE(is_search_local({}, 5, false, 5));
  EXPECT_TRUE(is_search_local({}, 5, true, 5));
  EXPECT_TRUE(is_search_local({.stagnation = 30}, 5, false, 5));
}

TEST(TrustRegion, HasSidesLikeTheLengthscalesAndLeavesCategoriesFree) {
  const SearchSpace space = every_kind();
  const UnitCube cube(space);
  Point center = cube.from_uniforms(Eigen::VectorXd::Constant(cube.size(), 0.5));
  Eigen::VectorXd l = Eigen::VectorXd::Ones(cube.size());
  l[1] = 0.25;
  const Box box = trust_region(cube, l, center, 0.2);
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const double side = box.upper[i] - box.lower[i];
    const bool is_free = cube.axis(i).is_categorical() || center[i] == kInactive;
    EXPECT_EQ(side == 1, is_free) << i;
  }
  EXPECT_LT(3 * (box.upper[1] - box.lower[1]), box.upper[6] - box.lower[6]);
}

TEST(TrustRegion, EveryCandidateLiesInIt) {
  const SearchSpace space = every_kind();
  const UnitCube cube(space);
  const Point center = cube.from_uniforms(Eigen::VectorXd::Constant(cube.size(), 0.4));
  SearchStart start{.best = {center},
                    .fill = cube.from_uniforms(Eigen::VectorXd::Constant(cube.size(), 0.4)),
                    .box = trust_region(cube, Eigen::VectorXd::Ones(cube.size()), center, 0.3),
                    .seed = 3};
  for (const auto& x : candidates(cube, start, 64, 30)) {
    EXPECT_GE(x[1], start.box.lower[1]);
    EXPECT_LE(x[1], start.box.upper[1]);
  }
}

TEST(TrustRegion, FindsTheWayInFortyDimensions) {
  const SearchSpace space = unit_box(40);
  Study study = empty_study(space);
  const auto sampler = sampler_of("bayesian", space);
  run(*sampler, study, 60, any_value);
  const auto model = nlohmann::json::parse(sampler->suggest(study, 1)->model);
  EXPECT_TRUE(model.at("search") == "local" || model.at("search") == "global");
  Study random = empty_study(space);
  run(*sampler_of("random", space), random, 60, any_value);
  EXPECT_LT(best_value(study), 0.7 * best_value(random));
}

}  // namespace
}  // namespace hpo
