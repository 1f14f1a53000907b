#include "objectives/search_space.h"

#include <gmock/gmock.h>

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

SearchSpace conditional_space() {
  return {.parameters = {
              {.name = "momentum",
               .domain = FloatParameter{.min = 0.5, .max = 0.99, .scale = Scale::reverse_log},
               .when = {{.parent = "optimizer", .values = {std::string("sgd")}}}},
              {.name = "optimizer",
               .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd")}}},
              {.name = "nesterov",
               .domain = BoolParameter{},
               .when = {{.parent = "optimizer", .values = {std::string("sgd")}}}},
          }};
}

TEST(SearchSpace, AcceptsAConditionalSpace) {
  EXPECT_THAT(conditional_space().problems(), IsEmpty());
}

TEST(SearchSpace, NamesEveryProblemAtOnce) {
  const SearchSpace space{
      .parameters = {
          {.name = "a", .domain = FloatParameter{.min = 0, .max = 1, .scale = Scale::log}},
          {.name = "b", .domain = IntParameter{.min = 5, .max = 2}},
          {.name = "c", .domain = CategoricalParameter{}},
          {.name = "a", .domain = BoolParameter{}},
          {.name = "d", .domain = BoolParameter{}, .when = {{.parent = "nobody"}}},
      }};
  EXPECT_THAT(space.problems(),
              ElementsAre(Field(&SpaceProblem::field, "min"), Field(&SpaceProblem::field, "max"),
                          Field(&SpaceProblem::field, "values"), Field(&SpaceProblem::field, ""),
                          Field(&SpaceProblem::field, "when.nobody")));
}

TEST(SearchSpace, FindsACycleOfConditions) {
  const SearchSpace space{
      .parameters = {
          {.name = "a", .domain = BoolParameter{}, .when = {{.parent = "b", .values = {true}}}},
          {.name = "b", .domain = BoolParameter{}, .when = {{.parent = "a", .values = {true}}}},
      }};
  EXPECT_THAT(space.problems(), ElementsAre(Field(&SpaceProblem::field, "when")));
}

TEST(SearchSpace, PutsParentsFirst) {
  EXPECT_THAT(conditional_space().parents_first(), ElementsAre(1, 0, 2));
}

TEST(SearchSpace, ChecksActivityAndDomains) {
  const SearchSpace space = conditional_space();
  const ParameterValue adam = std::string("adam");
  const ParameterValue sgd = std::string("sgd");
  EXPECT_TRUE(space.check_configuration({{"optimizer", adam}}));
  EXPECT_TRUE(
      space.check_configuration({{"optimizer", sgd}, {"momentum", 0.9}, {"nesterov", true}}));
  EXPECT_FALSE(space.check_configuration({{"optimizer", adam}, {"momentum", 0.9}}));
  EXPECT_FALSE(space.check_configuration({{"optimizer", sgd}, {"momentum", 0.9}}));
  EXPECT_FALSE(
      space.check_configuration({{"optimizer", sgd}, {"momentum", 1.5}, {"nesterov", true}}));
  EXPECT_FALSE(space.check_configuration({{"optimizer", adam}, {"unknown", true}}));
}

TEST(SearchSpace, CountsConditionalConfigurations) {
  SearchSpace space = conditional_space();
  EXPECT_EQ(space.cardinality(), std::nullopt);
  space.parameters[0].domain = FloatParameter{.min = 0.5, .max = 0.9, .step = 0.1};
  EXPECT_EQ(space.cardinality(), 1 + 5 * 2);
}

TEST(Domain, KeepsDecimalStepsOnTheGrid) {
  const Domain domain = FloatParameter{.min = 0.2, .max = 0.7, .step = 0.05};
  EXPECT_EQ(finite_values(domain).size(), 11U);
  for (const auto& value : finite_values(domain)) EXPECT_TRUE(contains(domain, value));
  EXPECT_FALSE(contains(domain, 0.22));
  EXPECT_FALSE(contains(domain, std::int64_t{1}));
}

TEST(Domain, CountsTheWidestIntegers) {
  const Domain domain = IntParameter{.min = INT64_MAX - 2, .max = INT64_MAX};
  EXPECT_EQ(finite_values(domain).size(), 3U);
  EXPECT_THAT(finite_values(IntParameter{.min = INT64_MIN, .max = INT64_MAX}), IsEmpty());
}

TEST(Domain, KnowsTheGridOfTheWidestIntegers) {
  const Domain domain = IntParameter{.min = INT64_MIN, .max = INT64_MAX, .step = 3};
  EXPECT_TRUE(contains(domain, INT64_MIN + 3));
  EXPECT_FALSE(contains(domain, INT64_MIN + 4));
  EXPECT_TRUE(contains(domain, INT64_MAX));  // 2^64 − 1 from the minimum, a multiple of 3
  EXPECT_FALSE(contains(domain, INT64_MAX - 1));
}

}  // namespace
}  // namespace hpo
